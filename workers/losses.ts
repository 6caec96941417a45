/**
 * What the loss of a thread means for its flow: whose fault it was, who is tried again, and when it is
 * enough.
 *
 * @module
 */
import { ThreadError } from "./errors.ts";
import type { Job } from "./thread_life.ts";
import type { Legacy, WorkerThread } from "./worker_thread.ts";

/** Threads that may be lost in a row for nothing, beside one for each that may be at work. */
const MOST = 8;

/** What becomes of a flow that has lost a thread. */
export type Verdict =
  /** It fails. */
  | { readonly fatal: unknown }
  /** Another thread takes over; `again` says whether also what the lost one was working on. */
  | { readonly again: boolean };

/** The losses of one flow. */
export class Losses {
  readonly #retries: number;
  readonly #forgiving: boolean;
  readonly #most: number;
  /** How often values were begun that have brought threads down. */
  readonly #attempts = new Map<number, number>();
  /** Threads lost since any value was finished. */
  #streak = 0;
  /** Threads lost that had begun nothing, since a new one has finished its first value. */
  #idle = 0;

  constructor({ retries = 0, onError = "fail" }: Job, threads: number) {
    this.#retries = retries;
    this.#forgiving = retries > 0 || onError !== "fail";
    this.#most = MOST + threads;
  }

  /** A value is finished. */
  finished(thread: WorkerThread, sequence: number): void {
    this.#streak = 0;
    if (!thread.proven) this.#idle = 0;
    if (this.#attempts.size > 0) this.#attempts.delete(sequence);
  }

  /** A value has failed for good. */
  forget(sequence: number): void {
    this.#attempts.delete(sequence);
  }

  /** How often a value was begun, this time included. */
  attempts(sequence: number): number {
    return (this.#attempts.get(sequence) ?? 0) + 1;
  }

  /** Judges the loss of a thread, for which `error` is to blame. */
  judge(thread: WorkerThread, { suspect }: Legacy, error: unknown): Verdict {
    // What could not be imported once cannot be imported.
    if (thread.generator === undefined) return { fatal: error };
    if (suspect === undefined && !thread.proven) {
      return ++this.#idle > this.#most ? this.#enough(thread, this.#idle, error) : { again: false };
    }
    // With a generator goes all that it knew; and an error that no value is to blame for must not be lost.
    if (thread.generator || (suspect === undefined && !this.#forgiving)) return { fatal: error };
    if (++this.#streak > this.#most * (this.#retries + 1)) {
      return this.#enough(thread, this.#streak, error);
    }
    if (suspect === undefined) return { again: false };
    const attempts = this.attempts(suspect.sequence);
    if (attempts <= this.#retries) this.#attempts.set(suspect.sequence, attempts);
    return { again: attempts <= this.#retries };
  }

  #enough({ number }: WorkerThread, count: number, cause: unknown): Verdict {
    const what = `Cannot go on: ${count} threads in a row were lost and no value was finished`;
    return { fatal: new ThreadError(what, number, { cause }) };
  }
}
