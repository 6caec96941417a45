/**
 * Writes the objects that are more than their properties.
 *
 * @module
 */
import { IDENTITY } from "../layout.ts";
import { HANDLE, isHandled, type SharedHandle } from "../handle.ts";
import { encodeError } from "../../remote_error.ts";
import { Refusal } from "./refusal.ts";
import * as tags from "./tags.ts";
import type { Memory, PartWriter, Write } from "./codec.ts";

interface Kind {
  readonly is: new (...args: never[]) => object;
  /** Throws unless the value really is one, whatever its prototype says. */
  readonly prove: (value: never) => unknown;
  readonly write: Write<never>;
}

function kind<T extends object>(
  is: new (...args: never[]) => T,
  prove: (value: T) => unknown,
  write: Write<T>,
): [string, Kind] {
  return [is.name, { is, prove, write }];
}

/** A value as an object, as `Object(1)` is; `unbox` throws for all others. */
function boxed(
  is: new (value: never) => object,
  unbox: (value: object) => unknown,
): [string, Kind] {
  return kind(is, unbox, (writer, value, at) => {
    return writer.write(unbox(value), writer.word(at, tags.BOXED));
  });
}

const KINDS: ReadonlyMap<string, Kind> = new Map([
  kind(Date, (value) => Date.prototype.getTime.call(value), writeDate),
  kind(Map, (value) => Map.prototype.has.call(value, 0), writeMap),
  kind(Set, (value) => Set.prototype.has.call(value, 0), writeSet),
  kind(RegExp, (value) => source(value), writeRegExp),
  kind(ArrayBuffer, (value) => byteLength(value), writeBuffer),
  boxed(Number, (value) => Number.prototype.valueOf.call(value)),
  boxed(String, (value) => String.prototype.valueOf.call(value)),
  boxed(Boolean, (value) => Boolean.prototype.valueOf.call(value)),
  boxed(BigInt as never, (value) => BigInt.prototype.valueOf.call(value)),
]);

const getter = (of: object, name: string): (this: unknown) => unknown =>
  Object.getOwnPropertyDescriptor(of, name)!.get!;
const getSource = getter(RegExp.prototype, "source");
const getByteLength = getter(ArrayBuffer.prototype, "byteLength");
const source = (value: RegExp): unknown => getSource.call(value);
const byteLength = (value: ArrayBuffer): unknown => getByteLength.call(value);

/** The prototypes of which objects were found to be nothing but their properties. */
const plain = new WeakSet<object>();
let lastPlain: object | null = null;

/** Writes an object that is no array, and has not the prototype of all objects. */
export function writeSpecial(writer: PartWriter, value: object, at: number): number {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === lastPlain || prototype !== null && plain.has(prototype)) {
    return writer.record(value, at);
  }
  if (ArrayBuffer.isView(value)) return writeView(writer, value, at);
  if (isHandled(value)) return writeHandle(writer, value[HANDLE](), at, value);
  if (value instanceof Error) return writer.write(encodeError(value), writer.word(at, tags.ERROR));
  const kind = kindOf(value);
  if (kind !== undefined) return kind.write(writer, value as never, at);
  if (isMemory(value, writer.memory)) return writer.word(at, tags.MEMORY);
  if (!isPlain(value)) throw new Refusal(value, `is ${nameOf(value)}`);
  if (prototype !== null && !isLikeOne(value)) {
    plain.add(prototype);
    lastPlain = prototype;
  }
  return writer.record(value, at);
}

function kindOf(value: object): Kind | undefined {
  // By the name, too: an object may come from another realm.
  const name = tagOf(value);
  for (const [own, kind] of KINDS) {
    if (!(value instanceof kind.is) && name !== own) continue;
    try {
      kind.prove(value as never);
      return kind;
    } catch {
      // It only looks like one.
    }
  }
  return undefined;
}

