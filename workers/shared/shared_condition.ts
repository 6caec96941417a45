/**
 * Waiting, under a shared mutex, for something to become true.
 *
 * @module
 */
import { timeoutError } from "../../internal/alarm.ts";
import { check, checkCount } from "../../internal/checks.ts";
import { refused } from "../../internal/pace.ts";
import { isAborted, limit, type WaitOptions } from "../../internal/wait.ts";
import { type Failure, Waiter } from "../../internal/waiter.ts";
import type { PrimitiveOptions } from "../../sync/name.ts";
import { checkBlocking, sleepWhileParked, type SyncOptions } from "./blocking.ts";
import { asGiven } from "./gate.ts";
import { GENERATION } from "./layout.ts";
import { LocalQueue } from "./local_queue.ts";
import { LOCK, type Lock } from "./lock.ts";
import { CONDITION, MUTEX_OF, WAITING } from "./primitive_layout.ts";
import { Pump } from "./pump.ts";
import { SharedMutex } from "./shared_mutex.ts";
import { titled } from "./shared_permit.ts";
import { QUEUE, SharedPrimitive, SITE } from "./shared_primitive.ts";
import { openSite, type Plan, type PrimitiveHandle, registerPrimitive, type Site } from "./site.ts";
import { Tallies, TALLIES_WORDS } from "./tallies.ts";

/**
 * Lets the holder of a mutex wait until another task, of whatever thread, has changed what the mutex protects. It
 * is a `Condition` for all threads: with `waitSync`, which blocks, in those that may be blocked. Its handle is
 * plain data, from which each thread opens it, with its mutex; among the arguments of `spawn` and in the `data` of
 * stages it travels by itself.
 *
 * `wait` lets go of the mutex and takes it again before it returns, also when it rejects: the code behind it
 * always holds the mutex. Another task may have come in between and undone the change, so wait in a loop that asks
 * again.
 *
 * A notification is never lost: it goes to a task that waits, and an abort or a timeout that comes later does not
 * undo it. If its thread dies before it has heard of it, it goes to another. Those of one thread are notified first
 * come, first served, threads in turn.
 *
 * Its memory, a kilobyte, is not given back before the process ends.
 *
 * @example A buffer with one place
 * ```ts
 * import { SharedCondition, SharedMutex, SharedValue } from "millrace/workers";
 *
 * const mutex = new SharedMutex();
 * const changed = new SharedCondition(mutex);
 * const place = new SharedValue("i32"); // 0: it is free
 *
 * async function put(value: number) { // in any thread
 *   using _permit = await mutex.acquire();
 *   while (place.get() !== 0) await changed.wait();
 *   place.set(value);
 *   changed.notifyAll();
 * }
 *
 * async function take() {
 *   using _permit = await mutex.acquire();
 *   while (place.get() === 0) await changed.wait();
 *   const value = place.get();
 *   place.set(0);
 *   changed.notifyAll();
 *   return value;
 * }
 *
 * put(1);
 * put(2);
 * console.log(await take(), await take()); // 1 2
 * ```
 */
export class SharedCondition extends SharedPrimitive<PrimitiveHandle<"condition">> {
  readonly #mutex: SharedMutex;
  readonly #lock: Lock;
  readonly #tallies: Tallies;
  readonly #pump: Pump;
  readonly #queue: LocalQueue;

