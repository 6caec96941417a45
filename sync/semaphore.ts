/**
 * A bounded number of permits.
 *
 * @module
 */
import { COUNTS } from "../internal/case.ts";
import { check, checkCount } from "../internal/checks.ts";
import { paced, refused } from "../internal/pace.ts";
import { isAborted, type WaitOptions } from "../internal/wait.ts";
import { Waiter, WaitQueue } from "../internal/waiter.ts";
import { nameOf, type PrimitiveOptions, titled } from "./name.ts";
import { Permit, TAKE_BACK } from "./permit.ts";
import { asGiven, park, type Waiting, wake } from "./waiting.ts";

/** How a semaphore is made. */
export interface SemaphoreOptions extends PrimitiveOptions {
  /**
   * How many permits there may ever be; as many as at the start by default, so that one release too many
   * is an error. A semaphore that counts what others produce starts with 0 and needs a `max`: the
   * greatest number it may come to, or `Infinity`.
   */
  readonly max?: number | undefined;
}

/**
 * A number of permits that tasks share: each `acquire` takes one and waits while there is none, each
 * `release` gives one back. Permits are handed over first come, first served; nobody overtakes those who
 * wait. All operations take O(1) time; the withdrawal of a waiting one too.
 *
 * The model is Python's `BoundedSemaphore`; with `max`, Python's `Semaphore`.
 *
 * @example At most two at a time
 * ```ts
 * import { Semaphore } from "millrace";
 *
 * const semaphore = new Semaphore(2);
 *
 * async function download(page: number) {
 *   using _permit = await semaphore.acquire(); // released at the end of the block
 *   return await Promise.resolve(`page ${page}`);
 * }
 *
 * console.log(await Promise.all([1, 2, 3].map(download))); // [ 'page 1', 'page 2', 'page 3' ]
 * ```
 */
export class Semaphore {
  readonly #waiters = new WaitQueue("acquire", this);
  readonly #max: number;
  /** What the semaphore was named. */
  readonly name: string | undefined;
  #available: number;

  /**
   * Makes a semaphore that nobody waits for.
   *
   * @param permits How many permits there are at the start; 0 or more.
   * @param options How many there may ever be, and a name.
   * @throws {TypeError} If a number is none, or the name no string.
   * @throws {RangeError} If a number is negative, no whole number, or leaves no permit to acquire.
   */
  constructor(permits: number, options: SemaphoreOptions = {}) {
    checkCount("permits", permits, 0);
    check(permits < Infinity, "permits must be finite", permits, RangeError);
    this.name = nameOf(options);
    const { max = permits } = options;
    check(max !== 0, "permits must be 1 or more unless options.max is", permits, RangeError);
    checkCount("options.max", max, permits);
    this.#max = max;
    this.#available = permits;
  }

  /** How many permits can be acquired without waiting. */
  get available(): number {
    return this.#available;
  }

  /**
   * Takes a permit; waits while there is none.
   *
   * @param options A signal and a timeout that end the wait.
   * @returns The permit. Rejects with the signal's reason, or with a `DOMException` named `TimeoutError`;
   * then nothing was taken.
   */
  acquire(options?: WaitOptions): Promise<Permit> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    const permit = this.tryAcquire();
    if (permit !== undefined) return paced(Promise.resolve(permit), permit);
    return park(this.#waiters, new Waiter(asGiven), options);
  }

  /**
   * Takes a permit if that needs no waiting.
   *
   * @returns The permit, or undefined if `acquire` would have to wait. `using` takes either.
   */
  tryAcquire(): Permit | undefined {
    if (this.#available === 0) return undefined;
    this.#available--;
    return new Permit(this);
  }

  /**
   * Gives a permit back; whoever has waited longest gets it. Use it in place of the permit's own
   * `release`, not in addition: anyone may call it, and it does not know whose permit it gives back.
   *
   * @throws {RangeError} If there are as many permits as there may be.
   */
  release(): void {
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) return wake(waiter, new Permit(this));
    if (this.#available === this.#max) {
      const which = titled("semaphore", this.name);
      throw new RangeError(`Cannot release ${which}: it has all its permits: ${this.#max}`);
    }
    this.#available++;
  }

  /** @internal */
  [TAKE_BACK](): void {
    this.release();
  }

  /** @internal */
  [COUNTS](): Waiting {
    return { waiting: this.#waiters.length };
  }
}
