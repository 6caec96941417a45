/**
 * One thread of a stage, as the main thread sees it: what it was given, how fast it is, how it ends.
 *
 * @module
 */
import { show } from "../internal/checks.ts";
import { ThreadError } from "./errors.ts";
import { decodeError, uncloneable } from "./remote_error.ts";
import { startThread, type Thread } from "./runtime.ts";
import { transferOf } from "./transfer.ts";
import type { WorkersOptions } from "./types.ts";
import {
  type Answer,
  BARE,
  eachFrame,
  END,
  ERROR,
  type Frames,
  LAST,
  type Order,
  putFrame,
  VERSION,
} from "./wire.ts";

/** Milliseconds of work that a batch should have; less and the messages cost more than the work. */
const BATCH_TIME = 1;
/** Values in a batch, at most. */
const BATCH_MOST = 256;
/** Above so many milliseconds a value, waiting for the next one costs a thread nothing to speak of. */
const SLOW = 10;
/**
 * Milliseconds that a thread has to clean up: enough for a thread that hears of it late, on a machine
 * that is busy. Only one that does not answer, such as a long calculation, is waited for so long.
 */
const GRACE = 1_000;
/** Milliseconds after which a thread that does not end is no longer waited for. */
const LOST = 1_000;

/** A value with its place in the input. */
export interface Numbered {
  readonly sequence: number;
  readonly value: unknown;
}

/** Whom a thread works for. */
export interface Employer {
  /** An answer to the value `sequence`; with `BARE` there is no item. */
  answered(thread: WorkerThread, sequence: number, flags: number, item: unknown): void;
  /** The thread has room for more, or is ready, or waits. */
  changed(thread: WorkerThread): void;
  /** The thread is dead or could not start. */
  died(thread: WorkerThread, error: ThreadError): void;
}

/** What a thread runs, and how. */
export interface Job extends WorkersOptions {
  readonly module: string;
  readonly window: number;
}

/** A thread that runs the export of one module. */
export class WorkerThread {
  /** From 1. */
  readonly number: number;
  /** Whether its export is a generator; undefined until it has been imported. */
  generator: boolean | undefined;
  readonly #job: Job;
  #employer: Employer;
  readonly #thread: Thread | undefined;
  /** What it was given and has not answered, in the order in which it was given. */
  #given = new Map<number, unknown>();
  /** How many values of each batch under way are not answered. */
  #batches: number[] = [];
  /** Results of a generator that nobody has taken yet; and taken ones that it has not been told of. */
  #untaken = 0;
  #untold = 0;
  /** Milliseconds a value, lately. */
  #pace = Infinity;
  #dead = false;
  #stopping = false;
  #exited!: () => void;
  readonly #exit: Promise<void> = new Promise((resolve) => this.#exited = resolve);

