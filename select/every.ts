/**
 * Ticks to receive.
 *
 * @module
 */
import { type Polled, ReceiverBase } from "../channel/base.ts";
import type { Receiver } from "../channel/types.ts";
import { watch } from "../internal/abort.ts";
import { alarm, arm } from "../internal/alarm.ts";
import { EMPTY, END, PARK, POLL, READY } from "../internal/case.ts";
import { checkNumber, checkOptions, checkSignal } from "../internal/checks.ts";
import { clock } from "../internal/clock.ts";
import { endAll, hook, type Waiter, WaitQueue } from "../internal/waiter.ts";

/** How ticks end. */
export interface EveryOptions {
  /** Ends the ticks, as `cancel` does: receivers report `done`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A receiver that ticks every `ms` milliseconds. Ticks are due at whole multiples of `ms` after this
 * call and do not drift. At most one waits to be received: late ones are merged, as in Go. A real timer
 * runs only while somebody waits.
 *
 * @param ms Milliseconds between two ticks, more than 0.
 * @param options A signal that ends the ticks.
 * @returns The ticks. The value of a tick is the number of the interval that is over, counted from 1, so
 * that a gap tells how many were merged. `cancel` and disposal end them.
 * @throws {TypeError} If `ms` is no number or the signal no `AbortSignal`.
 * @throws {RangeError} If `ms` is 0, less, NaN or infinite.
 *
 * @example Three ticks
 * ```ts
 * import { every } from "millrace";
 *
 * for await (const n of every(5)) {
 *   if (n >= 3) break;
 * }
 * ```
 */
export function every(ms: number, options: EveryOptions = {}): Receiver<number> & Disposable {
  checkNumber("ms", ms, ms > 0 && ms < Infinity, "finite and more than 0");
  checkOptions(options);
  checkSignal(options.signal);
  return new Ticker(ms, options.signal);
}

class Ticker extends ReceiverBase<number> {
  readonly #ms: number;
  readonly #start: number;
  readonly #signal: AbortSignal | undefined;
  readonly #receivers = new TickQueue("recv", this);
  #last = 0;
  #cancelled = false;

  constructor(ms: number, signal: AbortSignal | undefined) {
    super();
    this.#ms = ms;
    this.#start = clock.now();
    this.#signal = signal;
  }

  override get closed(): boolean {
    return this.#cancelled || this.#signal?.aborted === true;
  }

  override get size(): number {
    return !this.closed && this.#isDue() ? 1 : 0;
  }

  override get capacity(): number {
    return 1;
  }

  override cancel(): void {
    this.#cancelled = true;
    endAll(this.#receivers);
    this.#receivers.emptied();
  }

  override [READY](): boolean {
    return this.closed || this.#isDue();
  }

  override [POLL](): Polled<number> {
    if (this.closed) return END;
    return this.#isDue() ? this.#last = this.#due() : EMPTY;
  }

  override [PARK](waiter: Waiter, shuffle: boolean): void {
    this.#receivers.push(waiter, shuffle);
    if (this.#receivers.alarm === undefined) this.#arm();
  }

  /** Serves who came first, and no other: the next tick is for the next. */
  #tick(): void {
    const due = this.#due();
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) {
      this.#last = due;
      receiver.settle(false, due);
    }
    this.#receivers.emptied();
    if (!this.#receivers.empty) this.#arm();
  }

  /** A late tick is for whoever waits, not for whoever comes before the timer rings. */
  #isDue(): boolean {
    return this.#receivers.empty && this.#due() > this.#last;
  }

  #arm(): void {
    const entry = alarm(this.#start + (this.#last + 1) * this.#ms, () => this.#tick());
    this.#receivers.alarm = entry;
    arm(entry, this.#ms);
    if (this.#signal !== undefined) watch(this.#signal, hook(() => this.cancel(), entry));
  }

  /** The number of the last tick that is due, without the rounding of a bare division. */
  #due(): number {
    const now = clock.now();
    const n = Math.floor((now - this.#start) / this.#ms);
    return this.#start + (n + 1) * this.#ms <= now ? n + 1 : n;
  }
}

/** Those who wait for a tick; the alarm is there while somebody does. */
class TickQueue extends WaitQueue {
  alarm: Waiter | undefined;

  override emptied(): void {
    this.alarm?.withdraw();
    this.alarm = undefined;
  }
}
