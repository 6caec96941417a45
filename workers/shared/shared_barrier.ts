/**
 * A meeting point of all threads.
 *
 * @module
 */
import { timeoutError } from "../../internal/alarm.ts";
import { checkNumber } from "../../internal/checks.ts";
import { paced, refused } from "../../internal/pace.ts";
import { isAborted, limit, type WaitOptions } from "../../internal/wait.ts";
import { Waiter } from "../../internal/waiter.ts";
import type { PrimitiveOptions } from "../../sync/name.ts";
import { wakeAll } from "./bells.ts";
import { checkBlocking, sleepWhileParked, spin, type SyncOptions } from "./blocking.ts";
import { asGiven, wake } from "./gate.ts";
import { LocalQueue } from "./local_queue.ts";
import { BARRIER, PERMITS, WAITING } from "./primitive_layout.ts";
import { Pump } from "./pump.ts";
import { Rounds, ROUNDS_WORDS } from "./rounds.ts";
import { QUEUE, SharedPrimitive, SITE } from "./shared_primitive.ts";
import { openSite, type Plan, type PrimitiveHandle, registerPrimitive } from "./site.ts";

/** As many as one word counts beside the round. */
const MOST = 1023;

/**
 * A point where a number of tasks of all threads wait for each other: the last to arrive lets all of them go on,
 * and the barrier is there again for the next round. It is a `Barrier` for all threads: with `waitSync`, which
 * blocks, in those that may be blocked. Its handle is plain data, from which each thread opens it; among the
 * arguments of `spawn` and in the `data` of stages it travels by itself.
 *
 * An arrival that is aborted or times out does not count, nor one whose thread ends before the others have come;
 * the barrier stays whole, and the others go on waiting until enough have come.
 *
 * Its memory, a kilobyte, is not given back before the process ends.
 *
 * @example Three phases in step
 * ```ts
 * import { SharedBarrier } from "millrace/workers";
 *
 * const barrier = new SharedBarrier(2);
 * const log: string[] = [];
 *
 * async function work(name: string) { // in any thread
 *   for (let phase = 1; phase <= 3; phase++) {
 *     log.push(`${name}${phase}`);
 *     await barrier.wait(); // nobody begins a phase before all have ended the one before
 *   }
 * }
 *
 * await Promise.all([work("a"), work("b")]);
 * console.log(log.map((entry) => entry[1]).join("")); // 112233
 * ```
 */
export class SharedBarrier extends SharedPrimitive<PrimitiveHandle<"barrier">> {
  readonly #rounds: Rounds;
  readonly #pump: Pump;
  readonly #queue: LocalQueue;

