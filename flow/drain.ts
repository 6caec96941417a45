/**
 * Taking every value of a source, as the ends of flows do.
 *
 * @module
 */
import type { Polled, Receiver, WaitOptions } from "../channel/mod.ts";
import { EMPTY, END, POLL } from "../internal/case.ts";
import { check } from "../internal/checks.ts";
import { pause } from "../internal/pace.ts";
import { flowOf } from "./from.ts";
import type { Source } from "./types.ts";

/** What is done with a value. It answers a promise if the next value has to wait for it. */
export type Take<T> = (value: T) => PromiseLike<unknown> | undefined;

/** A receiver that can be asked without a promise. */
interface Polling<T> extends Receiver<T> {
  [POLL](): Polled<T>;
}

/** Throws unless `source` can be iterated. */
export function checkSource(source: unknown): void {
  const { [Symbol.asyncIterator]: open, [Symbol.iterator]: openSync, getReader } = Object(source);
  const ok = [open, openSync, getReader].some((method) => typeof method === "function");
  check(ok, "source must be iterable", source);
}

/**
 * Gives each value of `source` to `take`, in order. No promise is made for values that are at hand, and
 * none is taken before the one before it is done with, so that an error loses none of a channel's.
 *
 * Rejects with the first error, of the source or of `take`, once the source is closed.
 *
 * @param signal Ends it, also while the source is silent.
 */
export function drain<T>(source: Source<T>, take: Take<T>, signal?: AbortSignal): Promise<void> {
  if (isPolling(source)) return drainReceiver(source, take, signal);
  const { [Symbol.asyncIterator]: open, [Symbol.iterator]: openSync, getReader } =
    source as Partial<
      AsyncIterable<T> & Iterable<T> & ReadableStream<T>
    >;
  const isAsync = typeof open === "function" || typeof getReader === "function";
  if (!isAsync && typeof openSync === "function") {
    return drainNow(source as Iterable<T>, take, signal);
  }
  // A flow can be left while its source is silent, and knows streams; the loop is faster.
  if (signal !== undefined || typeof getReader === "function") {
    return drainReceiver(flowOf(source, 0), take, signal);
  }
  return drainLater(source as AsyncIterable<T>, take);
}

async function drainNow<T>(source: Iterable<T>, take: Take<T>, signal?: AbortSignal) {
  signal?.throwIfAborted();
  for (const value of source) {
    const turn = take(value) ?? pause();
    if (turn !== undefined) await turn;
    signal?.throwIfAborted();
  }
}

async function drainLater<T>(source: AsyncIterable<T>, take: Take<T>) {
  for await (const value of source) {
    const turn = take(value) ?? pause();
    if (turn !== undefined) await turn;
  }
}

async function drainReceiver<T>(from: Polling<T>, take: Take<T>, signal?: AbortSignal) {
  try {
    await receiveAll(from, take, signal);
  } catch (error) {
    await leave(from);
    throw error;
  }
}

async function receiveAll<T>(from: Polling<T>, take: Take<T>, signal?: AbortSignal) {
  const options: WaitOptions | undefined = signal === undefined ? undefined : { signal };
  for (;;) {
    signal?.throwIfAborted();
    let value: Polled<T> = from[POLL]();
    if (value === EMPTY || value === END) {
      const received = await from.recv(options);
      if (received.done) return;
      ({ value } = received);
    }
    const turn = take(value) ?? pause();
    if (turn !== undefined) await turn;
  }
}

/** As a loop that is left by a throw: an error of a `finally` upstream does not hide the first. */
async function leave(receiver: Receiver<unknown>): Promise<void> {
  try {
    await receiver[Symbol.asyncIterator]().return();
  } catch {
    // see above
  }
}

/** Whether `source` is a receiver of ours. */
export function isPolling<T>(source: Source<T>): source is Polling<T> {
  const { [POLL]: poll, recv } = Object(source) as Partial<Polling<T>>;
  return typeof poll === "function" && typeof recv === "function";
}
