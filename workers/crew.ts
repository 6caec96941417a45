/**
 * The threads of one flow: who gets which value, and when all is done.
 *
 * @module
 */
import { nextTurn } from "../internal/turn.ts";
import { CLOSE } from "./answers.ts";
import { Backlog } from "./backlog.ts";
import { type ThreadError, tookTooLong } from "./errors.ts";
import type { Pool } from "./pool.ts";
import { type Failed, Recovery } from "./recovery.ts";
import { Watchdog } from "./watchdog.ts";
import { END, LAST } from "./wire.ts";
import type { Numbered } from "./batch.ts";
import { type Employer, WINDOW_LEAST, type WorkerThread } from "./worker_thread.ts";

/** Whom a crew reports to. */
export interface CrewEvents {
  /** An answer to the value `sequence`; with `BARE` there is no item. */
  answered(thread: WorkerThread, sequence: number, flags: number, item: unknown): void;
  /** A value was answered with an error, or has cost its last thread. Nothing else comes for it. */
  failed(failed: Failed): void;
  /** There may be room for more values. */
  changed(): void;
  /** A generator reads no more: what it has left, which may come before results of others, is for them. */
  retired(): void;
  /** Every value was answered, or no generator reads any more. */
  finished(): void;
  /** It cannot go on. */
  broken(error: unknown): void;
}

/**
 * Deals values to threads.
 *
 * An idle thread is given a value at once, alone if there is only one. What comes while a thread is at
 * work waits in one queue for all, until the end of the turn or until a batch is answered; so batches
 * grow by themselves with the load, and a slow value holds up nobody but those in its own batch.
 *
 * What a thread that is lost has not answered goes to another one, before all that waits.
 */
export class Crew implements Employer {
  readonly #pool: Pool;
  readonly #events: CrewEvents;
  #threads: WorkerThread[] = [];
  /** Those whose generator has returned before its input was at an end. */
  readonly #retired: WorkerThread[] = [];
  readonly #backlog = new Backlog();
  readonly #recovery: Recovery;
  readonly #watchdog: Watchdog;
  #next = 0;
  #planned = false;
  #inputOver = false;
  /** It is known that generators run in the threads. */
  #generators = false;
  /** The generators were told that their input is over. */
  #ended = false;
  #stopped = false;

