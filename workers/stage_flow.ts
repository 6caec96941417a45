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
import { Intake, type IntakeEvents } from "./intake.ts";
import type { Pool, PoolUser } from "./pool.ts";
import type { Failed } from "./recovery.ts";
import { Hold } from "./runtime.ts";
import { Sequencer } from "./sequencer.ts";
import type { WorkerFailure } from "./types.ts";
import { BARE, LAST } from "./wire.ts";
import { WINDOW_MOST, type WorkerThread } from "./worker_thread.ts";
import { areTooMany, tooManyZombies } from "./zombies.ts";

interface Result {
  readonly thread: WorkerThread;
  readonly failed: boolean;
  /** The value, or the error. */
  readonly item: unknown;
  /** Whether its generator was told that it was taken, before it was. */
  early?: boolean;
}

/**
 * The results of a worker stage. A value holds a credit from when it is taken from the input until its
 * result is taken; without a credit nothing is taken from the input. However it ends, receivers learn of
 * it when the threads have ended.
 */
export class StageFlow<In, Out> extends FlowBase<Out>
  implements CrewEvents, IntakeEvents<In>, PoolUser {
  readonly #input: FlowBase<In>;
  readonly #pool: Pool;
  readonly #crew: Crew;
  readonly #sequencer: Sequencer<Result> | undefined;
  /** The threads of the results in the buffer, if they are generators: they need to know. */
  readonly #owners = new Ring<WorkerThread>();
  /** Ends the flow when the signal of the stage is aborted. */
  readonly #abortion: Waiter = hook((reason) => void this.abandon(reason));
  #hold: Hold | undefined;
  readonly #intake: Intake<In>;
  /** How many results are to be taken before it is worth asking for values again. */
  #patience = 0;
  /** Whether generators are told early of results that have to wait for those before them. */
  #early = false;
  #inputOver = false;
  #inputFailure: Failure | undefined;
  #concluded: Promise<void> | undefined;
  #gone: Promise<void> | undefined;

  constructor(input: FlowBase<In>, pool: Pool) {
    super(pool.threads * (pool.job.window ?? WINDOW_MOST), input);
    this.#input = input;
    this.#intake = new Intake(input, this);
    this.#pool = pool;
    this.#crew = new Crew(pool, this);
    if (pool.job.ordered === true) {
      this.#sequencer = new Sequencer(({ thread, failed, item, early }) =>
        this.#deliver(thread, failed, item, early)
      );
    }
  }

  abandon(error: unknown): Promise<void> {
    return this.#conclude({ error });
  }

  answered(thread: WorkerThread, sequence: number, flags: number, item: unknown): void {
    const sequencer = this.#sequencer, bare = (flags & BARE) !== 0, last = (flags & LAST) !== 0;
    if (sequencer === undefined) {
      if (!bare) this.#deliver(thread, false, item);
    } else if (bare) {
      if (last) sequencer.close(sequence);
    } else if (last) sequencer.answer(sequence, { thread, failed: false, item });
    else this.#put(sequencer, sequence, { thread, failed: false, item });
  }

  failed({ thread, sequence, value, error, attempts }: Failed): void {
    const { onError = "fail" } = this.#pool.job;
    if (onError === "fail" || thread.generator === true) {
      // The flow is going to fail: what comes after would be for nothing.
      this.#inputOver = true;
      if (this.#sequencer === undefined) return this.#deliver(thread, true, error);
      this.#sequencer.put(sequence, { thread, failed: true, item: error });
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

  /**
   * Those that go on must not wait until their results are taken: what comes before these is in the hands
   * of nobody, and may be given to them.
   */
  retired(): void {
    if (this.#early) return;
    this.#early = true;
    this.#sequencer?.eachHeld(tellEarly);
  }

  finished(): void {
    this.#sequencer?.finish();
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
    while (this.#owners.size > this.size) {
      this.#owners.shift().taken();
      this.#patience = 0;
    }
    // Most results are taken one after the other, and change nothing.
    if (--this.#patience > 0 && this.size > 0) return;
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
    else if (areTooMany()) void this.abandon(tooManyZombies("start a thread"));
    else {
      if (signal !== undefined) watch(signal, this.#abortion);
      this.#crew.start();
    }
  }

  /** Takes values from the input, as many as there are credits for and threads can use. */
  #ask(): void {
    this.#patience = Infinity; // until something has changed
    if (this.#intake.busy || this.#inputOver || this.#ending) return;
    const held = this.#crew.unanswered + (this.#sequencer?.held ?? 0) + this.size;
    const { credits, quantum } = this.#crew;
    const room = credits - held;
    // While there are results to take, credits are gathered: one at a time they would make batches of one.
    const short = this.size === 0 ? 1 : Math.min(quantum, Math.ceil(credits / 4));
    if (room < short) this.#patience = short - room;
    else if (this.#crew.wanted > 0) this.#intake.ask(Math.min(room, this.#crew.wanted));
  }

  came(values: In[]): void {
    if (this.#ending) return;
    if (values.length > 0) this.#crew.add(values);
    this.changed();
  }

  ended(failure: Failure | undefined): void {
    if (this.#ending) return;
    this.#inputFailure = failure;
    this.#endInput();
    this.changed();
  }

  #endInput(): void {
    this.#inputOver = true;
    this.#crew.end();
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

  /** A result of a generator. */
  #put(sequencer: Sequencer<Result>, sequence: number, result: Result): void {
    if (sequencer.put(sequence, result) && this.#early) tellEarly(result);
  }

  #deliver(thread: WorkerThread, failed: boolean, item: unknown, early = false): void {
    if (this.#ending) return;
    if (failed) return void this.#conclude({ error: item });
    const size = this.size;
    this.supply(item as Out);
    if (thread.generator !== true || early) return;
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

function tellEarly(result: Result): void {
  result.early = true;
  result.thread.supplied();
  result.thread.taken();
}
