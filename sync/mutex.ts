/**
 * Mutual exclusion.
 *
 * @module
 */
import { COUNTS } from "../internal/case.ts";
import { paced, refused } from "../internal/pace.ts";
import { isAborted, type WaitOptions } from "../internal/wait.ts";
import { Waiter, WaitQueue } from "../internal/waiter.ts";
import { nameOf, type PrimitiveOptions, titled } from "./name.ts";
import { Permit, releaseError, TAKE_BACK } from "./permit.ts";
import { asGiven, park, type Waiting, wake } from "./waiting.ts";

/** Lets go of the mutex without ending the permit, for a wait on a condition. */
export const SUSPEND: unique symbol = Symbol("suspend");
/** Gives the mutex back to a suspended permit, in its turn. */
export const RESUME: unique symbol = Symbol("resume");

/**
 * A lock that one task holds at a time: what stands between `acquire` and `release` is not interrupted
 * by another task that does the same, whatever is awaited there.
 *
 * It is handed from holder to holder, first come, first served; nobody overtakes those who wait. It is
 * not reentrant: a task that acquires it twice waits for itself. All operations take O(1) time; the
 * withdrawal of a waiting one too.
 *
 * The model is Go's `sync.Mutex` and Kotlin's `Mutex`.
 *
 * @example
 * ```ts
 * import { Mutex } from "millrace";
 *
 * const mutex = new Mutex();
 * let balance = 100;
 *
 * async function withdraw(amount: number) {
 *   using _permit = await mutex.acquire(); // released at the end of the block
 *   if (balance < amount) return false;
 *   await Promise.resolve(); // asks the bank
 *   balance -= amount;
 *   return true;
 * }
 *
 * console.log(await Promise.all([withdraw(80), withdraw(80)]), balance); // [ true, false ] 20
 * ```
 */
export class Mutex {
  readonly #waiters = new WaitQueue("acquire", this);
  /** What the mutex was named. */
  readonly name: string | undefined;
  #holder: Permit | undefined;

  /**
   * Makes a mutex that nobody holds.
   *
   * @param options A name.
   * @throws {TypeError} If the name is no string.
   */
  constructor(options: PrimitiveOptions = {}) {
    this.name = nameOf(options);
  }

  /** Whether somebody holds it. */
  get locked(): boolean {
    return this.#holder !== undefined;
  }

  /**
   * Takes the mutex; waits while somebody holds it.
   *
   * @param options A signal and a timeout that end the wait.
   * @returns A permit that gives the mutex back. Rejects with the signal's reason, or with a
   * `DOMException` named `TimeoutError`; then nothing was taken.
   */
  acquire(options?: WaitOptions): Promise<Permit> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    const permit = this.tryAcquire();
    if (permit !== undefined) return paced(Promise.resolve(permit), permit);
    const waiter = new Waiter(asGiven);
    waiter.value = new Permit(this);
    return park(this.#waiters, waiter, options);
  }

  /**
   * Takes the mutex if that needs no waiting.
   *
   * @returns A permit, or undefined if `acquire` would have to wait. `using` takes either.
   */
  tryAcquire(): Permit | undefined {
    if (this.#holder !== undefined) return undefined;
    return this.#holder = new Permit(this);
  }

  /**
   * Gives the mutex back, as the permit of its holder does, which is released with it.
   *
   * @throws {TypeError} If nobody holds it.
   */
  release(): void {
    if (this.#holder === undefined) {
      throw new TypeError(`Cannot release ${titled("mutex", this.name)}: nobody holds it`);
    }
    this.#holder.release();
  }

  /** @internal */
  [TAKE_BACK](permit: Permit): void {
    if (permit !== this.#holder) throw releaseError(this, "its holder waits on a condition");
    this.#passOn();
  }

  /** Only while somebody holds it: the condition has asked. @internal */
  [SUSPEND](): Permit {
    const holder = this.#holder as Permit;
    this.#passOn();
    return holder;
  }

  /** @internal */
  [RESUME](waiter: Waiter): void {
    this.#waiters.push(waiter);
    if (this.#holder === undefined) this.#passOn();
  }

  /** @internal */
  [COUNTS](): Waiting {
    return { waiting: this.#waiters.length };
  }

  /** Nobody can take it between two holders: while somebody waits, it is held. */
  #passOn(): void {
    const waiter = this.#waiters.shift();
    this.#holder = waiter?.value as Permit | undefined;
    if (waiter !== undefined) wake(waiter, waiter.value);
  }
}