  constructor(job: Job, number: number, employer: Employer) {
    this.#job = job;
    this.number = number;
    this.#employer = employer;
    try {
      this.#thread = this.#start();
      this.#open();
    } catch (error) {
      if (this.#thread === undefined) this.#exited();
      // The employer does not know the thread yet.
      queueMicrotask(() => this.#die(error instanceof Error ? error.message : show(error), error));
    }
  }

  /** How many values were given to it and are not answered. */
  get unanswered(): number {
    return this.#given.size;
  }

  /** How many batches it has. */
  get batches(): number {
    return this.#batches.length;
  }

  /** Whether a further batch would save time: it is there when the one before is done. */
  get wantsAhead(): boolean {
    return this.#batches.length === 1 && this.#pace < SLOW;
  }

  /** How many values a batch for it should have. */
  get batchSize(): number {
    const most = Math.min(BATCH_MOST, this.#job.window);
    return Math.max(1, Math.min(most, Math.floor(BATCH_TIME / this.#pace)));
  }

  /** How many more values it may be given. */
  get room(): number {
    return this.#job.window - this.#given.size;
  }

  /** Whether something will come from it by itself, so that the process must not end. */
  get busy(): boolean {
    return this.#given.size > 0 && this.#untaken < this.#job.window;
  }

  /** Gives it values, with one message. */
  give(batch: readonly Numbered[]): void {
    const frames: Frames = [];
    const transfer: object[] = [];
    for (const { sequence, value } of batch) {
      this.#given.set(sequence, value);
      putFrame(frames, sequence, 0, value);
      const moved = transferOf(value);
      if (moved !== undefined) transfer.push(...moved);
    }
    this.#batches.push(batch.length);
    try {
      this.#post({ type: "values", frames }, transfer);
    } catch {
      for (const each of batch) this.#giveAlone(each);
    }
  }

  /** Works for another from now on, and owes nothing to the one before. */
  serve(employer: Employer): void {
    this.#employer = employer;
    this.#untaken = this.#untold = 0;
  }

  /** Says that no more values will come, to a generator. */
  end(sequence: number): void {
    this.#given.set(sequence, undefined);
    this.#batches.push(1);
    this.#post({ type: "values", frames: [sequence, BARE | END, undefined] });
  }

  /** Takes back what it has not answered; it gets nothing any more. */
  takeBack(): Numbered[] {
    const taken = [...this.#given].map(([sequence, value]) => ({ sequence, value }));
    this.#given.clear();
    this.#batches = [];
    return taken;
  }

  /** A result was handed over, and will be taken. */
  supplied(): void {
    this.#untaken++;
  }

  /** A result was taken. */
  taken(): void {
    this.#untaken--;
    // Half a window at a time: it never stands still, and is seldom told.
    if (++this.#untold * 2 < this.#job.window) return;
    this.#post({ type: "taken", count: this.#untold });
    this.#untold = 0;
  }

  /** Ends it: with time to clean up, if it has started. Settles when it has exited. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const lost = setTimeout(() => this.#exited(), GRACE + LOST);
    const late = setTimeout(() => this.#thread?.terminate(), GRACE);
    if (this.generator === undefined || this.#dead) this.#thread?.terminate();
    else this.#post({ type: "stop" });
    await this.#exit;
    clearTimeout(lost);
    clearTimeout(late);
  }

  #start(): Thread {
    const { resourceLimits, name = "worker" } = this.#job;
    const entry = new URL(
      import.meta.url.endsWith(".ts") ? "./entry.ts" : "./entry.js",
      import.meta.url,
    );
    return startThread(entry, { name: `${name} ${this.number}`, resourceLimits }, {
      message: (message) => this.#receive(message as Answer),
      failed: (error) => this.#die(error instanceof Error ? error.message : show(error), error),
      exited: (code) => this.#end(code),
    });
  }

  #open(): void {
    const { module, export: name = "default", data, window } = this.#job;
    const opening = { module, export: name, data, window, thread: this.number };
    try {
      this.#post({ type: "open", version: VERSION, ...opening });
    } catch (error) {
      throw uncloneable("Cannot send the data to a thread", "options.data", data, error);
    }
  }

  #post(order: Order, transfer?: object[]): void {
    this.#thread?.post(order, transfer);
  }

  /** One of several cannot be sent: the others are not to suffer. */
  #giveAlone({ sequence, value }: Numbered): void {
    try {
      this.#post({ type: "values", frames: [sequence, 0, value] }, transferOf(value));
    } catch (error) {
      const why = uncloneable("Cannot send a value to a thread", "value", value, error);
      // Whoever gives does not expect an answer in the same turn.
      queueMicrotask(() => {
        this.#answer(sequence, LAST | ERROR, why);
        this.#employer.changed(this);
      });
    }
  }

  #receive(answer: Answer): void {
    if (this.#dead) return;
    if (answer.type === "failed") {
      const error = decodeError(answer.error);
      return this.#die(
        `${answer.reason}: ${error instanceof Error ? error.message : show(error)}`,
        error,
      );
    }
    if (answer.type === "ready") this.generator = answer.generator;
    else this.#take(answer.frames, answer.spent);
    this.#employer.changed(this);
  }

  #take(frames: Frames, spent: number): void {
    const before = this.#given.size;
    eachFrame(frames, (sequence, flags, item) => {
      this.#answer(sequence, flags, (flags & ERROR) === 0 ? item : decodeError(item as never));
    });
    const done = before - this.#given.size;
    if (done > 0) this.#measure(spent / done);
  }

  #measure(pace: number): void {
    this.#pace = this.#pace === Infinity ? pace : (this.#pace + pace) / 2;
  }

  #answer(sequence: number, flags: number, item: unknown): void {
    if ((flags & LAST) !== 0 && this.#given.delete(sequence)) {
      const left = (this.#batches[0] ?? 1) - 1;
      if (left > 0) this.#batches[0] = left;
      else this.#batches.shift();
    }
    this.#employer.answered(this, sequence, flags, item);
  }

  #end(code: number): void {
    this.#exited();
    this.#die(`it exited with code ${code}`, undefined, code);
  }

  #die(why: string, cause: unknown, exitCode?: number): void {
    if (this.#dead || this.#stopping) return;
    this.#dead = true;
    const { name } = this.#job;
    const who = `Worker thread ${this.number}${name === undefined ? "" : ` of ${show(name)}`}`;
    const options = exitCode === undefined ? { cause } : { exitCode };
    this.#employer.died(this, new ThreadError(`${who} failed: ${why}`, this.number, options));
  }
}
