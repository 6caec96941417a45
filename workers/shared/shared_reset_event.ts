/**
 * A flag to wait for in all threads.
 *
 * @module
 */
import { timeoutError } from "../../internal/alarm.ts";
import { paced, refused } from "../../internal/pace.ts";
import { isAborted, limit, type WaitOptions } from "../../internal/wait.ts";
import { Waiter } from "../../internal/waiter.ts";
import type { PrimitiveOptions } from "../../sync/name.ts";
import { wakeAll } from "./bells.ts";
import { checkBlocking, sleepWhileParked, spin, type SyncOptions } from "./blocking.ts";
import { asGiven, wake } from "./gate.ts";
import { OBJECT_WORDS } from "./layout.ts";
import { LocalQueue } from "./local_queue.ts";
import { CONTENTS, RESET_EVENT, WAITING } from "./primitive_layout.ts";
import { Pump } from "./pump.ts";
import { QUEUE, SharedPrimitive, SITE } from "./shared_primitive.ts";
import { openSite, type PrimitiveHandle, registerPrimitive, type Site } from "./site.ts";

/** In the contents: whether it is set. The other bits count how often it has been. */
const SET = 1;

/**
 * A flag that tasks of all threads wait for. Setting it wakes all who wait, and lets all who come later pass until
 * it is reset. It is a `ResetEvent` for all threads: with `waitSync`, which blocks, in those that may be blocked.
 * Its handle is plain data, from which each thread opens it; among the arguments of `spawn` and in the `data` of
 * stages it travels by itself.
 *
 * Its memory, less than a kilobyte, is not given back before the process ends.
 *
 * @example
 * ```ts
 * import { SharedResetEvent } from "millrace/workers";
 *
 * const ready = new SharedResetEvent();
 *
 * async function visit(name: string) { // in any thread
 *   await ready.wait();
 *   return `${name} is in`;
 * }
 *
 * const visits = Promise.all(["Ada", "Bob"].map(visit));
 * ready.set();
 * console.log(await visits); // [ 'Ada is in', 'Bob is in' ]
 * ```
 */
export class SharedResetEvent extends SharedPrimitive<PrimitiveHandle<"reset event">> {
  readonly #site: Site;
  readonly #pump: Pump;
  readonly #queue: LocalQueue;

  /**
   * Makes an event that is not set.
   *
   * @param options A name.
   * @throws {TypeError} If the name is no string.
   * @throws {RangeError} If the shared memory is used up.
   */
  constructor(options: PrimitiveOptions = {}) {
    super(options, () => ({
      kind: "reset event",
      code: RESET_EVENT,
      bytes: OBJECT_WORDS * 4,
    }));
    const { domain, at } = this.#site = this[SITE];
    this.#pump = Pump.of(domain);
    // All are woken, so no wake need ever be passed on.
    const awaited = { serve: () => this.#serve(), ready: () => false };
    this.#queue = new LocalQueue(this.#pump, at + WAITING, awaited, "wait", this);
  }

  /**
   * Opens the event of a handle. One handle gives the same object every time within a thread.
   *
   * @param handle The `handle` of an event, from whatever thread.
   * @throws {TypeError} If it is none.
   */
  static from(handle: PrimitiveHandle<"reset event">): SharedResetEvent {
    const of = { kind: "reset event", title: "SharedResetEvent", codes: [RESET_EVENT] };
    return openSite(handle, of, () => new SharedResetEvent());
  }

  /** Whether `wait` would pass at once. */
  get isSet(): boolean {
    return (this.#contents() & SET) !== 0;
  }

  /** Sets the flag, and wakes all who wait, in all threads. Idempotent. */
  set(): void {
    const { domain: { atoms, words }, at } = this.#site;
    for (;;) {
      const now = this.#contents();
      if ((now & SET) !== 0) break;
      const next = (now + 2) | SET;
      if (atoms.compareExchange(words, at + CONTENTS, now, next) === now) break;
    }
    // Also if it was set already: whoever has set it may have died before it came to this.
    wakeAll(this.#site.domain, at + WAITING);
    this.#queue.serve();
  }

  /** Takes the flag back: who comes from now on waits. Those whom `set` woke are awake. Idempotent. */
  reset(): void {
    const { domain: { atoms, words }, at } = this.#site;
    atoms.and(words, at + CONTENTS, ~SET);
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
    const waiter = this.#waiter();
    if (waiter === undefined) return paced(Promise.resolve(), undefined);
    if (options?.timeout === 0) return refused(timeoutError());
    this.#queue.park(waiter);
    const promise = options === undefined ? waiter.promise : limit(waiter, options);
    this.#queue.serve();
    return promise as Promise<void>;
  }

  /**
   * Passes if the flag is set; otherwise blocks the thread until it is. What else is parked in this thread is
   * served meanwhile, but nothing of it goes on before this has returned. For threads only.
   *
   * @param options How long to wait.
   * @throws {DOMException} A `TimeoutError`, when the time is over.
   * @throws {Error} In the main thread of the process, which must not stand still.
   */
  waitSync(options?: SyncOptions): void {
    const timeout = checkBlocking(options);
    const waiter = this.#waiter();
    if (waiter === undefined || timeout > 0 && spin(() => this.#passes(waiter.value))) return;
    this.#queue.park(waiter);
    this.#queue.serve();
    if (waiter.parked) sleepWhileParked(this.#pump, waiter, timeout);
  }

  /** @internal */
  override get [QUEUE](): LocalQueue {
    return this.#queue;
  }

  /** One that waits; undefined if the flag is set. */
  #waiter(): Waiter | undefined {
    const now = this.#contents();
    if ((now & SET) !== 0) return undefined;
    const waiter = new Waiter(asGiven);
    waiter.value = now;
    return waiter;
  }

  /** Whether it was set since the contents were `before`, when it was not. */
  #passes(before: unknown): boolean {
    return this.#contents() !== before;
  }

  #serve(): number {
    const queue = this.#queue;
    let served = 0;
    for (; !queue.empty && this.#passes(queue.first!.value); served++) wake(queue.shift()!);
    return served;
  }

  #contents(): number {
    const { domain: { atoms, words }, at } = this.#site;
    return atoms.load(words, at + CONTENTS);
  }
}

registerPrimitive("reset event", SharedResetEvent.from);
