/**
 * The channel in memory.
 *
 * What is true between any two calls:
 *
 * 1. One side waits. Senders and receivers are never parked at the same time, except the waiters of one
 *    select that offers both directions on this channel.
 * 2. Values before receivers. If the buffer holds a value, no receiver is parked.
 * 3. Room before senders. If the buffer has room, no sender is parked.
 * 4. Queues hold only the living. A waiter in a queue is undecided. Settling it takes it and its siblings
 *    out of their queues before anything else happens.
 * 5. Once. A waiter is settled at most once.
 * 6. Poll, then park, in the same turn, with no `await` between. Parking matches nobody, so a select
 *    cannot pair with itself.
 * 7. No user code inside. A transition runs to its end before anything of the user's is called, and
 *    promises are resolved only with objects made here: a value with a `then` would run code.
 * 8. First in, first out: values leave as they were accepted, and waiters of one side are served as they
 *    came. Nobody overtakes a parked one.
 * 9. Closed is final. Nothing is accepted any more and no receiver is parked; what was accepted and what
 *    was already parked is still delivered.
 * 10. A value is in one place: with its sender, in the buffer, or with its receiver.
 * 11. The fast path is bare. An operation that need not wait creates no waiter and touches no signal.
 *
 * Every transition asks in the same order: closed? a partner waiting? room, or a value? would wait.
 *
 * @module
 */
import {
  EMPTY,
  END,
  FAILURE,
  type Failure,
  PARK,
  PARK_SEND,
  PARTS,
  type Parts,
  POLL,
  READY,
  SEND_READY,
} from "../internal/case.ts";
import { check, checkCount, checkOptions, show } from "../internal/checks.ts";
import { paced, refused } from "../internal/pace.ts";
import { Ring } from "../internal/ring.ts";
import { isAborted, limit } from "../internal/wait.ts";
import { asReceived, asSent, endAll, Waiter, WaitQueue } from "../internal/waiter.ts";
import {
  batchesOf,
  ended,
  parkReceive,
  type Polled,
  receiveMany,
  tryReceive,
  ValueIterator,
} from "./base.ts";
import { ChannelClosedError } from "./errors.ts";
import { SendCase } from "./send_case.ts";
import { sendMany } from "./send_many.ts";
import type {
  ChannelIterator,
  ChannelOptions,
  Received,
  Receiver,
  Sender,
  WaitOptions,
} from "./types.ts";

/** A send has nothing to report, so all can share one promise: 2 to 4 ns a value (Node and Deno). */
const SENT: Promise<void> = Promise.resolve();

/**
 * A first-in, first-out queue between tasks, with a bound: senders wait while it is full, receivers
 * while it is empty. What each operation guarantees is written at `Sender` and `Receiver`. All
 * operations take O(1) time; the withdrawal of a waiting one too.
 *
 * The model is Go's channel (https://go.dev/ref/spec#Channel_types), with a graceful `close` that any
 * side may call any number of times, and with `fail` and `cancel` beside it.
 *
 * @typeParam T The values of the channel. Any value will do: `undefined`, promises and errors travel
 * untouched.
 *
 * @example One producer, one consumer
 * ```ts
 * import { Channel } from "millrace";
 *
 * const numbers = new Channel<number>(2);
 *
 * async function produce() {
 *   for (let n = 1; n <= 5; n++) await numbers.send(n); // waits while two values are in the buffer
 *   numbers.close();
 * }
 *
 * produce();
 * let sum = 0;
 * for await (const n of numbers) sum += n;
 * console.log(sum); // 15
 * ```
 */
export class Channel<in out T> implements Sender<T>, Receiver<T> {
  readonly #buffer = new Ring<T>();
  readonly #receivers = new WaitQueue("recv", this);
  readonly #senders = new WaitQueue("send", this);
  readonly #capacity: number;
  readonly #overflow: "wait" | "drop-oldest" | "drop-newest";
  readonly #onDrop: ((value: T) => void) | undefined;
  /** What the channel was named. */
  declare readonly name: string | undefined;
  #closed = false;
  #failure: Failure | undefined;

