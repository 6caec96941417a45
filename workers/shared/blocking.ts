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
import type { Polled } from "../../channel/base.ts";
import type { Received } from "../../channel/types.ts";
import { isMainThread } from "../runtime.ts";
import { Pump } from "./pump.ts";
import type { Domain } from "./domain.ts";
import { type AnyEnd, refusalOf, type SharedEnd } from "./shared_end.ts";

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

/** Milliseconds of a nap. The system makes it 0.07 and more. */
const NAP = 0.005;

const pause = (Atomics as { pause?: () => void }).pause?.bind(Atomics) ?? (() => {});

/** How often looking was worth it, lately. */
interface Luck {
  success: number;
  waits: number;
}
const BLOCKING: Luck = { success: 1, waits: 0 };
const VALUE_AWAITED: Luck = { success: 1, waits: 0 };
const ROOM_AWAITED: Luck = { success: 1, waits: 0 };
/** Whether this thread may be blocked; undefined until somebody asks. */
let blockable: boolean | undefined;

/** Sends, and blocks while there is no room. */
export function sendSync<T>(end: SharedEnd<T>, value: T, options?: SyncOptions): void {
  const timeout = checkBlocking(options);
  const header = end.offer(value);
  if (header >= 0) waitForRoom(end, value, header, timeout);
}

function waitForRoom<T>(end: SharedEnd<T>, value: T, header: number, timeout: number): void {
  if (spin(() => end.writable) && end.offerAgain(value, header)) return;
  if (
    timeout === Infinity && end.wokenTooSoon() && nap(end.domain) && end.offerAgain(value, header)
  ) return;
  let sent = false;
  const waiter = new Waiter(() => sent = true);
  waiter.value = end.records.keep(value, header);
  end.senders.park(waiter);
  end.senders.serve();
  if (waiter.parked) sleepWhileParked(Pump.of(end.domain), waiter, timeout);
  if (sent) return;
  const refusal = refusalOf(waiter);
  throw refusal === undefined ? end.refusal(value) : refusal.error;
}

/** Receives, and blocks while there is nothing. */
export function receiveSync<T>(end: SharedEnd<T>, options?: SyncOptions): Received<T> {
  const timeout = checkBlocking(options);
  const value = end.take();
  if (value === EMPTY) return waitForValue(end, timeout);
  return value === END ? ended(end) : { done: false, value };
}

function waitForValue<T>(end: SharedEnd<T>, timeout: number): Received<T> {
  for (;;) {
    let value: Polled<T> = EMPTY;
    if (spin(() => end.seemsReadable)) value = end.take();
    if (value === END) return ended(end);
    if (value !== EMPTY) return { done: false, value };
    let received: Received<T> | undefined;
    const waiter = new Waiter((done, value) => received = { done, value } as Received<T>);
    end.receivers.park(waiter);
    end.receivers.serve();
    if (waiter.parked) sleepWhileParked(Pump.of(end.domain), waiter, timeout);
    if (received !== undefined) return received;
    const refusal = refusalOf(waiter);
    if (refusal !== undefined) throw refusal.error;
    // The channel has failed: the next attempt says so.
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
    checkAlive(domain);
  }
}

/** Rests a little without being woken. Answers true: then it is worth another look. */
function nap(domain: Domain): boolean {
  Atomics.wait(domain.words, domain.bell, domain.bellValue(), NAP);
  checkAlive(domain);
  return true;
}

function checkAlive(domain: Domain): void {
  if (!domain.alive) throw new Error("Cannot wait in shared memory: this thread was given up");
}

/** Looks whether it is ready for as long as that pays. */
export function spin(ready: () => boolean, luck = BLOCKING): boolean {
  if (luck.success < WORTH && ++luck.waits % TRY_AGAIN !== 0) return false;
  const until = performance.now() + SPIN;
  let outcome = false;
  do {
    for (let i = 0; i < LOOKS && !outcome; i++) {
      outcome = ready();
      if (!outcome) pause();
    }
  } while (!outcome && performance.now() < until);
  luck.success += ((outcome ? 1 : 0) - luck.success) / 16;
  return outcome;
}

/**
 * Looks whether a value comes before a receive parks that will be awaited: the wake that this may save costs as
 * much as the looks, and more, in both threads.
 */
export function linger(end: AnyEnd): boolean {
  return maySpin(end) && spin(() => end.seemsReadable, VALUE_AWAITED);
}

/** As `linger`, before a send parks. */
export function lingerForRoom(end: AnyEnd): boolean {
  return maySpin(end) && spin(() => end.writable, ROOM_AWAITED);
}

/** As `lingerForRoom`, for a batch: it had better not go in one by one, behind each value that is taken. */
export function lingerForBatch(end: AnyEnd): boolean {
  return maySpin(end) && spin(() => end.size * 4 <= end.capacity * 3, ROOM_AWAITED);
}

/** Whether another thread may see to it, and nobody of this one came before. */
function maySpin(end: AnyEnd): boolean {
  return end.receivers.empty && end.senders.empty && end.shared;
}

function ended(end: AnyEnd): Received<never> {
  const { failure } = end;
  if (failure !== undefined) throw failure.error;
  return { done: true, value: undefined };
}
