/**
 * What the format of `codec: "auto"` is made of.
 *
 * A value is words of 32 bits: the first has a tag in its low 7 bits and a number in its high 24. What
 * follows begins at the next word, doubles and the bytes of arrays at the next multiple of 8. Bit 7 of a
 * message's first word says that an object stands in it more than once. A message of 8 bytes is a bare
 * double, so numbers have no tag; no other message has that length.
 *
 * @module
 */

export const UNDEFINED = 0;
export const NULL = 1;
export const FALSE = 2;
export const TRUE = 3;
/** The number is the value. */
export const INT = 4;
/** Then a double. */
export const FLOAT = 5;
/** A string of the first 256 characters alone. The number is its length; then a byte a character. */
export const LATIN = 6;
/** As UTF8, and it has one byte for each character. */
export const ASCII = 26;
/** Then a word: how many bytes; then these. */
export const UTF8 = 7;
/** Then a word: how many units; then these. For short strings, and where UTF-8 has no bytes for a unit. */
export const UTF16 = 8;
/** Then 64 bits. */
export const BIGINT = 9;
/** Then a string. */
export const LONG_BIGINT = 10;
/** Then a double: the time. */
export const DATE = 11;
/** Then two strings: source, flags. */
export const REGEXP = 12;
/** Then what is inside: a number, a string, … */
export const BOXED = 13;
/** Then a word: how many; then the values. */
export const ARRAY = 14;
/** An array of numbers alone. Then a word: how many; then doubles. */
export const FLOATS = 15;
/** Then two words: length, how many there are; then names and values. */
export const SPARSE = 16;
/** The number is the shape: which keys. Then the values. */
export const OBJECT = 17;
/** An object without a shape. Then a word: how many; then names and values. */
export const RECORD = 18;
/** Then a word: how many; then keys and values. */
export const MAP = 19;
/** Then a word: how many; then the values. */
export const SET = 20;
/** The number is the class of the array. Then a word: how many bytes; then these. */
export const BYTES = 21;
/** Then an object: what the error is built from. */
export const ERROR = 22;
/** Then two words: offset, generation; then a string: kind. */
export const HANDLE = 23;
/** The memory itself. */
export const MEMORY = 24;
/** Then a word: how far from the start of the message the object stands that is meant. */
export const BACK = 25;

/** In the first word of a message: an object stands in it more than once. */
export const HAS_BACK = 1 << 7;
export const TAG_MASK = (1 << 7) - 1;
export const NUMBER_SHIFT = 8;
export const NUMBER_LIMIT = 1 << 24;

/** The classes of BYTES, by their numbers. Some runtimes have no `Float16Array`. */
export const BYTE_CLASSES: readonly string[] = [
  "Uint8Array",
  "Int8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "Float16Array",
  "ArrayBuffer",
  "DataView",
];
/** Of a `Uint8Array` that is a whole message: where its bytes begin. */
export const BYTES_START = 8;
/** How deep values may stand in each other. Recursion is the fastest way; stacks hold about ten times that. */
export const DEEPEST = 1000;
