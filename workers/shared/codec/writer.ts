/**
 * Writes values in the format of `codec: "auto"`; see tags.ts.
 *
 * What `structuredClone` would do is the measure: own enumerable properties without their prototype, each
 * getter read once, an object that stands in a value twice arrives as one. What differs: an array has no
 * properties but its elements, an array of bytes only the part of the buffer that it shows.
 *
 * @module
 */
import type { Memory, PartWriter, Write } from "./codec.ts";
import { Misfit, Refusal, refused } from "./refusal.ts";
import { NEW, Seen } from "./seen.ts";
import type { ShapeNode, ShapeTree } from "./shape_tree.ts";
import { writeBigInt, writeSpecial } from "./special_writer.ts";
import * as tags from "./tags.ts";
import type { Text } from "./text.ts";

const ROOT_OF_ALL = Object.prototype;

/** Bare doubles alone have 8 bytes. */
function writeMessage(writer: PartWriter, value: unknown, at: number): number {
  const to = writer.write(value, at);
  return to === at + 8 ? writer.word(to, 0) : to;
}

/** Writes one value after the other; for one thread and one memory. */
export class Writer implements PartWriter {
  readonly memory: Memory;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #text: Text;
  readonly #shapes: ShapeTree;
  readonly #misfit: Misfit = new Misfit("No room");
  #busy = false;
  #inherits = false;
  #start = 0;
  #end = 0;
  #depth = 0;
  #back = false;
  readonly #seen: Seen = new Seen();

  constructor(memory: Memory, shapes: ShapeTree, text: Text) {
    this.memory = memory;
    this.#words = memory.words;
    this.#floats = memory.floats;
    this.#shapes = shapes;
    this.#text = text;
  }

  /** As `Codec.encode`. */
  encode(value: unknown, at: number, limit: number): number {
    return this.encodeBy(writeMessage, value, at, limit);
  }

  /** As `Codec.encode`, where `write` does it. */
  encodeBy<T>(write: Write<T>, value: T, at: number, limit: number): number {
    // A getter of the value may do anything.
    if (this.#busy) throw new Error("Cannot send while the value of another send is being read");
    this.#begin(at, limit);
    try {
      const to = write(this, value, at);
      if (this.#back) this.#words[at >> 2]! |= tags.HAS_BACK;
      return to - at;
    } catch (error) {
      if (error !== this.#misfit) throw refused(value, error);
      return at - this.#misfit.needed;
    } finally {
      this.#clear();
    }
  }

  #begin(at: number, limit: number): void {
    this.#busy = true;
    this.#start = at;
    this.#end = at + limit;
    this.#depth = 0;
    this.#inherits = inheritsKeys();
  }

  /** Nothing of the user's is held, however it has ended. */
  #clear(): void {
    this.#seen.clear();
    this.#back = false;
    this.#busy = false;
  }

  /** Throws unless there is room up to `to`. */
  need(to: number): void {
    if (to <= this.#end) return;
    this.#misfit.needed = to;
    throw this.#misfit;
  }

  /** Writes a word; answers where it ends. */
  word(at: number, word: number): number {
    this.need(at + 4);
    this.#words[at >> 2] = word;
    return at + 4;
  }

  /** Writes a double at the next multiple of 8. */
  double(at: number, value: number): number {
    const from = at + 7 & ~7;
    this.need(from + 8);
    this.#floats[from >> 3] = value;
    return from + 8;
  }

  /** Writes any value at a multiple of 4; answers where it ends. */
  write(value: unknown, at: number): number {
    switch (typeof value) {
      case "string":
        return this.string(value, at);
      case "number":
        return this.#number(value, at);
      case "object":
        return value === null ? this.word(at, tags.NULL) : this.#object(value, at);
      case "boolean":
        return this.word(at, value ? tags.TRUE : tags.FALSE);
      case "undefined":
        return this.word(at, tags.UNDEFINED);
      case "bigint":
        return writeBigInt(this, value, at);
      case "function":
      case "symbol":
        throw new Refusal(value, `is ${describe(value)}`);
    }
  }

  /** Writes a string at a multiple of 4. */
  string(value: string, at: number): number {
    const to = this.#text.write(value, at, this.#end);
    if (to < 0) this.need(-to);
    return to;
  }

  #number(value: number, at: number): number {
    const int = value | 0;
    // -0 is none.
    if (int === value && int << 8 >> 8 === int && (int !== 0 || 1 / value > 0)) {
      return this.word(at, tags.INT | int << tags.NUMBER_SHIFT);
    }
    return this.double(this.word(at, tags.FLOAT), value);
  }

  #object(value: object, at: number): number {
    const place = this.#seen.note(value, at - this.#start);
    if (place !== NEW) {
      this.#back = true;
      return this.word(this.word(at, tags.BACK), place);
    }
    if (++this.#depth > tags.DEEPEST) {
      throw new Refusal(value, `is nested deeper than ${tags.DEEPEST} levels`);
    }
    let to: number;
    if (Array.isArray(value)) to = this.#array(value, at);
    else if (Object.getPrototypeOf(value) === ROOT_OF_ALL) to = this.plain(value, at);
    else to = writeSpecial(this, value, at);
    this.#depth--;
    return to;
  }

