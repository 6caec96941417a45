/**
 * Waiting for a number of things to be done.
 *
 * @module
 */
import { COUNTS } from "../internal/case.ts";
import { checkNumber } from "../internal/checks.ts";
import { paced, refused } from "../internal/pace.ts";
import { isAborted, type WaitOptions } from "../internal/wait.ts";
import { Waiter, WaitQueue } from "../internal/waiter.ts";
import { nameOf, type PrimitiveOptions, titled } from "./name.ts";
import { asGiven, park, type Waiting, wake } from "./waiting.ts";

/**
 * A counter of what is under way: `add` before it begins, `done` when it is over, `wait` for all of it.
 * It can be used again when it has come to 0. Operations take O(1) time, the one that brings the count to
 * 0 takes O(1) for each that it wakes.
 *
 * The model is Go's `sync.WaitGroup`. Where the tasks can fail, `scope` is the better choice: it counts
 * by itself and brings the errors along.
 *
 * @example
 * ```ts
 * import { WaitGroup } from "millrace";
 *
 * const group = new WaitGroup();
 * const greetings: string[] = [];
 *
 * async function greet(name: string) {
 *   greetings.push(`Hello, ${await Promise.resolve(name)}`);
 *   group.done();
 * }
 *
 * for (const name of ["Ada", "Bob"]) {
 *   group.add();
 *   greet(name);
 * }
 * await group.wait();
 * console.log(greetings); // [ 'Hello, Ada', 'Hello, Bob' ]
 * ```
 */
export class WaitGroup {
  readonly #waiters = new WaitQueue("wait", this);
  /** What the group was named. */
  readonly name: string | undefined;
  #count = 0;

  /**
   * Makes a group of which nothing is under way.
   *
   * @param options A name.
   * @throws {TypeError} If the name is no string.
   */
  constructor(options: PrimitiveOptions = {}) {
    this.name = nameOf(options);
  }

  /** How many are under way. */
  get count(): number {
    return this.#count;
  }

  /**
   * Counts further things that begin. If they bring the count to 0, all who wait go on.
   *
   * @param n How many; 1 by default. A negative number counts as many that are done.
   * @throws {RangeError} If `n` is no whole number or the count would be negative; nothing has changed.
   */
  add(n = 1): void {
    checkNumber("n", n, Number.isInteger(n), "a whole number");
    this.#change(n);
  }

  /**
   * Counts one thing that is over. If it was the last, all who wait go on, first come, first served.
   *
   * @throws {RangeError} If nothing is under way.
   */
  done(): void {
    this.#change(-1);
  }

  /**
   * Waits until the count is 0; passes at once if it is.
   *
   * @param options A signal and a timeout that end the wait.
   * @returns When the count was 0, even if more began since. Rejects with the signal's reason, or with a
   * `DOMException` named `TimeoutError`.
   */
  wait(options?: WaitOptions): Promise<void> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    if (this.#count === 0) return paced(Promise.resolve(), undefined);
    return park(this.#waiters, new Waiter(asGiven), options);
  }

  /** @internal */
  [COUNTS](): Waiting {
    return { waiting: this.#waiters.length };
  }

  #change(n: number): void {
    const count = this.#count + n;
    if (count < 0) {
      const which = titled("wait group", this.name);
      throw new RangeError(`Cannot count more as done than was added to ${which}: ${count}`);
    }
    this.#count = count;
    if (count > 0) return;
    for (let w = this.#waiters.shift(); w !== undefined; w = this.#waiters.shift()) wake(w);
  }
}
