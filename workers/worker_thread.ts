/**
 * One thread of a stage, as its flow sees it: what it was given, and how fast it is.
 *
 * @module
 */
import { Batch, INPUT_END, type Numbered } from "./batch.ts";
import type { ThreadError } from "./errors.ts";
import { decodeError, uncloneable } from "./remote_error.ts";
import { MOVES_FIRST } from "./runtime.ts";
import { type Job, ThreadLife } from "./thread_life.ts";
import { BARE, END, ERROR, FrameList, type FrameReader, LAST } from "./wire.ts";

/** Milliseconds of work that a batch should have; less and the messages cost more than the work. */
const BATCH_TIME = 1;
/**
 * Values in a batch, at most. A message that wakes a thread costs some 30 microseconds (measured, Node and
 * Deno); by the time above only values that are done and sent in one come to so many.
 */
const BATCH_MOST = 1_024;
/** Milliseconds that a value counts for at least, if parts of it are moved: that is soon done, however large. */
const MOVED = 1 / 16;
/**
 * How many batches may be in flight for a thread, from the input until the results are taken: one at work,
 * one on its way, and results that wait.
 */
const BATCHES = 4;
/** How many batches it may have: one at work, one on its way. */
const DEPTH = 2;
/** Values in flight for a thread that it is worth having, however slow they are. */
export const WINDOW_LEAST = 64;
/** Values in flight for a thread, at most, if the user has not said otherwise. */
export const WINDOW_MOST: number = BATCHES * BATCH_MOST;
/** Above so many milliseconds a value, waiting for the next one costs a thread nothing to speak of. */
const SLOW = 10;

