/**
 * A flow from a source that answers later.
 *
 * @module
 */
import type { Polled } from "../channel/mod.ts";
import { check } from "../internal/checks.ts";
import { EMPTY, END, type Failure } from "../internal/case.ts";
import { pause } from "../internal/pace.ts";
import { FlowBase, type Reader } from "./flow.ts";
import { isObject } from "./step.ts";

/** Asks its source for one value at a time, and only for one that has somewhere to go. */
export class SourceFlow<T> extends FlowBase<T> {
  readonly #open: () => AsyncIterator<T>;
  #source: AsyncIterator<T> | undefined;
  /** Who gets what no receiver waits for. */
  #reader: Reader<T> | undefined;
  /** Whether the source was asked for a value and has not answered. */
  #asked = false;
  /** Whether the guard lets the source wait for the next turn of the event loop. */
  #resting = false;
  /** Whether it has said or thrown its last. */
  #spent = false;

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
    try {
      this.#source ??= this.#open();
      Promise.resolve(this.#source.next()).then(this.#take, this.#fail);
    } catch (error) {
      this.#fail(error);
    }
  }

  protected override get isRead(): boolean {
    return this.awaited || this.#reader?.hungry === true;
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
    this.#asked = false;
    let value: T;
    try {
      check(isObject(step), "what an iterator answers must be an object", step);
      if (step.done) {
        this.#spent = true;
        return this.finish();
      }
      value = step.value;
    } catch (error) {
      return this.#fail(error);
    }
    const reader = this.#reader;
    if (reader?.hungry === true && !this.awaited) {
      if (!reader.take(value)) return;
    } else this.supply(value);
    this.#goOn();
  };

  readonly #fail = (error: unknown): void => {
    this.#asked = false;
    this.#spent = true;
    this.fail(error);
  };

  /** A source that answers without waiting must not keep timers and I/O waiting. */
  #goOn(): void {
    const turn = pause();
    if (turn === undefined) return this.demand();
    this.#resting = true;
    void turn.then(() => {
      this.#resting = false;
      this.demand();
    });
  }
}
