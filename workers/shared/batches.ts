/**
 * Several values in one step of the core: a fraction of the price for each.
 *
 * @module
 */
import type { Target } from "../../channel/send_many.ts";
import type { Sender, WaitOptions } from "../../channel/types.ts";
import {
  ASK,
  type Case,
  EMPTY,
  END,
  FAILURE,
  type Failure,
  PARK,
  POLL,
  READY,
} from "../../internal/case.ts";
import { charge } from "../../internal/pace.ts";
import type { Report, Waiter } from "../../internal/waiter.ts";
import { lingerForBatch } from "./blocking.ts";
import { withValue } from "./byte_receives.ts";
import { DRAINED, OK } from "./core.ts";
import { HEADER, IN_BLOCK, PAYLOAD } from "./layout.ts";
import { recordEnd } from "./ring.ts";
import type { AnyEnd, Read, SharedEnd } from "./shared_end.ts";

/** What the core may read behind the last record. */
const BEHIND = 64;
/** Of a value in a batch, for the guard of the event loop: what part of an operation it is. */
const PRICE = 1 / 16;
/** The header of a number, and how many bytes it has, where numbers are bare. */
const NUMBER = 8;
/** Numbers are read into a copy of these: three times as fast as pushing each (measured, Node and Deno). */
// Not `new Array(1024)`: to engines that has holes, and so have its copies.
const NUMBERS: readonly number[] = Array.from({ length: 1024 }, () => 0.5);

/**
 * Takes what is there and what the parked sends of this thread add to it, at most `max`, if that needs no waiting.
 * What other threads send meanwhile may come along, but not for ever.
 */
export function takeMany<T>(end: SharedEnd<T>, max: number): T[] | typeof END | typeof EMPTY {
  if (!end.receivers.empty) {
    end.receivers.serve();
    if (!end.receivers.empty) return EMPTY;
  }
  const most = Math.min(max, end.capacity + end.senders.length);
  const values = popMany(end, most);
  if (values === END || values === EMPTY) return values;
  for (;;) {
    if (!end.senders.empty) end.senders.serve();
    const more = values.length < most ? popMany(end, most - values.length, values) : END;
    if (more === END || more === EMPTY) {
      charge(values.length * PRICE);
      return values;
    }
    for (const value of more) values.push(value);
  }
}

/** A shared channel from which batches are received, also by those who are parked. */
export class BatchCase<T> implements Case {
  readonly #end: SharedEnd<T>;
  readonly #max: number;

  /** @param max How many values a batch has at most. */
  constructor(end: SharedEnd<T>, max: number) {
    this.#end = end;
    this.#max = max;
  }

  [READY](): boolean {
    return this.#end.receivable;
  }

  [POLL](): T[] | typeof END | typeof EMPTY {
    return takeMany(this.#end, this.#max);
  }

  [FAILURE](): Failure | undefined {
    return this.#end.failure;
  }

  [PARK](waiter: Waiter, shuffle: boolean): void {
    waiter.value = this.#readMore;
    this.#end.receivers.park(waiter, shuffle);
  }

  [ASK](): void {
    this.#end.receivers.serve();
  }

  /** Reads what was popped, and takes what else is there, unless others wait for that behind it. */
  readonly #readMore: Read = (header) => {
    const end = this.#end;
    const first = end.records.read(header);
    const most = Math.min(this.#max, end.capacity) - 1;
    const more = most > 0 && end.receivers.hasOne ? popMany(end, most, [first]) : END;
    if (more === END || more === EMPTY) return [first];
    more.unshift(first);
    return more;
  };
}

/** As `recvMany` reports what a `BatchCase` has received. */
export const asBatch: Report = (done, value) => done ? [] : value;

/**
 * Sends as many of `values` as there is room for, from index `from` on; at most as many as the buffer holds, since
 * others may make room all the time.
 *
 * @returns How many were sent; the next one has to wait, or cannot be sent.
 */
export function giveMany<T>(end: SharedEnd<T>, values: readonly T[], from: number): number {
  const most = Math.min(values.length, from + end.capacity);
  let sent = from;
  while (sent < most && hasRoom(end)) {
    const written = write(end, values, sent, most);
    // Longer than a slot, or has no copy: let it be sent by itself.
    if (written === 0) break;
    const { domain, receivers } = end;
    const alone = receivers.empty;
    const start = domain.scratch;
    const pushed = domain.core.pushMany(end.channel, start, written, domain.self, alone);
    if (pushed < OK) break;
    if (!alone) receivers.serve();
    sent += pushed;
    if (pushed < written) break;
  }
  charge((sent - from) * PRICE);
  return sent - from;
}

/** Whether a batch could go in, at least a part of it, and the channel is open. */
function hasRoom(end: AnyEnd): boolean {
  return (end.sendable || lingerForBatch(end)) && !end.closed;
}

/** A channel, as `sendMany` knows it, for the values of one array: what fits is sent in one step, ahead of the count. */
export class ArrayTarget<T> implements Target<T> {
  readonly #end: SharedEnd<T>;
  readonly #channel: Sender<T>;
  readonly #values: readonly T[];
  /** Of those that are asked for. */
  #next = 0;
  #sent: number;

