/**
 * Blocks of the shared memory: for objects, and for values that are longer than a slot.
 *
 * Each thread has lists of free blocks, one for each size, which only itself touches. A block goes back to the
 * thread that made it, whoever frees it: another thread pushes it to that one's `RETURNED`, a list from which
 * only one thread takes. So no list has the trouble of one that several threads take from (ABA), and most calls
 * are a few plain reads and writes. The lists stay in the slot when a thread dies, for the next one in it.
 *
 * Sizes are 2^n and 1.5 * 2^n bytes. Blocks are neither split nor joined; memory that nobody has touched costs
 * nothing.
 *
 * @module
 */
import { recordOf } from "./bells.ts";
import {
  BLOCK_IS_OBJECT,
  BLOCK_NEXT,
  BLOCK_SIZE,
  FIRST_BLOCK,
  FREE,
  FREE_LISTS,
  LINE,
  LINES,
  RETURNED,
  SIZES,
  STATE,
  THREADS,
  TOP,
} from "./layout.ts";
import { claimIdle, release } from "./slots.ts";
import type { Words } from "./words.ts";

const LINE_WORDS = LINE / 4;
/** The size of the smallest blocks is 2^7 bytes. */
const SMALLEST = 7;
/** No memory has more, and no sum below goes beyond 32 bits. */
const MOST = 2 ** 30;
/** Set in BLOCK_SIZE as soon as the block is there. */
const CARVED = 1 << 30;

/**
 * Answers the offset in bytes of a block of at least `bytes` bytes, a multiple of 64. It is not zeroed.
 *
 * @param self The slot of this thread.
 * @throws {RangeError} If the memory is used up.
 */
export function allocate(memory: Words, self: number, bytes: number): number {
  const size = sizeIndex(bytes);
  const block = size >= SIZES || bytes > MOST ? 0 : take(memory, self, size) ||
    takeReturned(memory, self, size) ||
    carve(memory, self, size) ||
    takeLarger(memory, self, size) ||
    takeFromIdle(memory, self, size);
  if (block === 0) throw exhausted(memory, bytes);
  return block;
}

/** Gives a block back, to the thread that made it. */
export function free(memory: Words, self: number, block: number): void {
  const { atoms, words } = memory;
  const header = (block >> 2) - LINE_WORDS;
  words[header + BLOCK_IS_OBJECT] = 0;
  const owner = (words[header + BLOCK_SIZE]! & ~CARVED) >> 8;
  if (owner === self) return keep(words, self, block);
  const list = recordOf(owner) + RETURNED;
  for (;;) {
    const next = atoms.load(words, list);
    words[header + BLOCK_NEXT] = next;
    if (atoms.compareExchange(words, list, next, block) === next) return;
  }
}

/** How many bytes a block has room for. */
export function roomOf({ words }: Words, block: number): number {
  return bytesOf(words[(block >> 2) - LINE_WORDS + BLOCK_SIZE]! & 0xff);
}

/** Says that an object lies in the block: the bits of a thread that dies are looked for in it. */
export function enroll({ atoms, words }: Words, block: number): void {
  atoms.store(words, (block >> 2) - LINE_WORDS + BLOCK_IS_OBJECT, 1);
}

/** Calls `visit` with the offset of each object in the memory. */
export function eachObject({ atoms, words }: Words, visit: (object: number) => void): void {
  let header = FIRST_BLOCK;
  while (header < atoms.load(words, TOP) * LINE_WORDS) {
    const size = atoms.load(words, header + BLOCK_SIZE);
    // Some other thread is just about to write it: nothing else can happen to it in between.
    if (size === 0) continue;
    if (atoms.load(words, header + BLOCK_IS_OBJECT) === 1) visit((header << 2) + LINE);
    header += LINE_WORDS + (bytesOf(size & 0xff) >> 2);
  }
}

/** The index of the smallest size that has room for so many bytes. */
function sizeIndex(bytes: number): number {
  const power = Math.max(SMALLEST, 32 - Math.clz32(bytes - 1));
  const half = (power - SMALLEST) * 2;
  return half > 0 && bytes <= 3 * 2 ** (power - 2) ? half - 1 : half;
}

function bytesOf(size: number): number {
  const power = 2 ** (SMALLEST + (size >> 1));
  return (size & 1) === 0 ? power : power * 1.5;
}

/** From the thread's own list. */
function take({ words }: Words, self: number, size: number): number {
  const list = recordOf(self) + FREE_LISTS + size;
  const block = words[list]!;
  if (block !== 0) words[list] = words[(block >> 2) - LINE_WORDS + BLOCK_NEXT]!;
  return block;
}

/** Puts a block into the list of the thread that made it, who alone may do so. */
function keep(words: Int32Array, owner: number, block: number): void {
  const header = (block >> 2) - LINE_WORDS;
  const list = recordOf(owner) + FREE_LISTS + (words[header + BLOCK_SIZE]! & 0xff);
  words[header + BLOCK_NEXT] = words[list]!;
  words[list] = block;
}

function takeReturned(memory: Words, self: number, size: number): number {
  collect(memory, self);
  return take(memory, self, size);
}

/**
 * Takes over what others have given back. One by one: a thread that is killed meanwhile loses one block, not the list.
 * Nobody else takes from it, so the first block is the same one as long as the list begins with it.
 */
function collect({ atoms, words }: Words, owner: number): void {
  const list = recordOf(owner) + RETURNED;
  for (;;) {
    const block = atoms.load(words, list);
    if (block === 0) return;
    const next = words[(block >> 2) - LINE_WORDS + BLOCK_NEXT]!;
    if (atoms.compareExchange(words, list, block, next) === block) keep(words, owner, block);
  }
}

/** From the untouched memory. */
function carve({ atoms, words }: Words, self: number, size: number): number {
  const lines = 1 + bytesOf(size) / LINE;
  for (;;) {
    const top = atoms.load(words, TOP);
    if (top + lines > words[LINES]!) return 0;
    if (atoms.compareExchange(words, TOP, top, top + lines) === top) {
      atoms.store(words, top * LINE_WORDS + BLOCK_SIZE, CARVED | self << 8 | size);
      return (top + 1) * LINE;
    }
  }
}

function takeLarger(memory: Words, self: number, size: number): number {
  for (let larger = size + 1; larger < SIZES; larger++) {
    const block = take(memory, self, larger);
    if (block !== 0) return block;
  }
  return 0;
}

/** From the lists of slots that no thread has. */
function takeFromIdle(memory: Words, self: number, size: number): number {
  for (let slot = 0; slot < THREADS; slot++) {
    if (slot === self || (memory.atoms.load(memory.words, recordOf(slot) + STATE) & 3) !== FREE) {
      continue;
    }
    const claimed = claimIdle(memory, slot);
    if (claimed === 0) continue;
    collect(memory, slot);
    const block = take(memory, slot, size) || takeLarger(memory, slot, size);
    release(memory, slot, claimed);
    if (block !== 0) return block;
  }
  return 0;
}

function exhausted({ words }: Words, bytes: number): RangeError {
  const most = words[LINES]! * LINE;
  const used = words[TOP]! * LINE;
  return new RangeError(
    `Cannot allocate ${bytes} bytes in shared memory: ${used} of ${most} bytes are used, and no free block is large enough`,
  );
}
