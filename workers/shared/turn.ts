/**
 * Whose turn it is: how those who wait in many threads come to what there is not enough of.
 *
 * A thread that is woken and finds that another was faster becomes **hungry**, a bit in a mask. As long as there
 * are hungry threads, only one of them may take anything: the next one in the order of the slots after the
 * one that came last. So a thread that waits is passed over only until it has been woken once, and then by
 * each other thread once at most, or twice if that one was just about to take. Without hungry threads whoever
 * comes takes, which spares the time in which what is free waits for somebody to wake up.
 *
 * @module
 */
import { delist, enlist, ring, wakeOne } from "./bells.ts";
import { HUNGRY, TURN, WAITING } from "./primitive_layout.ts";
import type { Words } from "./words.ts";

/** The hungry thread whose turn it is; -1 if none is hungry. */
export function nextHungry({ atoms, words }: Words, at: number): number {
  const low = atoms.load(words, at + HUNGRY), high = atoms.load(words, at + HUNGRY + 1);
  if ((low | high) === 0) return -1;
  const last = atoms.load(words, at + TURN);
  for (let n = 1; n <= 64; n++) {
    const slot = (last + n) & 63;
    if ((slot < 32 ? low : high) & 1 << (slot & 31)) return slot;
  }
  return -1;
}

/** This thread is to be served before those who are not hungry. To be said before it tries again. */
export function beHungry(memory: Words, at: number, self: number): void {
  enlist(memory, at + HUNGRY, self);
}

/** This thread is hungry no more. Answers whether it was. */
export function beSated(memory: Words, at: number, self: number): boolean {
  const { atoms, words } = memory;
  const half = atoms.load(words, at + HUNGRY + (self >>> 5));
  return (half & 1 << (self & 31)) !== 0 && delist(memory, at + HUNGRY, self);
}

/** This thread, whose turn it was, has come. */
export function endTurn({ atoms, words }: Words, at: number, self: number): void {
  atoms.store(words, at + TURN, self);
}

/** Wakes a certain thread. */
export function call(memory: Words, at: number, slot: number): void {
  delist(memory, at + WAITING, slot);
  ring(memory, slot);
}

/**
 * There is something: wakes the thread whose turn it is, unless that is this one; or else any that waits.
 *
 * @param which Another number each time, so that it is not always the same one.
 */
export function callNext(memory: Words, at: number, self: number, which: number): void {
  const next = nextHungry(memory, at);
  if (next === self) return;
  if (next >= 0) call(memory, at, next);
  else wakeOne(memory, at + WAITING, self, which);
}
