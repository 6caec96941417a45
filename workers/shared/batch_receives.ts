/**
 * Receives of several values in one step of the core: a fraction of the price for each.
 *
 * @module
 */
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
import { withValue } from "./byte_receives.ts";
import { DRAINED } from "./core.ts";
import { HEADER, PAYLOAD } from "./layout.ts";
import { NUMBER } from "./records.ts";
import { recordEnd } from "./ring.ts";
import type { Read, SharedEnd } from "./shared_end.ts";

/** Of a value in a batch, for the guard of the event loop: what part of an operation it is. */
export const PRICE = 1 / 16;
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

/** As `recvMany` reports what a `BatchCase` has received: a batch already. */
export const asWhole: Report = (done, value) => done ? [] : value;

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
