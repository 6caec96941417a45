/**
 * The flow behind `map` with several calls at a time, or results that wait.
 *
 * @module
 */
import type { Received } from "../channel/mod.ts";
import type { Failure } from "../internal/case.ts";
import { Ring } from "../internal/ring.ts";
import { FlowBase } from "./flow.ts";
import { isPromiseLike } from "./step.ts";

type Outcome<B> = { readonly value: B } | Failure;

/** A call that is under way, or whose result waits for those before it. */
interface Slot<B> {
  outcome: Outcome<B> | undefined;
}

/** Asks for input while a call may start and its result has somewhere to go. */
export class MapFlow<A, B> extends FlowBase<B> {
  readonly #input: FlowBase<A>;
  readonly #fn: (value: A, signal: AbortSignal) => B | PromiseLike<B>;
  readonly #concurrency: number;
  readonly #ordered: boolean;
  readonly #abort = new AbortController();
  readonly #slots = new Ring<Slot<B>>();
  #running = 0;
  #asked = false;
  /** No more input: it is over, or a call has failed. */
  #inputOver = false;
  #inputFailure: Failure | undefined;

  constructor(
    input: FlowBase<A>,
    fn: (value: A, signal: AbortSignal) => B | PromiseLike<B>,
    concurrency: number,
    ordered: boolean,
    capacity: number,
  ) {
    // One call at a time waits for its receiver, as a generator would; several must run ahead.
    super(concurrency === 1 ? capacity : concurrency + capacity, input);
    this.#input = input;
    this.#fn = fn;
    this.#concurrency = concurrency;
    this.#ordered = ordered;
  }

  /** What has to be closed is the input, which is a flow itself. */
  protected override get pending(): boolean {
    return false;
  }

  protected override demand(): void {
    if (this.#asked || this.#inputOver || this.over || !this.wanted) return;
    if (this.#running >= this.#concurrency) return;
    const held = this.size + (this.#ordered ? this.#slots.size : this.#running);
    if (held >= Math.max(this.capacity, 1)) return;
    this.#asked = true;
    this.#input.recv().then(this.#take, this.#failInput);
  }

  protected override discard(): void {
    const dropped = this.size > 0;
    super.discard();
    if (dropped) this.#abort.abort();
  }

  protected override release(): undefined {
    if (this.#running > 0 || this.#slots.size > 0) this.#abort.abort();
  }

  readonly #take = (received: Received<A>): void => {
    this.#asked = false;
    if (this.over || this.#inputOver) return this.#flush();
    if (received.done) {
      this.#inputOver = true;
      this.#flush();
    } else {
      this.#call(received.value);
      this.demand();
    }
  };

  /** The results of the values before come first. */
  readonly #failInput = (error: unknown): void => {
    this.#asked = false;
    this.#inputOver = true;
    this.#inputFailure = { error };
    this.#flush();
  };

  #call(value: A): void {
    const slot: Slot<B> = { outcome: undefined };
    if (this.#ordered) this.#slots.push(slot);
    this.#running++;
    let result: B | PromiseLike<B>;
    try {
      result = this.#fn(value, this.#abort.signal);
      if (isPromiseLike(result)) {
        // A promise of the runtime's, which settles once, whatever a thenable does.
        Promise.resolve(result).then(
          (value) => this.#settle(slot, { value }),
          (error) => this.#settle(slot, { error }),
        );
        return;
      }
    } catch (error) {
      return this.#settle(slot, { error });
    }
    this.#settle(slot, { value: result });
  }

  #settle(slot: Slot<B>, outcome: Outcome<B>): void {
    this.#running--;
    slot.outcome = outcome;
    if ("error" in outcome) this.#inputOver = true;
    if (!this.#ordered) this.#slots.push(slot);
    this.#flush();
    this.demand();
  }

  /** Hands over the results that are next. */
  #flush(): void {
    while (!this.over && this.#slots.first?.outcome !== undefined) {
      const { outcome } = this.#slots.shift();
      if (outcome === undefined) return;
      if ("error" in outcome) this.finish(outcome);
      else this.supply(outcome.value);
    }
    if (this.#inputOver && this.#running === 0) this.finish(this.#inputFailure);
  }
}