  /**
   * Makes a condition that nobody waits for.
   *
   * @param mutex What protects the state that is waited for. Several conditions may share it.
   * @param options A name.
   * @throws {TypeError} If the mutex is no `SharedMutex`, or the name no string.
   * @throws {RangeError} If the shared memory is used up.
   */
  constructor(mutex: SharedMutex, options: PrimitiveOptions = {}) {
    super(options, () => planOf(mutex));
    const site = this[SITE], { domain, at } = site;
    this.#mutex = mutex ?? mutexOf(site);
    this.#lock = this.#mutex[LOCK];
    this.#tallies = new Tallies(domain, at);
    this.#pump = Pump.of(domain);
    // A notification belongs to one thread: there is nothing to be passed on.
    const awaited = { serve: () => this.#serve(), ready: () => false };
    this.#queue = new LocalQueue(this.#pump, at + WAITING, awaited, "wait", this);
  }

  /**
   * Opens the condition of a handle. One handle gives the same object every time within a thread.
   *
   * @param handle The `handle` of a condition, from whatever thread.
   * @throws {TypeError} If it is none.
   */
  static from(handle: PrimitiveHandle<"condition">): SharedCondition {
    const of = { kind: "condition", title: "SharedCondition", codes: [CONDITION] };
    return openSite(handle, of, () => new SharedCondition(undefined as never));
  }

  /** What protects the state that is waited for. */
  get mutex(): SharedMutex {
    return this.#mutex;
  }

  /**
   * Lets go of the mutex, waits for a notification, and takes the mutex again. The permit with which it was
   * acquired stays good.
   *
   * The signal and the timeout end the wait for the notification, not the wait for the mutex. With a
   * signal that is aborted already, or a timeout of 0, the mutex is not let go at all.
   *
   * @param options A signal and a timeout that end the wait.
   * @returns When it was notified and holds the mutex. Rejects with the signal's reason, or with a
   * `DOMException` named `TimeoutError`; it holds the mutex then too.
   * @throws {TypeError} If nobody in this thread holds the mutex.
   */
  wait(options?: WaitOptions): Promise<void> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    this.#checkHeld("wait on");
    if (options?.timeout === 0) return refused(timeoutError());
    const waiter = new ConditionWaiter(this.#tallies, this.#lock);
    const promise = options === undefined ? waiter.promise : limit(waiter, options);
    this.#park(waiter);
    return promise as Promise<void>;
  }

  /**
   * As `wait`, and blocks the thread meanwhile. What else is parked in this thread is served, but nothing of
   * it goes on before this has returned. For threads only.
   *
   * @param options How long to wait for a notification.
   * @throws {DOMException} A `TimeoutError`, when the time is over; it holds the mutex then too.
   * @throws {TypeError} If nobody in this thread holds the mutex.
   * @throws {Error} In the main thread of the process, which must not stand still.
   */
  waitSync(options?: SyncOptions): void {
    const timeout = checkBlocking(options);
    this.#checkHeld("wait on");
    if (timeout === 0) throw timeoutError();
    const waiter = new ConditionWaiter(this.#tallies, this.#lock);
    waiter.promise.catch(() => {}); // it is thrown below
    this.#park(waiter);
    try {
      if (waiter.parked) sleepWhileParked(this.#pump, waiter, timeout);
    } catch (error) {
      waiter.refuse(error);
      if (waiter.parked) sleepWhileParked(this.#pump, waiter, Infinity);
    }
    if (waiter.failure !== undefined) throw waiter.failure.error;
  }

  /**
   * Wakes some of those who wait. They go on one by one, as each gets the mutex. O(threads that a memory may
   * have), which is 64.
   *
   * @param count How many; 1 by default. If fewer wait, all of them; it is not remembered for later.
   * @throws {TypeError} If nobody in this thread holds the mutex.
   */
  notify(count = 1): void {
    checkCount("count", count, 0);
    this.#checkHeld("notify");
    this.#tallies.notify(count);
    this.#queue.serve();
  }

  /**
   * Wakes all who wait; see `notify`.
   *
   * @throws {TypeError} If nobody in this thread holds the mutex.
   */
  notifyAll(): void {
    this.notify(Infinity);
  }

  /** @internal */
  override get [QUEUE](): LocalQueue {
    return this.#queue;
  }

  /** Counted and in the queue before the mutex is free: who takes it may notify at once. */
  #park(waiter: ConditionWaiter): void {
    this.#tallies.count();
    this.#queue.park(waiter);
    waiter.value = this.#lock.suspend();
    this.#queue.serve();
  }

  #serve(): number {
    let served = 0;
    for (; !this.#queue.empty && this.#tallies.hear(); served++) {
      (this.#queue.shift() as ConditionWaiter).resume();
    }
    return served;
  }

  #checkHeld(action: string): void {
    if (this.#lock.holder !== undefined) return;
    const which = titled("condition", this.name);
    throw new TypeError(`Cannot ${action} ${which}: nobody in this thread holds its mutex`);
  }
}

/** Waits for a notification first, and then, whatever came, for the mutex. */
class ConditionWaiter extends Waiter {
  readonly #tallies: Tallies;
  readonly #lock: Lock;
  #notified = false;
  /** What has ended the wait for the notification. */
  failure: Failure | undefined;

  constructor(tallies: Tallies, lock: Lock) {
    super(asGiven);
    this.#tallies = tallies;
    this.#lock = lock;
  }

  /** From here on neither the signal nor the timeout can end the wait. */
  resume(): void {
    this.#notified = true;
    this.withdraw();
    this.#lock.resume(this);
  }

  /** The signal or the timeout. */
  override refuse(error: unknown): void {
    if (!this.#notified && this.#tallies.leave()) this.failure = { error };
    this.resume();
  }

  /** It has the mutex. */
  override settle(): void {
    if (this.failure === undefined) super.settle(false, undefined);
    else super.refuse(this.failure.error);
  }
}

function planOf(mutex: SharedMutex): Plan<"condition"> {
  check(mutex instanceof SharedMutex, "mutex must be a SharedMutex", mutex);
  return {
    kind: "condition",
    code: CONDITION,
    bytes: TALLIES_WORDS * 4,
    fill: (words, at) => void (words[at + MUTEX_OF] = mutex.handle.offset),
  };
}

/** The mutex of a condition that is being opened. */
function mutexOf({ domain: { words, memory }, at }: Site): SharedMutex {
  const offset = words[at + MUTEX_OF]!;
  const generation = words[(offset >> 2) + GENERATION]!;
  return SharedMutex.from({ kind: "mutex", memory, offset, generation });
}

registerPrimitive("condition", SharedCondition.from);
