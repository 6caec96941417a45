/**
 * Time moved by hand.
 *
 * @module
 */
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
  return {
    get now() {
      return now;
    },
    get timers() {
      return timers.size;
    },
    async advance(ms) {
      const end = now + ms;
      for (await idle();; await idle()) {
        const next = [...timers].reduce<Timer | undefined>(
          (first, timer) => first === undefined || timer.at < first.at ? timer : first,
          undefined,
        );
        if (next === undefined || next.at > end) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.task();
      }
      now = end;
    },
    restore() {
      useClock(systemClock);
    },
  };
}
