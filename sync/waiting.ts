/**
 * What the primitives share: an operation that cannot finish parks, and a later call wakes it.
 *
 * @module
 */
import { backlog } from "../internal/pace.ts";
import { limit, type WaitOptions } from "../internal/wait.ts";
import type { Report, Waiter, WaitQueue } from "../internal/waiter.ts";

/** What a primitive answers to `COUNTS`. */
export interface Waiting {
  /** How many operations are parked. */
  readonly waiting: number;
}

/** As `wake` was told. What it is told is made here and has no `then`: it would run code. */
export const asGiven: Report = (_done, value) => value;

/** Parks an operation behind all who came before. */
export function park<W extends Waiter, R>(
  queue: WaitQueue<W>,
  waiter: W,
  options: WaitOptions | undefined,
): Promise<R> {
  queue.push(waiter);
  return (options === undefined ? waiter.promise : limit(waiter, options)) as Promise<R>;
}

/**
 * Settles a waiter that has left its queue. Two tasks that wake each other are a loop in which no
 * operation finishes at once, so no promise of theirs is ever paced: the wake-up counts for the guard of
 * the event loop instead. It is committed in any case; an abort that comes now is late.
 */
export function wake(waiter: Waiter, given?: unknown): void {
  waiter.withdraw();
  const list = backlog();
  if (list === undefined) waiter.settle(false, given);
  else list.push(() => waiter.settle(false, given));
}