  /**
   * Makes a barrier where nobody has arrived.
   *
   * @param parties How many tasks meet; 1 to 1023.
   * @param options A name.
   * @throws {RangeError} If `parties` is less, more or no whole number, or the shared memory is used up.
   * @throws {TypeError} If `parties` is no number, or the name no string.
   */
  constructor(parties: number, options: PrimitiveOptions = {}) {
    super(options, () => planOf(parties));
    const { domain, at } = this[SITE];
    this.#rounds = new Rounds(domain, at);
    this.#pump = Pump.of(domain);
    // All are woken, so no wake need ever be passed on.
    const awaited = { serve: () => this.#serve(), ready: () => false };
    this.#queue = new LocalQueue(this.#pump, at + WAITING, awaited, "wait", this);
  }

  /**
   * Opens the barrier of a handle. One handle gives the same object every time within a thread.
   *
   * @param handle The `handle` of a barrier, from whatever thread.
   * @throws {TypeError} If it is none.
   */
  static from(handle: PrimitiveHandle<"barrier">): SharedBarrier {
    const of = { kind: "barrier", title: "SharedBarrier", codes: [BARRIER] };
    return openSite(handle, of, () => new SharedBarrier(1));
  }

  /** How many tasks meet. */
  get parties(): number {
    return this.#rounds.parties;
  }

  /** How many have arrived and wait for the others. */
  get arrived(): number {
    return this.#rounds.arrived;
  }

  /**
   * Arrives, and waits until all have.
   *
   * @param options A signal and a timeout that end the wait. Who is the last to arrive never waits.
   * @returns The place in this round, another one for each from 0 to `parties - 1`, which the last to arrive gets:
   * the way to give one of them a task of its own. Rejects with the signal's reason, or with a `DOMException`
   * named `TimeoutError`.
   */
  wait(options?: WaitOptions): Promise<number> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    const round = this.#rounds.arrive(options?.timeout !== 0);
    if (round === undefined) return refused(timeoutError());
    if (round < 0) {
      const place = this.#open();
      return paced(Promise.resolve(place), place);
    }
    const waiter = new Arrival(this.#rounds, round);
    this.#queue.park(waiter);
    const promise = options === undefined ? waiter.promise : limit(waiter, options);
    this.#queue.serve();
    return promise as Promise<number>;
  }

  /**
   * Arrives, and blocks the thread until all have. What else is parked in this thread is served meanwhile, but
   * nothing of it goes on before this has returned. For threads only.
   *
   * @param options How long to wait. Who is the last to arrive never waits.
   * @returns The place in this round; see `wait`.
   * @throws {DOMException} A `TimeoutError`, when the time is over.
   * @throws {Error} In the main thread of the process, which must not stand still.
   */
  waitSync(options?: SyncOptions): number {
    const timeout = checkBlocking(options);
    const round = this.#rounds.arrive(timeout > 0);
    if (round === undefined) throw timeoutError();
    if (round < 0) return this.#open();
    if (spin(() => this.#rounds.isOver(round))) return this.#rounds.placeIn(round);
    const waiter = new Arrival(this.#rounds, round);
    this.#queue.park(waiter);
    this.#queue.serve();
    try {
      if (waiter.parked) sleepWhileParked(this.#pump, waiter, timeout);
    } catch (error) {
      // Too late: all had come before the time was over.
      if (!this.#rounds.leave(round)) return this.#rounds.placeIn(round);
      throw error;
    }
    return waiter.value as number;
  }

  /** @internal */
  override get [QUEUE](): LocalQueue {
    return this.#queue;
  }

  /** Lets all go on; answers the place of this one, which was the last. */
  #open(): number {
    const { domain, at } = this[SITE];
    wakeAll(domain, at + WAITING);
    this.#queue.serve();
    return this.parties - 1;
  }

  #serve(): number {
    const queue = this.#queue;
    let served = 0;
    for (; !queue.empty; served++) {
      const first = queue.first!, round = first.value as number;
      if (!this.#rounds.isOver(round)) break;
      queue.shift();
      first.value = this.#rounds.placeIn(round);
      wake(first, first.value);
    }
    return served;
  }
}

/** Somebody who waits for the others, and may leave before they come. */
class Arrival extends Waiter {
  readonly #rounds: Rounds;

  constructor(rounds: Rounds, round: number) {
    super(asGiven);
    this.#rounds = rounds;
    this.value = round;
  }

  /** The signal or the timeout, unless all have come in the meantime. */
  override refuse(error: unknown): void {
    const round = this.value as number;
    if (this.#rounds.leave(round)) return super.refuse(error);
    this.settle(false, this.#rounds.placeIn(round));
  }
}

function planOf(parties: number): Plan<"barrier"> {
  const ok = Number.isInteger(parties) && parties >= 1 && parties <= MOST;
  checkNumber("parties", parties, ok, `a whole number from 1 to ${MOST}`);
  return {
    kind: "barrier",
    code: BARRIER,
    bytes: ROUNDS_WORDS * 4,
    fill: (words, at) => void (words[at + PERMITS] = parties),
  };
}

registerPrimitive("barrier", SharedBarrier.from);
