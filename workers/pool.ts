/**
 * The threads that no flow uses, and the life of a stage.
 *
 * @module
 */
import { Hold } from "./runtime.ts";
import type { Job } from "./thread_life.ts";
import { type Employer, WorkerThread } from "./worker_thread.ts";
import { countZombie } from "./zombies.ts";

/** A flow of the stage, to be ended with it. */
export interface PoolUser {
  /** Fails with `error`. Settles when its threads have ended. */
  abandon(error: unknown): Promise<void>;
}

/**
 * What the flows of one stage share. A flow has threads of its own while it runs. A stage that is used
 * once ends them with its flow, so nothing is left behind; one that is used again keeps them from then on,
 * idle and not holding the process, until it is disposed; so does one that was warmed up.
 */
export class Pool implements Employer {
  readonly job: Job;
  /** How many threads a flow may have. */
  readonly threads: number;
  readonly #users = new Set<PoolUser>();
  readonly #numbers = new Set<number>();
  #idle: WorkerThread[] = [];
  #uses = 0;
  #warm = false;
  #disposed: Promise<void> | undefined;

  constructor(job: Job, threads: number) {
    this.job = job;
    this.threads = threads;
  }

  /** Whether the stage was disposed. */
  get disposed(): boolean {
    return this.#disposed !== undefined;
  }

  /** A flow begins. */
  enter(user: PoolUser): void {
    this.#uses++;
    this.#users.add(user);
  }

  /** A flow has ended. */
  leave(user: PoolUser): void {
    this.#users.delete(user);
  }

  /** An idle thread, or a new one. */
  hire(employer: Employer): WorkerThread {
    const idle = this.#idle.pop();
    if (idle !== undefined) {
      idle.serve(employer);
      return idle;
    }
    return this.#recruit(employer);
  }

  /** Starts the threads of a flow that is to come. Settles when they have imported their module. */
  async prewarm(): Promise<void> {
    if (this.disposed) throw new TypeError("Cannot use a worker stage: it was disposed");
    this.job.signal?.throwIfAborted();
    this.#warm = true;
    while (this.#idle.length < this.threads) this.#idle.push(this.#recruit(this));
    const hold = new Hold();
    hold.on = true;
    try {
      await Promise.all(this.#idle.map(({ started }) => started));
    } finally {
      hold.release();
    }
  }

  /** Takes a thread that has nothing to do: keeps it or ends it. */
  dismiss(thread: WorkerThread): Promise<void> {
    const kept = this.#uses > 1 || this.#warm;
    if (this.disposed || !kept || this.#idle.length >= this.threads) return this.end(thread);
    thread.serve(this);
    this.#idle.push(thread);
    return Promise.resolve();
  }

  /**
   * Ends a thread. Settles when it has exited.
   *
   * @param overdue Whether that is because a value has had its time.
   */
  async end(thread: WorkerThread, overdue = false): Promise<void> {
    await thread.stop(overdue);
    if (thread.forced) countZombie(thread);
    this.#numbers.delete(thread.number);
  }

  /** Ends every flow and every thread. Settles when they have ended. */
  dispose(): Promise<void> {
    return this.#disposed ??= this.#dispose();
  }

  answered(): void {}

  failed(): void {}

  changed(): void {}

  /** An idle thread has died: another will take its place when it is needed. */
  died(thread: WorkerThread): void {
    this.#idle = this.#idle.filter((each) => each !== thread);
    void this.end(thread);
  }

  #recruit(employer: Employer): WorkerThread {
    let number = 1;
    while (this.#numbers.has(number)) number++;
    this.#numbers.add(number);
    return new WorkerThread(this.job, number, employer);
  }

  async #dispose(): Promise<void> {
    const error = new DOMException("The worker stage was disposed", "AbortError");
    const idle = this.#idle.splice(0);
    await Promise.all([
      ...[...this.#users].map((user) => user.abandon(error)),
      ...idle.map((thread) => this.end(thread)),
    ]);
  }
}
