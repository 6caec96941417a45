/**
 * The end of a flow that keeps every value.
 *
 * @module
 */
import { checkSource, drain } from "./drain.ts";
import type { Source } from "./types.ts";

/**
 * Puts all values of a source into an array. What is at hand is taken without a promise a value.
 *
 * @typeParam T The values.
 * @param source What to iterate: an array, a generator, a stream, a channel, a flow.
 * @returns The values, in order, when the source is over. Rejects with the error of the source; the values
 * before it are gone then.
 * @throws {TypeError} At once, if `source` cannot be iterated.
 *
 * @example
 * ```ts
 * import { collect, map, pipe } from "millrace";
 *
 * console.log(await collect(pipe([1, 2, 3], map((n: number) => n * n)))); // [ 1, 4, 9 ]
 * ```
 */
export function collect<T>(source: Source<T>): Promise<T[]> {
  checkSource(source);
  const values: T[] = [];
  const take = (value: T): undefined => {
    values.push(value);
  };
  return drain(source, take).then(() => values);
}
