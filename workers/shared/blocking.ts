/**
 * Waiting that blocks the thread, in threads only: a main thread that stands still can neither answer nor log.
 *
 * A wake takes 10 µs and more, so a thread looks for a while before it sleeps. Where every core is taken that
 * only takes time away from the thread that is waited for, so it does so only as long as it pays.
 *
 * @module
 */
import { timeoutError } from "../../internal/alarm.ts";
import { EMPTY, END } from "../../internal/case.ts";
import { checkNumber, checkOptions } from "../../internal/checks.ts";
import { Waiter } from "../../internal/waiter.ts";
import type { Received } from "../../channel/types.ts";
import { isMainThread } from "../runtime.ts";
import { Pump } from "./pump.ts";
import type { SharedEnd } from "./shared_end.ts";

/** How long an operation may block. */
export interface SyncOptions {
  /** Milliseconds, 0 or more. After that the operation throws a `DOMException` named `TimeoutError`. */
  readonly timeout?: number | undefined;
}

/** Microseconds that a thread looks before it sleeps. */
const SPIN = 0.01;
/** Looks between two readings of the clock. */
const LOOKS = 8;
/** Below this rate of success nobody looks any more, but for one in so many waits. */
const WORTH = 0.2;
const TRY_AGAIN = 32;

const pause = (Atomics as { pause?: () => void }).pause?.bind(Atomics) ?? (() => {});

let success = 1;
let waits = 0;
/** Whether this thread may be blocked; undefined until somebody asks. */
let blockable: boolean | undefined;

/** Sends, and blocks while there is no room. */
export function sendSync<T>(end: SharedEnd<T>, value: T, options?: SyncOptions): void {
  const timeout = checkBlocking(options);
  const cargo = end.give(value);
  if (cargo === undefined || spin(() => end.writable) && end.senders.empty && end.giveKept(cargo)) {
    return;
  }
  let sent = false;
  const waiter = new Waiter(() => sent = true);
  waiter.value = cargo;
  end.senders.park(waiter);
  end.senders.serve();
  if (waiter.parked) sleepWhileParked(Pump.of(end.domain), waiter, timeout);
  if (!sent) throw end.refusal(value);
}

/** Receives, and blocks while there is nothing. */
export function receiveSync<T>(end: SharedEnd<T>, options?: SyncOptions): Received<T> {
  const timeout = checkBlocking(options);
  for (;;) {
    let value = end.take();
    if (value === EMPTY && spin(() => end.readable)) value = end.take();
    if (value === END) return ended(end);
    if (value !== EMPTY) return { done: false, value };
    let received: Received<T> | undefined;
    const waiter = new Waiter((done, value) => received = { done, value } as Received<T>);
    end.receivers.park(waiter);
    end.receivers.serve();
    if (waiter.parked) sleepWhileParked(Pump.of(end.domain), waiter, timeout);
    if (received !== undefined) return received;
    // It was refused, since the channel has failed: so is the next attempt.
    waiter.promise.catch(() => {});
  }
}

/** Checks that this thread may be blocked. Answers for how long. */
export function checkBlocking(options?: SyncOptions): number {
  blockable ??= !isMainThread();
  if (!blockable) {
    throw new Error(
      "Cannot block the main thread: use the form that is awaited, or do it in a worker",
    );
  }
  if (options === undefined) return Infinity;
  checkOptions(options);
  const { timeout = Infinity } = options;
  checkNumber("options.timeout", timeout, timeout >= 0, "0 ms or more");
  return timeout;
}

/**
 * Blocks until `waiter` is settled. Meanwhile all that this thread has parked is served, whatever it waits for.
 *
 * @throws {DOMException} A `TimeoutError`; then the operation is withdrawn.
 */
export function sleepWhileParked(pump: Pump, waiter: Waiter, timeout: number): void {
  const { domain } = pump;
  const deadline = performance.now() + timeout;
  for (let seen = domain.bellValue(); waiter.parked; seen = domain.bellValue()) {
    pump.lookAll();
    if (!waiter.parked) return;
    const left = deadline - performance.now();
    if (left <= 0) {
      waiter.withdraw();
      throw timeoutError();
    }
    pump.sleep(seen, left);
    if (!domain.alive) throw new Error("Cannot wait in shared memory: this thread was given up");
  }
}

/** Looks whether it is ready for as long as that pays. */
export function spin(ready: () => boolean): boolean {
  if (success < WORTH && ++waits % TRY_AGAIN !== 0) return false;
  const until = performance.now() + SPIN;
  do {
    for (let i = 0; i < LOOKS; i++) {
      if (ready()) return learn(1);
      pause();
    }
  } while (performance.now() < until);
  return learn(0);
}

function learn(outcome: 0 | 1): boolean {
  success += (outcome - success) / 16;
  return outcome === 1;
}

function ended(end: SharedEnd<never> | SharedEnd<unknown>): Received<never> {
  const { failure } = end;
  if (failure !== undefined) throw failure.error;
  return { done: true, value: undefined };
}
