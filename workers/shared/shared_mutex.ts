/**
 * Mutual exclusion across threads.
 *
 * @module
 */
import type { WaitOptions } from "../../internal/wait.ts";
import type { PrimitiveOptions } from "../../sync/name.ts";
import type { SyncOptions } from "./blocking.ts";
import type { LocalQueue } from "./local_queue.ts";
import { LOCK, Lock } from "./lock.ts";
import { CELLS, MUTEX, PERMITS } from "./primitive_layout.ts";
import { type SharedPermit, titled } from "./shared_permit.ts";
import { QUEUE, SharedPrimitive, SITE } from "./shared_primitive.ts";
import { openSite, type PrimitiveHandle, registerPrimitive } from "./site.ts";

/**
 * A lock that one task of one thread holds at a time. It is a `Mutex` for all threads: with `acquireSync`, which
 * blocks, in those that may be blocked. Its handle is plain data, from which each thread opens it; among the
 * arguments of `spawn` and in the `data` of stages it travels by itself.
 *
 * The tasks of one thread get it first come, first served. Among threads it goes to whoever comes first when it
 * is free; but a thread that was woken for it and found it taken again is served before all who have not waited so
 * long, so that none waits for ever. It is not reentrant. What needs no waiting touches nothing but the
 * shared memory.
 *
 * If a thread ends or is killed while it holds the mutex, the next one gets it, and finds `abandoned` true in its
 * permit: what the mutex protects may be half changed.
 *
 * Its memory, less than a kilobyte, is not given back before the process ends: make one for each thing to be
 * protected, not one for each use.
 *
 * @example
 * ```ts
 * import { SharedMutex, SharedValue } from "millrace/workers";
 *
 * const mutex = new SharedMutex();
 * const balance = new SharedValue("f64", 100);
 *
 * async function withdraw(amount: number) { // in any thread
 *   using _permit = await mutex.acquire(); // released at the end of the block
 *   if (balance.get() < amount) return false;
 *   balance.set(balance.get() - amount);
 *   return true;
 * }
 *
 * console.log(await Promise.all([withdraw(80), withdraw(80)]), balance.get()); // [ true, false ] 20
 * ```
 */
export class SharedMutex extends SharedPrimitive<PrimitiveHandle<"mutex">> {
  readonly #lock: Lock;

  /**
   * Makes a mutex that nobody holds.
   *
   * @param options A name.
   * @throws {TypeError} If the name is no string.
   * @throws {RangeError} If the shared memory is used up.
   */
  constructor(options: PrimitiveOptions = {}) {
    super(options, () => ({
      kind: "mutex",
      code: MUTEX,
      bytes: (CELLS + 1) * 4,
      fill: (words, at) => void (words[at + PERMITS] = 1),
    }));
    this.#lock = new Lock(this[SITE], this);
  }

  /**
   * Opens the mutex of a handle. One handle gives the same object every time within a thread.
   *
   * @param handle The `handle` of a mutex, from whatever thread.
   * @throws {TypeError} If it is none.
   */
  static from(handle: PrimitiveHandle<"mutex">): SharedMutex {
    const of = { kind: "mutex", title: "SharedMutex", codes: [MUTEX] };
    return openSite(handle, of, () => new SharedMutex());
  }

  /** Whether somebody holds it, in whatever thread. */
  get locked(): boolean {
    return !this.#lock.stock.some;
  }

  /**
   * Takes the mutex; waits while somebody holds it.
   *
   * @param options A signal and a timeout that end the wait.
   * @returns A permit that gives the mutex back. Rejects with the signal's reason, or with a
   * `DOMException` named `TimeoutError`; then nothing was taken.
   */
  acquire(options?: WaitOptions): Promise<SharedPermit> {
    return this.#lock.acquire(options);
  }

  /**
   * Takes the mutex if that needs no waiting.
   *
   * @returns A permit, or undefined if `acquire` would have to wait. `using` takes either.
   */
  tryAcquire(): SharedPermit | undefined {
    return this.#lock.tryAcquire();
  }

  /**
   * Takes the mutex, and blocks the thread while somebody holds it. What else is parked in this thread is served
   * meanwhile, but nothing of it goes on before this has returned: if the holder is a task of this very thread, it
   * waits for itself. For threads only.
   *
   * @param options How long to wait.
   * @returns A permit that gives the mutex back.
   * @throws {DOMException} A `TimeoutError`, when the time is over; nothing was taken.
   * @throws {Error} In the main thread of the process, which must not stand still.
   */
  acquireSync(options?: SyncOptions): SharedPermit {
    return this.#lock.acquireSync(options);
  }

  /**
   * Gives the mutex back, as the permit of its holder does, which is released with it.
   *
   * @throws {TypeError} If nobody in this thread holds it.
   */
  release(): void {
    const { holder, name } = this.#lock;
    if (holder !== undefined) return holder.release();
    throw new TypeError(`Cannot release ${titled("mutex", name)}: nobody in this thread holds it`);
  }

  /** @internal */
  get [LOCK](): Lock {
    return this.#lock;
  }

  /** @internal */
  override get [QUEUE](): LocalQueue {
    return this.#lock.queue;
  }
}

registerPrimitive("mutex", SharedMutex.from);
