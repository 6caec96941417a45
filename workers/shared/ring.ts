/**
 * The ring of a channel: an array of slots, a position for the next send and one for the next receive.
 *
 * A position is the index of a slot in its low bits, and above them the round (lap). Each slot has a
 * **stamp**, which says who may use it: p, free for the send at position p; p + 1, full for the receive
 * at position p; p + lap, free for the send of the next round. What must be true:
 *
 * 1. Positions are claimed by one compare-and-exchange, in order. So values leave in the order in which
 *    sends claimed, and a channel never holds more than its capacity.
 * 2. The slot of a claimed position belongs to who claimed it, until he changes the stamp.
 * 3. That the channel is closed stands in the same word as the position of the next send. So there is an
 *    exact last value: a send after the close cannot claim.
 * 4. Whoever publishes or releases looks at the masks of those who wait **afterwards**; who waits looks at
 *    the ring after setting the bit. One of the two sees the other.
 * 5. Whoever publishes into a channel that has been closed in between wakes all receivers: they may all be
 *    asleep, since to them the channel was not drained.
 * 6. Between claim and publication, or release, lies no loop and no call except of builtins. A thread
 *    can only be killed in those (in JavaScript, as far as the engine has compiled it so).
 *
 * ring.wat says the same in WebAssembly, and takes eight positions of a batch with one claim. Of their stamps only
 * the first is an atomic store, after all the others: nobody looks at a slot who has not seen the one in front of
 * it. A receiver reads such values before it claims them; they are his only if he gets all of them.
 *
 * @module
 */
import { wakeAll, wakeOne } from "./bells.ts";
import { CLOSED, type Core, type CoreKind, DRAINED, EMPTY, FULL, OK } from "./core.ts";
import {
  CAPACITY,
  FIRST_THREAD,
  HAND,
  HEAD,
  HEADER,
  IN_BLOCK,
  LAP,
  LENGTH,
  PAYLOAD,
  POSITIONS,
  RECEIVERS,
  SENDERS,
  SLOT_BYTES,
  SLOTS,
  TAIL,
  THREAD_WORDS,
} from "./layout.ts";
import type { Words } from "./words.ts";

/** The core in JavaScript. */
export class AtomicsCore implements Core {
  readonly kind: CoreKind = "fallback";
  readonly #memory: Words;

  constructor(memory: Words) {
    this.#memory = memory;
  }

  push(channel: number, from: number, header: number, self: number, wake: boolean): number {
    const memory = this.#memory;
    const { atoms, words } = memory;
    const at = channel >> 2;
    for (;;) {
      const tail = atoms.load(words, at + TAIL);
      if ((tail & 1) !== 0) return CLOSED;
      const position = tail >>> 1;
      const slot = slotOf(words, at, position);
      if (atoms.load(words, slot) !== position) {
        if (atoms.load(words, at + TAIL) !== tail) continue;
        return FULL;
      }
      const next = after(words, at, position) << 1;
      if (atoms.compareExchange(words, at + TAIL, tail, next) !== tail) continue;
      words[slot + HEADER] = header;
      memory.copy((slot << 2) + PAYLOAD, from, sizeOf(header));
      atoms.store(words, slot, position + 1);
      if ((header & IN_BLOCK) !== 0) words[FIRST_THREAD + self * THREAD_WORDS + HAND] = 0;
      if ((atoms.load(words, at + TAIL) & 1) !== 0) wakeAll(memory, at + RECEIVERS);
      else if (wake) wakeOne(memory, at + RECEIVERS, self, position);
      return OK;
    }
  }

