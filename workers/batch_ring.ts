/**
 * Batches in shared memory: a ring of a few buffers, each of which holds the items of one batch as the codec
 * writes them. The message that belongs to a batch has the rest, the numbers and flags; it says in which slot the
 * items lie, and wakes the reader. So there is one order for all, and whatever does not fit goes by the message.
 *
 * One thread writes, and one reads. A slot is the writer's while its stamp is `FREE`, and the reader's from
 * when the message comes until it has read the last item. If one of them dies, the whole ring is given up.
 *
 * @module
 */
import { isPlainData } from "./plain_data.ts";
import { codecOf } from "./shared/codec/choice.ts";
import type { Codec } from "./shared/codec/codec.ts";
import type { Domain } from "./shared/domain.ts";
import { transferOf } from "./transfer.ts";
import type { Items } from "./wire.ts";

/** Slots: one that is read, one that waits, and one that is written. */
const SLOTS = 3;
/** Bytes of the stamps, in front of the slots. */
const HEAD_BYTES = 64;
/** Bytes of a slot. Two rings fill a block of the heap. */
const SLOT_BYTES = 2 ** 18 - HEAD_BYTES;
/** Bytes before an item, which say how long it is. */
const ITEM_HEAD = 8;

/** Bytes of the memory of a ring. */
export const RING_BYTES: number = HEAD_BYTES + SLOTS * SLOT_BYTES;

const FREE = 0;
const FULL = 1;

/** One direction between two threads, as one of them sees it. */
export class BatchRing {
  readonly #words: Int32Array;
  readonly #codec: Codec<unknown>;
  /** Offset in bytes. */
  readonly #at: number;
  /** The slot that is written next. */
  #next = 0;

  constructor(domain: Domain, at: number) {
    this.#words = domain.words;
    this.#codec = codecOf<unknown>(domain);
    this.#at = at;
  }

  /** Makes all slots free. Before anybody else knows the ring. */
  clear(): void {
    this.#words.fill(FREE, this.#at >> 2, (this.#at + HEAD_BYTES) >> 2);
  }

  /** Writes items. Answers in which slot, or -1: no slot is free, or these cannot be written or do not fit. */
  write(items: readonly unknown[]): number {
    const slot = this.#next;
    if (Atomics.load(this.#words, this.#stampOf(slot)) !== FREE || !this.#fill(slot, items)) {
      return -1;
    }
    Atomics.store(this.#words, this.#stampOf(slot), FULL);
    this.#next = (slot + 1) % SLOTS;
    return slot;
  }

  /** The items of a batch, to be read one after the other. */
  read(slot: number): Items {
    const words = this.#words, codec = this.#codec;
    let at = this.#startOf(slot);
    return {
      next: () => {
        const bytes = words[at >> 2]!, from = at + ITEM_HEAD;
        at = after(from, bytes);
        return codec.decode(from, bytes);
      },
      done: () => void Atomics.store(words, this.#stampOf(slot), FREE),
    };
  }

  #fill(slot: number, items: readonly unknown[]): boolean {
    const words = this.#words, codec = this.#codec;
    let at = this.#startOf(slot);
    const end = at + SLOT_BYTES - ITEM_HEAD;
    try {
      for (const item of items) {
        const from = at + ITEM_HEAD;
        if (from >= end || !isPlainData(item) || transferOf(item) !== undefined) return false;
        const bytes = codec.encode(item, from, end - from);
        if (bytes < 0) return false;
        words[at >> 2] = bytes;
        at = after(from, bytes);
      }
      return true;
    } catch {
      return false; // a getter has thrown: whoever clones it will say so
    }
  }

  #stampOf(slot: number): number {
    return (this.#at >> 2) + slot;
  }

  #startOf(slot: number): number {
    return this.#at + HEAD_BYTES + slot * SLOT_BYTES;
  }
}

function after(from: number, bytes: number): number {
  return from + ((bytes + 7) & ~7);
}
