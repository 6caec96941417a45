/**
 * Notices values that take too long.
 *
 * @module
 */
import { repeat } from "./runtime.ts";
import type { WorkerThread } from "./worker_thread.ts";

/** Milliseconds between two looks, at most. */
const LONGEST_LOOK = 25;
/**
 * How much may count between two looks, at most: milliseconds, and of the limit. A main thread that has
 * slept for longer has learnt nothing about the others: perhaps the whole machine was asleep.
 */
const LONGEST_GAP = 1_000;
const LARGEST_PART = 0.5;

interface Watch {
  stamp: string | undefined;
  elapsed: number;
}

/**
 * Looks at what the threads have noted. A value's time begins when a look finds it running, so it is never
 * too short, and does not include the time in a queue; the clocks of two threads are never compared.
 */
export class Watchdog {
  readonly #limit: number;
  readonly #threads: () => Iterable<WorkerThread>;
  readonly #overdue: (thread: WorkerThread) => void;
  #watches = new WeakMap<WorkerThread, Watch>();
  #last = 0;
  #end: (() => void) | undefined;

  /**
   * @param limit Milliseconds for one value.
   * @param threads Those to be watched.
   * @param overdue Is told of a thread whose value has had its time.
   */
  constructor(
    limit: number,
    threads: () => Iterable<WorkerThread>,
    overdue: (thread: WorkerThread) => void,
  ) {
    this.#limit = limit;
    this.#threads = threads;
    this.#overdue = overdue;
  }

  /** Watches until nobody has anything to do. */
  wake(): void {
    if (this.#end !== undefined || this.#limit === Infinity) return;
    this.#last = performance.now();
    const pause = Math.max(1, Math.min(LONGEST_LOOK, this.#limit / 4));
    this.#end = repeat(pause, () => this.#look());
  }

  /** Watches no more. */
  stop(): void {
    this.#end?.();
    this.#end = undefined;
  }

  #look(): void {
    const now = performance.now();
    const gone = Math.min(now - this.#last, LONGEST_GAP, this.#limit * LARGEST_PART);
    this.#last = now;
    let busy = false;
    for (const thread of [...this.#threads()]) {
      busy ||= thread.unanswered > 0;
      if (this.#elapsed(thread, gone) < this.#limit) continue;
      this.#overdue(thread);
    }
    if (!busy) this.stop();
  }

  #elapsed(thread: WorkerThread, gone: number): number {
    const { stamp } = thread;
    const watch = this.#watches.get(thread);
    if (watch === undefined || watch.stamp !== stamp || stamp === undefined) {
      this.#watches.set(thread, { stamp, elapsed: 0 });
      return 0;
    }
    return watch.elapsed += gone;
  }
}