/** Whether others with its prototype may be more than their properties, even if `value` is not. */
function isLikeOne(value: object): boolean {
  return [...KINDS.values()].some(({ is }) => value instanceof is);
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/**
 * Whether a clone of `value` has its properties alone. Nobody but `structuredClone` knows for a promise, a
 * generator or an object of the runtime.
 *
 * @throws {DOMException} A `DataCloneError`, if it cannot be cloned.
 */
function isPlain(value: object): boolean {
  return tagOf(value) === "Object" ||
    Object.getPrototypeOf(structuredClone(value)) === Object.prototype;
}

function nameOf(value: object): string {
  return `a value of type ${tagOf(value)}, which can only be posted`;
}

function writeDate(writer: PartWriter, value: Date, at: number): number {
  return writer.double(writer.word(at, tags.DATE), Date.prototype.getTime.call(value));
}

function writeRegExp(writer: PartWriter, value: RegExp, at: number): number {
  const to = writer.write(source(value), writer.word(at, tags.REGEXP));
  return writer.write(value.flags, to);
}

function writeMap(writer: PartWriter, value: Map<unknown, unknown>, at: number): number {
  const entries: unknown[] = [];
  Map.prototype.forEach.call(value, (each, key) => entries.push(key, each));
  return writeAll(writer, entries, writer.word(writer.word(at, tags.MAP), entries.length / 2));
}

function writeSet(writer: PartWriter, value: Set<unknown>, at: number): number {
  const values: unknown[] = [];
  Set.prototype.forEach.call(value, (each) => values.push(each));
  return writeAll(writer, values, writer.word(writer.word(at, tags.SET), values.length));
}

function writeAll(writer: PartWriter, values: readonly unknown[], at: number): number {
  let to = at;
  for (const each of values) to = writer.write(each, to);
  return to;
}

/** Copies what an array of bytes, a typed array or a `DataView` shows. */
export function writeView(writer: PartWriter, value: ArrayBufferView, at: number): number {
  const number = tags.BYTE_CLASSES.indexOf(tagOf(value));
  return writeBytes(writer, number, value, at);
}

function writeBuffer(writer: PartWriter, value: ArrayBuffer, at: number): number {
  return writeBytes(writer, tags.BYTE_CLASSES.indexOf("ArrayBuffer"), new Uint8Array(value), at);
}

/** Copies what a view shows. */
function writeBytes(writer: PartWriter, number: number, view: ArrayBufferView, at: number): number {
  const { byteLength } = view;
  const from = at + tags.BYTES_START + 7 & ~7;
  // Before it is made a whole number of 32 bits.
  writer.need(from + byteLength);
  const to = from + byteLength + 3 & ~3;
  // The constructor refuses a buffer that has been transferred away; it has no bytes.
  const isItself = view instanceof Uint8Array && byteLength > 0;
  const bytes = isItself ? view : new Uint8Array(view.buffer, view.byteOffset, byteLength);
  writer.need(to);
  writer.word(writer.word(at, tags.BYTES | number << tags.NUMBER_SHIFT), byteLength);
  writer.memory.bytes.set(bytes, from);
  return to;
}

/** Whether `value` is the memory itself: one memory comes to a thread as many objects. */
function isMemory(value: object, { memory, words }: Memory): boolean {
  if (value === memory) return true;
  const kind = tagOf(value);
  const buffer = kind === "WebAssembly.Memory"
    ? (value as { readonly buffer: object }).buffer
    : value;
  if (tagOf(buffer) !== "SharedArrayBuffer") return false;
  if ((buffer as SharedArrayBuffer).byteLength !== words.byteLength) return false;
  const [low, high] = new Int32Array(buffer as SharedArrayBuffer, 4 * IDENTITY, 2);
  return low === words[IDENTITY] && high === words[IDENTITY + 1];
}

function writeHandle(writer: PartWriter, handle: SharedHandle, at: number, value: object): number {
  if (!isMemory(handle.memory, writer.memory)) throw new Refusal(value, "lives in another memory");
  const to = writer.word(writer.word(at, tags.HANDLE), handle.offset);
  return writer.write(handle.kind, writer.word(to, handle.generation));
}

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** Writes a bigint: as 64 bits if it can be. */
export function writeBigInt(writer: PartWriter, value: bigint, at: number): number {
  if (value < LEAST || value > MOST) {
    return writer.write(value.toString(16), writer.word(at, tags.LONG_BIGINT));
  }
  writer.need(at + 12);
  writer.word(at, tags.BIGINT);
  writer.memory.view.setBigInt64(at + 4, value, true);
  return at + 12;
}
