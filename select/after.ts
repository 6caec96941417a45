/**
 * Moments to wait for in a select.
 *
 * @module
 */
import { arm } from "../internal/alarm.ts";
import { EMPTY, PARK, POLL, READY } from "../internal/case.ts";
import { checkNumber } from "../internal/checks.ts";
import { clock } from "../internal/clock.ts";
import type { Bell, Waiter } from "../internal/waiter.ts";

/** A moment to wait for in a select. Made by `after`. */
export class TimerCase {
  readonly #ms: number;
  readonly #deadline: number;
  #fired = false;
  /** If another select had the one firing, this one goes on waiting for its other cases. */
  readonly #ring: Bell = (_, waiter) => {
    if (this[POLL]() !== EMPTY) waiter.settle(false, undefined);
  };

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
  [PARK](waiter: Waiter): void {
    if (this.#fired || this.#deadline === Infinity) return;
    waiter.value = this.#ring;
    waiter.deadline = this.#deadline;
    arm(waiter, this.#ms);
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
  checkNumber("ms", ms, !Number.isNaN(ms), "a number of milliseconds");
  return new TimerCase(Math.max(ms, 0));
}