  pop(channel: number, to: number, self: number, wake: boolean): number {
    const memory = this.#memory;
    const { atoms, words } = memory;
    const at = channel >> 2;
    for (;;) {
      const position = atoms.load(words, at + HEAD);
      const slot = slotOf(words, at, position);
      if (atoms.load(words, slot) !== position + 1) {
        const tail = atoms.load(words, at + TAIL);
        if (tail >>> 1 === position) return (tail & 1) !== 0 ? DRAINED : EMPTY;
        if (atoms.load(words, at + HEAD) !== position) continue;
        return EMPTY;
      }
      const next = after(words, at, position);
      if (atoms.compareExchange(words, at + HEAD, position, next) !== position) continue;
      const header = words[slot + HEADER]!;
      memory.copy(to, (slot << 2) + PAYLOAD, sizeOf(header));
      if ((header & IN_BLOCK) !== 0) {
        words[FIRST_THREAD + self * THREAD_WORDS + HAND] = words[to >> 2]!;
      }
      atoms.store(words, slot, (position + words[at + LAP]!) & POSITIONS);
      if (wake) wakeOne(memory, at + SENDERS, self, position);
      return header;
    }
  }

  pushMany(channel: number, from: number, count: number, self: number, wake: boolean): number {
    const { words } = this.#memory;
    let record = from;
    for (let done = 0; done < count; done++) {
      const header = words[(record >> 2) + HEADER]!;
      const result = this.push(channel, record + PAYLOAD, header, self, wake);
      if (result !== OK) return done > 0 ? done : result;
      record = recordEnd(record, header);
    }
    return count;
  }

  popMany(channel: number, to: number, count: number, self: number, wake: boolean): number {
    const { words } = this.#memory;
    let record = to;
    for (let done = 0; done < count; done++) {
      const header = this.pop(channel, record + PAYLOAD, self, wake);
      if (header < 0) return done > 0 ? done : header;
      words[(record >> 2) + HEADER] = header;
      if ((header & IN_BLOCK) !== 0) return done + 1;
      record = recordEnd(record, header);
    }
    return count;
  }

  close(channel: number): boolean {
    const { atoms, words } = this.#memory;
    const at = channel >> 2;
    if ((atoms.or(words, at + TAIL, 1) & 1) !== 0) return false;
    wakeAll(this.#memory, at + RECEIVERS);
    wakeAll(this.#memory, at + SENDERS);
    return true;
  }

  wakeOne(mask: number, self: number): boolean {
    return wakeOne(this.#memory, mask, self);
  }

  wakeAll(mask: number): void {
    wakeAll(this.#memory, mask);
  }
}

/** The index of the first word of the slot of a position. */
function slotOf(words: Int32Array, at: number, position: number): number {
  const index = position & (words[at + LAP]! - 1);
  return (words[at + SLOTS]! + index * words[at + SLOT_BYTES]!) >> 2;
}

/** The position after one. */
function after(words: Int32Array, at: number, position: number): number {
  const lap = words[at + LAP]!;
  const index = position & (lap - 1);
  return index + 1 < words[at + CAPACITY]! ? position + 1 : (position - index + lap) & POSITIONS;
}

function sizeOf(header: number): number {
  return (header & IN_BLOCK) !== 0 ? 8 : header & LENGTH;
}

/** Where the record after one begins, see `Core.pushMany`. */
export function recordEnd(record: number, header: number): number {
  return record + PAYLOAD + ((sizeOf(header) + 7) & ~7);
}

/** What a new ring is like. */
export interface RingShape {
  /** How many values it holds, from 1. */
  readonly capacity: number;
  /** Bytes of a slot, a multiple of 64. */
  readonly slotBytes: number;
  /** Offset in bytes of the slots. */
  readonly slots: number;
  /** In which round the positions begin; for tests, which begin just before they wrap. */
  readonly round?: number;
}

/** Makes an empty, open ring of the words of a channel, which must be 0. Nobody else may know it yet. */
export function layRing(words: Int32Array, channel: number, shape: RingShape): void {
  const at = channel >> 2;
  const { capacity, slotBytes, slots } = shape;
  const lap = 2 ** Math.ceil(Math.log2(capacity + 1));
  const first = (lap * (shape.round ?? 0)) & POSITIONS;
  words[at + CAPACITY] = capacity;
  words[at + LAP] = lap;
  words[at + SLOT_BYTES] = slotBytes;
  words[at + SLOTS] = slots;
  words[at + HEAD] = first;
  words[at + TAIL] = first << 1;
  for (let index = 0; index < capacity; index++) {
    words[(slots + index * slotBytes) >> 2] = first + index;
  }
}
