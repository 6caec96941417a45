/**
 * The types of numbers that lie in shared memory.
 *
 * @module
 */
import { check } from "../../internal/checks.ts";

/** What an element of a `SharedArray` may be: signed, unsigned or floating, and how many bits. */
export type ElementType =
  | "i8"
  | "u8"
  | "i16"
  | "u16"
  | "i32"
  | "u32"
  | "i64"
  | "u64"
  | "f32"
  | "f64";

/** The typed array for elements of a type. */
export type ViewOf<E extends ElementType> = E extends "i8" ? Int8Array
  : E extends "u8" ? Uint8Array
  : E extends "i16" ? Int16Array
  : E extends "u16" ? Uint16Array
  : E extends "i32" ? Int32Array
  : E extends "u32" ? Uint32Array
  : E extends "i64" ? BigInt64Array
  : E extends "u64" ? BigUint64Array
  : E extends "f32" ? Float32Array
  : Float64Array;

const ARRAYS = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
};

const TYPES = Object.keys(ARRAYS) as ElementType[];

/** The number of a type, as it stands in memory. Throws unless it is one of `allowed`. */
export function numberOf(type: ElementType, allowed: readonly ElementType[] = TYPES): number {
  const names = allowed.map((name) => `"${name}"`).join(", ");
  check(allowed.includes(type), `type must be one of ${names}`, type);
  return TYPES.indexOf(type);
}

/** The type with a number. */
export function typeOf(number: number): ElementType {
  return TYPES[number]!;
}

/** How many bytes an element has. */
export function bytesOf(type: ElementType): number {
  return ARRAYS[type].BYTES_PER_ELEMENT;
}

/** A view of `length` elements at an offset. */
export function viewOf<E extends ElementType>(
  type: E,
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
): ViewOf<E> {
  return new ARRAYS[type](buffer as ArrayBuffer, offset, length) as ViewOf<E>;
}
