/**
 * A memory for codecs alone, and what a value looks like, to compare it with its copy.
 *
 * @module
 */
import type { Codec, Memory } from "../../workers/shared/codec/codec.ts";
import { IDENTITY } from "../../workers/shared/layout.ts";

let made = 0;

/** Shared memory of `bytes` bytes, from which rooms are only taken. */
export function createMemory(bytes = 1 << 20): Memory {
  const memory = new SharedArrayBuffer(bytes);
  const words = new Int32Array(memory);
  words[IDENTITY] = ++made;
  let top = 4096;
  return {
    bytes: new Uint8Array(memory),
    words,
    floats: new Float64Array(memory),
    view: new DataView(memory),
    memory,
    allocate(size) {
      const at = top;
      top += size + 7 & ~7;
      if (top > bytes) throw new RangeError("The memory is used up");
      return at;
    },
    free: () => {},
  };
}

/** The same memory as another thread sees it. */
export function elsewhere(memory: Memory): Memory {
  return { ...memory };
}

/** Where messages are put, and how long they may be. */
export const AT = 1 << 19;
export const LIMIT = 1 << 18;

/** What of `value` comes out at the other side. */
export function sent<T>(from: Codec<T>, to: Codec<T>, value: T): T {
  const bytes = from.encode(value, AT, LIMIT);
  if (bytes < 0) throw new RangeError(`It needs ${-bytes} bytes`);
  return to.decode(AT, bytes);
}

/** All of `value` that a clone has: classes, order of keys, holes, -0, and which objects are the same one. */
export function portrait(value: unknown): string {
  const seen = new Map<unknown, number>();
  const draw = (each: unknown): string => {
    if (typeof each === "string") return JSON.stringify(each);
    if (Object.is(each, -0)) return "-0";
    if (typeof each !== "object" || each === null) return `${typeof each} ${String(each)}`;
    const known = seen.get(each);
    if (known !== undefined) return `#${known}`;
    seen.set(each, seen.size);
    return `${Object.prototype.toString.call(each)} ${inside(each, draw)}`;
  };
  return draw(value);
}

const BOXES = [Number, String, Boolean, BigInt as never as NumberConstructor];

function inside(value: object, draw: (each: unknown) => string): string {
  const fields = Object.entries(value).map(([key, each]) =>
    `${JSON.stringify(key)}: ${draw(each)}`
  );
  if (value instanceof Map) return `{${[...value].flat().map(draw)}}`;
  if (value instanceof Set) return `{${[...value].map(draw)}}`;
  if (value instanceof Date) return `${value.getTime()}`;
  if (value instanceof RegExp) return `${value}`;
  if (value instanceof Error) return `${value.name} ${value.message} ${draw(value.cause)}`;
  if (value instanceof ArrayBuffer) return `${new Uint8Array(value)}`;
  if (value instanceof DataView) return `${new Uint8Array(value.buffer)}`;
  const length = Array.isArray(value) ? value.length : "";
  const boxed = BOXES.some((Box) => value instanceof Box) ? draw(value.valueOf()) : "";
  return `${length}${boxed}{${fields}}`;
}
