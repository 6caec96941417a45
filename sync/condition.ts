/**
 * Waiting, under a mutex, for something to become true.
 *
 * @module
 */
import { timeoutError } from "../internal/alarm.ts";
import { COUNTS } from "../internal/case.ts";
import { check, checkCount } from "../internal/checks.ts";
import { refused } from "../internal/pace.ts";
import { isAborted, type WaitOptions } from "../internal/wait.ts";
import { type Failure, Waiter, WaitQueue } from "../internal/waiter.ts";
import { Mutex, RESUME, SUSPEND } from "./mutex.ts";
import { nameOf, type PrimitiveOptions, titled } from "./name.ts";
import { asGiven, park, type Waiting } from "./waiting.ts";

/**
 * Lets the holder of a mutex wait until another task has changed what the mutex protects.
 *
 * `wait` lets go of the mutex and takes it again before it returns, also when it rejects: the code
 * behind it always holds the mutex. Another task may have come in between and undone the change, so wait
 * in a loop that asks again.
 *
 * The model is Python's `Condition`. A notification is never lost: it goes to a task that waits, and an
 * abort or a timeout that comes later does not undo it.
 *
 * @example A buffer with one place
 * ```ts
 * import { Condition, Mutex } from "millrace";
 *
 * const mutex = new Mutex();
 * const changed = new Condition(mutex);
 * let place: string | undefined;
 *
 * async function put(value: string) {
 *   using _permit = await mutex.acquire();
 *   while (place !== undefined) await changed.wait();
 *   place = value;
 *   changed.notifyAll();
 * }
 *
 * async function take() {
 *   using _permit = await mutex.acquire();
 *   while (place === undefined) await changed.wait();
 *   const value = place;
 *   place = undefined;
 *   changed.notifyAll();
 *   return value;
 * }
 *
 * put("grain");
 * put("flour");
 * console.log(await take(), await take()); // grain flour
 * ```
 */
export class Condition {
  readonly #mutex: Mutex;
  readonly #waiters = new WaitQueue<ConditionWaiter>("wait", this);
  /** What the condition was named. */
  readonly name: string | undefined;

  /**
   * Makes a condition that nobody waits for.
   *
   * @param mutex What protects the state that is waited for. Several conditions may share it.
   * @param options A name.
   * @throws {TypeError} If the mutex is no `Mutex`, or the name no string.
   */
  constructor(mutex: Mutex, options: PrimitiveOptions = {}) {
    check(mutex instanceof Mutex, "mutex must be a Mutex", mutex);
    this.#mutex = mutex;
    this.name = nameOf(options);
  }

  /**
   * Lets go of the mutex, waits for a notification, and takes the mutex again, in its turn behind those
   * who wait for it already. The permit with which it was acquired stays good.
   *
   * The signal and the timeout end the wait for the notification, not the wait for the mutex. With a
   * signal that is aborted already, or a timeout of 0, the mutex is not let go at all.
   *
   * @param options A signal and a timeout that end the wait.
   * @returns When it was notified and holds the mutex. Rejects with the signal's reason, or with a
   * `DOMException` named `TimeoutError`; it holds the mutex then too.
   * @throws {TypeError} If nobody holds the mutex.
   */
  wait(options?: WaitOptions): Promise<void> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    this.#checkHeld("wait on");
    if (options?.timeout === 0) return refused(timeoutError());
    return park(this.#waiters, new ConditionWaiter(this.#mutex), options);
  }

  /**
   * Wakes those who have waited longest. They go on one by one, as each gets the mutex.
   *
   * @param count How many; 1 by default. If fewer wait, all of them; it is not remembered for later.
   * @throws {TypeError} If nobody holds the mutex.
   */
  notify(count = 1): void {
    checkCount("count", count, 0);
    this.#checkHeld("notify");
    for (let left = count; left > 0; left--) {
      const waiter = this.#waiters.shift();
      if (waiter === undefined) return;
      waiter.resume();
    }
  }

  /**
   * Wakes all who wait; see `notify`.
   *
   * @throws {TypeError} If nobody holds the mutex.
   */
  notifyAll(): void {
    this.notify(Infinity);
  }

  /** @internal */
  [COUNTS](): Waiting {
    return { waiting: this.#waiters.length };
  }

  #checkHeld(action: string): void {
    if (this.#mutex.locked) return;
    const which = titled("condition", this.name);
    throw new TypeError(`Cannot ${action} ${which}: nobody holds its mutex`);
  }
}

/** Waits for a notification first, and then, whatever came, for the mutex. */
class ConditionWaiter extends Waiter {
  readonly #mutex: Mutex;
  #failure: Failure | undefined;

  constructor(mutex: Mutex) {
    super(asGiven);
    this.#mutex = mutex;
    this.value = mutex[SUSPEND]();
  }

  /** From here on neither the signal nor the timeout can end the wait. */
  resume(): void {
    this.withdraw();
    this.#mutex[RESUME](this);
  }

  /** The signal or the timeout. */
  override refuse(error: unknown): void {
    this.#failure = { error };
    this.resume();
  }

  /** It has the mutex. */
  override settle(): void {
    if (this.#failure === undefined) super.settle(false, undefined);
    else super.refuse(this.#failure.error);
  }
}
