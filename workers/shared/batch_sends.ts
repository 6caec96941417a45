/**
 * Sends of several values in one step of the core: a fraction of the price for each.
 *
 * @module
 */
import type { Target } from "../../channel/send_many.ts";
import type { Sender, WaitOptions } from "../../channel/types.ts";
import { charge } from "../../internal/pace.ts";
import { PRICE } from "./batch_receives.ts";
import { lingerForBatch } from "./blocking.ts";
import { OK } from "./core.ts";
import { HEADER, IN_BLOCK, PAYLOAD } from "./layout.ts";
import { NUMBER } from "./records.ts";
import { recordEnd } from "./ring.ts";
import type { AnyEnd, SharedEnd } from "./shared_end.ts";

/** What the core may read behind the last record. */
const BEHIND = 64;

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
