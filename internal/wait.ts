/**
 * Waiting with a signal and a timeout.
 *
 * @module
 */
import { watch } from "./abort.ts";
import { Alarm, arm, timeoutError } from "./alarm.ts";
import { clock } from "./clock.ts";
import { Hook, type Waiter } from "./waiter.ts";

/** How long an operation may wait, checked. */
export interface Limits {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
}

/** Lets a signal and a timeout end the parked operation that `waiter` stands for. */
export function limit(waiter: Waiter, { signal, timeout }: Limits): void {
  if (timeout === 0) return waiter.refuse(timeoutError());
  if (timeout !== undefined && timeout !== Infinity) {
    const expire = () => waiter.refuse(timeoutError());
    arm(new Alarm(clock.now() + timeout, expire, waiter), timeout);
  }
  if (signal !== undefined) watch(signal, new Hook((reason) => waiter.refuse(reason), waiter));
}