  /** @param sent How many were sent already. */
  constructor(end: SharedEnd<T>, channel: Sender<T>, values: readonly T[], sent: number) {
    this.#end = end;
    this.#channel = channel;
    this.#values = values;
    this.#sent = sent;
  }

  get closed(): boolean {
    return this.#next >= this.#sent && this.#channel.closed;
  }

  get size(): number {
    return this.#next < this.#sent ? 0 : this.#channel.size;
  }

  get capacity(): number {
    return this.#channel.capacity;
  }

  readonly trySend = (value: T): boolean => {
    if (this.#next >= this.#sent) this.#sent += giveMany(this.#end, this.#values, this.#next);
    if (this.#next >= this.#sent) {
      if (!this.#channel.trySend(value)) return false;
      this.#sent++;
    }
    this.#next++;
    return true;
  };

  readonly send = (value: T, options?: WaitOptions): Promise<void> => {
    this.#next = ++this.#sent;
    return this.#channel.send(value, options);
  };
}

/**
 * Pops records into the scratch, and reads them.
 *
 * @param before What was received for the same batch: the error of one that cannot be read has it, too.
 */
function popMany<T>(
  end: SharedEnd<T>,
  max: number,
  before: readonly T[] = [],
): T[] | typeof END | typeof EMPTY {
  if (end.cancelled) return end.drop();
  const { domain, channel } = end;
  const room = Math.max(Math.floor(domain.scratchBytes / end.slotBytes), 1);
  const most = Math.min(max, room, NUMBERS.length);
  const count = domain.core.popMany(channel, domain.scratch, most, domain.self, end.senders.empty);
  if (count > 0) return read(end, count, before);
  return count === DRAINED ? END : EMPTY;
}

/** What the records of the scratch hold. If one of them cannot be read, its error has the others as its `value`. */
function read<T>({ domain, records }: SharedEnd<T>, count: number, before: readonly T[]): T[] {
  const { words, floats } = domain;
  let record = domain.scratch, i = 0, values: unknown[] = [];
  if (records.bare && words[(record >> 2) + HEADER] === NUMBER) {
    const numbers = NUMBERS.slice(0, count);
    do {
      numbers[i++] = floats[(record + PAYLOAD) >> 3]!;
      record += PAYLOAD + NUMBER;
    } while (i < count && words[(record >> 2) + HEADER] === NUMBER);
    if (i < count) numbers.length = i;
    values = numbers;
  }
  let failure: Failure | undefined;
  for (; i < count; i++) {
    const header = words[(record >> 2) + HEADER]!;
    try {
      values.push(records.read(header, record + PAYLOAD));
    } catch (error) {
      failure ??= { error };
    }
    record = recordEnd(record, header);
  }
  if (failure !== undefined) throw withValue(failure.error as Error, [...before, ...values]);
  return values as T[];
}

/** Writes records of values up to index `to` to the scratch, if it and the buffer have room. Answers how many. */
function write<T>(end: SharedEnd<T>, values: readonly T[], from: number, to: number): number {
  const { domain } = end;
  // At least one: where there was none, there may be some by now.
  const most = Math.min(to - from, Math.max(end.capacity - end.size, 1));
  const { scratch } = domain;
  domain.setAside();
  try {
    return writeTo(scratch, end, values, from, most);
  } finally {
    domain.takeBack();
  }
}

function writeTo<T>(
  scratch: number,
  { domain, records }: SharedEnd<T>,
  values: readonly T[],
  from: number,
  most: number,
): number {
  const { words, floats, scratchBytes } = domain;
  const last = scratch + scratchBytes - records.room - PAYLOAD - BEHIND;
  let record = scratch, count = 0;
  if (records.bare) {
    for (; count < most && record <= last; count++) {
      const value = values[from + count] as T;
      if (typeof value !== "number") break;
      words[(record >> 2) + HEADER] = NUMBER;
      floats[(record + PAYLOAD) >> 3] = value;
      record += PAYLOAD + NUMBER;
    }
  }
  for (; count < most && record <= last; count++) {
    const header = records.tryWrite(values[from + count] as T, record + PAYLOAD);
    if (header < 0 || (header & IN_BLOCK) !== 0) return count;
    words[(record >> 2) + HEADER] = header;
    record = recordEnd(record, header);
  }
  return count;
}
