/**
 * Runs the user's function in a thread, on one value after the other.
 *
 * @module
 */
import { Ring } from "../internal/ring.ts";
import type { Answers } from "./answers.ts";
import type { Notes } from "./notes.ts";
import type { WorkerContext, WorkerFunction } from "./types.ts";
import { END, type FrameReader, LAST } from "./wire.ts";

/** What a thread does with its frames. */
export interface Runner {
  /** Values have come, or the end of the input. */
  give(frames: FrameReader): void;
  /** So many results were taken. */
  taken(count: number): void;
  /** Begins nothing else. Settles when what is running has ended. */
  stop(): Promise<void>;
}

/** What user code needs in a thread. */
export interface Tools {
  readonly context: WorkerContext;
  readonly answers: Answers;
  readonly notes: Notes;
}

/** The runner of a function that is no generator. */
export class FunctionRunner implements Runner {
  readonly #run: WorkerFunction<unknown, unknown>;
  readonly #context: WorkerContext;
  readonly #answers: Answers;
  readonly #notes: Notes;
  /** What has come and is not done. */
  readonly #queue = new Ring<FrameReader>();
  /** Set while a promise of the user's is awaited. */
  #running: Promise<void> | undefined;

  constructor(run: WorkerFunction<unknown, unknown>, { context, answers, notes }: Tools) {
    this.#run = run;
    this.#context = context;
    this.#answers = answers;
    this.#notes = notes;
  }

  give(frames: FrameReader): void {
    this.#queue.push(frames);
    this.#work();
  }

  #work(): void {
    if (this.#running !== undefined) return;
    this.#answers.begin();
    // A result that is no promise is answered without one: the queue is done in one go.
    for (let next = this.#queue.first; next !== undefined; next = this.#queue.first) {
      if (this.#notes.cancelled) break;
      if (!next.read()) this.#queue.shift();
      else if ((next.flags & END) === 0) this.#begin(next.sequence, next.item);
      if (this.#running !== undefined) return this.#answers.flushSoon();
    }
    this.#notes.idle();
    this.#answers.flush();
  }

  #begin(sequence: number, value: unknown): void {
    this.#notes.running(sequence);
    const run = this.#run;
    try {
      const result = run(value, this.#context);
      if (isThenable(result)) this.#running = this.#finish(sequence, result);
      else this.#answer(sequence, result);
    } catch (error) {
      this.#answers.fail(sequence, error);
    }
  }

  taken(): void {}

  async stop(): Promise<void> {
    this.#queue.clear();
    await this.#running;
  }

  async #finish(sequence: number, result: PromiseLike<unknown>): Promise<void> {
    try {
      this.#answer(sequence, await result);
    } catch (error) {
      this.#answers.fail(sequence, error);
    }
    this.#running = undefined;
    this.#work();
  }

  #answer(sequence: number, result: unknown): void {
    if (isIterable(result)) {
      throw new TypeError(
        "Cannot send an async iterable: a generator must be declared as async function*",
      );
    }
    this.#answers.put(sequence, LAST, result);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}

function isIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
