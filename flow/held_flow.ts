/**
 * What stages have in common that take values from their input before anybody receives the results.
 *
 * @module
 */
import type { Polled } from "../channel/mod.ts";
import { type Failure, POLL, READY } from "../internal/case.ts";
import { asFlow } from "./from.ts";
import { FlowBase } from "./flow.ts";
import type { Source } from "./types.ts";

/** Values taken at once: few enough that a source that never waits does not keep timers waiting. */
const MOST = 64;

/**
 * A flow that holds results back, and says when the next of them is ready. Its input is read while there
 * is room, from the first receive on; so room tells how far it runs ahead.
 */
export abstract class HeldFlow<A, B> extends FlowBase<B> {
  readonly #input: FlowBase<A>;
  /** Whether the input was asked for values and has not answered. */
  #asked = false;

  constructor(input: Source<A>, capacity: number) {
    const flow = asFlow(input);
    super(capacity, flow);
    this.#input = flow;
  }

  /** How many values may be taken from the input now. */
  protected abstract get room(): number;

  /** How many results are ready to be taken. */
  protected abstract get ready(): number;

  /** Takes in what has come: one value or more, at most `room`. */
  protected abstract accept(values: A[]): void;

  /** Gives the next result, which is ready. */
  protected abstract pick(): B;

  /** Gives all that is held, ready or not. */
  protected abstract rest(): B[];

  override get size(): number {
    return this.ready + super.size;
  }

  /** What has to be closed is the input, which is a flow itself. */
  protected override get pending(): boolean {
    return false;
  }

  protected override release(): undefined {}

  protected override discard(): void {
    super.discard();
    this.rest();
  }

  protected override demand(): void {
    this.serve();
    this.#ask();
  }

  /** Gives what is ready to those who wait. */
  protected serve(): void {
    while (this.awaited && this.ready > 0) this.supply(this.pick());
  }

  override [READY](): boolean {
    return this.ready > 0 || super[READY]();
  }

  // What has become ready with time is for whoever waits, not for whoever comes before the timer rings.
  override [POLL](): Polled<B> {
    if (this.awaited || this.ready === 0) return super[POLL]();
    const result = this.pick();
    this.#ask();
    return result;
  }

  #ask(): void {
    if (this.#asked) return;
    const room = Math.min(this.room, MOST);
    if (room < 1) return;
    this.#asked = true;
    this.#input.recvMany(room).then(this.#take, this.#fail);
  }

  readonly #take = (values: A[]): void => {
    this.#asked = false;
    if (this.over) return;
    if (values.length === 0) return this.#end();
    this.serve(); // what is due, although its timer is late, comes before them
    this.accept(values);
    this.demand();
  };

  readonly #fail = (error: unknown): void => {
    this.#asked = false;
    this.#end({ error });
  };

  /** Nothing comes after what is held: it need not wait any longer. */
  #end(failure?: Failure): void {
    for (const result of this.rest()) this.supply(result);
    this.finish(failure);
  }
}
