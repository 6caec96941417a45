/**
 * Several values in one step of the core: a fraction of the price for each.
 *
 * @module
 */
import type { Target } from "../../channel/send_many.ts";
import type { Sender, WaitOptions } from "../../channel/types.ts";
import { EMPTY, END } from "../../internal/case.ts";
import { DRAINED, OK } from "./core.ts";
import { HEADER, IN_BLOCK, PAYLOAD } from "./layout.ts";
import { recordEnd } from "./ring.ts";
import type { SharedEnd } from "./shared_end.ts";

/** What the core may read behind the last record. */
const BEHIND = 64;
/** The header of a number, and how many bytes it has, where numbers are bare. */
const NUMBER = 8;

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
  const values: T[] = [];
  while (values.length < most) {
    const result = popMany(end, values, most - values.length);
    if (result < OK && values.length > 0) break;
    if (result < OK) return result === DRAINED ? END : EMPTY;
    if (!end.senders.empty) end.senders.serve();
  }
  return values;
}

/**
 * Sends as many of `values` as there is room for, from index `from` on.
 *
 * @returns How many were sent; the next one has to wait, or cannot be sent.
 */
export function giveMany<T>(end: SharedEnd<T>, values: readonly T[], from: number): number {
  let sent = from;
  while (sent < values.length && end.sendable && !end.closed) {
    const written = write(end, values, sent);
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
  return sent - from;
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

/** Pops records into the scratch and reads them. Answers what the core says. */
function popMany<T>(end: SharedEnd<T>, values: T[], max: number): number {
  if (end.cancelled) {
    end.drop();
    return DRAINED;
  }
  const { domain, channel, records } = end;
  const room = Math.floor(domain.scratchBytes / end.slotBytes);
  const most = Math.min(max, room);
  const count = domain.core.popMany(channel, domain.scratch, most, domain.self, end.senders.empty);
  const { words, floats } = domain;
  let record = domain.scratch;
  for (let i = 0; i < count; i++) {
    const header = words[(record >> 2) + HEADER]!;
    if (header === NUMBER && records.bare) {
      values.push(floats[(record + PAYLOAD) >> 3] as T);
      record += PAYLOAD + NUMBER;
    } else {
      values.push(records.read(header, record + PAYLOAD));
      record = recordEnd(record, header);
    }
  }
  return count;
}

/** Writes records to the scratch, as many as it and the buffer have room for. Answers how many. */
function write<T>(end: SharedEnd<T>, values: readonly T[], from: number): number {
  const { words, floats, scratch, scratchBytes } = end.domain, { records } = end;
  const last = scratch + scratchBytes - records.room - PAYLOAD - BEHIND;
  // At least one: where there was none, there may be some by now.
  const most = Math.min(values.length - from, Math.max(end.capacity - end.size, 1));
  let record = scratch;
  for (let count = 0; count < most; count++) {
    if (record > last) return count;
    const value = values[from + count] as T;
    if (records.bare && typeof value === "number") {
      words[(record >> 2) + HEADER] = NUMBER;
      floats[(record + PAYLOAD) >> 3] = value;
      record += PAYLOAD + NUMBER;
      continue;
    }
    const header = records.tryWrite(value, record + PAYLOAD);
    if (header < 0 || (header & IN_BLOCK) !== 0) return count;
    words[(record >> 2) + HEADER] = header;
    record = recordEnd(record, header);
  }
  return most;
}