  #array(value: readonly unknown[], at: number): number {
    const { length } = value;
    if (length > 0 && typeof value[0] === "number") {
      const to = this.#numbers(value, at);
      if (to >= 0) return to;
    }
    // Looked for first: what is written stays where it is.
    for (let i = 0; i < length; i++) {
      if (value[i] === undefined && !(i in value)) return this.#sparse(value, at);
    }
    this.need(at + 8 + 4 * length);
    let to = this.word(this.word(at, tags.ARRAY), length);
    for (let i = 0; i < length; i++) to = this.write(value[i], to);
    return to;
  }

  #numbers(value: readonly unknown[], at: number): number {
    const { length } = value;
    // Most mixed arrays are found out here, and no large one is begun in vain.
    if (typeof value[length - 1] !== "number") return -1;
    const to = this.numbers(value, at + 4);
    if (to >= 0) this.#words[at >> 2] = tags.FLOATS;
    return to;
  }

  /** Writes an array of numbers without a tag; answers where it ends, or -1: something else stands in it. */
  numbers(value: readonly unknown[], at: number): number {
    const { length } = value;
    const from = at + 4 + 7 & ~7;
    this.need(from + 8 * length);
    const floats = this.#floats;
    const first = from >> 3;
    for (let i = 0; i < length; i++) {
      const each = value[i];
      if (typeof each !== "number") return -1;
      floats[first + i] = each;
    }
    this.#words[at >> 2] = length;
    return from + 8 * length;
  }

  #sparse(value: readonly unknown[], at: number): number {
    return this.#entries(value, this.word(this.word(at, tags.SPARSE), value.length));
  }

  /** Writes an object of which only its own enumerable properties go. */
  plain(value: object, at: number): number {
    // Faster than asking for the keys; but it finds inherited ones, too.
    if (this.#inherits) return this.record(value, at);
    let node: ShapeNode | undefined = this.#shapes.root;
    for (const key in value) {
      node = node.key === key ? node.next : node.other(key);
      if (node === undefined) break;
    }
    const shape = node?.shape;
    if (shape === undefined) return this.record(value, at);
    let to = this.word(at, tags.OBJECT | shape.number << tags.NUMBER_SHIFT);
    let count = 0;
    for (const key in value) {
      to = this.write((value as Record<string, unknown>)[key], to);
      count++;
    }
    if (count !== shape.keys.length) throw new Refusal(value, "has changed while it was read");
    return to;
  }

  /** As `plain`, for an object whose shape is not known yet, or of whose keys some are inherited. */
  record(value: object, at: number): number {
    const keys = Object.keys(value);
    const shape = this.#shapes.shapeOf(keys);
    if (shape === undefined) return this.#entries(value, this.word(at, tags.RECORD), keys);
    let to = this.word(at, tags.OBJECT | shape.number << tags.NUMBER_SHIFT);
    for (const key of keys) to = this.write((value as Record<string, unknown>)[key], to);
    return to;
  }

  #entries(value: object, at: number, keys: readonly string[] = Object.keys(value)): number {
    let to = this.word(at, keys.length);
    for (const key of keys) {
      to = this.string(key, to);
      to = this.write((value as Record<string, unknown>)[key], to);
    }
    return to;
  }
}

function describe(value: unknown): string {
  return typeof value === "function" ? `function ${value.name}` : String(value);
}

const EMPTY = {};

/** Whether somebody has given all objects properties that a loop finds. */
function inheritsKeys(): boolean {
  for (const _ in EMPTY) return true;
  return false;
}
