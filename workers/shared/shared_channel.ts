/**
 * The channel in shared memory.
 *
 * @module
 */
import {
  batchesOf,
  ended,
  parkReceive,
  type Polled,
  receiveMany,
  tryReceive,
} from "../../channel/base.ts";
import { sendMany } from "../../channel/send_many.ts";
import type {
  ChannelIterator,
  Received,
  Receiver,
  Sender,
  WaitOptions,
} from "../../channel/types.ts";
import {
  ASK,
  EMPTY,
  END,
  FAILURE,
  type Failure,
  PARK,
  PARK_SEND,
  POLL,
  READY,
  SEND_READY,
} from "../../internal/case.ts";
import { check, checkCount, checkOptions } from "../../internal/checks.ts";
import { paced, refused } from "../../internal/pace.ts";
import { isAborted } from "../../internal/wait.ts";
import { asReceived, type Waiter } from "../../internal/waiter.ts";
import { linger, receiveSync, sendSync, type SyncOptions } from "./blocking.ts";
import { asWhole, BatchCase, takeMany } from "./batch_receives.ts";
import { ArrayTarget, giveMany } from "./batch_sends.ts";
import { borrow, copyInto, receiveBy } from "./byte_receives.ts";
import { codecOptionOf, holdChannel, letGo, makeChannel, nameOf } from "./channel_memory.ts";
import { shapeOf, type SharedChannelOptions } from "./channel_options.ts";
import { codecOf, type CodecOption } from "./codec/choice.ts";
import { Domain } from "./domain.ts";
import { HANDLE, registerKind, type SharedHandle, type SharedMemory } from "./handle.ts";
import { GENERATION } from "./layout.ts";
import { lend, type Loan } from "./loan.ts";
import { Openings } from "./openings.ts";
import { PUMP, Pump } from "./pump.ts";
import type { Cargo } from "./records.ts";
import { give, parkSend, SENT } from "./sends.ts";
import { SharedEnd } from "./shared_end.ts";
import { SharedIterator } from "./shared_iterator.ts";
import { SharedSendCase } from "./shared_send_case.ts";

export type { SharedChannelOptions };

/** Where a shared channel is, as plain data: it can be posted, and opened in any thread. */
export interface SharedChannelHandle {
  /** What it is the handle of. */
  readonly kind: "channel";
  /** The memory that the threads share. */
  readonly memory: SharedMemory;
  /** Where the channel lies in it. */
  readonly offset: number;
  /** Which of those that have lain there. */
  readonly generation: number;
}

/** How an array is iterated as a rule. */
const { [Symbol.iterator]: eachOf } = Array.prototype;

const openings = new Openings<SharedChannel<unknown>>();

/** Where it is. */
interface Location {
  readonly domain: Domain;
  readonly channel: number;
  /** What this thread says of it; undefined if the channel knows. */
  readonly codec: CodecOption<never> | undefined;
}
/** For the constructor, which the user calls with other arguments. */
let location: Location | undefined;

/**
 * A channel in memory that all threads share: any number of them, on both sides. It keeps the contract of `Sender` and
 * `Receiver`, `select` mixes it with others, and in a thread the operations whose names end in `Sync` really
 * block. Its handle is plain data, from which each thread opens it; among the arguments of `spawn` it travels
 * by itself.
 *
 * Values are copied when they are sent, as if by `structuredClone`. Operations that need not wait touch
 * nothing but the shared memory. Who is parked is served first come, first served among those of his thread;
 * which thread comes next is chance. A value is lost with a thread that dies while it has it.
 *
 * What differs from `Channel`: the capacity is 1 or more; nothing is ever dropped for want of room; a send
 * that still waits when the channel is closed or failed, in whatever thread, rejects with
 * `ChannelClosedError` and its value. `fail` gives each thread an error of its own, the same one each time.
 * A waiting operation holds the process, unless `unref` was called.
 *
 * The memory of a channel is given back when it is closed, empty and forgotten by every thread that had it; of
 * one that has failed, all but its error.
 *
 * @typeParam T The values of the channel.
 *
 * @example
 * ```ts
 * import { SharedChannel } from "millrace/workers";
 *
 * const numbers = new SharedChannel<number>(1024);
 * const same = SharedChannel.from<number>(numbers.handle); // in any thread
 * await numbers.sendMany([1, 2, 3]);
 * numbers.close();
 * let sum = 0;
 * for await (const n of same) sum += n;
 * console.log(sum); // 6
 * ```
 */
