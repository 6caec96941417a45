/**
 * Iteration in batches over a bridged channel.
 *
 * @module
 */
import { ended, type Kind } from "../channel/base.ts";
import { END, POLL } from "../internal/case.ts";
import { Ring } from "../internal/ring.ts";
import { asReceived, Waiter } from "../internal/waiter.ts";

/** A loop whose steps take what is there, with one question each. */
export class PortLoop<T> implements AsyncIterableIterator<T[]> {
  readonly #from: Kind<T>;
  readonly #park: (waiter: Waiter) => void;
  readonly #waiters = new Ring<Waiter>();
  #over = false;

  /** @param park Parks a waiter that is settled with a batch. */
  constructor(from: Kind<T>, park: (waiter: Waiter) => void) {
    this.#from = from;
    this.#park = park;
  }

  next(): Promise<IteratorResult<T[], undefined>> {
    if (this.#over) return finished();
    if (this.#from[POLL]() === END) return ended(this.#from, { done: true, value: undefined });
    // First come, first served: those that are settled stand in front.
    while (this.#waiters.first?.parked === false) this.#waiters.shift();
    const waiter = new Waiter(asReceived);
    this.#park(waiter);
    this.#waiters.push(waiter);
    return waiter.promise as Promise<IteratorResult<T[], undefined>>;
  }

  return(): Promise<IteratorResult<T[], undefined>> {
    this.#over = true;
    for (const waiter of this.#waiters.clear()) if (waiter.parked) waiter.settle(true, undefined);
    return finished();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function finished(): Promise<IteratorResult<never, undefined>> {
  return Promise.resolve({ done: true, value: undefined });
}