  /**
   * Makes a channel that is open and empty.
   *
   * @param capacity How many values the buffer may hold: 0, the default, for a rendezvous, where each
   * send waits for its receiver; `Infinity` for no bound. Nothing is allocated ahead.
   * @param options Overflow, drop hook, name.
   * @throws {RangeError} If the capacity is negative or no whole number, or 0 for a dropping channel.
   */
  constructor(capacity = 0, options: ChannelOptions<T> = {}) {
    checkCount("capacity", capacity, 0);
    checkOptions(options);
    const { overflow = "wait", onDrop, name } = options;
    const isHook = onDrop === undefined || typeof onDrop === "function";
    check(isHook, "options.onDrop must be a function", onDrop);
    const isPolicy = ["wait", "drop-oldest", "drop-newest"].includes(overflow);
    check(isPolicy, "options.overflow must be wait, drop-oldest or drop-newest", overflow);
    check(name === undefined || typeof name === "string", "options.name must be a string", name);
    if (overflow !== "wait") checkCount(`capacity with ${overflow}`, capacity, 1);
    this.#capacity = capacity;
    this.#overflow = overflow;
    this.#onDrop = onDrop;
    this.name = name;
  }

  /** Whether `close`, `fail` or `cancel` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many values the buffer holds. */
  get size(): number {
    return this.#buffer.size;
  }

