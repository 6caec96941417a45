/**
 * Runs the user's function in a thread, on one value after the other.
 *
 * @module
 */
import { Ring } from "../internal/ring.ts";
import type { Answers } from "./answers.ts";
import type { Notes } from "./notes.ts";
import type { WorkerContext, WorkerFunction } from "./types.ts";
import { END, LAST } from "./wire.ts";

/** What a thread does with its frames. */
export interface Runner {
  /** A value has come, or the end of the input. `work` follows. */
  give(sequence: number, flags: number, item: unknown): void;
  /** Works on what has come. */
  work(): void;
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
  readonly #queue = new Ring<{ readonly sequence: number; readonly value: unknown }>();
  /** Set while a promise of the user's is awaited. */
  #running: Promise<void> | undefined;

  constructor(run: WorkerFunction<unknown, unknown>, { context, answers, notes }: Tools) {
    this.#run = run;
    this.#context = context;
    this.#answers = answers;
    this.#notes = notes;
  }

  give(sequence: number, flags: number, value: unknown): void {
    if ((flags & END) === 0) this.#queue.push({ sequence, value });
  }

  work(): void {
    if (this.#running !== undefined) return;
    this.#answers.begin();
    const run = this.#run;
    // A result that is no promise is answered without one: the queue is done in one go.
    while (this.#queue.size > 0 && this.#running === undefined && !this.#notes.cancelled) {
      const { sequence, value } = this.#queue.shift();
      this.#notes.running(sequence);
      try {
        const result = run(value, this.#context);
        if (isThenable(result)) this.#running = this.#finish(sequence, result);
        else this.#answer(sequence, result);
      } catch (error) {
        this.#answers.fail(sequence, error);
      }
    }
    if (this.#running !== undefined) return this.#answers.flushSoon();
    this.#notes.idle();
    this.#answers.flush();
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
    this.work();
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
