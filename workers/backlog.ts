/**
 * The values of a flow that wait for a thread.
 *
 * @module
 */
import { Batch, type Numbered } from "./batch.ts";
import type { WorkerThread } from "./worker_thread.ts";

/** Values with consecutive numbers. */
interface Run {
  first: number;
  readonly values: unknown[];
}

/** One queue for all threads. */
export class Backlog {
  /** What was dealt before makes gaps; else there is one. */
  readonly #runs: Run[] = [];
  #size = 0;

  /** How many values wait. */
  get size(): number {
    return this.#size;
  }

  /** Adds values at the tail, whose numbers begin with `first`. The array belongs to the backlog from now on. */
  push(first: number, values: unknown[]): void {
    this.#size += values.length;
    const tail = this.#runs.at(-1);
    if (tail === undefined || tail.first + tail.values.length !== first) {
      this.#runs.push({ first, values });
    } else for (const value of values) tail.values.push(value);
  }

  /** What was dealt before comes before what waits. O(n) for what waits. */
  putBack(values: readonly Numbered[]): void {
    const waiting = this.#runs.splice(0);
    this.#size = 0;
    for (const { sequence, value } of values) this.push(sequence, [value]);
    for (const run of waiting) this.push(run.first, run.values);
  }

  /** Gives each of `threads` its part of what waits, one batch. Answers whether anybody was given any. */
  share(threads: readonly WorkerThread[]): boolean {
    const before = this.#size;
    for (const [i, thread] of threads.entries()) {
      const part = Math.ceil(this.#size / (threads.length - i));
      const size = Math.min(part, thread.batchSize, thread.room);
      if (size > 0) thread.give(this.#take(size));
    }
    return this.#size < before;
  }

  /** Takes `max` values, or fewer where there is a gap. */
  #take(max: number): Batch {
    const run = this.#runs[0] as Run, { first } = run;
    const all = run.values.length <= max;
    if (all) this.#runs.shift();
    const values = all ? run.values : run.values.splice(0, max);
    run.first += values.length;
    this.#size -= values.length;
    return new Batch(first, values);
  }
}
