/**
 * Sending many values, for every kind of channel.
 *
 * @module
 */
import { timeoutError } from "../internal/alarm.ts";
import { check } from "../internal/checks.ts";
import { clock } from "../internal/clock.ts";
import { pause, refused } from "../internal/pace.ts";
import { isAborted, limit } from "../internal/wait.ts";
import { asReceived, Waiter } from "../internal/waiter.ts";
import type { Sender, WaitOptions } from "./types.ts";

/** What is needed of a sender. */
export type Target<T> = Pick<Sender<T>, "closed" | "size" | "capacity" | "trySend" | "send">;

/** Sends each of `values` in order. The contract is documented on `Sender`. */
export function sendMany<T>(
  to: Target<T>,
  values: Iterable<T> | AsyncIterable<T>,
  options?: WaitOptions,
): Promise<number> {
  const { [Symbol.asyncIterator]: open, [Symbol.iterator]: openSync } = Object(values);
  const opens = open ?? openSync;
  check(typeof opens === "function", "values must be iterable", values);
  if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
  const start = () => opens.call(values) as AnyIterator<T>;
  const promise: Promise<number> = sendAll(to, start, opens === open, options, () => {
    // As with a single send: one that was legal when made must not end the process.
    promise.catch(ignore);
  });
  return promise;
}

type AnyIterator<T> = Iterator<T> & AsyncIterator<T>;

/** Steps by hand: neither `for` loop can leave a source that does not answer. */
async function sendAll<T>(
  to: Target<T>,
  start: () => AnyIterator<T>,
  isAsync: boolean,
  options: WaitOptions | undefined,
  onCutOff: () => void,
): Promise<number> {
  const { signal, timeout = Infinity } = options ?? {};
  const deadline = clock.now() + timeout;
  const limits = () => options && { signal, timeout: Math.max(deadline - clock.now(), 0) };
  const source = start();
  // Whether the source owes an answer, a send waits that was legal when made, one has waited, the time is over.
  let asked = false, sending = false, full = false, expired = false;
  try {
    for (let accepted = 0;; accepted++) {
      asked = true;
      const answer = source.next() as IteratorResult<T> & Promise<IteratorResult<T>>;
      const { done, value }: IteratorResult<T> = isAsync ? await within(answer, limits()) : answer;
      asked = false;
      if (done && accepted === 0) await pause(); // nothing else has slowed down a loop of these
      if (done) return accepted;
      if (expired) throw timeoutError();
      if (to.closed || signal?.aborted || !to.trySend(value)) {
        sending = !to.closed;
        await to.send(value, limits());
        sending = false;
        full = true;
        continue;
      }
      // The limits do not end this wait: if that was the last value, all are accepted, and they are late.
      const turn = pause();
      // A buffer that was full is filled no faster than a loop of awaited sends would: in one go, each value
      // would have to wait for room. It costs a consumer of single values a third (measured, Node and Deno).
      if (turn === undefined && !(full && to.size * 2 >= to.capacity)) continue;
      await turn;
      expired = options !== undefined && clock.now() >= deadline;
    }
  } catch (error) {
    if (sending && to.closed) onCutOff();
    // One that owes an answer is not waited for, and one that threw instead is not to be closed.
    if (!asked) await close(source);
    else if (signal?.aborted || clock.now() >= deadline) void close(source);
    throw error;
  }
}

/** What is awaited, unless the signal or the timeout comes first. */
function within<T>(answer: T | Promise<T>, limits: WaitOptions | undefined): T | Promise<T> {
  if (limits === undefined) return answer;
  const waiter = new Waiter(asReceived);
  const limited = limit(waiter, limits) as Promise<never>;
  return Promise.race([answer, limited]).finally(() => waiter.withdraw());
}

/** An error of the source's `finally` must not hide why it is closed. */
async function close(source: Iterator<unknown> | AsyncIterator<unknown>): Promise<void> {
  try {
    await source.return?.();
  } catch {
    // see above
  }
}

function ignore(): void {}
