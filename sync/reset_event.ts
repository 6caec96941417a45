/**
 * A flag to wait for.
 *
 * @module
 */
import { COUNTS } from "../internal/case.ts";
import { paced, refused } from "../internal/pace.ts";
import { isAborted, type WaitOptions } from "../internal/wait.ts";
import { Waiter, WaitQueue } from "../internal/waiter.ts";
import { nameOf, type PrimitiveOptions } from "./name.ts";
import { asGiven, park, type Waiting, wake } from "./waiting.ts";

/**
 * A flag that tasks wait for. Setting it wakes all who wait, and lets all who come later pass until it is
 * reset. Operations take O(1) time, `set` O(1) for each that it wakes.
 *
 * The model is Python's `Event`, whose name the DOM has taken; its `clear` is `reset` here.
 *
 * @example
 * ```ts
 * import { ResetEvent } from "millrace";
 *
 * const ready = new ResetEvent();
 *
 * async function visit(name: string) {
 *   await ready.wait();
 *   return `${name} is in`;
 * }
 *
 * const visits = Promise.all(["Ada", "Bob"].map(visit));
 * ready.set();
 * console.log(await visits); // [ 'Ada is in', 'Bob is in' ]
 * ```
 */
export class ResetEvent {
  readonly #waiters = new WaitQueue("wait", this);
  /** What the event was named. */
  readonly name: string | undefined;
  #isSet = false;

  /**
   * Makes an event that is not set.
   *
   * @param options A name.
   * @throws {TypeError} If the name is no string.
   */
  constructor(options: PrimitiveOptions = {}) {
    this.name = nameOf(options);
  }

  /** Whether `wait` would pass at once. */
  get isSet(): boolean {
    return this.#isSet;
  }

  /** Sets the flag, and wakes all who wait, first come, first served. Idempotent. */
  set(): void {
    this.#isSet = true;
    for (let w = this.#waiters.shift(); w !== undefined; w = this.#waiters.shift()) wake(w);
  }

  /** Takes the flag back: who comes from now on waits. Those whom `set` woke are awake. Idempotent. */
  reset(): void {
    this.#isSet = false;
  }

  /**
   * Passes if the flag is set; otherwise waits until it is.
   *
   * @param options A signal and a timeout that end the wait.
   * @returns When the flag was set, even if it was reset since. Rejects with the signal's reason, or with
   * a `DOMException` named `TimeoutError`.
   */
  wait(options?: WaitOptions): Promise<void> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    if (this.#isSet) return paced(Promise.resolve(), undefined);
    return park(this.#waiters, new Waiter(asGiven), options);
  }

  /** @internal */
  [COUNTS](): Waiting {
    return { waiting: this.#waiters.length };
  }
}
