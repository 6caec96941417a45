/**
 * Waiting with a signal and a timeout.
 *
 * @module
 */
import { signalCase } from "./abort.ts";
import { arm, timeoutError } from "./alarm.ts";
import { PARK } from "./case.ts";
import { checkWait } from "./checks.ts";
import { clock } from "./clock.ts";
import { refused } from "./pace.ts";
import { hook, type Waiter } from "./waiter.ts";

/** How long an operation may wait. */
export interface WaitOptions {
  /**
   * Ends the wait: the operation rejects with `signal.reason`. If the signal is aborted already, the
   * operation rejects before it takes or gives anything, even if it could have gone at once.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds, 0 or more. After that the operation rejects with a `DOMException` named
   * `TimeoutError`. With 0 it tries once; an operation that can go at once always beats the timeout.
   */
  readonly timeout?: number | undefined;
}

/** Checks the options, and tells whether the operation is over before it began. */
export function isAborted(options: WaitOptions): boolean {
  checkWait(options);
  return Boolean(options.signal?.aborted);
}

/**
 * Lets a signal and a timeout end the parked operation that `waiter` stands for.
 *
 * @returns What its caller awaits.
 */
export function limit(
  waiter: Waiter,
  { signal, timeout = Infinity }: WaitOptions,
): Promise<unknown> {
  if (timeout === 0) {
    waiter.withdraw();
    return refused(timeoutError()); // paced: a loop of them never waits
  }
  if (timeout !== Infinity) {
    const alarm = hook(() => waiter.refuse(timeoutError()), waiter);
    alarm.deadline = clock.now() + timeout;
    arm(alarm, timeout);
  }
  if (signal !== undefined) {
    signalCase(signal)[PARK](hook((reason) => waiter.refuse(reason), waiter), false);
  }
  return waiter.promise;
}
