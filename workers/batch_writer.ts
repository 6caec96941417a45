/**
 * Which batches are written to a ring, and which are cloned.
 *
 * @module
 */
import type { BatchRing } from "./batch_ring.ts";

/**
 * Items in a batch, at least. The message costs far more than the clones of fewer (measured: 13 microseconds of
 * processor time there and back on Node, 20 on Deno; a clone takes 0.1 to 2).
 */
const LEAST = 16;
/** Batches that are cloned after one could not be written: twice as many each time, up to so many. */
const MOST_CLONED = 256;

/** How a test wants batches to go: `"on"`, as soon and as many as can; `"off"`, none; `"auto"`, as they should. */
export type RingUse = "auto" | "on" | "off";

let use: RingUse = "auto";

/** How batches go. */
export function ringUse(): RingUse {
  return use;
}

/** For tests. Goes for threads that are started from now on. */
export function setRingUse(wish: RingUse): void {
  use = wish;
}

/** Characters; a longer text is copied, there and back, about as fast as it is cloned, or not quite. */
const LONG_TEXT = 256;
/** Elements; longer arrays are not written. */
const LONG_ARRAY = 64;
const WIDE = /[^\0-\xff]/;
/** Levels that are looked at. */
const DEEP = 4;

/**
 * Whether items like this one are cheaper in a ring. Measured, through a stage without work, in processor time:
 * objects with objects or arrays in them take 0.4 to 0.5 of what they take as clones, small ones 0.6 to 0.8, those of
 * many short texts 0.9; objects that are one long text, or text beyond Latin-1, 1.0 to 1.15. Numbers take 0.9, which is not worth
 * the loading; short strings 1.5, long ones and bytes the same.
 */
export function isWorthRing(item: unknown): boolean {
  if (typeof item !== "object" || item === null) return false;
  try {
    return isMostlyShape(item, 0);
  } catch {
    return false; // a getter has thrown
  }
}

/** Whether it is keys and numbers that it consists of, more than text. */
function isMostlyShape(value: object, depth: number): boolean {
  if (ArrayBuffer.isView(value) || depth > DEEP) return false;
  if (Array.isArray(value) && value.length > LONG_ARRAY) return false;
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    if (typeof part === "string" && (part.length > LONG_TEXT || WIDE.test(part))) return false;
    if (typeof part === "object" && part !== null && !isMostlyShape(part, depth + 1)) return false;
  }
  return true;
}

/** Writes those batches for which it pays. */
export class BatchWriter {
  readonly #ring: BatchRing;
  readonly #always: boolean;
  #rest = 0;
  #penalty = 1;

  /** @param always Whether to try every batch. */
  constructor(ring: BatchRing, always: boolean) {
    this.#ring = ring;
    this.#always = always;
  }

  /** Writes items. Answers in which slot, or -1: they are to be cloned. */
  write(items: readonly unknown[]): number {
    if (this.#always) return this.#ring.write(items);
    if (items.length < LEAST || !isWorthRing(items[0])) return -1;
    if (this.#rest > 0) {
      this.#rest--;
      return -1;
    }
    const slot = this.#ring.write(items);
    if (slot >= 0) this.#penalty = 1;
    else this.#rest = this.#penalty = Math.min(2 * this.#penalty, MOST_CLONED);
    return slot;
  }
}
