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

/**
 * Whether items like this one are cheaper in a ring. Measured, in batches of 256, there and back: numbers 2 times,
 * small objects 2 times, objects with an array 3 times; short strings 0.7 times, long ones and bytes the same.
 */
export function isWorthRing(item: unknown): boolean {
  return typeof item === "number" ||
    (typeof item === "object" && item !== null && !ArrayBuffer.isView(item));
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
