/**
 * Runs the user's generator in a thread, once for each flow.
 *
 * @module
 */
import { type Answers, CLOSE } from "./answers.ts";
import type { Runner, Tools } from "./function_runner.ts";
import type { Notes } from "./notes.ts";
import type { WorkerGenerator } from "./types.ts";
import { type InputEvents, WorkerInput } from "./worker_input.ts";
import { BARE, eachFrame, END, type FrameReader } from "./wire.ts";

/** One run of the generator, from the first frame until it returns. */
class Generation implements InputEvents {
  readonly input: WorkerInput<unknown> = new WorkerInput(this);
  readonly done: Promise<void>;
  /** Whether its parent has said that its input is over: what comes then is for another one. */
  #inputOver = false;
  readonly #answers: Answers;
  readonly #notes: Notes;
  readonly #values: AsyncIterator<unknown>;
  /** What the results belong to: the value that was taken last, at first the first that came. */
  #sequence: number;
  #taken = false;
  #over = false;
  #credits: number;
  #resume: (() => void) | undefined;

  constructor(
    sequence: number,
    run: WorkerGenerator<unknown, unknown>,
    { context, answers, notes, window }: GeneratorRunnerOptions,
  ) {
    this.#sequence = sequence;
    this.#answers = answers;
    this.#notes = notes;
    this.#credits = window;
    this.#values = run(this.input, context)[Symbol.asyncIterator]();
    this.#answers.begin();
    this.done = this.#run();
  }

  /** Asking for the next value says that the one before is done with. */
  taken(sequence: number): void {
    if (this.#over) return;
    if (this.#taken && sequence !== this.#sequence) {
      this.#answers.put(this.#sequence, CLOSE, undefined);
    } else this.#answers.begin();
    this.#taken = true;
    this.#sequence = sequence;
    this.#notes.running(sequence);
  }

  idle(): void {
    if (this.#over) return;
    if (this.#taken) this.#answers.put(this.#sequence, CLOSE, undefined);
    this.#taken = false;
    this.#notes.idle();
    this.#answers.flush();
  }

  /** Whether it has ended, and its input too. */
  get over(): boolean {
    return this.#over && this.#inputOver;
  }

  /** No more values will come. */
  endInput(sequence: number): void {
    this.#inputOver = true;
    this.input.close(sequence);
  }

  credit(count: number): void {
    this.#credits += count;
    this.#resume?.();
    this.#resume = undefined;
  }

  /** Ends it early. */
  async stop(): Promise<void> {
    this.input.cancel();
    this.credit(Infinity);
    await this.#values.return?.();
    await this.done;
  }

  async #run(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#values.next();
        if (done === true) break;
        this.#answers.put(this.#sequence, 0, value);
        this.#answers.flushSoon();
        if (--this.#credits <= 0) await this.#creditGiven();
      }
      this.#notes.idle();
      this.#answers.put(this.#sequence, this.#taken ? CLOSE | END : BARE | END, undefined);
      this.#answers.flush();
    } catch (error) {
      this.#notes.idle();
      this.#answers.fail(this.#sequence, error);
    }
    this.#over = true;
  }

  async #creditGiven(): Promise<void> {
    // How long the consumer takes is not the generator's time.
    this.#notes.idle();
    this.#answers.flush();
    this.#answers.pause();
    await new Promise<void>((resolve) => this.#resume = resolve);
    this.#answers.begin();
    if (this.#taken) this.#notes.resumed(this.#sequence);
  }
}

/** What a generator needs in a thread. */
export interface GeneratorRunnerOptions extends Tools {
  /** How many results may be on their way without having been taken. */
  readonly window: number;
}

/** The runner of an `async function*`. */
export class GeneratorRunner implements Runner {
  readonly #run: WorkerGenerator<unknown, unknown>;
  readonly #options: GeneratorRunnerOptions;
  #generation: Generation | undefined;

  constructor(run: WorkerGenerator<unknown, unknown>, options: GeneratorRunnerOptions) {
    this.#run = run;
    this.#options = options;
  }

  give(frames: FrameReader): void {
    eachFrame(frames, (sequence, flags, item) => this.#give(sequence, flags, item));
  }

  #give(sequence: number, flags: number, value: unknown): void {
    // Over and its input at an end: this frame belongs to the next flow. A generator that has returned
    // before its input was at an end gets no other, though it has cancelled it: what still comes goes to
    // other threads.
    if (this.#generation === undefined || this.#generation.over) {
      this.#generation = new Generation(sequence, this.#run, this.#options);
    }
    if ((flags & END) === 0) this.#generation.input.push(sequence, value);
    else this.#generation.endInput(sequence);
  }

  taken(count: number): void {
    this.#generation?.credit(count);
  }

  async stop(): Promise<void> {
    await this.#generation?.stop();
  }
}
