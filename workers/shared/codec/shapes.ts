/**
 * The shapes of objects: which keys, in which order. All threads share the numbers of shapes, for a value
 * may be read by any of them.
 *
 * The table is append-only and never blocks: the keys are written first, where nobody looks; then one
 * compare-and-swap gives them the first number that is free. A thread that is killed in between loses a
 * few bytes of the table, and nobody ever sees half a shape. A message that has a shape was written after
 * that swap, so whoever reads it finds it.
 *
 * @module
 */
import { SHAPES as TABLE } from "../layout.ts";
import type { Memory } from "./codec.ts";

/** Keys of objects, with a number. */
export interface Shape {
  readonly number: number;
  readonly keys: readonly string[];
  /** How often it was read, until it is worth a function of its own; see `build`. */
  reads: number;
  build: Build | undefined;
}

/** Makes an object of a shape: `read` answers its values, one after the other. */
export type Build = (reader: { read(): unknown }) => object;

/** How many shapes there can be, and bytes for all their keys. */
const MOST_SHAPES = 1024;
const AREA = 96 << 10;
/** Index of the word that has the offset of the first free byte. */
const TOP = 0;
/** Index of the first of the words that have the offset of a shape's keys, by its number. */
const FIRST = 1;
/** From here on objects are dictionaries: their keys go with them. */
const MOST_KEYS = 48;
const LONGEST_KEY = 64;

/** One thread's knowledge of the table that it shares with all others. */
export class ShapeTable {
  readonly #memory: Memory;
  readonly #units: Uint16Array;
  readonly #known: Shape[] = [];
  readonly #learned: (shape: Shape) => void;

  /** `learned` is told of each shape, whoever has added it. */
  constructor(memory: Memory, learned: (shape: Shape) => void) {
    this.#memory = memory;
    this.#units = new Uint16Array(memory.bytes.buffer);
    this.#learned = learned;
  }

  /** The shape with this number, which has come with a message. */
  at(number: number): Shape {
    if (number >= this.#known.length) this.learn();
    return this.#known[number]!;
  }

  /** Learns what other threads have added. */
  learn(): void {
    const { words } = this.#memory;
    const table = this.#table();
    if (table === 0) return;
    const first = (table >> 2) + FIRST;
    for (let number = this.#known.length; number < MOST_SHAPES; number++) {
      const offset = Atomics.load(words, first + number);
      if (offset === 0) return;
      this.#know(number, this.#read(offset));
    }
  }

  /** Adds a shape, unless the table is full or another thread has added it meanwhile. */
  add(keys: readonly string[]): void {
    const offset = this.#known.length < MOST_SHAPES ? this.#write(keys) : 0;
    if (offset === 0) return;
    const first = (this.#table() >> 2) + FIRST;
    for (;;) {
      const number = this.#known.length;
      if (number === MOST_SHAPES) return;
      const other = Atomics.compareExchange(this.#memory.words, first + number, 0, offset);
      if (other === 0) return this.#know(number, keys);
      const theirs = this.#read(other);
      this.#know(number, theirs);
      if (theirs.length === keys.length && keys.every((key, i) => key === theirs[i])) return;
    }
  }

  #know(number: number, keys: readonly string[]): void {
    const shape = { number, keys, reads: 0, build: undefined };
    this.#known.push(shape);
    this.#learned(shape);
  }

  /** Where the table is, or 0: there is no room for one. The first thread that asks makes it. */
  #table(): number {
    const { words } = this.#memory;
    const made = Atomics.load(words, TABLE);
    if (made !== 0) return made;
    const table = this.#make();
    if (table === 0) return 0;
    const other = Atomics.compareExchange(words, TABLE, 0, table);
    if (other === 0) return table;
    this.#memory.free(table);
    return other;
  }

  #make(): number {
    const start = 4 * (FIRST + MOST_SHAPES);
    try {
      const table = this.#memory.allocate(start + AREA);
      this.#memory.bytes.fill(0, table, table + start);
      this.#memory.words[(table >> 2) + TOP] = table + start;
      return table;
    } catch {
      // The memory is used up: objects are sent with their keys.
      return 0;
    }
  }

  /** Writes keys into room of their own. Answers where, or 0: there is none. */
  #write(keys: readonly string[]): number {
    const { words } = this.#memory;
    const table = this.#table();
    if (table === 0) return 0;
    const end = table + 4 * (FIRST + MOST_SHAPES) + AREA;
    const bytes = keys.reduce((sum, key) => sum + (4 + 2 * key.length + 3 & ~3), 4);
    const top = (table >> 2) + TOP;
    // Looked at first: threads that find it full must not count it up for ever.
    if (Atomics.load(words, top) + bytes > end) return 0;
    const offset = Atomics.add(words, top, bytes);
    if (offset + bytes > end) return 0;
    words[offset >> 2] = keys.length;
    let at = offset + 4;
    for (const key of keys) {
      words[at >> 2] = key.length;
      for (let i = 0; i < key.length; i++) this.#units[(at + 4 >> 1) + i] = key.charCodeAt(i);
      at += 4 + 2 * key.length + 3 & ~3;
    }
    return offset;
  }

  #read(offset: number): string[] {
    const { words } = this.#memory;
    const keys: string[] = [];
    let at = offset + 4;
    for (let count = words[offset >> 2]!; count > 0; count--) {
      const length = words[at >> 2]!;
      const from = at + 4 >> 1;
      keys.push(String.fromCharCode(...this.#units.subarray(from, from + length)));
      at += 4 + 2 * length + 3 & ~3;
    }
    return keys;
  }
}

/** Whether objects with these keys may have a shape; others are dictionaries. */
export function mayHaveShape(keys: readonly string[]): boolean {
  return keys.length <= MOST_KEYS && keys.every((key) => key.length <= LONGEST_KEY);
}
