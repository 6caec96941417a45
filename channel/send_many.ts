/**
 * Sending many values, for every kind of channel.
 *
 * @module
 */
import { timeoutError } from "../internal/alarm.ts";
import { check } from "../internal/checks.ts";
import { clock } from "../internal/clock.ts";
import { pause, refused } from "../internal/pace.ts";
import { limit } from "../internal/wait.ts";
import { asReceived, Waiter } from "../internal/waiter.ts";
import { isAborted } from "./base.ts";
import type { Sender, WaitOptions } from "./types.ts";

/** Sends each of `values` in order. The contract is documented on `Sender`. */
export function sendMany<T>(
  to: Sender<T>,
  values: Iterable<T> | AsyncIterable<T>,
  options: WaitOptions = {},
): Promise<number> {
  const { [Symbol.asyncIterator]: open, [Symbol.iterator]: openSync } = Object(values);
  const opens = open ?? openSync;
  check(typeof opens === "function", "values must be iterable", values);
  if (isAborted(options)) return refused(options.signal?.reason);
  const promise: Promise<number> = sendAll(to, opens.call(values), opens === open, options, () => {
    // As with a single send: one that was legal when made must not end the process.
    promise.catch(ignore);
  });
  return promise;
}

/** Steps by hand: neither `for` loop can leave a source that does not answer. */
async function sendAll<T>(
  to: Sender<T>,
  source: Iterator<T> & AsyncIterator<T>,
  isAsync: boolean,
  { signal, timeout = Infinity }: WaitOptions,
  onCutOff: () => void,
): Promise<number> {
  const deadline = clock.now() + timeout;
  const limits = () => ({ signal, timeout: Math.max(deadline - clock.now(), 0) });
  let answered = false;
  try {
    for (let accepted = 0;; accepted++) {
      answered = false;
      const next = source.next() as IteratorResult<T> & Promise<IteratorResult<T>>;
      const { done, value }: IteratorResult<T> = isAsync ? await within(next, limits()) : next;
      answered = true;
      if (done) return accepted;
      if (to.closed || signal?.aborted || !to.trySend(value)) {
        await sendOne(to, value, limits(), onCutOff);
        continue;
      }
      const turn = pause();
      if (turn === undefined) continue;
      await turn;
      if (clock.now() >= deadline) throw timeoutError();
    }
  } catch (error) {
    const closing = answered || isAsync ? close(source) : undefined;
    if (answered) await closing;
    throw error;
  }
}

async function sendOne<T>(
  to: Sender<T>,
  value: T,
  limits: WaitOptions,
  onCutOff: () => void,
): Promise<void> {
  const legal = !to.closed;
  try {
    await to.send(value, limits);
  } catch (error) {
    if (legal && to.closed) onCutOff();
    throw error;
  }
}

/** What the source answers, unless the signal or the timeout comes first. */
function within<T>(answer: Promise<IteratorResult<T>>, limits: WaitOptions) {
  const waiter = new Waiter(asReceived);
  answer.then(
    ({ done, value }) => waiter.settle(done === true, value),
    (error) => waiter.refuse(error),
  );
  limit(waiter, limits);
  return waiter.promise as Promise<IteratorResult<T>>;
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
