/**
 * What is done when a thread of a flow is lost.
 *
 * @module
 */
import type { Backlog } from "./backlog.ts";
import type { Numbered } from "./batch.ts";
import { movedAndLost } from "./errors.ts";
import { Losses } from "./losses.ts";
import type { Pool } from "./pool.ts";
import { transferOf } from "./transfer.ts";
import type { Legacy, WorkerThread } from "./worker_thread.ts";
import { countZombie, tooManyZombies } from "./zombies.ts";

/** A value that has come to nothing. */
export interface Failed extends Numbered {
  readonly thread: WorkerThread;
  readonly error: unknown;
  /** How often it was given to a thread in vain. */
  readonly attempts: number;
}

/** Whom a recovery reports to. */
export interface RecoveryEvents {
  /** A value was answered with an error, or has cost its last thread. Nothing else comes for it. */
  failed(failed: Failed): void;
  /** The flow cannot go on. */
  broken(error: unknown): void;
  /** A value has come back to the backlog. */
  changed(): void;
}

/** A thread, and why it was lost. */
interface Loss {
  readonly thread: WorkerThread;
  readonly error: unknown;
  /** Settles when it has ended, if it took too long: until then it may still work on the value. */
  readonly end: Promise<void> | undefined;
}

/** Ends lost threads, and sees to what they have left: what they had not answered waits again, first. */
export class Recovery {
  readonly #pool: Pool;
  readonly #backlog: Backlog;
  readonly #events: RecoveryEvents;
  readonly #losses: Losses;
  /** The ends of lost threads. */
  readonly #leaving = new Set<Promise<void>>();
  #held = 0;
  #stopped = false;

  constructor(pool: Pool, backlog: Backlog, events: RecoveryEvents) {
    this.#pool = pool;
    this.#backlog = backlog;
    this.#events = events;
    this.#losses = new Losses(pool.job, pool.threads);
  }

  /** How many values wait for the end of the thread that they took too long in. */
  get held(): number {
    return this.#held;
  }

  /** A value was answered. */
  finished(thread: WorkerThread, sequence: number): void {
    this.#losses.finished(thread, sequence);
  }

  /** A value was answered with an error. */
  failed(thread: WorkerThread, value: Numbered, error: unknown): void {
    const attempts = this.#losses.attempts(value.sequence);
    this.#losses.finished(thread, value.sequence);
    this.#events.failed({ ...value, thread, error, attempts });
  }

  /**
   * A thread is dead, or took too long and is not to live. Answers what it has left, unless that is the end
   * of the flow.
   */
  lose(thread: WorkerThread, error: unknown, overdue: boolean): Legacy | undefined {
    const legacy = thread.takeBack();
    const verdict = this.#losses.judge(thread, legacy, error);
    const end = this.#pool.end(thread, overdue);
    this.#leaving.add(end);
    void end.then(() => this.#leaving.delete(end));
    if ("fatal" in verdict) return void this.#events.broken(verdict.fatal);
    if (overdue && !countZombie(thread)) {
      return void this.#events.broken(tooManyZombies("replace a thread", error));
    }
    const loss = { thread, error, end: overdue ? end : undefined };
    this.#bequeath(loss, legacy.others);
    if (legacy.suspect === undefined || this.#stopped) return legacy;
    if (verdict.again) this.#tryAgain(loss, legacy.suspect);
    else this.#giveUp(loss, legacy.suspect, error);
    return legacy;
  }

  /** The flow is over. Settles when lost threads have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#leaving);
  }

  /** What a thread has left goes to others, except what was moved to it: that is lost. */
  #bequeath(loss: Loss, values: readonly Numbered[]): void {
    this.#backlog.putBack(values.filter(({ value }) => transferOf(value) === undefined));
    for (const each of values.filter(({ value }) => transferOf(value) !== undefined)) {
      if (!this.#stopped) this.#giveUp(loss, each, movedAndLost(loss.thread.number, loss.error));
    }
  }

  /** Gives a suspect to another thread, but never to two at once. */
  #tryAgain(loss: Loss, value: Numbered): void {
    if (loss.end === undefined) return this.#bequeath(loss, [value]);
    this.#held++;
    void loss.end.then(() => {
      this.#held--;
      if (this.#stopped) return;
      this.#bequeath(loss, [value]);
      this.#events.changed();
    });
  }

  #giveUp({ thread }: Loss, value: Numbered, error: unknown): void {
    const attempts = this.#losses.attempts(value.sequence);
    this.#losses.forget(value.sequence);
    this.#events.failed({ ...value, thread, error, attempts });
  }
}
