/**
 * A flow from a source that answers later.
 *
 * @module
 */
import type { Box, Polled } from "../channel/mod.ts";
import { check } from "../internal/checks.ts";
import { EMPTY, END, type Failure } from "../internal/case.ts";
import { pause } from "../internal/pace.ts";
import { FlowBase, type Reader } from "./flow.ts";
import { isObject } from "./step.ts";

/**
 * What async generators have in common. Its answers are promises of the runtime's with a fresh object that
 * nobody else has, so that it can be given on: a third of the time that a value takes in a flow goes into
 * making promises and results.
 */
const nextOfGenerators: () => Promise<IteratorResult<never>> =
  Object.getPrototypeOf(async function* () {}).prototype.next;

/** Values until the guard of the event loop is told. It looks at the clock when it was told of 128. */
const STRIDE = 43;

/** Asks its source for one value at a time, and only for one that has somewhere to go. */
export class SourceFlow<T> extends FlowBase<T> {
  readonly #open: () => AsyncIterator<T>;
  #source: AsyncIterator<T> | undefined;
  /** The source, if it has answered and is a generator. */
  #generator: AsyncIterator<T> | undefined;
  /** Who gets what no receiver waits for. */
  #reader: Reader<T> | undefined;
  /** Whether the source was asked for a value and has not answered. */
  #asked = false;
  /** Whether the guard lets the source wait for the next turn of the event loop. */
  #resting = false;
  /** Whether it has said or thrown its last. */
  #spent = false;
  /** Values until the guard is asked. */
  #unguarded = 0;

  constructor(open: () => AsyncIterator<T>, capacity: number, upstream?: FlowBase<unknown>) {
    super(capacity, upstream);
    this.#open = open;
  }

  protected override get pending(): boolean {
    return this.#asked;
  }

  protected override demand(): void {
    if (this.#asked || this.#resting || this.over) return;
    if (!this.wanted && this.#reader?.hungry !== true) return;
    this.#asked = true;
    const generator = this.#generator;
    if (generator === undefined) this.#ask();
    else nextOfGenerators.call(generator).then(this.#takeOwn, this.#fail);
  }

  /** Asks a source that may do as it likes, or opens it. */
  #ask(): void {
    try {
      const source = this.#source ??= this.#open();
      if (source.next === nextOfGenerators) this.#generator = source;
      Promise.resolve(source.next()).then(this.#take, this.#fail);
    } catch (error) {
      this.#fail(error);
    }
  }

  protected override get isRead(): boolean {
    return this.awaited || this.#reader?.hungry === true;
  }

  override get isDry(): boolean {
    return this.#asked && this.size === 0 && !this.over && !this.awaited;
  }

  override draw(): Polled<T> {
    if (this.size > 0) return this.shift();
    return this.closed ? END : EMPTY;
  }

  override feeds(reader: Reader<T>): boolean {
    if (this.#reader !== undefined) return false;
    this.#reader = reader;
    return true;
  }

  protected override end(failure?: Failure): void {
    super.end(failure);
    this.#reader?.wake();
  }

  protected override release(): Promise<void> | undefined {
    return this.#spent ? undefined : this.#close();
  }

  /** A generator that was not started is closed without running. */
  async #close(): Promise<void> {
    this.#source ??= this.#open();
    await this.#source.return?.();
  }

  // One closure each for the life of the flow, not one a value.
  readonly #take = (step: IteratorResult<T>): void => {
    let value: T;
    try {
      check(isObject(step), "what an iterator answers must be an object", step);
      if (step.done) return this.#finish();
      value = step.value;
    } catch (error) {
      return this.#fail(error);
    }
    this.#give(value, undefined);
  };

  readonly #takeOwn = (step: IteratorResult<T>): void => {
    if (step.done) this.#finish();
    else this.#give(step.value, step);
  };

  #finish(): void {
    this.#asked = false;
    this.#spent = true;
    this.finish();
  }

  #give(value: T, box: Box | undefined): void {
    this.#asked = false;
    const reader = this.#reader;
    if (reader?.hungry === true && !this.awaited) {
      if (!reader.take(value, box)) return;
    } else this.supply(value, box);
    this.#goOn();
  }

  readonly #fail = (error: unknown): void => {
    this.#asked = false;
    this.#spent = true;
    this.fail(error);
  };

  /** A source that answers without waiting must not keep timers and I/O waiting. */
  #goOn(): void {
    if (--this.#unguarded >= 0 || !this.#rests()) this.demand();
  }

  #rests(): boolean {
    this.#unguarded = STRIDE - 1;
    const turn = pause(STRIDE);
    if (turn === undefined) return false;
    this.#resting = true;
    void turn.then(() => {
      this.#resting = false;
      this.demand();
    });
    return true;
  }
}
