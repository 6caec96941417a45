/**
 * The codec of all that can be cloned.
 *
 * @module
 */
import type { Codec, Memory } from "./codec.ts";
import { Reader } from "./reader.ts";
import { type Schema, SchemaCodec } from "./schema.ts";
import { ShapeTree } from "./shape_tree.ts";
import * as tags from "./tags.ts";
import { Text } from "./text.ts";
import { Writer } from "./writer.ts";

/** Compact and self-describing; see tags.ts. One for each memory and thread. */
export class AutoCodec implements Codec<unknown> {
  readonly #floats: Float64Array;
  readonly #writer: Writer;
  readonly #reader: Reader;

  constructor(memory: Memory) {
    const shapes = new ShapeTree(memory);
    const text = new Text(memory);
    this.#floats = memory.floats;
    this.#writer = new Writer(memory, shapes, text);
    this.#reader = new Reader(memory, shapes.table, text);
  }

  /** The codec of records of one schema. */
  forSchema<T>(schema: Schema): Codec<T> {
    return new SchemaCodec<T>(schema, this.#writer, this.#reader);
  }

  encode(value: unknown, at: number, limit: number): number {
    if (typeof value !== "number" || limit < 8) return this.#writer.encode(value, at, limit);
    this.#floats[at >> 3] = value;
    return 8;
  }

  decode(at: number, bytes: number): unknown {
    return bytes === 8 ? this.#floats[at >> 3] : this.#reader.decode(at);
  }
}

/**
 * How many bytes the `Uint8Array` has that is the whole message of `bytes` bytes at `at`, or -1: it is
 * something else. They stand at `at + BYTES_START`, a multiple of 8.
 */
export function bytesOf({ words }: Memory, at: number, bytes: number): number {
  const is = bytes > 8 && (words[at >> 2]! & ~tags.HAS_BACK) === tags.BYTES;
  return is ? words[(at >> 2) + 1]! : -1;
}

/**
 * Begins a message that is a `Uint8Array` of `length` bytes, which are to be put at `at + BYTES_START`.
 * Answers how many bytes the message has.
 */
export function beginBytes({ words }: Memory, at: number, length: number): number {
  words[at >> 2] = tags.BYTES;
  words[(at >> 2) + 1] = length;
  return messageOf(length);
}

/** How many bytes the message has that is a `Uint8Array` of `length` bytes. */
export function messageOf(length: number): number {
  return Math.max(12, tags.BYTES_START + 4 * Math.ceil(length / 4));
}

export { BYTES_START } from "./tags.ts";
