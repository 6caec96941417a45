/**
 * Strings in shared memory. Short ones go character by character, which is faster than any call out of
 * JavaScript; long ones by the fastest that each runtime has, measured: `encodeInto` to write,
 * `Buffer` to read (`TextDecoder` takes two to five times as long), or `TextDecoder` where there is none.
 *
 * @module
 */
import { ASCII, LATIN, NUMBER_SHIFT, UTF16, UTF8 } from "./tags.ts";
import type { Memory } from "./codec.ts";

/** Up to here a loop writes faster. Measured on Node 20, Node 26 and Deno. */
const WRITE_BY_LOOP = 24;

interface Slices {
  latin1Slice(from: number, to: number): string;
  utf8Slice(from: number, to: number): string;
}
interface BufferClass {
  from(buffer: ArrayBufferLike): Slices;
}

/** Reads and writes strings at offsets of one memory. */
export class Text {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #units: Uint16Array;
  readonly #slices: Slices;
  readonly #encoder = new TextEncoder();

  constructor({ bytes, words }: Memory) {
    this.#bytes = bytes;
    this.#words = words;
    this.#units = new Uint16Array(bytes.buffer);
    this.#slices = slicesOf(bytes);
  }

  /** Writes `text` at a word, with its tag. Answers where it ends, or `-n`: it needs room up to `n` at least. */
  write(text: string, at: number, end: number): number {
    const { length } = text;
    if (length > WRITE_BY_LOOP) return this.#writeLong(text, at, end);
    const from = at + 4;
    const to = from + length + 3 & ~3;
    if (to > end) return -to;
    const bytes = this.#bytes;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      bytes[from + i] = unit;
      all |= unit;
    }
    if (all > 255) return this.#writeUnits(text, at, end);
    this.#words[at >> 2] = LATIN | length << NUMBER_SHIFT;
    return to;
  }

  #writeUnits(text: string, at: number, end: number): number {
    const { length } = text;
    const to = at + 8 + 2 * length + 3 & ~3;
    if (to > end) return -to;
    this.#words[at >> 2] = UTF16;
    this.#words[(at >> 2) + 1] = length;
    const from = at + 8 >> 1;
    for (let i = 0; i < length; i++) this.#units[from + i] = text.charCodeAt(i);
    return to;
  }

  #writeLong(text: string, at: number, end: number): number {
    const { length } = text;
    const from = at + 8;
    const least = from + length + 3 & ~3;
    if (least > end) return -least;
    const room = Math.min(end & ~3, from + 3 * length);
    const { read, written } = this.#encoder.encodeInto(text, this.#bytes.subarray(from, room));
    if (read < length) return -(written === read ? least + 4 : from + 3 * length + 3 & ~3);
    const ascii = written === length;
    if (!ascii && !isWellFormed(text)) return this.#writeUnits(text, at, end);
    this.#words[at >> 2] = ascii ? ASCII : UTF8;
    this.#words[(at >> 2) + 1] = written;
    return from + written + 3 & ~3;
  }

  /** The characters of a LATIN string. */
  latin(at: number, length: number): string {
    // Eight at once and then a cut: a loop takes three times as long, a slice of a buffer as well.
    if (length <= 8) return this.#eight(at).substring(0, length);
    if (length <= 16) return this.#eight(at) + this.#eight(at + 8).substring(0, length - 8);
    return this.#slices.latin1Slice(at, at + length);
  }

  /** Eight characters; past the end of the memory they are any. */
  #eight(at: number): string {
    const b = this.#bytes;
    return String.fromCharCode(
      b[at]!,
      b[at + 1]!,
      b[at + 2]!,
      b[at + 3]!,
      b[at + 4]!,
      b[at + 5]!,
      b[at + 6]!,
      b[at + 7]!,
    );
  }

  /** The characters of an ASCII string. */
  ascii(at: number, length: number): string {
    return this.#slices.latin1Slice(at, at + length);
  }

  /** The string that UTF-8 has these bytes for. */
  utf8(at: number, bytes: number): string {
    return this.#slices.utf8Slice(at, at + bytes);
  }

  /** The string of these units. */
  utf16(at: number, length: number): string {
    const units = this.#units;
    let text = "";
    for (let i = at >> 1; i < (at >> 1) + length; i++) text += String.fromCharCode(units[i]!);
    return text;
  }
}

function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}

function slicesOf(bytes: Uint8Array): Slices {
  const { Buffer } = globalThis as unknown as { Buffer?: BufferClass };
  return Buffer === undefined ? new Decoders(bytes) : Buffer.from(bytes.buffer);
}

/** As a `Buffer` reads. Browsers decode no shared memory, hence the copies. */
class Decoders implements Slices {
  readonly #bytes: Uint8Array;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  utf8Slice(from: number, to: number): string {
    return this.#decoder.decode(this.#bytes.slice(from, to));
  }

  latin1Slice(from: number, to: number): string {
    let text = "";
    for (let i = from; i < to; i++) text += String.fromCharCode(this.#bytes[i]!);
    return text;
  }
}
