/**
 * Moments to wait for in a select.
 *
 * @module
 */
import { Alarm, arm } from "../internal/alarm.ts";
import { type Case, EMPTY, type Failure, FAILURE, PARK, POLL, READY } from "../internal/case.ts";
import { show } from "../internal/checks.ts";
import { clock } from "../internal/clock.ts";
import type { Waiter } from "../internal/waiter.ts";

/** A moment to wait for in a select. Made by `after`. */
export class TimerCase implements Case {
  readonly #ms: number;
  readonly #deadline: number;
  #fired = false;

  /** @internal */
  constructor(ms: number) {
    this.#ms = ms;
    this.#deadline = clock.now() + ms;
  }

  /** Whether it has happened to a select. It is never ready again. */
  get fired(): boolean {
    return this.#fired;
  }

  /** @internal */
  [READY](): boolean {
    return !this.#fired && clock.now() >= this.#deadline;
  }

  /** @internal */
  [POLL](): unknown {
    if (!this[READY]()) return EMPTY;
    this.#fired = true;
    return undefined;
  }

  /** @internal */
  [FAILURE](): Failure | undefined {
    return undefined;
  }

  /** @internal */
  [PARK](waiter: Waiter): void {
    if (!this.#fired && this.#deadline !== Infinity) {
      arm(new CaseAlarm(this, this.#deadline, waiter), this.#ms);
    }
  }
}

class CaseAlarm extends Alarm {
  readonly #timer: TimerCase;
  readonly #waiter: Waiter;

  constructor(timer: TimerCase, deadline: number, waiter: Waiter) {
    super(deadline);
    this.#timer = timer;
    this.#waiter = waiter;
    this.join(waiter);
  }

  /** Another select may have had the one firing; then this one waits for its other cases. */
  override fire(): void {
    if (this.#timer[POLL]() !== EMPTY) this.#waiter.settle(false, undefined);
  }
}

/**
 * A case of a select that becomes ready `ms` milliseconds after this call, once. A real timer runs only
 * while a select waits for it, so one that loses costs nothing and does not keep the process alive.
 *
 * @param ms Milliseconds; 0 or less is ready at once. Any length will do, also beyond 2^31.
 * @returns A case for `select`. One that has fired is never ready again.
 * @throws {TypeError} If `ms` is no number.
 * @throws {RangeError} If `ms` is NaN.
 *
 * @example A timeout
 * ```ts
 * import { after, Channel, select } from "millrace";
 *
 * const answers = new Channel<string>();
 * const r = await select({ answer: answers, late: after(10) });
 * console.log(r.key); // late
 * ```
 */
export function after(ms: number): TimerCase {
  if (typeof ms !== "number") throw new TypeError(`ms must be a number: ${show(ms)}`);
  if (Number.isNaN(ms)) throw new RangeError(`ms must be a number of milliseconds: ${ms}`);
  return new TimerCase(Math.max(ms, 0));
}
