/**
 * One thread of a stage, as its flow sees it: what it was given, and how fast it is.
 *
 * @module
 */
import type { ThreadError } from "./errors.ts";
import { decodeError, uncloneable } from "./remote_error.ts";
import { type Job, ThreadLife } from "./thread_life.ts";
import { transferOf } from "./transfer.ts";
import { BARE, eachFrame, END, ERROR, type Frames, LAST, putFrame } from "./wire.ts";

/** Milliseconds of work that a batch should have; less and the messages cost more than the work. */
const BATCH_TIME = 1;
/** Values in a batch, at most. */
const BATCH_MOST = 256;
/** Above so many milliseconds a value, waiting for the next one costs a thread nothing to speak of. */
const SLOW = 10;
/** Stands among the values for the end of the input. */
const INPUT_END = Symbol("end of the input");

/** A value with its place in the input. */
export interface Numbered {
  readonly sequence: number;
  readonly value: unknown;
}

/** What a dead thread has left. */
export interface Legacy {
  /** What it was working on. */
  readonly suspect: Numbered | undefined;
  /** What else it was given and has not answered, in order. */
  readonly others: Numbered[];
  /** The number of the end of the input, if it was told of it and has not answered. */
  readonly end: number | undefined;
}

/** Whom a thread works for. */
export interface Employer {
  /** An answer to the value `sequence`; with `BARE` there is no item. */
  answered(thread: WorkerThread, sequence: number, flags: number, item: unknown): void;
  /** A value was answered with an error, or cannot be sent. */
  failed(thread: WorkerThread, value: Numbered, error: unknown): void;
  /** The thread has room for more, or is ready, or waits. */
  changed(thread: WorkerThread): void;
  /** The thread is dead or could not start. */
  died(thread: WorkerThread, error: ThreadError): void;
}

/** A thread that runs the export of one module. */
export class WorkerThread {
  /** From 1. */
  readonly number: number;
  readonly #job: Job;
  readonly #life: ThreadLife;
  #employer: Employer;
  /** What it was given and has not answered, in the order in which it was given. */
  #given = new Map<number, unknown>();
  /** How many values of each batch under way are not answered. */
  #batches: number[] = [];
  /** Results of a generator that nobody has taken yet; and taken ones that it has not been told of. */
  #untaken = 0;
  #untold = 0;
  /** Milliseconds a value, lately. */
  #pace = Infinity;
  /** Whether anything has come from it for its employer. */
  #proven = false;

  constructor(job: Job, number: number, employer: Employer) {
    this.#job = job;
    this.number = number;
    this.#employer = employer;
    this.#life = new ThreadLife(job, number, {
      ready: () => this.#employer.changed(this),
      answers: (frames, spent) => {
        this.#take(frames, spent);
        this.#employer.changed(this);
      },
      died: (error) => this.#employer.died(this, error),
    });
  }

  /** Whether its export is a generator; undefined until it has been imported. */
  get generator(): boolean | undefined {
    return this.#life.generator;
  }

  /** Settles when its module was imported; rejects if that fails. */
  get started(): Promise<void> {
    return this.#life.started;
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

  /** Whether it has begun anything for its employer. */
  get proven(): boolean {
    return this.#proven || this.#life.notes.busy;
  }

  /** Changes whenever it begins a value; undefined while it works on nothing. */
  get stamp(): string | undefined {
    return this.#given.size > 0 && this.#life.notes.busy ? this.#life.notes.stamp : undefined;
  }

  /** Whether it goes on for ever, if nobody kills it. */
  get deaf(): boolean {
    return this.#life.notes.deaf;
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
      this.#life.post({ type: "values", frames }, transfer);
    } catch {
      for (const each of batch) this.#giveAlone(each);
    }
  }

  /** Works for another from now on, and owes nothing to the one before. */
  serve(employer: Employer): void {
    this.#employer = employer;
    this.#untaken = this.#untold = 0;
    this.#proven = false;
  }

  /** Says that no more values will come, to a generator. */
  end(sequence: number): void {
    this.#given.set(sequence, INPUT_END);
    this.#batches.push(1);
    this.#life.post({ type: "values", frames: [sequence, BARE | END, undefined] });
  }

  /** Takes back what it has not answered; it gets nothing any more. */
  takeBack(): Legacy {
    const { notes } = this.#life;
    const left = [...this.#given].map(([sequence, value]) => ({ sequence, value }));
    this.#given.clear();
    this.#batches = [];
    const isEnd = ({ value }: Numbered): boolean => value === INPUT_END;
    const isSuspect = ({ sequence, value }: Numbered): boolean =>
      value !== INPUT_END && notes.runs(sequence);
    return {
      suspect: left.find(isSuspect),
      others: left.filter((each) => !isEnd(each) && !isSuspect(each)),
      end: left.find(isEnd)?.sequence,
    };
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
    this.#life.post({ type: "taken", count: this.#untold });
    this.#untold = 0;
  }

  /**
   * Ends it: with time to clean up, if it has started. Settles when it has exited.
   *
   * @param overdue Whether that is because a value has had its time.
   */
  stop(overdue = false): Promise<void> {
    return this.#life.stop(overdue);
  }

  /** One of several cannot be sent: the others are not to suffer. */
  #giveAlone({ sequence, value }: Numbered): void {
    try {
      this.#life.post({ type: "values", frames: [sequence, 0, value] }, transferOf(value));
    } catch (error) {
      const why = uncloneable("Cannot send a value to a thread", "value", value, error);
      // Whoever gives does not expect an answer in the same turn.
      queueMicrotask(() => {
        if (!this.#given.has(sequence)) return;
        this.#answer(sequence, LAST | ERROR, why);
        this.#employer.changed(this);
      });
    }
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
    const value = this.#given.get(sequence);
    if ((flags & LAST) !== 0 && this.#given.delete(sequence)) {
      const left = (this.#batches[0] ?? 1) - 1;
      if (left > 0) this.#batches[0] = left;
      else this.#batches.shift();
    }
    if ((flags & ERROR) === 0) this.#employer.answered(this, sequence, flags, item);
    else this.#employer.failed(this, { sequence, value }, item);
    this.#proven = true;
  }
}
