/**
 * The clock of timers and timeouts, replaceable by the fake clock of `millrace/testing`.
 *
 * @module
 */

/** What tells the time and calls back. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls `task` after `ms`. The process lives until then. */
  setTimer(task: () => void, ms: number): unknown;
  /** Takes a timer back. */
  clearTimer(timer: unknown): void;
}

/** The runtime's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (task, ms) => setTimeout(task, ms),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** The clock in use. */
export let clock: Clock = systemClock;

/** Puts another clock in use. */
export function useClock(other: Clock): void {
  clock = other;
}
