/**
 * A clock for schedules: time passes inside one step, and no turn of the event loop with it.
 *
 * @module
 */
import { type Clock, systemClock, useClock } from "../../internal/clock.ts";

/** Stands still until it is moved. */
export class SyncClock implements Clock {
  readonly #timers = new Map<object, { readonly at: number; readonly task: () => void }>();
  #now = 0;

  constructor() {
    useClock(this);
  }

  now(): number {
    return this.#now;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** As the real ones do, a timer that is set for too long rings at once. */
  setTimer(task: () => void, ms: number): unknown {
    const timer = {};
    this.#timers.set(timer, { at: this.#now + (ms < 2 ** 31 ? ms : 1), task });
    return timer;
  }

  clearTimer(timer: unknown): void {
    this.#timers.delete(timer as object);
  }

  /** Rings what is due, in the order of the times, before it returns. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let due = this.#next(end); due !== undefined; due = this.#next(end)) {
      const { at, task } = this.#timers.get(due)!;
      this.#timers.delete(due);
      this.#now = at;
      task();
    }
    this.#now = end;
  }

  /** Puts the real clock back. Nothing must be parked on this one any more. */
  restore(): void {
    useClock(systemClock);
  }

  #next(end: number): object | undefined {
    let first: object | undefined;
    let at = end;
    for (const [timer, due] of this.#timers) {
      if (due.at > at || (due.at === at && first !== undefined)) continue;
      first = timer;
      at = due.at;
    }
    return first;
  }
}
