/**
 * One of several sources that lead into one flow.
 *
 * @module
 */
import type { Polled } from "../channel/mod.ts";
import { EMPTY, type Failure, POLL } from "../internal/case.ts";
import { FlowBase } from "./flow.ts";
import { SourceFlow } from "./source_flow.ts";
import { openerOf } from "./stream_reader.ts";

/** Where inlets lead. */
export interface Confluence<T> {
  /**
   * Takes `value`, or lets `inlet` hold it until it is polled.
   *
   * @returns Whether a further one is wanted at once.
   */
  accept(value: T, inlet: Inlet<T>): boolean;
  /** The source of `inlet` is at its end. The value that it holds is still to come. */
  ended(inlet: Inlet<T>, failure: Failure | undefined): void;
}

/** Holds at most one value, also when it is over: a value that has come is given before an error. */
export class Inlet<T> extends SourceFlow<T> {
  readonly #into: Confluence<T>;
  #held: T | typeof EMPTY = EMPTY;
  #wanted = false;

  constructor(source: AsyncIterable<T>, into: Confluence<T>) {
    const open = openerOf<T>(source) ?? (() => source[Symbol.asyncIterator]());
    super(open, 1, source instanceof FlowBase ? source : undefined);
    this.#into = into;
  }

  /** Asks the source for one value. */
  ask(): void {
    this.#wanted = true;
    this.demand();
  }

  /** Keeps a value until it is polled. */
  hold(value: T): void {
    this.#held = value;
  }

  override [POLL](): Polled<T> {
    const value = this.#held;
    this.#held = EMPTY;
    return value;
  }

  protected override get wanted(): boolean {
    return this.#wanted;
  }

  protected override supply(value: T): void {
    if (!this.closed) this.#wanted = this.#into.accept(value, this);
  }

  protected override end(failure?: Failure): void {
    if (this.closed) return;
    super.end(failure);
    this.#into.ended(this, failure);
  }
}
