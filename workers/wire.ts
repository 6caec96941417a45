/**
 * What the two ends of a worker stage say to each other. Values and answers are frames: a sequence
 * number, flags and an item. They travel in batches, by messages over a port; the items of a batch may lie in
 * shared memory instead, see batch_ring.ts.
 *
 * @module
 */
import type { Place } from "./parcel.ts";
import type { EncodedError } from "./remote_error.ts";
import type { SharedMemory } from "./shared/handle.ts";
import { transferOf } from "./transfer.ts";

/** Both ends must speak the same version. They may not, where a bundler or a cache mixes two copies. */
export const VERSION = 1;

/** Nothing else comes for this sequence number. */
export const LAST = 1;
/** The item is an error. */
export const ERROR = 2;
/** There is no item. */
export const BARE = 4;
/** To a thread: the input ends. From a thread: its generator has returned. */
export const END = 8;

/**
 * Frames in a row. Those with consecutive numbers and the same flags share a head: the first number, the
 * flags, how many they are; their items follow, unless they are `BARE`. Flat, since clones of nested arrays
 * are dear, and numbers among numbers, since a clone of nothing else takes half the time.
 */
export type Frames = readonly unknown[];

/** Frames that are being put together, and what is to be moved with them. */
export class FrameList {
  readonly frames: unknown[] = [];
  readonly transfer: object[] = [];
  /** Where the head of the last frames is. */
  #head = 0;
  #count = 0;
  #flags = 0;
  /** The number that would share the head. */
  #next = -1;
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds a frame. */
  put(sequence: number, flags: number, item: unknown): void {
    const { frames } = this;
    this.#size++;
    if (sequence === this.#next && flags === this.#flags) frames[this.#head + 2] = ++this.#count;
    else {
      this.#head = frames.push(sequence, flags, 1) - 3;
      this.#count = 1;
      this.#flags = flags;
    }
    this.#next = sequence + 1;
    if ((flags & BARE) !== 0) return;
    frames.push(item);
    const moved = transferOf(item);
    if (moved !== undefined) this.transfer.push(...moved);
  }
}

/** Items that do not stand among their frames. */
export interface Items {
  /** The next one. */
  next(): unknown;
  /** There is none. */
  done(): void;
}

/** Reads frames one after the other. */
export class FrameReader {
  readonly #frames: Frames;
  readonly #items: Items | undefined;
  #at = 0;
  /** The number after the last one that shares the head. */
  #end = 0;
  /** Of the frame that was read. */
  sequence = -1;
  flags = 0;
  item: unknown;

  /** @param items If they stand elsewhere, all but those that are `BARE`. */
  constructor(frames: Frames, items?: Items) {
    this.#frames = frames;
    this.#items = items;
  }

  /** Whether the items stand among the frames. */
  get cloned(): boolean {
    return this.#items === undefined;
  }

  /** Reads a frame. False if there is none. */
  read(): boolean {
    const frames = this.#frames;
    if (++this.sequence >= this.#end) {
      if (this.#at >= frames.length) {
        this.#items?.done();
        return false;
      }
      this.sequence = frames[this.#at] as number;
      this.flags = frames[this.#at + 1] as number;
      this.#end = this.sequence + (frames[this.#at + 2] as number);
      this.#at += 3;
    }
    if ((this.flags & BARE) !== 0) this.item = undefined;
    else this.item = this.#items === undefined ? frames[this.#at++] : this.#items.next();
    return true;
  }
}

/** Frames and their items apart. */
export function takeItems(frames: Frames): { readonly heads: Frames; readonly items: unknown[] } {
  const heads: unknown[] = [], items: unknown[] = [];
  for (let at = 0; at < frames.length;) {
    const flags = frames[at + 1] as number, count = frames[at + 2] as number;
    heads.push(frames[at], flags, count);
    at += 3;
    if ((flags & BARE) !== 0) continue;
    for (const end = at + count; at < end; at++) items.push(frames[at]);
  }
  return { heads, items };
}

/** Takes frames apart. */
export function eachFrame(
  reader: FrameReader,
  take: (sequence: number, flags: number, item: unknown) => void,
): void {
  while (reader.read()) take(reader.sequence, reader.flags, reader.item);
}

/** The notes of a thread, in shared memory. */
export type Cells = Int32Array<SharedArrayBuffer>;

/** What a thread is told first. */
export interface Opening {
  readonly type: "open";
  readonly version: number;
  /** The address of the user's module. */
  readonly module: string;
  /** The name of the export. */
  readonly export: string;
  /** For the context, and what stands in it that cannot be cloned. */
  readonly data: unknown;
  readonly places: readonly Place[];
  /** For the context. */
  readonly thread: number;
  /** How many values of a generator may be on their way without having been taken. */
  readonly window: number;
  /** For its notes. */
  readonly cells: Cells | undefined;
  /** If they are to be used from the start. */
  readonly rings: RingsOffer | undefined;
}

/** Frames in one message; in which slot of the ring their items are, if they are in one. */
export interface Batched<Type extends string> {
  readonly type: Type;
  readonly frames: Frames;
  readonly slot?: number | undefined;
}

/** Two rings are there, for values and for answers. */
export interface RingsOffer {
  readonly type: "rings";
  readonly memory: SharedMemory;
  /** Offset in bytes of the first. */
  readonly at: number;
  /** Whether to use them for every batch. */
  readonly always: boolean;
}

/** What a thread is told. */
export type Order =
  | Opening
  | Batched<"values">
  | RingsOffer
  /** So many values of a generator were taken. */
  | { readonly type: "taken"; readonly count: number }
  /** Nobody wants anything any more, or a value has had its time: clean up and exit. */
  | { readonly type: "stop"; readonly overdue: boolean };

/** What a thread answers. */
export type Answer =
  | { readonly type: "ready"; readonly generator: boolean }
  /** `spent` is how long the thread has worked for it, in ms. */
  | Batched<"answers"> & { readonly spent: number }
  /** It has the rings. */
  | { readonly type: "rings" }
  /** A note, where there is no shared memory. */
  | { readonly type: "noted"; readonly cell: number; readonly value: number }
  /** The module could not be imported, or nobody caught an error; the thread is about to exit. */
  | { readonly type: "failed"; readonly reason: string; readonly error: EncodedError };