/** Values in a batch of which it matters how they travel. */
const MANY = 16;

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
  /** What it was given and has not answered all of, in the order in which it was given. */
  #batches: Batch[] = [];
  #unanswered = 0;
  /** Results of a generator that nobody has taken yet; and taken ones that it has not been told of. */
  #untaken = 0;
  #untold = 0;
  /** Milliseconds a value, lately: of the thread's work, and to send it there. */
  #pace = Infinity;
  #sending = 0;
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
    return this.#unanswered;
  }

  /** How many batches it has. */
  get batches(): number {
    return this.#batches.length;
  }

  /** Whether a further batch would save time: it is there when the one before is done. */
  get wantsAhead(): boolean {
    return this.#batches.length === 1 && this.#pace < SLOW;
  }

  /** Whether it is to have a full batch at once: it is soon done with what it has. */
  get wantsFull(): boolean {
    return this.#batches.length < DEPTH && this.#unanswered * this.#pace < BATCH_TIME &&
      this.room >= this.batchSize;
  }

  /** How many values should wait for it. */
  get appetite(): number {
    const { batchSize } = this;
    return this.wantsFull
      ? Math.min(this.room, (DEPTH - this.#batches.length) * batchSize)
      : batchSize;
  }

  /** How many values a batch for it should have. */
  get batchSize(): number {
    const most = Math.min(BATCH_MOST, this.#job.window ?? BATCH_MOST);
    const fits = Math.floor(BATCH_TIME / Math.max(this.#pace, this.#sending));
    return Math.max(1, Math.min(most, fits));
  }

  /** How many values it is worth having in flight for it. */
  get window(): number {
    return this.#job.window ?? Math.max(WINDOW_LEAST, this.batchSize * BATCHES);
  }

  /** How many more values it may be given. */
  get room(): number {
    return this.window - this.#unanswered;
  }

  /** Whether something will come from it by itself, so that the process must not end. */
  get busy(): boolean {
    // A generator stands still when it knows of no room for a further result.
    return this.#unanswered > 0 && this.#untaken + this.#untold < this.#job.results;
  }

  /** Whether it has begun anything for its employer. */
  get proven(): boolean {
    return this.#proven || this.#life.notes.busy;
  }

  /** Changes whenever it begins a value; undefined while it works on nothing. */
  get stamp(): string | undefined {
    return this.#unanswered > 0 && this.#life.notes.busy ? this.#life.notes.stamp : undefined;
  }

  /** Whether it was ended by force, because it had not ended itself in time. */
  get forced(): boolean {
    return this.#life.forced;
  }

  /** Whether it goes on for ever, if nobody kills it. */
  get deaf(): boolean {
    return this.#life.notes.deaf;
  }

  /** Gives it values, with one message. */
  give(batch: Batch): void {
    const start = performance.now();
    this.#add(batch);
    const moved = !this.#write(batch) && this.#post(batch);
    const each = (performance.now() - start) / batch.values.length;
    this.#sending = (this.#sending + (moved ? Math.max(each, MOVED) : each)) / 2;
  }

  /** Sends values by the ring. */
  #write({ first, values }: Batch): boolean {
    const slot = this.#life.rings.write(values);
    if (slot >= 0) this.#life.post({ type: "values", frames: [first, 0, values.length], slot });
    return slot >= 0;
  }

  /** Sends values by the port. Answers whether parts of them are moved. */
  #post({ first, values }: Batch): boolean {
    const list = new FrameList();
    for (let i = 0; i < values.length; i++) list.put(first + i, 0, values[i]);
    if (this.#postList(list)) {
      if (values.length >= MANY) this.#life.rings.cloned(values[0], values.length);
    } else for (const [i, value] of values.entries()) this.#giveAlone(first + i, value);
    return list.transfer.length > 0;
  }

  #postList({ frames, transfer }: FrameList): boolean {
    // One that is refused must not empty the buffers of the others.
    if (MOVES_FIRST && transfer.length > 0) return false;
    try {
      this.#life.post({ type: "values", frames }, transfer);
      return true;
    } catch {
      return false;
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
    const list = new FrameList();
    list.put(sequence, BARE | END, undefined);
    this.#add(new Batch(sequence, [INPUT_END]));
    this.#life.post({ type: "values", frames: list.frames });
  }

  /** Takes back what it has not answered; it gets nothing any more. */
  takeBack(): Legacy {
    const { notes } = this.#life;
    const left = this.#batches.splice(0).flatMap((batch) => batch.left);
    this.#unanswered = 0;
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
    // Half of them at a time: it never stands still, and is seldom told.
    if (++this.#untold * 2 < this.#job.results) return;
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

  #add(batch: Batch): void {
    this.#batches.push(batch);
    this.#unanswered += batch.unanswered;
  }

  /** One of several cannot be sent: the others are not to suffer. */
  #giveAlone(sequence: number, value: unknown): void {
    const list = new FrameList();
    try {
      list.put(sequence, 0, value);
      this.#life.post({ type: "values", frames: list.frames }, list.transfer);
    } catch (error) {
      const why = uncloneable("Cannot send a value to a thread", "value", value, error);
      // Whoever gives does not expect an answer in the same turn.
      queueMicrotask(() => {
        if (!this.#batches.some((batch) => batch.has(sequence))) return;
        this.#answer(sequence, LAST | ERROR, why);
        this.#employer.changed(this);
      });
    }
  }

  #take(reader: FrameReader, spent: number): void {
    const before = this.#unanswered;
    while (reader.read()) {
      const { sequence, flags, item } = reader;
      this.#answer(sequence, flags, (flags & ERROR) === 0 ? item : decodeError(item as never));
    }
    const done = before - this.#unanswered;
    if (done > 0) this.#measure(spent / done);
    if (done >= MANY && reader.cloned) this.#life.rings.cloned(reader.item, done);
  }

  #measure(pace: number): void {
    this.#pace = this.#pace === Infinity ? pace : (this.#pace + pace) / 2;
  }

  #answer(sequence: number, flags: number, item: unknown): void {
    const value = (flags & LAST) === 0 ? undefined : this.#settle(sequence);
    if ((flags & ERROR) === 0) this.#employer.answered(this, sequence, flags, item);
    else this.#employer.failed(this, { sequence, value }, item);
    this.#proven = true;
  }

  /** Nothing else comes for the value `sequence`, which is answered. */
  #settle(sequence: number): unknown {
    // Answers come in order, but for what could not be sent: it is nearly always the first batch.
    let batch: Batch | undefined = this.#batches[0];
    if (batch?.has(sequence) !== true) batch = this.#batches.find((each) => each.has(sequence));
    if (batch === undefined) return undefined;
    const value = batch.answer(sequence);
    this.#unanswered--;
    if (batch.unanswered === 0) this.#batches.splice(this.#batches.indexOf(batch), 1);
    return value;
  }
}
