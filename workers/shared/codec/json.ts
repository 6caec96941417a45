/**
 * The codec of what JSON can say.
 *
 * @module
 */
import type { Codec } from "./codec.ts";
import { refusedFor } from "./refusal.ts";

/**
 * Values as JSON text. What JSON changes is changed: a `Date` arrives as a string, `undefined` and functions
 * are left out of objects and are `null` in arrays, `NaN` is `null`, `toJSON` is called.
 */
export class JsonCodec implements Codec<unknown> {
  readonly #texts: Codec<unknown>;

  /** `texts` is for strings. */
  constructor(texts: Codec<unknown>) {
    this.#texts = texts;
  }

  encode(value: unknown, at: number, limit: number): number {
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined) return this.#texts.encode(text, at, limit);
    throw refusedFor(`JSON has no ${typeof value}`);
  }

  decode(at: number, bytes: number): unknown {
    return JSON.parse(this.#texts.decode(at, bytes) as string);
  }
}
