/**
 * Values as bytes in shared memory: what every codec does, and what it is given.
 *
 * @module
 */
import type { SharedMemory } from "../handle.ts";

/** Turns values into bytes at an offset of the memory, and back. */
export interface Codec<T> {
  /**
   * Writes `value` from `at` on, which is a multiple of 8.
   *
   * @returns How many bytes it has, at most `limit`; or `-n`, if it does not fit: with `n` bytes it may, and
   * what stands at `at` is of no use. To double the room each time is enough.
   * @throws {DOMException} A `DataCloneError` that names the part of the value that cannot be sent.
   */
  encode(value: T, at: number, limit: number): number;
  /** The value whose `bytes` bytes stand at `at`: a copy, nothing in it is a view of the memory. */
  decode(at: number, bytes: number): T;
}

/**
 * The memory that values are written to, as views of one shared buffer of a fixed length. Views that
 * follow a growing buffer are 12 to 30 times slower.
 */
export interface Memory {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly floats: Float64Array;
  readonly view: DataView;
  /** The memory itself: it may stand in a value, and so may what lives in it. They arrive as what they are. */
  readonly memory: SharedMemory;
  /** Room of its own, as a multiple of 8; what stands there may be anything. */
  allocate(bytes: number): number;
  free(offset: number): void;
}

/** Writes the parts of a value. Positions are offsets of the memory; each answer is where the next part begins. */
export interface PartWriter {
  readonly memory: Memory;
  /** Ends the attempt unless there is room up to `to`. */
  need(to: number): void;
  /** Writes a word at a multiple of 4. */
  word(at: number, word: number): number;
  /** Writes a double at the next multiple of 8. */
  double(at: number, value: number): number;
  /** Writes a string at a multiple of 4. */
  string(value: string, at: number): number;
  /** Writes an array of numbers without a tag; answers -1 if something else stands in it. */
  numbers(value: readonly unknown[], at: number): number;
  /** Writes any value at a multiple of 4. */
  write(value: unknown, at: number): number;
  /** Writes an object of which only its own enumerable properties go. */
  record(value: object, at: number): number;
}

/** Writes a value at a multiple of 4; answers where it ends. */
export type Write<T> = (writer: PartWriter, value: T, at: number) => number;

/** Reads the parts of a value, one after the other. */
export interface PartReader {
  readonly memory: Memory;
  /** The next value. */
  read(): unknown;
  /** The next word. */
  word(): number;
  /** The double at the next multiple of 8. */
  double(): number;
  /** An array of numbers without a tag. */
  numbers(): number[];
  /** Steps over bytes that begin at a multiple of `align`; answers where they begin. */
  skip(bytes: number, align: 4 | 8): number;
  /** Notes an object that began at `at`: something further on may be the same. */
  found<T>(at: number, value: T): T;
}
