/**
 * Who waits for what, and how they are woken.
 *
 * A thread has one bell, whatever it waits for. To wait: read the bell; set the own bit in the mask of all
 * that is waited for; try again; say that one sleeps on what was read; wait while the bell is that. To wake:
 * **claim** a bit by clearing it; ring the bell. What must be true:
 *
 * 1. A claimed bit belongs to one waker. So a thread that is on its way is not woken again and again, and
 *    a wake is never shared by two.
 * 2. A thread never takes back more than its own bit. If that has been claimed, and the thread does not use
 *    what it was woken for, it has to wake another: the baton.
 * 3. Waking one too many is harmless. So whoever seems to be dead is woken, and another one as well.
 * 4. `ASLEEP` is the bell as it was heard before the sleep. Only who rings it first after that has to notify,
 *    and nobody needs to take it back: an old one is unlike any bell to come.
 *
 * @module
 */
import { ASLEEP, BELL, FIRST_THREAD, LIVE, RING, STATE, THREAD_WORDS } from "./layout.ts";
import type { Words } from "./words.ts";

/** The index of the first word of the record of a thread. */
export function recordOf(slot: number): number {
  return FIRST_THREAD + slot * THREAD_WORDS;
}

/** Sets this thread's bit: from now on it may be woken. */
export function enlist({ atoms, words }: Words, mask: number, self: number): void {
  atoms.or(words, mask + (self >>> 5), 1 << (self & 31));
}

/**
 * Clears this thread's bit.
 *
 * @returns Whether it was still there; if not, a waker counts on this thread.
 */
export function delist({ atoms, words }: Words, mask: number, self: number): boolean {
  const bit = 1 << (self & 31);
  return (atoms.and(words, mask + (self >>> 5), ~bit) & bit) !== 0;
}

/**
 * Wakes one of the threads in the mask, another one than `self`.
 *
 * @param turn Any number; who is woken first depends on it, so that it should not always be the same.
 * @returns Whether there was one.
 */
export function wakeOne(memory: Words, mask: number, self: number, turn = self): boolean {
  // Multiplied, since positions of small channels differ in few bits.
  const start = Math.imul(turn, 0x9e3779b1) >>> 26;
  const first = start >>> 5;
  return wakeOneOf(memory, mask, first, self, start) ||
    wakeOneOf(memory, mask, 1 - first, self, start);
}

function wakeOneOf(
  memory: Words,
  mask: number,
  half: number,
  self: number,
  start: number,
): boolean {
  const { atoms, words } = memory;
  // Each at most once: who sets his bit again after we have looked tries after what he is woken for.
  let others = half === self >>> 5 ? ~(1 << (self & 31)) : -1;
  for (;;) {
    const waiting = atoms.load(words, mask + half) & others;
    if (waiting === 0) return false;
    const place = lowestFrom(waiting, start & 31);
    if (claim(memory, mask + half, place) && ring(memory, half * 32 + place)) return true;
    others &= ~(1 << place);
  }
}

/** Wakes all threads in the mask, this one too. */
export function wakeAll(memory: Words, mask: number): void {
  for (let half = 0; half < 2; half++) {
    let claimed = memory.atoms.load(memory.words, mask + half);
    if (claimed !== 0) claimed = memory.atoms.exchange(memory.words, mask + half, 0);
    for (; claimed !== 0; claimed &= claimed - 1) {
      ring(memory, half * 32 + 31 - Math.clz32(claimed & -claimed));
    }
  }
}

/**
 * Rings the bell of a thread.
 *
 * @returns Whether it will hear it, as far as can be known.
 */
export function ring({ atoms, words }: Words, slot: number): boolean {
  const thread = FIRST_THREAD + slot * THREAD_WORDS;
  const before = atoms.add(words, thread + BELL, RING);
  if (atoms.load(words, thread + ASLEEP) === before) {
    // All: a thread may wait twice, asleep in one call and in the background for another.
    return atoms.notify(words, thread + BELL) !== 0;
  }
  return (atoms.load(words, thread + STATE) & 3) === LIVE;
}

/** Rings the bell of a thread, even if somebody has done so before who may not have come to notify. */
export function ringAgain({ atoms, words }: Words, slot: number): void {
  atoms.add(words, recordOf(slot) + BELL, RING);
  atoms.notify(words, recordOf(slot) + BELL);
}

/** What the bell of a thread says. To be read before all else that is done in order to wait. */
export function hear({ atoms, words }: Words, self: number): number {
  return atoms.load(words, recordOf(self) + BELL);
}

/** Says that this thread is about to sleep until its bell is unlike what it has heard. */
export function doze({ atoms, words }: Words, self: number, heard: number): void {
  atoms.store(words, recordOf(self) + ASLEEP, heard);
}

function claim({ atoms, words }: Words, half: number, place: number): boolean {
  const bit = 1 << place;
  return (atoms.and(words, half, ~bit) & bit) !== 0;
}

/** The lowest place of a set bit at or above `start`, or else the lowest of all. */
function lowestFrom(bits: number, start: number): number {
  const above = bits & (-1 << start);
  const from = above === 0 ? bits : above;
  return 31 - Math.clz32(from & -from);
}
