/**
 * Moving instead of copying.
 *
 * @module
 */
import { show } from "../internal/checks.ts";

const lists = new WeakMap<object, object[]>();

/**
 * Marks `value` so that `buffers`, which are parts of it, are moved to the other thread and not
 * copied, when it goes into a worker stage or is the result of one. A moved buffer is empty in the
 * thread that it came from. Elsewhere the mark means nothing.
 *
 * @param value What is sent.
 * @param buffers The `ArrayBuffer`s, ports and streams in it that may be moved.
 * @returns `value` itself.
 * @throws {TypeError} If `value` is no object, or `buffers` no array of objects.
 *
 * @example
 * ```ts
 * import { transfer } from "millrace/workers";
 *
 * export default function blank(size: number): Uint8Array {
 *   const bytes = new Uint8Array(size).fill(255);
 *   return transfer(bytes, [bytes.buffer]);
 * }
 * ```
 */
export function transfer<T extends object>(value: T, buffers: readonly object[]): T {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`value must be an object: ${show(value)}`);
  }
  if (!Array.isArray(buffers)) throw new TypeError(`buffers must be an array: ${show(buffers)}`);
  const wrong = buffers.findIndex((each) => typeof each !== "object" || each === null);
  if (wrong >= 0) {
    throw new TypeError(`buffers[${wrong}] must be an object: ${show(buffers[wrong])}`);
  }
  lists.set(value, [...buffers]);
  return value;
}

/** What is to be moved with `value`. */
export function transferOf(value: unknown): object[] | undefined {
  return typeof value === "object" && value !== null ? lists.get(value) : undefined;
}
