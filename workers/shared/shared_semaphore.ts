/**
 * A bounded number of permits for all threads.
 *
 * @module
 */
import { check, checkCount, checkOptions } from "../../internal/checks.ts";
import type { WaitOptions } from "../../internal/wait.ts";
import type { PrimitiveOptions } from "../../sync/name.ts";
import type { SyncOptions } from "./blocking.ts";
import { Gate } from "./gate.ts";
import { KIND } from "./layout.ts";
import type { LocalQueue } from "./local_queue.ts";
import { CELLS, CONTENTS, COUNTER, PERMITS, SEMAPHORE } from "./primitive_layout.ts";
import type { SharedPermit } from "./shared_permit.ts";
import { QUEUE, SharedPrimitive, SITE } from "./shared_primitive.ts";
import { openSite, type Plan, type PrimitiveHandle, registerPrimitive } from "./site.ts";
import { CountedStock, OwnedStock } from "./stock.ts";

/** How a shared semaphore is made. */
export interface SharedSemaphoreOptions extends PrimitiveOptions {
  /**
   * How many permits there may ever be; as many as at the start by default, so that one release too many
   * is an error. A semaphore that counts what others produce starts with 0 and needs a `max`: the
   * greatest number it may come to, or `Infinity`. With a `max` permits are only counted: those of a thread that
   * has died do not come back.
   */
  readonly max?: number | undefined;
}

/** Permits whose threads are known have a word each, which are looked through. */
const MOST_OWNED = 1024;
const MOST = 0x7fffffff;

/**
 * A number of permits that tasks of all threads share: each `acquire` takes one and waits while there is none,
 * each `release` gives one back. It is a `Semaphore` for all threads: with `acquireSync`, which blocks, in those
 * that may be blocked. Its handle is plain data, from which each thread opens it; among the arguments of `spawn`
 * and in the `data` of stages it travels by itself.
 *
 * The tasks of one thread are served first come, first served. Among threads a permit goes to whoever comes
 * first when it is free; but a thread that was woken for one and found none is served before all who have not
 * waited so long, so that none waits for ever.
 *
 * If a thread ends or is killed while it has permits, they come back, and those who get them find `abandoned`
 * true in theirs. This is not so with the option `max`.
 *
 * Its memory, a kilobyte or little more, is not given back before the process ends.
 *
 * @example At most two at a time, in all threads together
 * ```ts
 * import { SharedSemaphore } from "millrace/workers";
 *
 * const semaphore = new SharedSemaphore(2);
 *
 * async function download(page: number) { // in any thread
 *   using _permit = await semaphore.acquire(); // released at the end of the block
 *   return await Promise.resolve(`page ${page}`);
 * }
 *
 * console.log(await Promise.all([1, 2, 3].map(download))); // [ 'page 1', 'page 2', 'page 3' ]
 * ```
 */
export class SharedSemaphore extends SharedPrimitive<PrimitiveHandle<"semaphore">> {
  readonly #gate: Gate;

  /**
   * Makes a semaphore that nobody waits for.
   *
   * @param permits How many permits there are at the start; 0 or more, and at most 1024 without the option `max`.
   * @param options How many there may ever be, and a name.
   * @throws {TypeError} If a number is none, or the name no string.
   * @throws {RangeError} If a number is negative, no whole number, too large, or leaves no permit to acquire.
   */
  constructor(permits: number, options: SharedSemaphoreOptions = {}) {
    super(options, () => planOf(permits, options));
    const site = this[SITE], { domain, at } = site;
    const counts = domain.words[at + KIND] === COUNTER;
    this.#gate = new Gate(site, new (counts ? CountedStock : OwnedStock)(domain, at), this);
  }

  /**
   * Opens the semaphore of a handle. One handle gives the same object every time within a thread.
   *
   * @param handle The `handle` of a semaphore, from whatever thread.
   * @throws {TypeError} If it is none.
   */
  static from(handle: PrimitiveHandle<"semaphore">): SharedSemaphore {
    const of = { kind: "semaphore", title: "SharedSemaphore", codes: [SEMAPHORE, COUNTER] };
    return openSite(handle, of, () => new SharedSemaphore(1));
  }

  /** How many permits can be acquired without waiting. O(permits) without the option `max`. */
  get available(): number {
    return this.#gate.stock.available;
  }

  /**
   * Takes a permit; waits while there is none.
   *
   * @param options A signal and a timeout that end the wait.
   * @returns The permit. Rejects with the signal's reason, or with a `DOMException` named `TimeoutError`;
   * then nothing was taken.
   */
  acquire(options?: WaitOptions): Promise<SharedPermit> {
    return this.#gate.acquire(options);
  }

  /**
   * Takes a permit if that needs no waiting.
   *
   * @returns The permit, or undefined if `acquire` would have to wait. `using` takes either.
   */
  tryAcquire(): SharedPermit | undefined {
    return this.#gate.tryAcquire();
  }

  /**
   * Takes a permit, and blocks the thread while there is none. What else is parked in this thread is served
   * meanwhile, but nothing of it goes on before this has returned. For threads only.
   *
   * @param options How long to wait.
   * @returns The permit.
   * @throws {DOMException} A `TimeoutError`, when the time is over; nothing was taken.
   * @throws {Error} In the main thread of the process, which must not stand still.
   */
  acquireSync(options?: SyncOptions): SharedPermit {
    return this.#gate.acquireSync(options);
  }

  /**
   * Gives a permit back. Use it in place of the permit's own `release`, not in addition: any thread may call it,
   * and it does not know whose permit it gives back: one of this thread, if it has any.
   *
   * @throws {RangeError} If there are as many permits as there may be.
   */
  release(): void {
    this.#gate.giveBack();
  }

  /** @internal */
  override get [QUEUE](): LocalQueue {
    return this.#gate.queue;
  }
}

function planOf(permits: number, options: SharedSemaphoreOptions): Plan<"semaphore"> {
  checkOptions(options);
  const { max } = options;
  checkCount("permits", permits, 0);
  check(permits < Infinity, "permits must be finite", permits, RangeError);
  check(
    (max ?? permits) !== 0,
    "permits must be 1 or more unless options.max is",
    permits,
    RangeError,
  );
  if (max !== undefined) checkCount("options.max", max, permits);
  const most = max === undefined ? MOST_OWNED : MOST;
  check(permits <= most, `permits must be at most ${most}`, permits, RangeError);
  return {
    kind: "semaphore",
    code: max === undefined ? SEMAPHORE : COUNTER,
    bytes: (CELLS + (max === undefined ? permits : 0)) * 4,
    fill(words, at) {
      words[at + PERMITS] = Math.min(max ?? permits, MOST);
      words[at + CONTENTS] = permits;
    },
  };
}

registerPrimitive("semaphore", SharedSemaphore.from);
