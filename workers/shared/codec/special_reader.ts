/**
 * Reads the objects that are more than their properties.
 *
 * @module
 */
import { opened } from "../handle.ts";
import { decodeError, type EncodedError } from "../../remote_error.ts";
import type { PartReader } from "./codec.ts";
import * as tags from "./tags.ts";

/** The object or bigint whose first word is `word`, at `at`; the reader stands behind that. */
export function readSpecial(reader: PartReader, at: number, word: number): unknown {
  switch (word & tags.TAG_MASK) {
    case tags.BIGINT:
      return reader.memory.view.getBigInt64(reader.skip(8, 4), true);
    case tags.LONG_BIGINT:
      return readLongBigInt(reader);
    case tags.DATE:
      return reader.found(at, new Date(reader.double()));
    case tags.REGEXP:
      return reader.found(at, new RegExp(reader.read() as string, reader.read() as string));
    case tags.BOXED:
      return reader.found(at, Object(reader.read()));
    case tags.MAP:
      return readMap(reader, at);
    case tags.SET:
      return readSet(reader, at);
    case tags.BYTES:
      return reader.found(at, readBytes(reader, word >>> tags.NUMBER_SHIFT));
    case tags.ERROR:
      return reader.found(at, decodeError(reader.read() as EncodedError));
    case tags.HANDLE:
      return reader.found(at, readHandle(reader));
    case tags.MEMORY:
      return reader.memory.memory;
    default:
      throw new Error(`Cannot read a value: tag ${word & tags.TAG_MASK} is none`);
  }
}

function readLongBigInt(reader: PartReader): bigint {
  const text = reader.read() as string;
  return text.startsWith("-") ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
}

function readMap(reader: PartReader, at: number): Map<unknown, unknown> {
  const map = reader.found(at, new Map<unknown, unknown>());
  for (let count = reader.word(); count > 0; count--) map.set(reader.read(), reader.read());
  return map;
}

function readSet(reader: PartReader, at: number): Set<unknown> {
  const set = reader.found(at, new Set<unknown>());
  for (let count = reader.word(); count > 0; count--) set.add(reader.read());
  return set;
}

function readHandle(reader: PartReader): unknown {
  const offset = reader.word();
  const generation = reader.word();
  const kind = reader.read() as string;
  return opened({ kind, memory: reader.memory.memory, offset, generation });
}

type ViewClass = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView;

function readBytes(reader: PartReader, number: number): ArrayBuffer | ArrayBufferView {
  const length = reader.word();
  const from = reader.skip(length, 8);
  const copy = reader.memory.bytes.slice(from, from + length) as Uint8Array<ArrayBuffer>;
  if (number === 0) return copy;
  const name = tags.BYTE_CLASSES[number]!;
  if (name === "ArrayBuffer") return copy.buffer;
  const View =
    (globalThis as unknown as Record<string, ViewClass & { BYTES_PER_ELEMENT?: number }>)[
      name
    ]!;
  return new View(copy.buffer, 0, length / (View.BYTES_PER_ELEMENT ?? 1));
}
