/**
 * What a channel is to its users: the two directions, their results and their options. The contract
 * of every kind of channel is documented here, once.
 *
 * @module
 */
import type { WaitOptions } from "../internal/wait.ts";
import type { SendCase } from "./send_case.ts";

export type { WaitOptions };

/**
 * What a receive reports: a value, or the end of the channel. It has the shape of an iterator
 * result, with a `done` that is never optional, so that it narrows in `if` and in `switch`.
 *
 * @typeParam T The values of the channel.
 */
export type Received<T> =
  | { readonly done: false; readonly value: T }
  | { readonly done: true; readonly value: undefined };

/**
 * The sending direction of a channel.
 *
 * Every operation takes effect inside the call, before it returns: it either happens or parks in a
 * first-in, first-out queue. The promise only reports it.
 *
 * @typeParam T The values that may be sent.
 */
export interface Sender<in T> {
  // Property syntax: method syntax would let a sender of dogs pass as a sender of animals. The methods need
  // their object all the same: pass `() => jobs.close()`, not `jobs.close`.
  /**
   * Gives `value` to a waiting receiver or to the buffer; waits while there is neither. With capacity
   * 0 it resolves when a receiver has taken the value, not before.
   *
   * A send that is waiting when the channel is closed or failed is still delivered, in its turn. One
   * that `cancel` cuts off rejects, marked as handled: it cannot end the process if nobody awaits it.
   *
   * @throws {ChannelClosedError} Rejects, with the value, if the channel was closed before the call,
   * or cancelled while the send waited.
   */
  readonly send: (value: T, options?: WaitOptions) => Promise<void>;
  /**
   * Sends if that needs no waiting. A parked sender is never overtaken.
   *
   * @returns Whether the value was taken; false if `send` would have to wait.
   * @throws {ChannelClosedError} At once, with the value, if the channel is closed.
   */
  readonly trySend: (value: T) => boolean;
  /**
   * Sends each of `values`, in order, as if by `send`, without a promise for each. The source is
   * closed when it ends, and when the call rejects; what was accepted until then stays accepted.
   * `timeout` is for the whole call.
   *
   * @returns How many were accepted: all of them.
   */
  readonly sendMany: (
    values: Iterable<T> | AsyncIterable<T>,
    options?: WaitOptions,
  ) => Promise<number>;
  /** The case of a `select` that sends `value`. Sends nothing by itself. */
  readonly sendCase: (value: T) => SendCase;
  /**
   * Says that no more values will come. What is in the buffer and the sends already waiting are still
   * delivered; then every receive reports `done`. Receivers that wait are told at once. Only the first
   * of `close`, `fail` and `cancel` decides how the channel ends; later calls change nothing, except
   * that `cancel` still drops what is left.
   */
  readonly close: () => void;
  /** Like `close`, but after the values every receive rejects with `error` itself, each time. */
  readonly fail: (error: unknown) => void;
  /** Whether `close`, `fail` or `cancel` was called. Values may still be there to receive. */
  readonly closed: boolean;
  /** How many values the buffer holds. Senders that wait are not counted. */
  readonly size: number;
  /** How many values the buffer may hold; 0 for a rendezvous, `Infinity` for no bound. */
  readonly capacity: number;
}

/**
 * The receiving direction of a channel. Iterating it receives each value once; several loops over one
 * channel share its values. Leaving a loop early leaves a channel open and loses nothing.
 *
 * @typeParam T The values that are received.
 */
export interface Receiver<out T> extends AsyncIterable<T> {
  /**
   * Takes the next value; waits while there is none. Receivers are served in the order in which they
   * came. Whoever is waiting when the channel is closed reports `done`.
   *
   * @returns The value, or `done` when the channel is closed and drained. Rejects with the error of
   * `fail` when it is failed and drained. An aborted receive has taken nothing.
   */
  recv(options?: WaitOptions): Promise<Received<T>>;
  /**
   * Receives if that needs no waiting.
   *
   * @returns The value, `done` when the channel is closed and drained, undefined if `recv` would wait.
   * @throws The error of `fail`, at once, when the channel is failed and drained.
   */
  tryRecv(): Received<T> | undefined;
  /**
   * Takes what is there, as soon as there is something: at least one value and at most `max`, from the
   * buffer and from the senders that wait.
   *
   * @param max How many to take at most; 1 or more.
   * @returns The values, or an empty array when the channel is closed and drained.
   */
  recvMany(max: number, options?: WaitOptions): Promise<T[]>;
  /** Iterates in batches, each as if by `recvMany`: the fast way to drain a channel. */
  batches(max: number): AsyncIterable<T[]>;
  /**
   * Says that nobody reads any more: closes, drops the buffer (each value to `onDrop`), rejects the
   * sends that wait with `ChannelClosedError` (`cause` is the reason). Every receive, now and later,
   * reports `done`, also on a failed channel.
   *
   * @param reason Why; any value.
   */
  cancel(reason?: unknown): void;
  /** Whether the channel was closed, failed or cancelled. Values may still be there to receive. */
  readonly closed: boolean;
  /** How many values the buffer holds. Senders that wait are not counted. */
  readonly size: number;
  /** How many values the buffer may hold; 0 for a rendezvous, `Infinity` for no bound. */
  readonly capacity: number;
  /** Starts a loop. Each step is one receive; nothing is fetched ahead. */
  [Symbol.asyncIterator](): ChannelIterator<T>;
}

/**
 * The iterator of a channel. `next` is one receive; concurrent calls are legal and served in order.
 * `return` settles every `next` that waits, at once.
 *
 * @typeParam T The values that are received.
 */
export interface ChannelIterator<out T> extends AsyncIterableIterator<T> {
  /** Receives the next value, as `recv` does. */
  next(): Promise<IteratorResult<T, undefined>>;
  /** Ends the iteration: this and every later `next` reports `done`. */
  return(): Promise<IteratorResult<T, undefined>>;
  /** Returns the iterator itself. */
  [Symbol.asyncIterator](): ChannelIterator<T>;
}

/**
 * How a channel is made.
 *
 * @typeParam T The values of the channel.
 */
export interface ChannelOptions<T> {
  /**
   * What a send does when the buffer is full: `"wait"` (the default), or drop the oldest value in the
   * buffer, or the newest, which is the one being sent. A dropping channel needs a capacity of 1 or
   * more, and its sends never wait.
   */
  readonly overflow?: "wait" | "drop-oldest" | "drop-newest" | undefined;
  /**
   * Called with each accepted value that will never be received, because it was dropped by `overflow`
   * or by `cancel`. Never with the value of a send that rejects. The channel has completed its change
   * when it is called; what it throws goes to whoever caused the drop.
   */
  readonly onDrop?: ((value: T) => void) | undefined;
  /** Stands in error messages and inspection. */
  readonly name?: string | undefined;
}
