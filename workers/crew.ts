/**
 * The threads of one flow: who gets which value, and when all is done.
 *
 * @module
 */
import { Ring } from "../internal/ring.ts";
import { nextTurn } from "../internal/turn.ts";
import { CLOSE } from "./answers.ts";
import type { Pool } from "./pool.ts";
import { END } from "./wire.ts";
import type { Employer, Numbered, WorkerThread } from "./worker_thread.ts";
import type { ThreadError } from "./errors.ts";

/** Whom a crew reports to. */
export interface CrewEvents {
  /** An answer to the value `sequence`; with `BARE` there is no item. */
  answered(thread: WorkerThread, sequence: number, flags: number, item: unknown): void;
  /** There may be room for more values. */
  changed(): void;
  /** Every value was answered, or no generator reads any more. */
  finished(): void;
  /** A thread is dead: what it had is lost. */
  died(error: ThreadError): void;
}

/**
 * Deals values to threads.
 *
 * An idle thread is given a value at once, alone if there is only one. What comes while a thread is at
 * work waits in one queue for all, until the end of the turn or until a batch is answered; so batches
 * grow by themselves with the load, and a slow value holds up nobody but those in its own batch.
 */
export class Crew implements Employer {
  readonly #pool: Pool;
  readonly #events: CrewEvents;
  #threads: WorkerThread[] = [];
  /** Those whose generator has returned before its input was at an end. */
  readonly #retired: WorkerThread[] = [];
  #waiting = new Ring<Numbered>();
  #next = 0;
  #planned = false;
  #inputOver = false;
  /** The generators were told that their input is over. */
  #ended = false;
  #stopped = false;

  constructor(pool: Pool, events: CrewEvents) {
    this.#pool = pool;
    this.#events = events;
  }

  /** How many values may be in flight. */
  get credits(): number {
    return this.#threads.length * this.#pool.job.window;
  }

  /** How many values have no answer. */
  get unanswered(): number {
    return this.#threads.reduce((sum, { unanswered }) => sum + unanswered, this.#waiting.size);
  }

  /** How many more values would find a thread soon. */
  get wanted(): number {
    const soon = this.#threads.reduce((sum, { batchSize }) => sum + batchSize, this.#vacancies);
    return soon - this.#waiting.size;
  }

  /** Whether something will come from a thread by itself. */
  get busy(): boolean {
    return this.#threads.some((thread) =>
      thread.busy || (this.#inputOver && thread.generator === undefined)
    );
  }

  /** Starts the first thread: it gets ready while the first value is on its way. */
  start(): void {
    this.#hire();
  }

  /** Takes values of the input, in order. */
  add(values: readonly unknown[]): void {
    for (const value of values) this.#waiting.push({ sequence: this.#next++, value });
    this.#deal();
  }

  /** Says that the input is over. */
  end(): void {
    this.#inputOver = true;
    this.#conclude();
  }

  /**
   * Lets the threads go. Settles when they have exited.
   *
   * @param reusable Whether nothing is going on in them.
   */
  async stop(reusable: boolean): Promise<void> {
    this.#stopped = true;
    const threads = this.#threads.map((thread) =>
      reusable ? this.#pool.dismiss(thread) : this.#pool.end(thread)
    );
    await Promise.all([...threads, ...this.#retired.map((thread) => this.#pool.end(thread))]);
  }

  answered(thread: WorkerThread, sequence: number, flags: number, item: unknown): void {
    if (this.#stopped) return;
    this.#events.answered(thread, sequence, flags, item);
    if ((flags & END) !== 0) this.#returned(thread);
  }

  changed(): void {
    if (this.#stopped) return;
    this.#deal();
    this.#conclude();
    this.#events.changed();
  }

  died(_thread: WorkerThread, error: ThreadError): void {
    if (!this.#stopped) this.#events.died(error);
  }

  get #vacancies(): number {
    return this.#retired.length > 0 ? 0 : this.#pool.threads - this.#threads.length;
  }

  #hire(): WorkerThread {
    const thread = this.#pool.hire(this);
    this.#threads.push(thread);
    return thread;
  }

  #deal(): void {
    this.#share(this.#threads.filter(({ batches }) => batches === 0));
    while (this.#waiting.size > 0 && this.#vacancies > 0) this.#share([this.#hire()]);
    if (this.#waiting.size === 0 || this.#planned) return;
    // Threads at work get their next batch at the end of the turn, when more values may have come.
    this.#planned = true;
    nextTurn(() => {
      this.#planned = false;
      if (!this.#stopped) this.#share(this.#threads.filter(({ wantsAhead }) => wantsAhead));
    });
  }

  /** Gives each of `threads` its part of what waits, one batch. */
  #share(threads: WorkerThread[]): void {
    for (const [i, thread] of threads.entries()) {
      const part = Math.ceil(this.#waiting.size / (threads.length - i));
      const size = Math.min(part, thread.batchSize, thread.room);
      if (size === 0) continue;
      thread.give(Array.from({ length: size }, () => this.#waiting.shift()));
    }
  }

  /** A generator has returned: with `#ended` as it should, else without wanting what is left. */
  #returned(thread: WorkerThread): void {
    const left = thread.takeBack();
    if (this.#ended) {
      for (const { sequence } of left) this.#events.answered(thread, sequence, CLOSE, undefined);
      return;
    }
    this.#threads = this.#threads.filter((each) => each !== thread);
    this.#retired.push(thread);
    const waiting = new Ring<Numbered>();
    for (const each of [...left, ...this.#waiting.clear()]) waiting.push(each);
    this.#waiting = waiting;
    if (this.#threads.length === 0) this.#events.finished();
  }

  /** Looks whether all is done. */
  #conclude(): void {
    if (!this.#inputOver || this.#stopped || this.unanswered > 0) return;
    if (this.#threads.some(({ generator }) => generator === undefined)) return;
    if (this.#ended || !this.#threads.some(({ generator }) => generator)) {
      return this.#events.finished();
    }
    this.#ended = true;
    for (const thread of this.#threads) thread.end(this.#next++);
  }
}
