/**
 * The rounds of a barrier: which one it is and how many have arrived are one word, so that to arrive, to leave and
 * to end the round are one step each.
 *
 * How many of them a thread stands for is a word of its own, so that they can be taken out when it dies. It is
 * written right behind that step: there is no call and no loop between the two, and nowhere else can a thread be
 * killed.
 *
 * @module
 */
import type { Domain } from "./domain.ts";
import { KIND, THREADS } from "./layout.ts";
import { BARRIER, CELLS, CONTENTS, PERMITS } from "./primitive_layout.ts";
import { onBurial } from "./threads.ts";
import type { Words } from "./words.ts";

/** Bits of the contents that say how many have arrived. The others count rounds. */
const ARRIVED = 1023;
const ROUND = 10;
/** Rounds in which places are still given out. */
const OPEN_ROUNDS = 16;
const PLACES = CELLS + THREADS;
/** Words of the object. */
export const ROUNDS_WORDS: number = PLACES + OPEN_ROUNDS;

/** The rounds, as one thread sees them. */
export class Rounds {
  readonly #domain: Domain;
  readonly #at: number;
  /** Index of the word that says in which round how many of this thread have arrived. */
  readonly #mine: number;
  readonly parties: number;

  constructor(domain: Domain, at: number) {
    this.#domain = domain;
    this.#at = at;
    this.#mine = at + CELLS + domain.self;
    this.parties = domain.words[at + PERMITS]!;
  }

  get arrived(): number {
    return this.#load(CONTENTS) & ARRIVED;
  }

  /**
   * Arrives.
   *
   * @param waits Whether to arrive also if that is not the last one.
   * @returns The round; -1 if it is over by this; undefined if it would have to wait.
   */
  arrive(waits: boolean): number | undefined {
    const { atoms, words } = this.#domain;
    for (;;) {
      const now = this.#load(CONTENTS);
      const last = (now & ARRIVED) + 1 === this.parties;
      if (!last && !waits) return undefined;
      const mine = this.#next(now, 1);
      const next = last ? ((now | ARRIVED) + 1) | 0 : now + 1;
      if (atoms.compareExchange(words, this.#at + CONTENTS, now, next) !== now) continue;
      if (last) return -1;
      atoms.store(words, this.#mine, mine);
      return now >>> ROUND;
    }
  }

  /** Leaves. Answers whether the round was not over yet. */
  leave(round: number): boolean {
    const { atoms, words } = this.#domain;
    for (;;) {
      const now = this.#load(CONTENTS);
      if (now >>> ROUND !== round) return false;
      const mine = this.#next(now, -1);
      if (atoms.compareExchange(words, this.#at + CONTENTS, now, now - 1) !== now) continue;
      atoms.store(words, this.#mine, mine);
      return true;
    }
  }

  /** Whether all have come. */
  isOver(round: number): boolean {
    return this.#load(CONTENTS) >>> ROUND !== round;
  }

  /** A place in a round that is over, for one that was not the last. */
  placeIn(round: number): number {
    const { atoms, words } = this.#domain;
    const word = this.#at + PLACES + round % OPEN_ROUNDS;
    for (;;) {
      const now = atoms.load(words, word);
      // Nobody has asked yet: the word is of an earlier round.
      const place = now >>> ROUND === round ? now & ARRIVED : 0;
      if (atoms.compareExchange(words, word, now, round << ROUND | (place + 1)) === now) {
        return place;
      }
    }
  }

  /** What this thread's word will be, as of the round that is now. */
  #next(now: number, by: number): number {
    const mine = this.#domain.words[this.#mine]!;
    const before = mine >>> ROUND === now >>> ROUND ? mine & ARRIVED : 0;
    return (now & ~ARRIVED) | (before + by);
  }

  #load(word: number): number {
    return this.#domain.atoms.load(this.#domain.words, this.#at + word);
  }
}

/** Takes out those for whom a dead thread stood. */
export function takeOut({ atoms, words }: Words, object: number, slot: number): void {
  const at = object >> 2;
  if (atoms.load(words, at + KIND) !== BARRIER) return;
  const its = atoms.exchange(words, at + CELLS + slot, 0);
  for (;;) {
    const now = atoms.load(words, at + CONTENTS);
    if (now >>> ROUND !== its >>> ROUND || (its & ARRIVED) === 0) return;
    const next = now - (its & ARRIVED);
    if (atoms.compareExchange(words, at + CONTENTS, now, next) === now) return;
  }
}

onBurial(takeOut);
