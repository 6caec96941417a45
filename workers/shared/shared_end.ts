/**
 * What one thread has of a shared channel: the queues of its own parked operations, beside the ring that all
 * threads share. What must be true between any two calls:
 *
 * 1. Nobody overtakes a parked one of the same thread: as long as one is parked, others go behind it.
 * 2. Who is parked has a bit in shared memory, or the bit was claimed and this thread's bell was rung.
 * 3. An operation serves the parked of its own thread in the same call, before other threads are woken.
 * 4. A parked send has its value in a copy of its own; it gets into the ring when it is chosen, not before.
 * 5. Whoever takes a wake and leaves something behind passes the wake on.
 *
 * @module
 */
import { ChannelClosedError } from "../../channel/errors.ts";
import type { Polled } from "../../channel/base.ts";
import { EMPTY, END, type Failure } from "../../internal/case.ts";
import { show } from "../../internal/checks.ts";
import { asSent, endAll, Waiter } from "../../internal/waiter.ts";
import type { Codec } from "./codec/codec.ts";
import { DRAINED, FULL, OK } from "./core.ts";
import type { Domain } from "./domain.ts";
import { readEnding, writeEnding } from "./endings.ts";
import {
  BYTES,
  CANCELLED,
  CAPACITY,
  ENDING,
  HEAD,
  HOLDERS,
  LAP,
  POSITIONS,
  RECEIVERS,
  SENDERS,
  SLOT_BYTES,
  SLOTS,
  TAIL,
} from "./layout.ts";
import { LocalQueue } from "./local_queue.ts";
import { Pump } from "./pump.ts";
import { type Cargo, Records } from "./records.ts";

/** See `wokenTooSoon`. */
const RESTS = 8;
/** What `offer` answers when it is done. */
const SENT = -1;

/** How an end is opened. */
export interface EndOptions<T> {
  readonly domain: Domain;
  /** Offset of the channel in bytes. */
  readonly channel: number;
  readonly codec: Codec<T>;
  readonly name: string | undefined;
  /** For whom it is. */
  readonly owner: object;
}

/** Reads what was popped into the scratch, by its header. */
export type Read = (header: number) => unknown;

/** The end of a channel of whatever values. */
export type AnyEnd = SharedEnd<never> | SharedEnd<unknown>;

/** One thread's end of a channel, for both directions. */
export class SharedEnd<T> {
  readonly domain: Domain;
  readonly channel: number;
  readonly receivers: LocalQueue;
  readonly senders: LocalQueue;
  readonly #words: Int32Array;
  /** Index of the first word of the channel. */
  readonly #at: number;
  readonly records: Records<T>;
  readonly #name: string | undefined;
  /** What was found at the end; the same error each time. */
  #ending: { readonly failure: Failure | undefined } | undefined;
  /** The position of the next receive when a blocking send last found no room. */
  #lastFull: number;
  /** How often it rests before it lets itself be woken again. */
  #rests = 0;

  constructor({ domain, channel, codec, name, owner }: EndOptions<T>) {
    this.domain = domain;
    this.channel = channel;
    this.#words = domain.words;
    const at = this.#at = channel >> 2;
    this.records = new Records(domain, codec, domain.words[at + BYTES]!);
    this.#name = name;
    this.#lastFull = domain.words[at + HEAD]!;
    const pump = Pump.of(domain);
    const values = {
      serve: (most: number) => this.#match(most),
      ready: () => this.readable,
    };
    const room = { serve: values.serve, ready: () => this.writable };
    this.receivers = new LocalQueue(pump, at + RECEIVERS, values, "recv", owner);
    this.senders = new LocalQueue(pump, at + SENDERS, room, "send", owner);
  }

  get capacity(): number {
    return this.#words[this.#at + CAPACITY]!;
  }

  /** Bytes of a slot. */
  get slotBytes(): number {
    return this.#words[this.#at + SLOT_BYTES]!;
  }

