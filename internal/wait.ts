/**
 * Waiting with a signal and a timeout.
 *
 * @module
 */
import { abortable } from "./abort.ts";
import { arm, Timeout, timeoutError } from "./alarm.ts";
import type { Waiter } from "./waiter.ts";

/** How long an operation may wait, checked. */
export interface Limits {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
}

/** Lets a signal and a timeout end the parked operation that `waiter` stands for. */
export function limit(waiter: Waiter, { signal, timeout }: Limits): void {
  if (timeout === 0) return waiter.refuse(timeoutError(0));
  if (timeout !== undefined && timeout !== Infinity) arm(new Timeout(waiter, timeout), timeout);
  if (signal !== undefined) abortable(waiter, signal);
}
