/**
 * A flow from a source that answers later.
 *
 * @module
 */
import { check } from "../internal/checks.ts";
import { pause } from "../internal/pace.ts";
import { FlowBase } from "./flow.ts";

/** Asks its source for one value at a time, and only for one that has somewhere to go. */
export class SourceFlow<T> extends FlowBase<T> {
  readonly #open: () => AsyncIterator<T>;
  #source: AsyncIterator<T> | undefined;
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
    if (this.#asked || this.#resting || this.over || !this.wanted) return;
    this.#asked = true;
    try {
      this.#source ??= this.#open();
      Promise.resolve(this.#source.next()).then(this.#take, this.#fail);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A generator that was not started is closed without running. */
  protected override async release(): Promise<void> {
    if (this.#spent) return;
    this.#source ??= this.#open();
    await this.#source.return?.();
  }

  // One closure each for the life of the flow, not one a value.
  readonly #take = (step: IteratorResult<T>): void => {
    this.#asked = false;
    let value: T;
    try {
      check(Object(step) === step, "what an iterator answers must be an object", step);
      if (step.done) {
        this.#spent = true;
        return this.finish();
      }
      value = step.value;
    } catch (error) {
      return this.#fail(error);
    }
    this.supply(value);
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
