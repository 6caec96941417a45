/**
 * What every flow owes upstream.
 *
 * @module
 */
import { SuppliedReceiver, ValueIterator } from "../channel/mod.ts";
import type { ChannelIterator } from "../channel/mod.ts";
import type { Failure } from "../internal/case.ts";
import type { Flow } from "./types.ts";

/** A receiver with one owner: its end, whoever brings it about, releases what is upstream, once. */
export abstract class FlowBase<T> extends SuppliedReceiver<T> implements Flow<T> {
  #released: Promise<void> | undefined;

  /** Closes what is upstream. Called once. Rejects with what a `finally` there throws. */
  protected abstract release(): Promise<void>;

  /** Whether upstream owes an answer, for which the end of a loop does not wait. */
  protected abstract get pending(): boolean;

  /** Ends the flow from upstream: after its values receivers learn that it is over, or why. */
  protected finish(failure?: Failure): void {
    this.end(failure);
    this.#releaseOnce();
  }

  /** Ends the flow from downstream: nobody reads any more. */
  override cancel(_reason?: unknown): void {
    this.discard();
    this.#releaseOnce();
  }

  /** As the end of a loop: cancels, and waits for upstream unless it owes an answer. */
  leave(): Promise<void> {
    this.discard();
    const released = this.#releaseOnce();
    return this.pending ? Promise.resolve() : released;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.discard();
    return this.#releaseOnce();
  }

  override [Symbol.asyncIterator](): ChannelIterator<T> {
    return new FlowIterator(this);
  }

  #releaseOnce(): Promise<void> {
    return this.#released ??= this.release();
  }
}

class FlowIterator<T> extends ValueIterator<T> {
  readonly #flow: FlowBase<T>;

  constructor(flow: FlowBase<T>) {
    super(flow);
    this.#flow = flow;
  }

  override async return(): Promise<IteratorResult<T, undefined>> {
    const left = this.#flow.leave();
    const result = await super.return();
    await left;
    return result;
  }
}