  constructor(pool: Pool, events: CrewEvents) {
    this.#pool = pool;
    this.#events = events;
    this.#recovery = new Recovery(pool, this.#backlog, {
      failed: (failed) => events.failed(failed),
      broken: (error) => events.broken(error),
      changed: () => this.changed(),
    });
    const { timeout = Infinity } = pool.job;
    this.#watchdog = new Watchdog(timeout, () => this.#threads, (thread) => {
      this.#lose(thread, tookTooLong(thread.number, pool.job.name, timeout), true);
    });
  }

  /** How many values may be in flight. */
  get credits(): number {
    // Also those of threads that are not hired yet: it is a value that hires them.
    let credits = this.#vacancies * (this.#pool.job.window ?? WINDOW_LEAST);
    for (const { window } of this.#threads) credits += window;
    return credits;
  }

  /** How many values have no answer. */
  get unanswered(): number {
    let inside = 0;
    for (const { unanswered } of this.#threads) inside += unanswered;
    return inside + this.#backlog.size + this.#recovery.held;
  }

  /** How many more values would find a thread soon. */
  get wanted(): number {
    let soon = this.#vacancies;
    for (const { appetite } of this.#threads) soon += appetite;
    return soon - this.#backlog.size;
  }

  /** How many values a thread takes at once, the slowest of them. */
  get quantum(): number {
    let least = Infinity;
    for (const { batchSize } of this.#threads) least = Math.min(least, batchSize);
    return least;
  }

  /** Whether something will come from a thread by itself. */
  get busy(): boolean {
    return this.#recovery.held > 0 ||
      this.#threads.some((thread) =>
        thread.busy || (this.#inputOver && thread.generator === undefined)
      );
  }

  /** Starts the first thread: it gets ready while the first value is on its way. */
  start(): void {
    this.#hire();
  }

  /** Takes values of the input, in order, and the array. */
  add(values: unknown[]): void {
    const first = this.#next;
    this.#next += values.length;
    this.#backlog.push(first, values);
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
    this.#watchdog.stop();
    const threads = this.#threads.map((thread) =>
      reusable ? this.#pool.dismiss(thread) : this.#pool.end(thread)
    );
    const retired = this.#retired.map((thread) => this.#pool.end(thread));
    await Promise.all([...threads, ...retired, this.#recovery.stop()]);
  }

  answered(thread: WorkerThread, sequence: number, flags: number, item: unknown): void {
    if (this.#stopped) return;
    if ((flags & LAST) !== 0) this.#recovery.finished(thread, sequence);
    this.#events.answered(thread, sequence, flags, item);
    if ((flags & END) !== 0) this.#returned(thread);
  }

  failed(thread: WorkerThread, value: Numbered, error: unknown): void {
    if (!this.#stopped) this.#recovery.failed(thread, value, error);
  }

  changed(): void {
    if (this.#stopped) return;
    this.#deal();
    this.#conclude();
    this.#events.changed();
  }

  died(thread: WorkerThread, error: ThreadError): void {
    if (!this.#stopped) this.#lose(thread, error, false);
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
    while (this.#backlog.size > 0 && this.#vacancies > 0) this.#share([this.#hire()]);
    this.#fill();
    if (this.#backlog.size === 0 || this.#planned) return;
    // Threads at work get their next batch at the end of the turn, when more values may have come.
    this.#planned = true;
    nextTurn(() => {
      this.#planned = false;
      if (this.#stopped) return;
      this.#share(this.#threads.filter(({ wantsAhead }) => wantsAhead));
      this.#events.changed(); // there is room again, and the threads are at work
    });
  }

  /** Full batches gain nothing by waiting. */
  #fill(): void {
    for (let given = true; given;) {
      given = false;
      for (const thread of this.#threads) {
        if (!thread.wantsFull || this.#backlog.size < thread.batchSize) continue;
        this.#share([thread]);
        given = true;
      }
    }
  }

  #share(threads: WorkerThread[]): void {
    if (this.#backlog.share(threads)) this.#watchdog.wake();
  }

  /** A generator has returned: with `#ended` as it should, else without wanting what is left. */
  #returned(thread: WorkerThread): void {
    const { others, end } = thread.takeBack();
    if (end !== undefined) this.#events.answered(thread, end, CLOSE, undefined);
    if (this.#ended) return;
    this.#drop(thread);
    this.#retired.push(thread);
    this.#backlog.putBack(others);
    if (this.#threads.length === 0) this.#events.finished();
    else this.#events.retired();
  }

  /** A thread is dead, or took too long and is not to live. */
  #lose(thread: WorkerThread, error: unknown, overdue: boolean): void {
    this.#drop(thread);
    this.#generators ||= thread.generator === true;
    const legacy = this.#recovery.lose(thread, error, overdue);
    if (legacy === undefined || this.#stopped) return;
    if (legacy.end !== undefined) this.#repeatEnd(thread, legacy.end);
    else if (!this.#inputOver && this.#vacancies > 0) this.#hire();
    this.changed();
  }

  /** A kept thread was dead before it heard that its input is over: another generator has to. */
  #repeatEnd(thread: WorkerThread, sequence: number): void {
    this.#events.answered(thread, sequence, CLOSE, undefined);
    this.#hire().end(this.#next++);
  }

  #drop(thread: WorkerThread): void {
    this.#threads = this.#threads.filter((each) => each !== thread);
  }

  /** Looks whether all is done. */
  #conclude(): void {
    if (!this.#inputOver || this.#stopped || this.unanswered > 0) return;
    if (this.#threads.some(({ generator }) => generator === undefined)) return;
    this.#generators ||= this.#threads.some(({ generator }) => generator);
    if (this.#ended || !this.#generators) return this.#events.finished();
    // One runs also for no values.
    if (this.#threads.length === 0) return void this.#hire();
    this.#ended = true;
    for (const thread of this.#threads) thread.end(this.#next++);
  }
}