  /** Whether what is in the ring is to be dropped. */
  get cancelled(): boolean {
    return this.#words[this.#at + CANCELLED] !== 0;
  }

  get closed(): boolean {
    return (Atomics.load(this.#words, this.#at + TAIL) & 1) !== 0;
  }

  get size(): number {
    if (this.cancelled) return 0;
    const words = this.#words, at = this.#at;
    let head: number, tail: number;
    do {
      head = Atomics.load(words, at + HEAD);
      tail = Atomics.load(words, at + TAIL) >>> 1;
    } while (head !== Atomics.load(words, at + HEAD));
    const mask = words[at + LAP]! - 1;
    const capacity = words[at + CAPACITY]!;
    // Rounds apart: none or one, whatever the positions have wrapped around.
    return (tail & mask) - (head & mask) + ((tail & ~mask) === (head & ~mask) ? 0 : capacity);
  }

  /** Whether another thread has the channel, too. */
  get shared(): boolean {
    const words = this.#words, at = this.#at + HOLDERS, { self } = this.domain;
    const own = 1 << (self & 31);
    return (words[at]! & (self < 32 ? ~own : -1)) !== 0 ||
      (words[at + 1]! & (self < 32 ? -1 : ~own)) !== 0;
  }

  /** Whether a receive would not wait. */
  get readable(): boolean {
    const words = this.#words, at = this.#at;
    for (;;) {
      const head = Atomics.load(words, at + HEAD);
      if (Atomics.load(words, this.#slotOf(head)) === head + 1) return true;
      const tail = Atomics.load(words, at + TAIL);
      if (tail >>> 1 === head) return (tail & 1) !== 0;
      // Otherwise another thread took a value in between, and a further one may be there.
      if (Atomics.load(words, at + HEAD) === head) return (tail & 1) !== 0 && this.cancelled;
    }
  }

  /** Whether a send would not wait. */
  get writable(): boolean {
    const words = this.#words, at = this.#at;
    for (;;) {
      const tail = Atomics.load(words, at + TAIL);
      if ((tail & 1) !== 0) return true;
      if (Atomics.load(words, this.#slotOf(tail >>> 1)) === tail >>> 1) return true;
      if (Atomics.load(words, at + TAIL) === tail) return false;
    }
  }

  /** Whether a receive that comes now would not wait: those who came before are served first. */
  get receivable(): boolean {
    if (!this.receivers.empty) this.receivers.serve();
    return this.receivers.empty && this.seemsReadable;
  }

  /**
   * As `readable`, by plain reads: several times as fast, which tells in a select over many channels. Who finds
   * nothing by it parks, and looks again by atomic ones.
   */
  get seemsReadable(): boolean {
    const words = this.#words, at = this.#at;
    const head = words[at + HEAD]!;
    return words[this.#slotOf(head)] === head + 1 || (words[at + TAIL]! & 1) !== 0 && this.readable;
  }

  /**
   * Whether a sender that finds the buffer full had better rest a little before it lets itself be woken: by the
   * first value that is taken. To fill one place and sleep again costs both sides a hundred times what a value
   * does. It is so if not a quarter of the buffer was taken since the last time, and for some times after.
   */
  wokenTooSoon(): boolean {
    const head = Atomics.load(this.#words, this.#at + HEAD);
    const taken = (head - this.#lastFull) & POSITIONS;
    this.#lastFull = head;
    if (taken * 4 < this.capacity) this.#rests = RESTS;
    return this.#rests > 0 && this.#rests-- > 0;
  }

  /** Whether a send that comes now would not wait. */
  get sendable(): boolean {
    if (!this.senders.empty) this.senders.serve();
    return this.senders.empty && this.writable;
  }

  /**
   * Takes the next value, if that needs no waiting.
   *
   * @param read Reads what was popped, by its header; without it the codec does.
   */
  take(read?: Read): Polled<T> {
    if (!this.receivers.empty) {
      this.receivers.serve();
      if (!this.receivers.empty) return EMPTY;
    }
    const alone = this.senders.empty;
    const value = this.#pop(alone, read);
    if (!alone && value !== EMPTY) this.senders.serve();
    return value;
  }

  /**
   * Writes to the scratch, and sends, if that needs no waiting.
   *
   * @returns A negative number if it is done; otherwise the header of what is in the scratch.
   * @throws {ChannelClosedError} If the channel is closed.
   */
  offer(value: T): number {
    if (!this.senders.empty) {
      this.senders.serve();
      if (!this.senders.empty) return this.records.write(value);
    }
    const header = this.records.write(value);
    const result = this.#push(header);
    if (result === OK) return SENT;
    if (result === FULL) return header;
    this.records.discard(header);
    throw this.refusal(value);
  }

  /** Sends what `offer` has left in the scratch. Answers whether it is done. */
  offerAgain(value: T, header: number): boolean {
    if (!this.senders.empty) return false;
    const result = this.#push(header);
    if (result === OK) return true;
    if (result === FULL) return false;
    this.records.discard(header);
    throw this.refusal(value);
  }

  /** As `offer`, of what is in a block already. Answers whether it is done. */
  giveBlock(cargo: Cargo): boolean {
    if (!this.senders.empty) this.senders.serve();
    return this.senders.empty && this.giveKept(cargo);
  }

  /** As `offer`, and leaves nothing. */
  tryGive(value: T): boolean {
    if (!this.sendable) return false;
    const header = this.records.write(value);
    const result = this.#push(header);
    if (result === OK) return true;
    this.records.discard(header);
    if (result === FULL) return false;
    throw this.refusal(value);
  }

  /** Sends what was kept, if that needs no waiting and nobody is parked. */
  giveKept(cargo: Cargo): boolean {
    const header = this.records.load(cargo);
    const result = this.#push(header);
    if (result === OK) return true;
    this.records.unload(cargo, header);
    if (result === FULL) return false;
    throw this.refusal(cargo.value);
  }

  /** Parks a send. Follow with `senders.serve()`. */
  parkSend(cargo: Cargo): Waiter {
    const waiter = new Waiter(asSent);
    waiter.value = cargo;
    this.senders.park(waiter);
    return waiter;
  }

  /** Parks the send case of a select: its value stands in the waiter. */
  parkCase(waiter: Waiter, shuffle: boolean): void {
    waiter.value = this.records.keepNew(waiter.value as T);
    this.senders.park(waiter, shuffle);
  }

  /** Accepts no more values. */
  end(failure: Failure | undefined): void {
    if (!this.closed) {
      if (!this.senders.empty) this.senders.serve(); // those for whom there is room
      const mine = writeEnding(this.domain, this.#at + ENDING, failure);
      if (mine) this.#ending ??= { failure };
    }
    // Also after another: a thread may have died between the two.
    this.domain.core.close(this.channel);
    this.senders.serve();
    this.receivers.serve();
  }

  /** Nobody reads any more. */
  cancel(reason: unknown): void {
    writeEnding(
      this.domain,
      this.#at + CANCELLED,
      reason === undefined ? undefined : { error: reason },
    );
    this.end(undefined);
    this.drop();
    this.domain.core.wakeAll(this.#at + RECEIVERS);
    this.domain.core.wakeAll(this.#at + SENDERS);
  }

  /** What receives reject with at the end. */
  get failure(): Failure | undefined {
    if (this.cancelled) return undefined;
    this.#ending ??= { failure: readEnding(this.domain, this.#at + ENDING) };
    return this.#ending.failure;
  }

  /** Why `value` cannot be sent. */
  refusal(value: unknown): ChannelClosedError {
    const name = this.#name === undefined ? "" : `: ${show(this.#name)}`;
    const reason = readEnding(this.domain, this.#at + CANCELLED);
    const cause = reason === undefined ? {} : { cause: reason.error };
    return new ChannelClosedError(`Cannot send to a closed channel${name}`, value, cause);
  }

  #slotOf(position: number): number {
    const words = this.#words, at = this.#at;
    const index = position & (words[at + LAP]! - 1);
    return (words[at + SLOTS]! + index * words[at + SLOT_BYTES]!) >> 2;
  }

  #push(header: number): number {
    const { domain } = this;
    const alone = this.receivers.empty;
    const result = domain.core.push(this.channel, domain.scratch, header, domain.self, alone);
    if (!alone && result === OK) this.receivers.serve();
    return result;
  }

  #pop(wake: boolean, read?: Read): Polled<T> {
    const { domain } = this;
    if (this.cancelled) return this.drop();
    const header = domain.core.pop(this.channel, domain.scratch, domain.self, wake);
    if (header >= 0) return read === undefined ? this.records.read(header) : read(header) as T;
    return header === DRAINED ? END : EMPTY;
  }

  /** Drops what is in the ring. Closes it first: who has cancelled it may have died before he came to that. */
  drop(): typeof END {
    const { domain } = this;
    if (!this.closed) domain.core.close(this.channel);
    for (;;) {
      const header = domain.core.pop(this.channel, domain.scratch, domain.self, true);
      if (header < 0) return END;
      this.records.discard(header);
    }
  }

  /** Serves the parked of both sides until nothing moves, or `most` are served. */
  #match(most: number): number {
    let served = 0;
    for (let before = -1; served > before && served < most;) {
      before = served;
      while (served < most && !this.senders.empty && this.#letIn()) served++;
      while (served < most && !this.receivers.empty && this.#handOut()) served++;
    }
    if (served === 0) return 0;
    this.senders.rest();
    this.receivers.rest();
    this.#passOn();
    return served;
  }

  /** Lets the send in that is parked longest. */
  #letIn(): boolean {
    const { senders, domain } = this;
    const first = senders.first!;
    const cargo = first.value as Cargo;
    if (cargo.failure !== undefined) return refuse(first, cargo.failure.error);
    if (!this.writable) return false;
    if (this.closed) return refuse(first, this.refusal(cargo.value));
    let header: number;
    try {
      header = this.records.load(cargo);
    } catch (error) { // the memory is used up
      return refuse(first, error);
    }
    const result = domain.core.push(
      this.channel,
      domain.scratch,
      header,
      domain.self,
      this.receivers.empty,
    );
    if (result !== OK) this.records.unload(cargo, header);
    else senders.settleFirst(undefined);
    return result !== FULL;
  }

  /** Hands a value to the receive that is parked longest. */
  #handOut(): boolean {
    const { receivers } = this;
    let value: Polled<T>;
    try {
      value = this.#pop(this.senders.empty, receivers.first!.value as Read | undefined);
    } catch (error) { // of a codec
      return refuse(receivers.first!, error);
    }
    if (value === EMPTY) return false;
    if (value === END) endAll(receivers, this.failure);
    else receivers.settleFirst(value);
    return true;
  }

  /** Wakes others for what this thread has left behind without waking anybody. */
  #passOn(): void {
    const { core, self } = this.domain;
    if (this.receivers.empty && this.readable) core.wakeOne(this.#at + RECEIVERS, self);
    if (this.senders.empty && this.writable) core.wakeOne(this.#at + SENDERS, self);
  }
}

/** By the promises of those who were refused: a blocked thread cannot await them. */
const refusals = new WeakMap<Promise<unknown>, Failure>();

/** What `waiter` was refused with, if it was; not by the end of the channel. */
export function refusalOf(waiter: Waiter): Failure | undefined {
  return refusals.get(waiter.promise);
}

/** One that is cut off was legal when it was made: it must not end the process. */
function refuse(waiter: Waiter, error: unknown): true {
  waiter.promise.catch(ignore);
  refusals.set(waiter.promise, { error });
  waiter.refuse(error);
  return true;
}

function ignore(): void {}
