/**
 * What primitives that are data have in common: a lock.
 *
 * @module
 */
import type { WaitOptions } from "../../internal/wait.ts";
import type { PrimitiveOptions } from "../../sync/name.ts";
import type { SyncOptions } from "./blocking.ts";
import type { LocalQueue } from "./local_queue.ts";
import { Lock } from "./lock.ts";
import type { SharedPermit } from "./shared_permit.ts";
import { QUEUE, SharedPrimitive, SITE } from "./shared_primitive.ts";
import type { Plan, PrimitiveHandle } from "./site.ts";

/**
 * Data in shared memory, and a lock for what takes several steps. The lock keeps no one from the data who does not
 * ask for it.
 *
 * @typeParam H Its handle.
 *
 * @example
 * ```ts
 * import { SharedArray, type SharedLockable } from "millrace/workers";
 *
 * async function alone<R>(data: SharedLockable, work: () => R): Promise<R> {
 *   using _permit = await data.lock(); // released at the end of the block
 *   return work();
 * }
 *
 * const pair = new SharedArray("u8", 2);
 * await alone(pair, () => pair.view.fill(7));
 * console.log([...pair.view]); // [ 7, 7 ]
 * ```
 */
export abstract class SharedLockable<
  H extends PrimitiveHandle<string> = PrimitiveHandle<string>,
> extends SharedPrimitive<H> {
  readonly #lock: Lock;

  /** @internal */
  constructor(options: PrimitiveOptions, plan: () => Plan<H["kind"]>) {
    super(options, plan);
    this.#lock = new Lock(this[SITE], this, "lock");
  }

  /**
   * Takes the lock; waits while somebody has it. It keeps no one from the data who does not ask for it.
   *
   * @param options A signal and a timeout that end the wait.
   * @returns A permit that gives it back; see `SharedMutex`.
   */
  lock(options?: WaitOptions): Promise<SharedPermit> {
    return this.#lock.acquire(options);
  }

  /** Takes the lock if that needs no waiting; undefined otherwise. */
  tryLock(): SharedPermit | undefined {
    return this.#lock.tryAcquire();
  }

  /**
   * Takes the lock, and blocks the thread while somebody has it. For threads only; see `SharedMutex.acquireSync`.
   *
   * @param options How long to wait.
   */
  lockSync(options?: SyncOptions): SharedPermit {
    return this.#lock.acquireSync(options);
  }

  /** @internal */
  override get [QUEUE](): LocalQueue {
    return this.#lock.queue;
  }
}
