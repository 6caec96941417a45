/**
 * Shared words, and how they are reached. All code that shares words with other threads goes through
 * `Words`, so that a test can put its own atomics in the place of the runtime's and try every order of
 * their steps.
 *
 * @module
 */

/** What is used of the global `Atomics`, which is one of these. */
export interface Atoms {
  /** Reads one word. */
  load(words: Int32Array, index: number): number;
  /** Writes one word. */
  store(words: Int32Array, index: number, value: number): number;
  /** Adds to one word; answers what was there. */
  add(words: Int32Array, index: number, value: number): number;
  /** Clears the bits that `value` has not; answers what was there. */
  and(words: Int32Array, index: number, value: number): number;
  /** Sets the bits of `value`; answers what was there. */
  or(words: Int32Array, index: number, value: number): number;
  /** Writes one word; answers what was there. */
  exchange(words: Int32Array, index: number, value: number): number;
  /** Writes `value` if `expected` is there; answers what was there. */
  compareExchange(words: Int32Array, index: number, expected: number, value: number): number;
  /** Wakes up to `count` threads that wait on the word; answers how many. */
  notify(words: Int32Array, index: number, count?: number): number;
}

/** The memory that the threads of a process share. */
export interface Words {
  readonly atoms: Atoms;
  readonly words: Int32Array;
  /** Copies `bytes` bytes, rounded up to a multiple of 8, between offsets that are multiples of 8. */
  copy(to: number, from: number, bytes: number): void;
}
