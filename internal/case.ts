/**
 * What select can wait for. A receiver, a send case, a timer and a signal answer to these
 * symbols; select knows nothing else about them, and they know nothing about select.
 *
 * @module
 */
import type { Ring } from "./ring.ts";
import type { Failure, Waiter, WaitQueue } from "./waiter.ts";

export type { Failure };

/** Whether `POLL` would do something now. */
export const READY: unique symbol = Symbol("ready");
/** Does it, if that needs no waiting: the outcome's value, `END`, or `EMPTY`. */
export const POLL: unique symbol = Symbol("poll");
/** What went wrong, if the answer was `END` because of a failure. */
export const FAILURE: unique symbol = Symbol("failure");
/** Waits for it. Only in the same turn in which `POLL` answered `EMPTY`: parking matches nobody. */
export const PARK: unique symbol = Symbol("park");
/**
 * Asks for what was parked for, once the whole operation is parked: a source is code of the user's,
 * which may settle that very operation.
 */
export const ASK: unique symbol = Symbol("ask");
/** Whether `trySend` would do something now. */
export const SEND_READY: unique symbol = Symbol("send ready");
/** Waits for a receiver or for room, with the value in the waiter. */
export const PARK_SEND: unique symbol = Symbol("park send");
/** The counts of a primitive, for tests and inspection. */
export const COUNTS: unique symbol = Symbol("counts");
/** What a channel is made of, for tests and for a bridge to other threads. */
export const PARTS: unique symbol = Symbol("parts");

/** Would wait. */
export const EMPTY: unique symbol = Symbol("empty");
/** Closed and drained, or failed: nothing else will come. */
export const END: unique symbol = Symbol("end");

/** One alternative of a select. */
export interface Case {
  [READY](): boolean;
  [POLL](): unknown;
  /** Absent if it cannot fail. */
  [FAILURE]?(): Failure | undefined;
  /** @param shuffle Whether to take a random place among the waiters of the same decision. */
  [PARK](waiter: Waiter, shuffle: boolean): void;
  /** Absent if nobody need be asked. */
  [ASK]?(): void;
}

/** What `PARTS` answers. */
export interface Parts<T> {
  readonly buffer: Ring<T>;
  readonly receivers: WaitQueue;
  readonly senders: WaitQueue;
  readonly onDrop: ((value: T) => void) | undefined;
}

/** The counts of a channel. */
export interface Counts {
  readonly size: number;
  readonly capacity: number;
  /** Parked senders. */
  readonly senders: number;
  /** Parked receivers. */
  readonly receivers: number;
  readonly closed: boolean;
}
