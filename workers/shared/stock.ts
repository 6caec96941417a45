/**
 * What a lock and a semaphore have to give: permits, as words of which each change is one step. So a thread can
 * be killed between any two steps, and nothing is half done.
 *
 * @module
 */
import type { Domain } from "./domain.ts";
import { KIND } from "./layout.ts";
import { ARRAY, CELLS, CONTENTS, MUTEX, PERMITS, SEMAPHORE, VALUE } from "./primitive_layout.ts";
import { onBurial } from "./threads.ts";
import type { Words } from "./words.ts";

/** There was none. */
export const NONE = 0;
/** It is taken. */
export const TAKEN = 1;
/** It is taken, and the thread that had it before has ended without giving it back. */
export const TAKEN_FROM_DEAD = 2;

/** Permits. */
export interface Stock {
  /** How many there are to be taken. */
  readonly available: number;
  /** Whether there are any. */
  readonly some: boolean;
  /** Takes one: `NONE`, `TAKEN` or `TAKEN_FROM_DEAD`. */
  grab(): number;
  /** Gives one back. Answers whether one was out. */
  put(): boolean;
}

/** In a cell: nobody has the permit. */
const FREE = 0;
/** In a cell: nobody has the permit, for whoever had it is dead. */
const LEFT_BEHIND = 0x100;

/**
 * Permits that know which thread has them: those of a dead thread come back. One word for each, with the slot of
 * its thread, plus 1.
 */
export class OwnedStock implements Stock {
  readonly #domain: Domain;
  readonly #first: number;
  readonly #count: number;
  /** Where the last one was found. */
  #hint = 0;

  constructor(domain: Domain, at: number) {
    this.#domain = domain;
    this.#first = at + CELLS;
    this.#count = domain.words[at + PERMITS]!;
  }

  get available(): number {
    let free = 0;
    for (let i = 0; i < this.#count; i++) if (this.#isFree(this.#load(i))) free++;
    return free;
  }

  get some(): boolean {
    for (let i = 0; i < this.#count; i++) if (this.#isFree(this.#load(i))) return true;
    return false;
  }

  grab(): number {
    const mine = this.#domain.self + 1;
    for (let n = 0, i = this.#hint; n < this.#count; n++, i = this.#after(i)) {
      const cell = this.#load(i);
      if (!this.#isFree(cell) || !this.#change(i, cell, mine)) continue;
      this.#hint = i;
      return cell === FREE ? TAKEN : TAKEN_FROM_DEAD;
    }
    return NONE;
  }

  /** One of this thread's, or else of any other's: whoever gives back need not be the one who took. */
  put(): boolean {
    const mine = this.#domain.self + 1;
    for (let n = 0, i = this.#hint; n < this.#count; n++, i = this.#after(i)) {
      if (this.#load(i) === mine && this.#change(i, mine, FREE)) return true;
    }
    return this.#count > 1 && this.#putAny();
  }

  #putAny(): boolean {
    for (let i = 0; i < this.#count; i++) {
      const cell = this.#load(i);
      if (!this.#isFree(cell) && this.#change(i, cell, FREE)) return true;
    }
    return false;
  }

  #isFree(cell: number): boolean {
    return cell === FREE || cell === LEFT_BEHIND;
  }

  #after(i: number): number {
    return i + 1 === this.#count ? 0 : i + 1;
  }

  #load(i: number): number {
    return this.#domain.atoms.load(this.#domain.words, this.#first + i);
  }

  #change(i: number, from: number, to: number): boolean {
    const { atoms, words } = this.#domain;
    return atoms.compareExchange(words, this.#first + i, from, to) === from;
  }
}

/** Permits that are only counted. */
export class CountedStock implements Stock {
  readonly #domain: Domain;
  readonly #word: number;
  readonly #max: number;

  constructor(domain: Domain, at: number) {
    this.#domain = domain;
    this.#word = at + CONTENTS;
    this.#max = domain.words[at + PERMITS]!;
  }

  get available(): number {
    return this.#domain.atoms.load(this.#domain.words, this.#word);
  }

  get some(): boolean {
    return this.available > 0;
  }

  grab(): number {
    return this.#change(0, -1) ? TAKEN : NONE;
  }

  put(): boolean {
    return this.#change(this.#max, 1);
  }

  /** Unless the number is `end`. */
  #change(end: number, by: number): boolean {
    const { atoms, words } = this.#domain;
    for (;;) {
      const now = atoms.load(words, this.#word);
      if (now === end) return false;
      if (atoms.compareExchange(words, this.#word, now, now + by) === now) return true;
    }
  }
}

/** Gives back what a dead thread had. Those who wait are woken by whoever buries it. */
export function giveBack({ atoms, words }: Words, object: number, slot: number): void {
  const at = object >> 2;
  if (!OWNED.includes(atoms.load(words, at + KIND))) return;
  const end = at + CELLS + words[at + PERMITS]!;
  for (let cell = at + CELLS; cell < end; cell++) {
    atoms.compareExchange(words, cell, slot + 1, LEFT_BEHIND);
  }
}

const OWNED: readonly number[] = [MUTEX, SEMAPHORE, VALUE, ARRAY];

onBurial(giveBack);
