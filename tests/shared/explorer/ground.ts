/**
 * The memory of a small program: a few threads and channels, laid out as the library does.
 *
 * @module
 */
import {
  ASLEEP,
  BELL,
  BYTES,
  CANCELLED,
  CAPACITY,
  ENDING,
  FIRST_THREAD,
  HEAD,
  HEADER,
  KIND,
  LIVE,
  OBJECT_WORDS,
  PAYLOAD,
  RECEIVERS,
  SENDERS,
  STAMP,
  STATE,
  TAIL,
  THREAD_WORDS,
} from "../../../workers/shared/layout.ts";
import { layRing } from "../../../workers/shared/ring.ts";
import type { Ground } from "./recorder.ts";

const SLOT_WORDS = 16;
/** Slots of threads in the programs. */
const MOST_THREADS = 8;
const FIRST_CHANNEL = FIRST_THREAD + MOST_THREADS * THREAD_WORDS;
const SCRATCH_WORDS = 64;

/** A memory with channels, and what its words are. */
export class Memory implements Ground {
  readonly words: Int32Array;
  /** Offsets in bytes. */
  readonly channels: readonly number[];
  readonly #scratch: number;
  readonly #names = new Map<number, string>();
  readonly #flags = new Set<number>();

  /** @param round In which round the positions begin. */
  constructor(threads: number, capacities: readonly number[], round: number) {
    const each = OBJECT_WORDS + SLOT_WORDS * Math.max(...capacities);
    this.#scratch = FIRST_CHANNEL + each * capacities.length;
    this.words = new Int32Array(this.#scratch + SCRATCH_WORDS);
    for (let slot = 0; slot < threads; slot++) this.#addThread(slot);
    this.channels = capacities.map((capacity, nth) => {
      const at = FIRST_CHANNEL + each * nth;
      const slots = (at + OBJECT_WORDS) * 4;
      layRing(this.words, at * 4, { capacity, slotBytes: SLOT_WORDS * 4, slots, round });
      this.#nameChannel(at, String.fromCharCode(65 + nth), capacity);
      return at * 4;
    });
  }

  /** Offset in bytes of what only the thread itself uses. */
  get scratch(): number {
    return this.#scratch * 4;
  }

  /** Index of the bell of a thread. */
  bellOf = (slot: number): number => FIRST_THREAD + slot * THREAD_WORDS + BELL;

  /** What a word is called. */
  wordName = (index: number): string => this.#names.get(index) ?? `word ${index}`;

  isPrivate(index: number): boolean {
    return index >= this.#scratch;
  }

  isFlag(index: number): boolean {
    return this.#flags.has(index);
  }

  /** Says that a channel may be cancelled. */
  mayCancel(channel: number): void {
    const index = (channel >> 2) + CANCELLED;
    this.#names.set(index, "cancelled");
    this.#flags.add(index);
  }

  isConstant(index: number): boolean {
    return !this.#names.has(index);
  }

  #addThread(slot: number): void {
    const at = FIRST_THREAD + slot * THREAD_WORDS;
    this.words[at + STATE] = 1 << 2 | LIVE;
    this.words[at + BELL] = 1;
    this.#names.set(at + BELL, `bell of ${slot}`);
    this.#names.set(at + ASLEEP, `asleep of ${slot}`);
  }

  #nameChannel(at: number, name: string, capacity: number): void {
    this.words[at + KIND] = 1;
    this.words[at + BYTES] = SLOT_WORDS * 4 - PAYLOAD;
    this.#names.set(at + TAIL, `tail of ${name}`);
    this.#names.set(at + HEAD, `head of ${name}`);
    this.#names.set(at + ENDING, `ending of ${name}`);
    this.#names.set(at + RECEIVERS, `receivers of ${name}`);
    this.#names.set(at + SENDERS, `senders of ${name}`);
    for (let index = 0; index < this.words[at + CAPACITY]!; index++) {
      const slot = at + OBJECT_WORDS + index * SLOT_WORDS;
      this.#names.set(slot + STAMP, `stamp ${index} of ${name}`);
      this.#names.set(slot + HEADER, `header ${index} of ${name}`);
      this.#names.set(slot + 2, `payload ${index} of ${name}`);
    }
    if (capacity < 1) throw new RangeError(`Cannot lay a ring of ${capacity} slots`);
  }
}
