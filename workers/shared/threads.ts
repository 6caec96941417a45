/**
 * The threads of a memory: they join, leave, and die. Whoever learns that a thread has ended **buries** it, its
 * parent as a rule. What must be true afterwards:
 *
 * 1. No mask has its bit, so that no wake goes to it, nor to the next thread with its slot.
 * 2. Nobody sleeps on account of a wake that it took with it: all who wait look again.
 * 3. The block in its hand is free.
 *
 * @module
 */
import { enlist, recordOf, ringAgain, wakeAll } from "./bells.ts";
import { eachObject, free } from "./heap.ts";
import {
  DEAD,
  FREE,
  HAND,
  HOLDERS,
  LIVE,
  RECEIVERS,
  RESERVED,
  SENDERS,
  STATE,
  THREADS,
} from "./layout.ts";
import { changeSlot, type Seat, takeSlot } from "./slots.ts";
import type { Words } from "./words.ts";

/**
 * Takes a slot for this thread.
 *
 * @throws {Error} If 64 threads use the memory.
 */
export function join(memory: Words): Seat {
  const seat = takeSlot(memory, LIVE);
  if (seat !== undefined) return seat;
  throw new Error(`Cannot join the shared memory: ${THREADS} threads use it already`);
}

/**
 * Takes the slot that the parent has reserved.
 *
 * @throws {Error} If the parent takes this thread for dead.
 */
export function adopt(memory: Words, seat: Seat): void {
  if (changeSlot(memory, seat, RESERVED, LIVE)) return;
  throw new Error("Cannot join the shared memory: this thread has been given up");
}

/**
 * Clears away what a thread has left that has ended. Idempotent; does nothing about the thread that has the slot now.
 *
 * @param reusable Whether it has ended for certain. If not, its slot stays unused for ever: it may still write.
 */
export function bury(memory: Words, seat: Seat, reusable = true): void {
  // It has never been here, and cannot come any more.
  if (changeSlot(memory, seat, RESERVED, FREE)) return;
  if (!changeSlot(memory, seat, LIVE, DEAD)) return;
  const { atoms, words } = memory;
  const { slot } = seat;
  eachObject(memory, (object) => {
    strike(memory, (object >> 2) + HOLDERS, slot);
    strike(memory, (object >> 2) + RECEIVERS, slot);
    strike(memory, (object >> 2) + SENDERS, slot);
    for (const burial of burials) burial(memory, object, slot);
    wakeAll(memory, (object >> 2) + RECEIVERS);
    wakeAll(memory, (object >> 2) + SENDERS);
  });
  // Their bits may have been claimed by the dead thread, which has not come to ring. And its own: if nobody
  // could end it, it may still sleep, and is to see what it is.
  for (let other = 0; other < THREADS; other++) {
    const state = atoms.load(words, recordOf(other) + STATE) & 3;
    if (state === LIVE || other === slot) ringAgain(memory, other);
  }
  if (!reusable) return;
  const thread = recordOf(slot);
  const hand = words[thread + HAND]!;
  words[thread + HAND] = 0;
  if (hand !== 0) free(memory, slot, hand);
  changeSlot(memory, seat, DEAD, FREE);
}

/** What a kind of object does when a thread has died that may have had it. */
export type Burial = (memory: Words, object: number, slot: number) => void;

const burials: Burial[] = [];

/** From now on, `burial` is called for each object when a thread has died, before those who wait are woken. */
export function onBurial(burial: Burial): void {
  burials.push(burial);
}

/** Says that this thread has the object open. */
export function hold(memory: Words, object: number, self: number): void {
  enlist(memory, (object >> 2) + HOLDERS, self);
}

function strike({ atoms, words }: Words, mask: number, slot: number): void {
  const half = mask + (slot >>> 5);
  const bit = 1 << (slot & 31);
  if ((atoms.load(words, half) & bit) !== 0) atoms.and(words, half, ~bit);
}
