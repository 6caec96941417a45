/**
 * Time moved by hand.
 *
 * @module
 */
import { checkNumber } from "../internal/checks.ts";
import { type Clock, systemClock, useClock } from "../internal/clock.ts";
import { idle } from "./idle.ts";

/** A clock that stands still until it is moved. */
export interface FakeClock {
  /** Milliseconds since the clock was put in use. */
  readonly now: number;
  /** Timers that are set and have not rung. */
  readonly timers: number;
  /**
   * Moves the clock, and rings the timers on the way in the order of their times. After each it waits
   * until nothing can move.
   *
   * @param ms Milliseconds, 0 or more.
   * @throws {TypeError} If it is no number.
   * @throws {RangeError} If it is negative, NaN or infinite.
   */
  advance(ms: number): Promise<void>;
  /** Puts the real clock back. Timers that have not rung never will. */
  restore(): void;
}

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/**
 * Replaces the clock of `after`, `every` and of all timeouts by one that is moved by hand.
 *
 * @example
 * ```ts
 * import { after, select } from "millrace";
 * import { useFakeClock } from "millrace/testing";
 *
 * const clock = useFakeClock();
 * const r = select({ late: after(60_000) });
 * await clock.advance(60_000);
 * console.log((await r).key); // late
 * clock.restore();
 * ```
 */
export function useFakeClock(): FakeClock {
  let now = 0;
  const timers = new Set<Timer>();
  const fake: Clock = {
    now: () => now,
    setTimer(task, ms) {
      const timer: Timer = { at: now + ms, task };
      timers.add(timer);
      return timer;
    },
    clearTimer: (timer) => void timers.delete(timer as Timer),
  };
  useClock(fake);
  const advanceTo = async (end: number) => {
    for (await idle();; await idle()) {
      const next = firstOf(timers);
      if (next === undefined || next.at > end) break;
      timers.delete(next);
      now = Math.max(now, next.at);
      next.task();
    }
    now = Math.max(now, end); // somebody else may move it too
  };
  return {
    get now() {
      return now;
    },
    get timers() {
      return timers.size;
    },
    advance(ms) {
      checkNumber("ms", ms, ms >= 0 && ms < Infinity, "finite and 0 or more");
      return advanceTo(now + ms);
    },
    restore() {
      useClock(systemClock);
    },
  };
}

/** The timer that rings next; of those at one time, the one that was set first. */
function firstOf(timers: ReadonlySet<Timer>): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) if (first === undefined || timer.at < first.at) first = timer;
  return first;
}
