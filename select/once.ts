/**
 * A promise to receive from.
 *
 * @module
 */
import { type Polled, ReceiverBase } from "../channel/base.ts";
import type { Receiver } from "../channel/types.ts";
import { EMPTY, END, type Failure, FAILURE, PARK, POLL, READY } from "../internal/case.ts";
import { show } from "../internal/checks.ts";
import { type Waiter, WaitQueue } from "../internal/waiter.ts";

/**
 * Makes a receiver of a promise: it gives the promise's value once and then reports `done`. If the
 * promise rejects, every receive rejects with the same error, as after `fail`.
 *
 * The promise gets one reaction for its whole life, so a promise that never settles can be selected on
 * any number of times without a leak; `Promise.race` adds a reaction each time.
 *
 * @typeParam T What the promise resolves to.
 * @param promise A promise, or anything with a `then`.
 * @returns A receiver of capacity 1. `cancel` drops the value; it does not stop what makes it.
 * @throws {TypeError} If `promise` has no `then`.
 *
 * @example Work with a time limit
 * ```ts
 * import { after, once, select } from "millrace";
 *
 * const work = once(Promise.resolve(42));
 * const r = await select({ work, late: after(1_000) });
 * if (r.key === "work" && !r.done) console.log(r.value); // 42
 * ```
 */
export function once<T>(promise: PromiseLike<T>): Receiver<T> {
  const then: unknown = (promise as Partial<PromiseLike<T>> | null | undefined)?.then;
  if (typeof then !== "function") throw new TypeError(`promise must have a then: ${show(promise)}`);
  return new Once(promise);
}

class Once<T> extends ReceiverBase<T> {
  readonly #receivers = new WaitQueue();
  #box: { readonly value: T } | undefined;
  #failure: Failure | undefined;
  #closed = false;

  constructor(promise: PromiseLike<T>) {
    super();
    promise.then((value) => this.#fulfil(value), (error) => this.#fail(error));
  }

  override get closed(): boolean {
    return this.#closed;
  }

  override get size(): number {
    return this.#box === undefined ? 0 : 1;
  }

  override get capacity(): number {
    return 1;
  }

  override cancel(): void {
    this.#box = undefined;
    this.#failure = undefined;
    this.#end();
  }

  override [READY](): boolean {
    return this.#box !== undefined || this.#closed;
  }

  override [POLL](): Polled<T> {
    if (this.#box === undefined) return this.#closed ? END : EMPTY;
    const { value } = this.#box;
    this.#box = undefined;
    return value;
  }

  override [FAILURE](): Failure | undefined {
    return this.#failure;
  }

  override [PARK](waiter: Waiter, shuffle: boolean): void {
    if (shuffle) this.#receivers.pushShuffled(waiter);
    else this.#receivers.push(waiter);
  }

  #fulfil(value: T): void {
    if (this.#closed) return;
    const receiver = this.#receivers.shift();
    if (receiver === undefined) this.#box = { value };
    else receiver.settle(false, value);
    this.#end();
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#failure = { error };
    this.#end();
  }

  #end(): void {
    this.#closed = true;
    for (let r = this.#receivers.shift(); r !== undefined; r = this.#receivers.shift()) {
      if (this.#failure === undefined) r.settle(true, undefined);
      else r.refuse(this.#failure.error);
    }
  }
}
