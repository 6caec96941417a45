/**
 * The slots of the thread table: who has which. A slot and its generation are one word, so that nobody clears
 * away a thread that has come after the one he means.
 *
 * @module
 */
import { recordOf } from "./bells.ts";
import { DEAD, FREE, LIVE, STATE, THREADS } from "./layout.ts";
import type { Words } from "./words.ts";

/** A place in the thread table. Plain data: a parent can take one for a thread it is about to start. */
export interface Seat {
  /** From 0. */
  readonly slot: number;
  /** How often the slot had been given away. */
  readonly generation: number;
}

/**
 * Takes a slot that nobody has.
 *
 * @param state `LIVE` for the own thread, `RESERVED` for one that is to be started.
 * @returns undefined if there is none.
 */
export function takeSlot({ atoms, words }: Words, state: number): Seat | undefined {
  for (let slot = 0; slot < THREADS; slot++) {
    const at = recordOf(slot) + STATE;
    const word = atoms.load(words, at);
    if ((word & 3) !== FREE) continue;
    const generation = ((word >>> 2) + 1) & 0x3fffffff;
    if (atoms.compareExchange(words, at, word, generation << 2 | state) === word) {
      return { slot, generation };
    }
  }
  return undefined;
}

/**
 * Changes the state of a slot, if it is still the one that is meant.
 *
 * @returns Whether it was.
 */
export function changeSlot({ atoms, words }: Words, seat: Seat, from: number, to: number): boolean {
  const at = recordOf(seat.slot) + STATE;
  const before = seat.generation << 2 | from;
  return atoms.compareExchange(words, at, before, seat.generation << 2 | to) === before;
}

/** Whether the thread of the slot lives, as far as anybody knows. */
export function isLive({ atoms, words }: Words, seat: Seat): boolean {
  return atoms.load(words, recordOf(seat.slot) + STATE) === (seat.generation << 2 | LIVE);
}

/**
 * Takes a free slot for a moment, to use what its last thread has left.
 *
 * @returns What `release` needs; 0 if somebody was faster.
 */
export function claimIdle({ atoms, words }: Words, slot: number): number {
  const at = recordOf(slot) + STATE;
  const word = atoms.load(words, at);
  if ((word & 3) !== FREE) return 0;
  return atoms.compareExchange(words, at, word, word | DEAD) === word ? word | DEAD : 0;
}

/** Gives it back as it was. */
export function release({ atoms, words }: Words, slot: number, claimed: number): void {
  atoms.store(words, recordOf(slot) + STATE, claimed & ~3);
}
