/**
 * Sending many values, for every kind of channel.
 *
 * @module
 */
import { timeoutError } from "../internal/alarm.ts";
import { show } from "../internal/checks.ts";
import { clock } from "../internal/clock.ts";
import { pause, refused } from "../internal/pace.ts";
import { limit } from "../internal/wait.ts";
import { asReceived, Waiter } from "../internal/waiter.ts";
import { isAborted } from "./base.ts";
import type { Received, Sender, WaitOptions } from "./types.ts";

/** Sends each of `values` in order. The contract is documented on `Sender`. */
export function sendMany<T>(
  to: Sender<T>,
  values: Iterable<T> | AsyncIterable<T>,
  options: WaitOptions = {},
): Promise<number> {
  const source = values as Partial<Iterable<T> & AsyncIterable<T>> | null | undefined;
  const isAsync = typeof source?.[Symbol.asyncIterator] === "function";
  if (!isAsync && typeof source?.[Symbol.iterator] !== "function") {
    throw new TypeError(`values must be iterable: ${show(values)}`);
  }
  if (isAborted(options)) return refused(options.signal?.reason);
  const job = new SendMany(to, options);
  const promise: Promise<number> = isAsync
    ? job.fromAsync(values as AsyncIterable<T>)
    : job.fromSync(values as Iterable<T>);
  // As with a single send: one that was legal when made must not end the process.
  job.onCutOff = () => void promise.catch(ignore);
  return promise;
}

class SendMany<T> {
  readonly #to: Sender<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #timeout: number;
  readonly #deadline: number;
  #accepted = 0;
  onCutOff: () => void = ignore;

  constructor(to: Sender<T>, { signal, timeout = Infinity }: WaitOptions) {
    this.#to = to;
    this.#signal = signal;
    this.#timeout = timeout;
    this.#deadline = timeout === Infinity ? Infinity : clock.now() + timeout;
  }

  /** `for of` closes the source when a send rejects. */
  async fromSync(values: Iterable<T>): Promise<number> {
    for (const value of values) {
      const wait = this.#send(value);
      if (wait !== undefined) await wait;
    }
    return this.#accepted;
  }

  /** Steps by hand: `for await` cannot leave a source that does not answer. */
  async fromAsync(values: AsyncIterable<T>): Promise<number> {
    const source = values[Symbol.asyncIterator]();
    let answered = false;
    try {
      for (;;) {
        answered = false;
        const step = await this.#within(source.next());
        answered = true;
        if (step.done) return this.#accepted;
        await this.#send(step.value);
      }
    } catch (error) {
      const closing = Promise.resolve(source.return?.()).catch(ignore);
      if (answered) await closing;
      throw error;
    }
  }

  /** Undefined if the value went at once and the next may follow. */
  #send(value: T): Promise<void> | undefined {
    if (!this.#to.closed && this.#signal?.aborted !== true && this.#to.trySend(value)) {
      this.#accepted++;
      return this.#pause();
    }
    return this.#park(value);
  }

  async #park(value: T): Promise<void> {
    const legal = !this.#to.closed;
    try {
      await this.#to.send(value, this.#limits());
    } catch (error) {
      if (legal && this.#to.closed) this.onCutOff();
      throw error;
    }
    this.#accepted++;
  }

  #pause(): Promise<void> | undefined {
    const turn = pause();
    return turn?.then(() => {
      if (clock.now() >= this.#deadline) throw timeoutError(this.#timeout);
    });
  }

  /** What is left of the time. */
  #limits(): WaitOptions {
    const timeout = this.#deadline === Infinity ? undefined : this.#deadline - clock.now();
    return { signal: this.#signal, timeout: timeout && Math.max(timeout, 0) };
  }

  /** What the source answers, unless the signal or the timeout comes first. */
  #within(answer: Promise<IteratorResult<T>>): Promise<Received<T>> {
    const waiter = new Waiter(asReceived);
    answer.then(
      (step) => waiter.settle(step.done === true, step.done === true ? undefined : step.value),
      (error) => waiter.refuse(error),
    );
    limit(waiter, this.#limits());
    return waiter.promise as Promise<Received<T>>;
  }
}

function ignore(): void {}
