/**
 * A meeting point.
 *
 * @module
 */
import { timeoutError } from "../internal/alarm.ts";
import { COUNTS } from "../internal/case.ts";
import { check, checkCount } from "../internal/checks.ts";
import { paced, refused } from "../internal/pace.ts";
import { isAborted, type WaitOptions } from "../internal/wait.ts";
import { Waiter, WaitQueue } from "../internal/waiter.ts";
import { nameOf, type PrimitiveOptions } from "./name.ts";
import { asGiven, park, type Waiting } from "./waiting.ts";

/**
 * A point where a number of tasks wait for each other: the last to arrive lets all of them go on, and the
 * barrier is there again for the next round. Operations take O(1) time, the last arrival O(1) for each
 * that it wakes.
 *
 * An arrival that is aborted or times out does not count, and the barrier stays whole: the others go on
 * waiting until enough have come. Python's `Barrier`, the model, breaks instead.
 *
 * @example Three phases in step
 * ```ts
 * import { Barrier } from "millrace";
 *
 * const barrier = new Barrier(2);
 * const log: string[] = [];
 *
 * async function work(name: string) {
 *   for (let phase = 1; phase <= 3; phase++) {
 *     log.push(`${name}${phase}`);
 *     await barrier.wait(); // nobody begins a phase before all have ended the one before
 *   }
 * }
 *
 * await Promise.all([work("a"), work("b")]);
 * console.log(log.join(" ")); // a1 b1 a2 b2 a3 b3
 * ```
 */
export class Barrier {
  readonly #waiters = new WaitQueue<Arrival>("wait", this);
  readonly #parties: number;
  /** What the barrier was named. */
  readonly name: string | undefined;
  #arrived = 0;
  readonly #leave = (): void => void this.#arrived--;

  /**
   * Makes a barrier where nobody has arrived.
   *
   * @param parties How many tasks meet; 1 or more.
   * @param options A name.
   * @throws {RangeError} If `parties` is less, infinite or no whole number.
   * @throws {TypeError} If `parties` is no number, or the name no string.
   */
  constructor(parties: number, options: PrimitiveOptions = {}) {
    checkCount("parties", parties, 1);
    check(parties < Infinity, "parties must be finite", parties, RangeError);
    this.#parties = parties;
    this.name = nameOf(options);
  }

  /** How many tasks meet. */
  get parties(): number {
    return this.#parties;
  }

  /** How many have arrived and wait for the others. */
  get arrived(): number {
    return this.#arrived;
  }

  /**
   * Arrives, and waits until all have.
   *
   * @param options A signal and a timeout that end the wait. Who is the last to arrive never waits.
   * @returns The place in this round, from 0 for the first to `parties - 1` for the last: the way to give
   * one of them a task of its own. Rejects with the signal's reason, or with a `DOMException` named
   * `TimeoutError`.
   */
  wait(options?: WaitOptions): Promise<number> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    if (this.#arrived + 1 < this.#parties) {
      if (options?.timeout === 0) return refused(timeoutError());
      this.#arrived++;
      return park(this.#waiters, new Arrival(this.#leave), options);
    }
    this.#arrived = 0;
    let place = 0;
    for (let w = this.#waiters.shift(); w !== undefined; w = this.#waiters.shift()) {
      w.settle(false, place++);
    }
    return paced(Promise.resolve(place), place);
  }

  /** @internal */
  [COUNTS](): Waiting {
    return { waiting: this.#waiters.length };
  }
}

/** Somebody who waits for the others, and may leave before they come. */
class Arrival extends Waiter {
  readonly #leave: () => void;

  constructor(leave: () => void) {
    super(asGiven);
    this.#leave = leave;
  }

  override refuse(error: unknown): void {
    this.#leave();
    super.refuse(error);
  }
}
