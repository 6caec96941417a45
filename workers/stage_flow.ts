/**
 * One use of a worker stage: values in, results out, and an end for all that belongs to it.
 *
 * @module
 */
import { watch } from "../internal/abort.ts";
import type { Failure } from "../internal/case.ts";
import { Ring } from "../internal/ring.ts";
import { hook, type Waiter } from "../internal/waiter.ts";
import { FlowBase } from "../flow/flow.ts";
import { Crew, type CrewEvents } from "./crew.ts";
import type { Pool, PoolUser } from "./pool.ts";
import type { Failed } from "./recovery.ts";
import { Hold } from "./runtime.ts";
import { Sequencer } from "./sequencer.ts";
import type { WorkerFailure } from "./types.ts";
import { BARE, LAST } from "./wire.ts";
import type { WorkerThread } from "./worker_thread.ts";

interface Result {
  readonly thread: WorkerThread;
  readonly failed: boolean;
  /** The value, or the error. */
  readonly item: unknown;
}

/**
 * The results of a worker stage. A value holds a credit from when it is taken from the input until its
 * result is taken; without a credit nothing is taken from the input. However it ends, receivers learn of
 * it when the threads have ended.
 */
export class StageFlow<In, Out> extends FlowBase<Out> implements CrewEvents, PoolUser {
  readonly #input: FlowBase<In>;
  readonly #pool: Pool;
  readonly #crew: Crew;
  readonly #sequencer: Sequencer<Result> | undefined;
  /** The threads of the results in the buffer, if they are generators: they need to know. */
  readonly #owners = new Ring<WorkerThread>();
  /** Ends the flow when the signal of the stage is aborted. */
  readonly #abortion: Waiter = hook((reason) => void this.abandon(reason));
  #hold: Hold | undefined;
  /** Whether the input was asked for values and has not answered. */
  #asked = false;
  #inputOver = false;
  #inputFailure: Failure | undefined;
  #concluded: Promise<void> | undefined;
  #gone: Promise<void> | undefined;

  constructor(input: FlowBase<In>, pool: Pool) {
    super(pool.threads * pool.job.window, input);
    this.#input = input;
    this.#pool = pool;
    this.#crew = new Crew(pool, this);
    if (pool.job.ordered === true) {
      this.#sequencer = new Sequencer((result) => this.#deliver(result));
    }
  }

  abandon(error: unknown): Promise<void> {
    return this.#conclude({ error });
  }

  answered(thread: WorkerThread, sequence: number, flags: number, item: unknown): void {
    if ((flags & BARE) === 0) this.#put(sequence, { thread, failed: false, item });
    if ((flags & LAST) !== 0) this.#sequencer?.close(sequence);
  }

  failed({ thread, sequence, value, error, attempts }: Failed): void {
    const { onError = "fail" } = this.#pool.job;
    if (onError === "fail" || thread.generator === true) {
      // The flow is going to fail: what comes after would be for nothing.
      this.#inputOver = true;
      this.#put(sequence, { thread, failed: true, item: error });
    } else if (onError !== "skip" && !this.#ending) {
      const failure = { value, sequence, error, attempts, thread: thread.number };
      if (!this.#report(failure, onError)) return;
    }
    this.#sequencer?.close(sequence);
  }

  changed(): void {
    this.#ask();
    this.#holdProcess();
  }

  finished(): void {
    void this.#conclude(this.#inputFailure);
  }

  broken(error: unknown): void {
    void this.#conclude({ error });
  }

  /** Threads end in any case, the more stubborn ones by force. */
  protected override get pending(): boolean {
    return false;
  }

  protected override demand(): void {
    while (this.#owners.size > this.size) this.#owners.shift().taken();
    if (this.#hold === undefined) this.#begin();
    this.#ask();
    this.#holdProcess();
  }

  protected override release(): Promise<void> {
    return this.#letGo(false);
  }

  #begin(): void {
    this.#hold = new Hold();
    this.#pool.enter(this);
    const { signal } = this.#pool.job;
    if (this.#pool.disposed) {
      void this.abandon(new TypeError("Cannot use a worker stage: it was disposed"));
    } else if (signal?.aborted) void this.abandon(signal.reason);
    else {
      if (signal !== undefined) watch(signal, this.#abortion);
      this.#crew.start();
    }
  }

  /** Takes values from the input, as many as there are credits for and threads can use. */
  #ask(): void {
    if (this.#asked || this.#inputOver || this.#ending) return;
    const held = this.#crew.unanswered + (this.#sequencer?.held ?? 0) + this.size;
    const room = Math.min(this.#crew.credits - held, this.#crew.wanted);
    if (room < 1) return;
    this.#asked = true;
    this.#input.recvMany(room).then(this.#take, this.#failInput);
  }

  readonly #take = (values: In[]): void => {
    this.#asked = false;
    if (this.#ending) return;
    if (values.length > 0) this.#crew.add(values);
    else this.#endInput();
    this.changed();
  };

  readonly #failInput = (error: unknown): void => {
    this.#asked = false;
    this.#inputFailure = { error };
    this.#endInput();
    this.#holdProcess();
  };

  #endInput(): void {
    this.#inputOver = true;
    this.#crew.end();
  }

  #put(sequence: number, result: Result): void {
    if (this.#sequencer === undefined) this.#deliver(result);
    else this.#sequencer.put(sequence, result);
  }

  /** Whether the user's handler has taken the failure. */
  #report(failure: WorkerFailure, handler: (failure: WorkerFailure) => void): boolean {
    try {
      handler(failure);
      return true;
    } catch (error) {
      void this.#conclude({ error });
      return false;
    }
  }

  #deliver({ thread, failed, item }: Result): void {
    if (this.#ending) return;
    if (failed) return void this.#conclude({ error: item });
    const size = this.size;
    this.supply(item as Out);
    if (thread.generator !== true) return;
    thread.supplied();
    if (this.size > size) this.#owners.push(thread);
    else thread.taken();
  }

  #holdProcess(): void {
    if (this.#hold !== undefined) this.#hold.on = this.#crew.busy;
  }

  /** Whether the end has been decided, here or by the reader. */
  get #ending(): boolean {
    return this.#concluded !== undefined || this.over;
  }

  /** Ends the flow from here, or because its input has ended. */
  #conclude(failure?: Failure): Promise<void> {
    return this.#concluded ??= this.#end(failure);
  }

  async #end(failure: Failure | undefined): Promise<void> {
    this.#input.cancel();
    await this.#letGo(failure === undefined);
    this.finish(failure);
  }

  #letGo(reusable: boolean): Promise<void> {
    return this.#gone ??= this.#leavePool(reusable);
  }

  async #leavePool(reusable: boolean): Promise<void> {
    this.#abortion.withdraw();
    this.#owners.clear();
    await this.#crew.stop(reusable);
    this.#pool.leave(this);
    this.#hold?.release();
  }
}
