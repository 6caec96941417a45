/**
 * The waiting forms of a receiver, written once: receive, receive many, iterate. A kind of receiver
 * says how to poll and how to park; everything else follows.
 *
 * @module
 */
import {
  ASK,
  type Case,
  EMPTY,
  END,
  FAILURE,
  type Failure,
  PARK,
  PARTS,
  type Parts,
  POLL,
  READY,
} from "../internal/case.ts";
import { checkCount } from "../internal/checks.ts";
import { paced, refused, unpaced } from "../internal/pace.ts";
import { Ring } from "../internal/ring.ts";
import { isAborted, limit } from "../internal/wait.ts";
import { asBatch, asReceived, type Report, Waiter } from "../internal/waiter.ts";
import type { ChannelIterator, Received, Receiver, WaitOptions } from "./types.ts";

/** What a poll answers: a value, `END` or `EMPTY`. */
export type Polled<T> = T | typeof END | typeof EMPTY;

/** A kind of receiver, as far as the waiting forms know it. */
export interface Kind<T> extends Case {
  [POLL](): Polled<T>;
  [PARTS]?(): Pick<Parts<T>, "buffer" | "senders">;
}

/** Something to receive from. The contract is documented on `Receiver`. */
export abstract class ReceiverBase<T> implements Receiver<T>, Kind<T> {
  abstract get closed(): boolean;
  abstract get size(): number;
  abstract get capacity(): number;
  abstract cancel(reason?: unknown): void;
  abstract [READY](): boolean;
  abstract [POLL](): Polled<T>;
  abstract [PARK](waiter: Waiter, shuffle: boolean): void;
  [FAILURE]?(): Failure | undefined;
  [ASK]?(): void;

  tryRecv(): Received<T> | undefined {
    return tryReceive(this);
  }

  recv(options?: WaitOptions): Promise<Received<T>> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    const value = this[POLL]();
    if (value === EMPTY) return parkReceive(this, asReceived, options);
    if (value === END) return ended(this, { done: true, value: undefined });
    const result: Received<T> = { done: false, value }, promise = Promise.resolve(result);
    return paced(promise, result);
  }

  recvMany(max: number, options?: WaitOptions): Promise<T[]> {
    return receiveMany(this, max, options);
  }

  batches(max: number): AsyncIterable<T[]> {
    return batchesOf(this, max);
  }

  [Symbol.asyncIterator](): ChannelIterator<T> {
    return new ValueIterator(this);
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

/** Receives without waiting. */
export function tryReceive<T>(from: Kind<T>): Received<T> | undefined {
  const value = from[POLL]();
  unpaced();
  if (value === EMPTY) return undefined;
  if (value !== END) return { done: false, value };
  const failure = from[FAILURE]?.();
  if (failure !== undefined) throw failure.error;
  return { done: true, value: undefined };
}

/** Receives what is there, at most `max`; waits if there is nothing. */
export function receiveMany<T>(from: Kind<T>, max: number, options?: WaitOptions): Promise<T[]> {
  checkCount("max", max, 1);
  if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
  const value = from[POLL]();
  if (value === EMPTY) return parkReceive(from, asBatch, options);
  if (value === END) return ended(from, []);
  const batch = takeMore(from, value, max);
  return paced(Promise.resolve(batch), batch);
}

/** Receives as `receiveMany` does, again and again. */
export function batchesOf<T>(from: Kind<T>, max: number): AsyncIterable<T[]> {
  checkCount("max", max, 1);
  return { [Symbol.asyncIterator]: () => new ValueIterator<T, T[]>(from, max) };
}

/** Parks a receive. */
export function parkReceive<R>(from: Case, report: Report, options?: WaitOptions): Promise<R> {
  const waiter = new Waiter(report);
  from[PARK](waiter, false);
  const promise = options === undefined ? waiter.promise : limit(waiter, options);
  from[ASK]?.();
  return promise as Promise<R>;
}

/** What a receive from a closed and drained channel reports. */
export function ended<R>(from: Case, result: R): Promise<R> {
  const failure = from[FAILURE]?.();
  return failure === undefined ? paced(Promise.resolve(result), result) : refused(failure.error);
}

/** What is there, at most `max` with the first. A failure behind it is for the next receive. */
function takeMore<T>(from: Kind<T>, first: T, max: number): T[] {
  const batch = [first];
  const { buffer, senders } = from[PARTS]?.() ?? {};
  // At once, while nobody waits who would have to be moved in.
  while (batch.length < max && senders?.empty && buffer!.size > 0) batch.push(buffer!.shift());
  while (batch.length < max) {
    const value = from[POLL]();
    if (value === EMPTY || value === END) break;
    batch.push(value);
  }
  return batch;
}

/**
 * A loop over a receiver, one by one or in batches. Written by hand: an async generator is 2 to 3 times
 * slower.
 */
export class ValueIterator<T, R = T> implements AsyncIterableIterator<R> {
  #from: Kind<T>;
  readonly #max: number;
  /** The receives of this loop that are parked, so that its end can end them. */
  readonly #waiters = new Ring<Waiter>();

  /** @param max The size of a batch; 0 to receive one by one. */
  constructor(from: Kind<T>, max = 0) {
    this.#from = from;
    this.#max = max;
  }

  next(): Promise<IteratorResult<R, undefined>> {
    const from = this.#from;
    this.forget();
    let value = from[POLL]() as unknown;
    if (value === EMPTY) return this.#park();
    if (value === END) return ended(from, { done: true, value: undefined });
    if (this.#max > 0) value = takeMore(from, value as T, this.#max);
    const result = { done: false, value } as IteratorResult<R, undefined>,
      promise = Promise.resolve(result);
    return paced(promise, result);
  }

  return(): Promise<IteratorResult<R, undefined>> {
    this.#from = NOTHING;
    for (const waiter of this.#waiters.clear()) if (waiter.parked) waiter.settle(true, undefined);
    return this.next();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Lets go of receives that are settled: they would keep their values alive. First come, first served. */
  protected forget(): void {
    while (this.#waiters.size > 0 && !this.#waiters.first!.parked) this.#waiters.shift();
  }

  #park(): Promise<IteratorResult<R, undefined>> {
    const waiter = new Waiter(this.#max > 0 ? asIteratedBatch : asReceived);
    this.#from[PARK](waiter, false);
    this.#waiters.push(waiter);
    this.#from[ASK]?.();
    return waiter.promise as Promise<IteratorResult<R, undefined>>;
  }
}

/** What a loop that is over receives from. */
const NOTHING = { [POLL]: () => END } as Kind<never>;

const asIteratedBatch: Report = (done, value) => ({ done, value: done ? undefined : [value] });
