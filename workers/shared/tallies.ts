/**
 * Who waits on a condition: for each thread one word, how many of its tasks wait and how many of them were
 * notified. So a notification belongs to a thread from the step in which it is given, and an abort that comes
 * later changes nothing; and it is still there when the thread dies before it has heard of it.
 *
 * @module
 */
import type { Domain } from "./domain.ts";
import { KIND, THREADS } from "./layout.ts";
import { CELLS, CONDITION, TURN } from "./primitive_layout.ts";
import { onBurial } from "./threads.ts";
import { call } from "./turn.ts";
import type { Words } from "./words.ts";

/** In a tally: one more that waits; the rest counts those that were notified. */
const WAITER = 1 << 16;
const NOTIFIED = WAITER - 1;
/** Words of the object. */
export const TALLIES_WORDS: number = CELLS + THREADS;

/** The tallies of a condition, as one thread sees them. */
export class Tallies {
  readonly #domain: Domain;
  readonly #at: number;

  constructor(domain: Domain, at: number) {
    this.#domain = domain;
    this.#at = at;
  }

  /** A task of this thread waits from now on. */
  count(): void {
    const { atoms, words, self } = this.#domain;
    atoms.add(words, this.#at + CELLS + self, WAITER);
  }

  /** Takes a notification for one of this thread's, which then waits no more. Answers whether there was one. */
  hear(): boolean {
    return this.#change((now) => (now & NOTIFIED) > 0 ? now - WAITER - 1 : now);
  }

  /**
   * One of this thread's waits no more, without a notification.
   *
   * @returns False if all of them were notified, and so was this one.
   */
  leave(): boolean {
    let left = false;
    this.#change((now) => {
      left = now >>> 16 > (now & NOTIFIED);
      return left ? now - WAITER : now - WAITER - 1;
    });
    return left;
  }

  /** Notifies so many, of whatever threads, in turn. */
  notify(count: number): void {
    notify(this.#domain, this.#at, count);
  }

  /** Answers whether that changed anything. */
  #change(next: (now: number) => number): boolean {
    const { atoms, words, self } = this.#domain;
    const word = this.#at + CELLS + self;
    for (;;) {
      const now = atoms.load(words, word), then = next(now);
      if (then === now) return false;
      if (atoms.compareExchange(words, word, now, then) === now) return true;
    }
  }
}

/** Notifies one thread after the other, each once in a round, until it is enough or nobody waits. */
function notify(memory: Words, at: number, count: number): void {
  const { atoms, words } = memory;
  let slot = atoms.load(words, at + TURN);
  for (let left = count, idle = 0; left > 0 && idle < THREADS;) {
    slot = (slot + 1) % THREADS;
    if (!give(memory, at, slot)) {
      idle++;
      continue;
    }
    left--;
    idle = 0;
    atoms.store(words, at + TURN, slot);
    call(memory, at, slot);
  }
}

/** Notifies one task of a thread. Answers whether there was one that was not. */
function give({ atoms, words }: Words, at: number, slot: number): boolean {
  const word = at + CELLS + slot;
  for (;;) {
    const now = atoms.load(words, word);
    if (now >>> 16 <= (now & NOTIFIED)) return false;
    if (atoms.compareExchange(words, word, now, now + 1) === now) return true;
  }
}

/** Gives others the notifications that a dead thread has not heard. */
export function passOn(memory: Words, object: number, slot: number): void {
  const { atoms, words } = memory;
  const at = object >> 2;
  if (atoms.load(words, at + KIND) !== CONDITION) return;
  const its = atoms.exchange(words, at + CELLS + slot, 0);
  notify(memory, at, its & NOTIFIED);
}

onBurial(passOn);
