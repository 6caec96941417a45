/**
 * The codec of the user's own.
 *
 * @module
 */
import { check } from "../../../internal/checks.ts";
import { beginBytes, BYTES_START, bytesOf, messageOf } from "./auto.ts";
import type { Codec, Memory } from "./codec.ts";

/** How the user turns values into bytes, and back. */
export interface OwnCodec<T> {
  /** The bytes of `value`. They are copied at once, so the array may be used again. */
  readonly encode: (value: T) => Uint8Array;
  /** The value of `bytes`, which are a copy and belong to it. */
  readonly decode: (bytes: Uint8Array) => T;
}

/** Carries the bytes that the user's functions make. */
export class BytesCodec<T> implements Codec<T> {
  readonly #memory: Memory;
  readonly #own: OwnCodec<T>;

  constructor(memory: Memory, own: OwnCodec<T>) {
    this.#memory = memory;
    this.#own = own;
  }

  encode(value: T, at: number, limit: number): number {
    const bytes = this.#own.encode(value);
    check(bytes instanceof Uint8Array, "codec.encode must answer a Uint8Array", bytes);
    const needed = messageOf(bytes.length);
    if (needed > limit) return -needed;
    this.#memory.bytes.set(bytes, at + BYTES_START);
    return beginBytes(this.#memory, at, bytes.length);
  }

  decode(at: number, bytes: number): T {
    const from = at + BYTES_START;
    const length = bytesOf(this.#memory, at, bytes);
    return this.#own.decode(this.#memory.bytes.slice(from, from + length));
  }
}