export class SharedChannel<in out T> implements Sender<T>, Receiver<T> {
  /** What the channel was named. */
  readonly name: string | undefined;
  readonly #end: SharedEnd<T>;
  readonly #handle: SharedChannelHandle;
  readonly #codec: CodecOption<T> | undefined;

  /**
   * Makes a channel that is open and empty.
   *
   * @param capacity How many values the buffer holds; 1 or more. Room for them is allocated at once.
   * @param options Codec, room for a value, name.
   * @throws {RangeError} If the capacity is less than 1 or no whole number, or the shared memory is used up.
   */
  constructor(capacity: number, options: SharedChannelOptions<T> = {}) {
    const { domain, channel, codec } = location ?? made(Domain.own, capacity, options, 0);
    location = undefined;
    this.name = nameOf(domain, channel);
    this.#codec = codecOptionOf<T>(domain, channel, codec as CodecOption<T> | undefined);
    this.#end = new SharedEnd<T>({
      domain,
      channel,
      codec: codecOf<T>(domain, this.#codec),
      name: this.name,
      owner: this,
    });
    const generation = domain.words[(channel >> 2) + GENERATION]!;
    this.#handle = { kind: "channel", memory: domain.memory, offset: channel, generation };
    openings.add(domain, channel, this as SharedChannel<unknown>);
  }

  /**
   * Opens the channel of a handle. One handle gives the same object every time within a thread. A channel whose
   * memory was given back opens as one that is closed and empty.
   *
   * @param handle The `handle` of a channel, from whatever thread.
   * @param options The codec, if it is one of your own.
   * @throws {TypeError} If the handle is none, or the channel has a codec of its own and `options` has not.
   */
  static from<T>(
    handle: SharedChannelHandle,
    options: Pick<SharedChannelOptions<T>, "codec"> = {},
  ): SharedChannel<T> {
    check(handle?.kind === "channel", "handle must be the handle of a SharedChannel", handle);
    checkOptions(options);
    return openIn<T>(Domain.of(handle.memory), handle, options.codec);
  }

  /** Where the channel is, as plain data. */
  get handle(): SharedChannelHandle {
    return this.#handle;
  }

  /** @internal */
  get [PUMP](): Pump {
    return Pump.of(this.#end.domain);
  }

  /** @internal */
  [HANDLE](): SharedHandle {
    return this.#handle;
  }

  /** Whether `close`, `fail` or `cancel` was called, in whatever thread. */
  get closed(): boolean {
    return this.#end.closed;
  }

  /** How many values the buffer holds. */
  get size(): number {
    return this.#end.size;
  }

  /** How many values the buffer may hold. */
  get capacity(): number {
    return this.#end.capacity;
  }

  /** Sends, and waits if it must; see `Sender`. Rejects with a `DataCloneError` if `value` has no copy. */
  send(value: T, options?: WaitOptions): Promise<void> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    let cargo: Cargo | undefined;
    try {
      cargo = give(this.#end, value);
    } catch (error) {
      return refused(error);
    }
    return cargo === undefined ? paced(SENT, undefined) : parkSend(this.#end, cargo, options);
  }

  /** Sends without waiting; see `Sender`. */
  trySend(value: T): boolean {
    return this.#end.tryGive(value);
  }

  /** Sends each value; see `Sender`. */
  sendMany(values: Iterable<T> | AsyncIterable<T>, options?: WaitOptions): Promise<number> {
    const plain = this.#plain && Array.isArray(values) && values[Symbol.iterator] === eachOf;
    if (!plain || options !== undefined) return sendMany(this, values, options);
    const sent = giveMany(this.#end, values as T[], 0);
    if (sent > 0 && sent === values.length) return paced(Promise.resolve(sent), sent);
    return sendMany(new ArrayTarget<T>(this.#end, this, values, sent), values as T[]);
  }

  /** The case of a select that sends `value`. */
  sendCase(value: T): SharedSendCase {
    return new SharedSendCase(this as SharedChannel<unknown>, value);
  }

  /** Receives, and waits if it must; see `Receiver`. */
  recv(options?: WaitOptions): Promise<Received<T>> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    let value: Polled<T>;
    try {
      value = this.#end.take();
      if (value === EMPTY && linger(this.#end)) value = this.#end.take();
    } catch (error) { // of a codec
      return refused(error);
    }
    if (value === EMPTY) return parkReceive(this, asReceived, options);
    if (value === END) return ended(this, { done: true, value: undefined });
    const result: Received<T> = { done: false, value }, promise = Promise.resolve(result);
    return paced(promise, result);
  }

  /** Receives without waiting; see `Receiver`. */
  tryRecv(): Received<T> | undefined {
    return tryReceive(this);
  }

  /**
   * Receives what is there, at most `max`, and waits if there is nothing; see `Receiver`. Rejects with the error of a
   * value that cannot be read, which has those that can as its `value`.
   */
  recvMany(max: number, options?: WaitOptions): Promise<T[]> {
    if (!this.#plain) return receiveMany(this, max, options);
    checkCount("max", max, 1);
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    let values: T[] | typeof EMPTY | typeof END;
    try {
      values = takeMany(this.#end, max);
      if (values === EMPTY && linger(this.#end)) values = takeMany(this.#end, max);
    } catch (error) { // of a codec
      return refused(error);
    }
    if (values === EMPTY) return parkReceive(new BatchCase<T>(this.#end, max), asWhole, options);
    if (values === END) return ended(this, []);
    return paced(Promise.resolve(values), values);
  }

  /** Iterates in batches of at most `max`; see `Receiver`. */
  batches(max: number): AsyncIterable<T[]> {
    if (!this.#plain) return batchesOf(this, max);
    checkCount("max", max, 1);
    const batches = new BatchCase<T>(this.#end, max);
    return { [Symbol.asyncIterator]: () => new SharedIterator<T[]>(batches, this.#end) };
  }

  /** Starts a loop; see `Receiver`. Leaving it leaves the channel open. */
  [Symbol.asyncIterator](): ChannelIterator<T> {
    return new SharedIterator<T>(this, this.#end);
  }

  /** As `cancel`: at the end of a block that has the channel in a `using` declaration. */
  [Symbol.dispose](): void {
    this.cancel();
  }

  /**
   * Sends, and blocks the thread while the buffer is full. What else is parked in this thread is served meanwhile,
   * but nothing of it goes on before this has returned. For threads only.
   *
   * @param value The value.
   * @param options How long to wait.
   * @throws {ChannelClosedError} If the channel is closed, or is closed while this waits.
   * @throws {DOMException} A `TimeoutError`, when the time is over; nothing was sent.
   * @throws {Error} In the main thread of the process, which must not stand still.
   */
  sendSync(value: T, options?: SyncOptions): void {
    sendSync(this.#end, value, options);
  }

  /**
   * Receives, and blocks the thread while there is nothing. For threads only.
   *
   * @param options How long to wait.
   * @returns The value, or `done` when the channel is closed and drained.
   * @throws The error of `fail`, when the channel is failed and drained.
   * @throws {DOMException} A `TimeoutError`, when the time is over; nothing was taken.
   * @throws {Error} In the main thread of the process, which must not stand still.
   */
  recvSync(options?: SyncOptions): Received<T> {
    return receiveSync(this.#end, options);
  }

  /**
   * Receives a byte array into one that is there already.
   *
   * @param buffer Where the bytes are put, from its beginning.
   * @param options How long to wait.
   * @returns How many bytes came. Rejects with a `RangeError` if `buffer` is too short for them, and with a
   * `TypeError` if something else was sent; the error has what was received as its `value`.
   */
  recvInto(buffer: Uint8Array, options?: WaitOptions): Promise<Received<number>> {
    check(buffer instanceof Uint8Array, "buffer must be a Uint8Array", buffer);
    this.#checkBytes("recvInto");
    return receiveBy<number>(this.#end, this, copyInto(this.#end, buffer), options);
  }

  /**
   * Shared memory to be filled and sent without a copy. It is not zeroed. Who receives it with `recv` gets a
   * copy, who does with `recvLent` reads it where it is.
   *
   * @param bytes How many; 1 or more.
   * @throws {RangeError} If the shared memory is used up.
   */
  lend(bytes: number): Loan {
    checkCount("bytes", bytes, 1);
    this.#checkBytes("lend");
    return lend(this.#end, bytes);
  }

  /**
   * Receives a byte array where it is, without a copy if it was lent, or is too long for the channel itself.
   *
   * @param options How long to wait.
   * @returns The bytes, to be released. Rejects with a `TypeError` if something else was sent; the error has it
   * as its `value`.
   */
  recvLent(options?: WaitOptions): Promise<Received<Loan>> {
    this.#checkBytes("recvLent");
    return receiveBy<Loan>(this.#end, this, borrow(this.#end), options);
  }

  /** Says that no more values will come; see `Sender`. */
  close(): void {
    this.#end.end(undefined);
  }

  /** Says that no more values will come, because of an error; see `Sender`. */
  fail(error: unknown): void {
    this.#end.end({ error });
  }

  /** Says that nobody reads any more; see `Receiver`. */
  cancel(reason?: unknown): void {
    this.#end.cancel(reason);
  }

  /** Operations that wait here hold the process. This is so from the start. */
  ref(): void {
    this.#end.receivers.holds = this.#end.senders.holds = true;
  }

  /** Operations that wait here do not hold the process. */
  unref(): void {
    this.#end.receivers.holds = this.#end.senders.holds = false;
  }

  /** Why `value` cannot be sent. @internal */
  refusal(value: T): unknown {
    return this.#end.refusal(value);
  }

  /** @internal */
  [READY](): boolean {
    return this.#end.receivable;
  }

  /** @internal */
  [POLL](): Polled<T> {
    return this.#end.take();
  }

  /** @internal */
  [FAILURE](): Failure | undefined {
    return this.#end.failure;
  }

  /** @internal */
  [PARK](waiter: Waiter, shuffle: boolean): void {
    this.#end.receivers.park(waiter, shuffle);
  }

  /** @internal */
  [ASK](): void {
    this.#end.receivers.serve();
  }

  /** @internal */
  [SEND_READY](): boolean {
    return this.#end.sendable;
  }

  /** @internal */
  [PARK_SEND](waiter: Waiter, shuffle: boolean): void {
    this.#end.parkCase(waiter, shuffle);
  }

  /** Tries what was parked for. @internal */
  askSend(): void {
    this.#end.senders.serve();
  }

  /** Whether no code of the user's is called to read a value. */
  get #plain(): boolean {
    return typeof this.#codec !== "object" || !("decode" in this.#codec);
  }

  #checkBytes(operation: string): void {
    const is = this.#codec === undefined || this.#codec === "auto";
    check(is, `options.codec must be "auto" for ${operation}`, this.#codec);
  }
}

/** The channel of a handle, as the thread with `domain` has it. @internal */
export function openIn<T>(
  domain: Domain,
  handle: SharedHandle,
  codec?: CodecOption<T>,
): SharedChannel<T> {
  const known = openings.find(domain, handle);
  if (known !== undefined) return known as SharedChannel<T>;
  if (!holdChannel(domain, handle)) {
    // It was closed, drained, and let go by all: nothing distinguishes it from any other such channel.
    const gone = makeIn<T>(domain, 1);
    gone.close();
    return gone;
  }
  location = { domain, channel: handle.offset, codec: codec as CodecOption<never> | undefined };
  try {
    return new SharedChannel<T>(1);
  } catch (error) {
    letGo(domain, handle.offset);
    throw error;
  }
}

/**
 * Makes a channel in another memory than this thread's own.
 *
 * @param round In which round its positions begin; for tests.
 * @internal
 */
export function makeIn<T>(
  domain: Domain,
  capacity: number,
  options: SharedChannelOptions<T> = {},
  round = 0,
): SharedChannel<T> {
  location = made(domain, capacity, options, round);
  return new SharedChannel<T>(capacity);
}

function made<T>(
  domain: Domain,
  capacity: number,
  options: SharedChannelOptions<T>,
  round: number,
): Location {
  const shape = shapeOf(capacity, options, round);
  codecOf(domain, shape.codec); // what is wrong with it is said before anything is made
  return { domain, channel: makeChannel(domain, shape), codec: shape.codec };
}

registerKind("channel", (handle) => SharedChannel.from(handle as SharedChannelHandle));
