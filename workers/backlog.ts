/**
 * The values of a flow that wait for a thread.
 *
 * @module
 */
import { Ring } from "../internal/ring.ts";
import type { Numbered, WorkerThread } from "./worker_thread.ts";

/** One queue for all threads. */
export class Backlog {
  #waiting = new Ring<Numbered>();

  /** How many values wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Adds a value at the tail. */
  push(value: Numbered): void {
    this.#waiting.push(value);
  }

  /** What was dealt before comes before what waits. O(n) for what waits. */
  putBack(values: readonly Numbered[]): void {
    const waiting = new Ring<Numbered>();
    for (const each of [...values, ...this.#waiting.clear()]) waiting.push(each);
    this.#waiting = waiting;
  }

  /** Gives each of `threads` its part of what waits, one batch. Answers whether anybody was given any. */
  share(threads: WorkerThread[]): boolean {
    const before = this.#waiting.size;
    for (const [i, thread] of threads.entries()) {
      const part = Math.ceil(this.#waiting.size / (threads.length - i));
      const size = Math.min(part, thread.batchSize, thread.room);
      if (size === 0) continue;
      thread.give(Array.from({ length: size }, () => this.#waiting.shift()));
    }
    return this.#waiting.size < before;
  }
}
