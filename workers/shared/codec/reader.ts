/**
 * Reads values in the format of `codec: "auto"`; see tags.ts. All that it answers is copied: the memory is
 * written to again as soon as it is done.
 *
 * @module
 */
import type { Memory, PartReader } from "./codec.ts";
import { generated, property, put } from "./generated.ts";
import type { Build, Shape, ShapeTable } from "./shapes.ts";
import { readSpecial } from "./special_reader.ts";
import * as tags from "./tags.ts";
import type { Text } from "./text.ts";

/** A shape that comes so often gets a function of its own: it makes objects two to three times as fast. */
const WORTH_A_FUNCTION = 100;

/** Reads one value after the other; for one thread and one memory. */
export class Reader implements PartReader {
  readonly memory: Memory;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #text: Text;
  readonly #shapes: ShapeTable;
  /** The objects read so far by where they stand, in messages where one stands more than once. */
  #places: Map<number, unknown> | undefined = undefined;
  #start = 0;
  #at = 0;

  constructor(memory: Memory, shapes: ShapeTable, text: Text) {
    this.memory = memory;
    this.#words = memory.words;
    this.#floats = memory.floats;
    this.#shapes = shapes;
    this.#text = text;
  }

  /** Begins to read a message without tags. */
  begin(at: number): void {
    this.#at = at;
  }

  /** The value that stands at `at`. */
  decode(at: number): unknown {
    this.#start = this.#at = at;
    if ((this.#words[at >> 2]! & tags.HAS_BACK) === 0) return this.read();
    this.#places = new Map();
    try {
      return this.read();
    } finally {
      this.#places = undefined;
    }
  }

  /** The next value. */
  read(): unknown {
    const at = this.#at;
    const word = this.#words[at >> 2]!;
    this.#at = at + 4;
    switch (word & tags.TAG_MASK) {
      case tags.UNDEFINED:
        return undefined;
      case tags.NULL:
        return null;
      case tags.FALSE:
        return false;
      case tags.TRUE:
        return true;
      case tags.INT:
        return word >> tags.NUMBER_SHIFT;
      case tags.FLOAT:
        return this.double();
      case tags.LATIN:
        return this.#latin(word >>> tags.NUMBER_SHIFT);
      case tags.ARRAY:
        return this.#array(at);
      case tags.FLOATS:
        return this.found(at, this.numbers());
      case tags.OBJECT:
        return this.#object(at, word >>> tags.NUMBER_SHIFT);
      default:
        return this.#other(at, word);
    }
  }

  #other(at: number, word: number): unknown {
    switch (word & tags.TAG_MASK) {
      case tags.ASCII:
      case tags.UTF8:
      case tags.UTF16:
        return this.#longText(word & tags.TAG_MASK);
      case tags.RECORD:
        return this.#entries(this.found(at, {}));
      case tags.SPARSE:
        return this.#entries(this.found(at, new Array(this.word())));
      case tags.BACK:
        return this.#places!.get(this.word());
      default:
        return readSpecial(this, at, word);
    }
  }

  /** Notes an object, which something further on in the message may be. */
  found<T>(at: number, value: T): T {
    if (this.#places !== undefined) this.#places.set(at - this.#start, value);
    return value;
  }

  word(): number {
    const at = this.#at;
    this.#at = at + 4;
    return this.#words[at >> 2]!;
  }

  double(): number {
    return this.#floats[this.skip(8, 8) >> 3]!;
  }

  /** Steps over bytes that begin at a multiple of `align`; answers where they begin. */
  skip(bytes: number, align: 4 | 8): number {
    const from = this.#at + align - 1 & -align;
    this.#at = from + bytes + 3 & ~3;
    return from;
  }

  #latin(length: number): string {
    const at = this.#at;
    this.#at = at + length + 3 & ~3;
    return this.#text.latin(at, length);
  }

  #longText(tag: number): string {
    const length = this.word();
    if (tag === tags.UTF16) return this.#text.utf16(this.skip(2 * length, 4), length);
    const at = this.skip(length, 4);
    return tag === tags.ASCII ? this.#text.ascii(at, length) : this.#text.utf8(at, length);
  }

  #array(at: number): unknown[] {
    const length = this.word();
    const array = this.found<unknown[]>(at, []);
    for (let i = 0; i < length; i++) array.push(this.read());
    return array;
  }

  /** An array of numbers without a tag. */
  numbers(): number[] {
    const length = this.word();
    const first = this.skip(8 * length, 8) >> 3;
    const floats = this.#floats;
    const array = new Array<number>(length);
    for (let i = 0; i < length; i++) array[i] = floats[first + i]!;
    return array;
  }

  #object(at: number, number: number): object {
    const shape = this.#shapes.at(number);
    if (this.#places === undefined) {
      if (shape.build !== undefined) return shape.build(this);
      if (++shape.reads === WORTH_A_FUNCTION) shape.build = buildOf(shape);
    }
    const object = this.found(at, {});
    for (const key of shape.keys) put(object, key, this.read());
    return object;
  }

  #entries(object: object): object {
    for (let count = this.word(); count > 0; count--) {
      put(object, this.read() as string, this.read());
    }
    return object;
  }
}

function buildOf({ keys }: Shape): Build | undefined {
  return generated(
    [],
    `reader => ({ ${keys.map((key) => `${property(key)}: reader.read()`).join(", ")} })`,
  ) as Build | undefined;
}
