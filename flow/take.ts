/**
 * A stage that ends early.
 *
 * @module
 */
import { checkCount } from "../internal/checks.ts";
import { foldable } from "./fold.ts";
import type { Stage } from "./types.ts";

/**
 * A stage that passes on the first `n` values and ends with the last of them: it asks for no other, and
 * closes what is upstream before receivers learn of the end. With 0 it asks for nothing.
 *
 * @typeParam T The values.
 * @param n How many. `Infinity` passes on all.
 * @returns A stage for `pipe`.
 * @throws {TypeError} If `n` is no number.
 * @throws {RangeError} If `n` is less than 0, or no whole number.
 *
 * @example
 * ```ts
 * import { pipe, take } from "millrace";
 *
 * function* numbers() {
 *   for (let n = 1;; n++) yield n;
 * }
 *
 * for await (const n of pipe(numbers(), take(3))) console.log(n); // 1 2 3
 * ```
 */
export function take<T>(n: number): Stage<T, T> {
  checkCount("n", n, 0);
  return foldable((fold, at) => {
    let left = n;
    if (left === 0) fold.last(at);
    return (value) => {
      if (--left === 0) fold.last(at);
      return value;
    };
  });
}