  /** How many values the buffer may hold. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Sends without waiting; see `Sender`. */
  trySend(value: T): boolean {
    if (this.#closed) throw this.refusal(value);
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) receiver.settle(false, value);
    else if (this.#buffer.size < this.#capacity) this.#buffer.push(value);
    else if (this.#overflow !== "wait") this.#drop(value);
    else return false;
    return true;
  }

  /** Sends, and waits if it must; see `Sender`. */
  send(value: T, options?: WaitOptions): Promise<void> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    if (this.#closed) return refused(this.refusal(value));
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) receiver.settle(false, value, this.#capacity > 0);
    else if (this.#buffer.size < this.#capacity) this.#buffer.push(value);
    else if (this.#overflow === "wait") return this.#parkSend(value, options);
    else {
      try {
        this.#drop(value);
      } catch (error) {
        return refused(error);
      }
    }
    return paced(SENT, undefined);
  }

  /** Sends each value; see `Sender`. */
  sendMany(values: Iterable<T> | AsyncIterable<T>, options?: WaitOptions): Promise<number> {
    return sendMany(this, values, options);
  }

  /** The case of a select that sends `value`. */
  sendCase(value: T): SendCase {
    return new SendCase(this as Channel<unknown>, value);
  }

  /** Receives without waiting; see `Receiver`. */
  tryRecv(): Received<T> | undefined {
    return tryReceive(this);
  }

  // Not shared with other kinds of channel: what several kinds share cannot be inlined, which costs 8 to
  // 60 ns a value (measured, Node and Deno).
  /** Receives, and waits if it must; see `Receiver`. */
  recv(options?: WaitOptions): Promise<Received<T>> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    const value = this.#take();
    if (value === EMPTY) return parkReceive(this, asReceived, options);
    if (value === END) return ended(this, { done: true, value: undefined });
    const result: Received<T> = { done: false, value }, promise = Promise.resolve(result);
    return paced(promise, result);
  }

  /** Receives what is there, at most `max`, and waits if there is nothing; see `Receiver`. */
  recvMany(max: number, options?: WaitOptions): Promise<T[]> {
    return receiveMany(this, max, options);
  }

  /** Iterates in batches of at most `max`; see `Receiver`. */
  batches(max: number): AsyncIterable<T[]> {
    return batchesOf(this, max);
  }

  /** Starts a loop; see `Receiver`. Leaving it leaves the channel open. */
  [Symbol.asyncIterator](): ChannelIterator<T> {
    return new ValueIterator(this);
  }

  /** As `cancel`: at the end of a block that has the channel in a `using` declaration. */
  [Symbol.dispose](): void {
    this.cancel();
  }

  /** Says that no more values will come; see `Sender`. */
  close(): void {
    this.#end(undefined);
  }

  /** Says that no more values will come, because of an error; see `Sender`. */
  fail(error: unknown): void {
    this.#end({ error });
  }

  /** Says that nobody reads any more; see `Receiver`. */
  cancel(reason?: unknown): void {
    this.#end(undefined);
    this.#failure = undefined;
    for (let sender = this.#senders.shift(); sender !== undefined; sender = this.#senders.shift()) {
      sender.promise.catch(ignore); // legal when made: it must not end the process
      sender.refuse(this.refusal(sender.value as T, reason));
    }
    const onDrop = this.#onDrop;
    const dropped = this.#buffer.clear();
    if (onDrop !== undefined && dropped.length > 0) dropAll(dropped, onDrop);
  }

  /** Why `value` cannot be sent. @internal */
  refusal(value: T, reason?: unknown): ChannelClosedError {
    const name = this.name === undefined ? "" : `: ${show(this.name)}`;
    const cause = reason === undefined ? {} : { cause: reason };
    return new ChannelClosedError(`Cannot send to a closed channel${name}`, value, cause);
  }

  /** @internal */
  [READY](): boolean {
    return this.#buffer.size > 0 || !this.#senders.empty || this.#closed;
  }

  /** @internal */
  [POLL](): Polled<T> {
    return this.#take();
  }

  /** @internal */
  [FAILURE](): Failure | undefined {
    return this.#failure;
  }

  /** @internal */
  [PARK](waiter: Waiter, shuffle: boolean): void {
    this.#receivers.push(waiter, shuffle);
  }

  /** @internal */
  [SEND_READY](): boolean {
    return this.#closed || !this.#receivers.empty || this.#buffer.size < this.#capacity ||
      this.#overflow !== "wait";
  }

  /** @internal */
  [PARK_SEND](waiter: Waiter, shuffle: boolean): void {
    this.#senders.push(waiter, shuffle);
  }

  /** @internal */
  [PARTS](): Parts<T> {
    return {
      buffer: this.#buffer,
      receivers: this.#receivers,
      senders: this.#senders,
      onDrop: this.#onDrop,
    };
  }

  #take(): Polled<T> {
    const sender = this.#senders.shift();
    if (this.#buffer.size > 0) {
      const value = this.#buffer.shift();
      if (sender === undefined) return value;
      this.#buffer.push(sender.value as T);
      sender.settle(false, undefined, true);
      return value;
    }
    if (sender === undefined) return this.#closed ? END : EMPTY;
    const value = sender.value as T;
    sender.settle(false, undefined);
    return value;
  }

  #parkSend(value: T, options: WaitOptions | undefined): Promise<void> {
    const waiter = new Waiter(asSent);
    waiter.value = value;
    this.#senders.push(waiter);
    return (options === undefined ? waiter.promise : limit(waiter, options)) as Promise<void>;
  }

  #drop(value: T): void {
    let dropped = value;
    if (this.#overflow === "drop-oldest") {
      dropped = this.#buffer.shift();
      this.#buffer.push(value);
    }
    this.#onDrop?.(dropped);
  }

  #end(failure: Failure | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#failure = failure;
    // Whoever is parked to receive found nothing, and will not: the first who came is told first.
    endAll(this.#receivers, failure);
  }
}

/** Hands every value to the hook, whatever the hook throws. */
function dropAll<T>(values: T[], onDrop: (value: T) => void): void {
  const errors: unknown[] = [];
  for (const value of values) {
    try {
      onDrop(value);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, "onDrop threw");
}

function ignore(): void {}
