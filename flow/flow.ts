/**
 * What every flow owes upstream.
 *
 * @module
 */
import { SuppliedReceiver, ValueIterator } from "../channel/mod.ts";
import type { ChannelIterator } from "../channel/mod.ts";
import type { Failure } from "../internal/case.ts";
import type { Flow } from "./types.ts";

/** A receiver with one owner: its end, whoever brings it about, closes what is upstream, once. */
export abstract class FlowBase<T> extends SuppliedReceiver<T> implements Flow<T> {
  /** The flow that this one reads. */
  #upstream: FlowBase<unknown> | undefined;
  #over = false;
  /** Whether the end came while the source was waiting for what is upstream. */
  #interrupted = false;
  #released: Promise<void> | undefined;
  /** Whether somebody has heard of an error of `release`. */
  #reported = false;
  /** What else went wrong in closing, for whoever waits. */
  readonly #late: unknown[] = [];

  constructor(capacity: number, upstream?: FlowBase<unknown>) {
    super(capacity);
    this.#upstream = upstream;
  }

  /**
   * Closes what this flow reads, if that is no flow. Called once, when the flow is over. Rejects with what
   * a `finally` throws; nobody waits after a bare `cancel`, so that it is an unhandled rejection then.
   */
  protected abstract release(): Promise<void>;

  /** Whether `release` has to wait for an answer that may never come. */
  protected abstract get pending(): boolean;

  /** Whether it has ended, from either side. Then nothing is supplied any more. */
  protected get over(): boolean {
    return this.#over;
  }

  /** Makes `input` what the first flow of the chain that ends here reads, unless it is part of the chain. */
  reads(input: FlowBase<unknown>): void {
    let first: FlowBase<unknown> = this;
    while (first !== input && first.#upstream !== undefined) first = first.#upstream;
    if (first !== input) first.#upstream = input;
  }

  /** Ends the flow from upstream: after its values receivers learn that it is over, or why. */
  protected finish(failure?: Failure): void {
    if (this.#over) return;
    this.#endUpstream();
    if (this.#upstream === undefined) this.end(failure);
    else void this.#conclude(this.#upstream, failure);
  }

  /**
   * Ends the flow because the source failed. After the end that is an error of closing if the source was
   * waiting for what is upstream, which is what let it go on; else it belongs to a value nobody wants.
   */
  protected fail(error: unknown): void {
    if (!this.#over) this.finish({ error });
    else if (this.#interrupted) this.#late.push(error);
  }

  /** Ends the flow from downstream: nobody reads any more. */
  override cancel(_reason?: unknown): void {
    this.discard();
    this.#endUpstream();
  }

  /** As the end of a loop: cancels, and waits for all that is upstream, except who owes an answer. */
  async leave(): Promise<void> {
    this.cancel();
    throwAll(await this.#closing(false));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    throwAll(await this.#closing(true));
  }

  override batches(max: number): AsyncIterable<T[]> {
    const batches = super.batches(max);
    return { [Symbol.asyncIterator]: () => new Batches(batches[Symbol.asyncIterator](), this) };
  }

  override [Symbol.asyncIterator](): ChannelIterator<T> {
    return new FlowIterator(this);
  }

  #endUpstream(): void {
    if (this.#over) return;
    this.#over = true; // first, because what is closed may call back
    this.#interrupted = this.#upstream?.awaited === true;
    this.#released = this.release();
    this.#upstream?.cancel();
  }

  /** Receivers learn of the end when what is upstream is closed, as a loop in a generator would. */
  async #conclude(upstream: FlowBase<unknown>, failure: Failure | undefined): Promise<void> {
    const errors = await upstream.#closing(false);
    if (this.closed) this.#late.push(...errors);
    else {
      if (failure !== undefined) errors.unshift(failure.error);
      this.end(errors.length === 0 ? undefined : { error: asOne(errors) });
    }
  }

  /**
   * Waits until what is upstream is closed, and takes the errors that nobody has heard of.
   *
   * @param patient Whether to wait for those, too, who owe an answer.
   */
  async #closing(patient: boolean): Promise<unknown[]> {
    const errors: unknown[] = [];
    const upstream = this.#upstream === undefined ? [] : this.#upstream.#closing(patient);
    try {
      if (patient || !this.pending) await this.#released;
    } catch (error) {
      if (!this.#reported) errors.push(error);
      this.#reported = true;
    }
    const further = await upstream;
    return [...errors, ...further, ...this.#late.splice(0)];
  }
}

class FlowIterator<T> extends ValueIterator<T> {
  readonly #flow: FlowBase<T>;

  constructor(flow: FlowBase<T>) {
    super(flow);
    this.#flow = flow;
  }

  override async return(): Promise<IteratorResult<T, undefined>> {
    const result = super.return();
    await this.#flow.leave();
    return result;
  }
}

/** A loop over the batches of a flow. */
class Batches<T> implements AsyncIterableIterator<T[]> {
  readonly #loop: AsyncIterator<T[]>;
  readonly #flow: FlowBase<T>;

  constructor(loop: AsyncIterator<T[]>, flow: FlowBase<T>) {
    this.#loop = loop;
    this.#flow = flow;
  }

  next(): Promise<IteratorResult<T[]>> {
    return this.#loop.next();
  }

  async return(): Promise<IteratorResult<T[]>> {
    const result = this.#loop.return?.();
    await this.#flow.leave();
    return result ?? { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function throwAll(errors: unknown[]): void {
  if (errors.length > 0) throw asOne(errors);
}

/** One error is itself; several are an `AggregateError`, with the first as its cause. */
function asOne(errors: unknown[]): unknown {
  if (errors.length === 1) return errors[0];
  return new AggregateError(errors, "Cannot end cleanly: several errors", { cause: errors[0] });
}
