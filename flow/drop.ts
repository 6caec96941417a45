/**
 * A stage that starts late.
 *
 * @module
 */
import { checkCount } from "../internal/checks.ts";
import { foldable } from "./fold.ts";
import { NONE } from "./step.ts";
import type { Stage } from "./types.ts";

/**
 * A stage that leaves out the first `n` values.
 *
 * @typeParam T The values.
 * @param n How many. `Infinity` leaves out all.
 * @returns A stage for `pipe`.
 * @throws {TypeError} If `n` is no number.
 * @throws {RangeError} If `n` is less than 0, or no whole number.
 *
 * @example
 * ```ts
 * import { drop, pipe } from "millrace";
 *
 * const lines = ["name,age", "Ada,36", "Alan,41"];
 * for await (const row of pipe(lines, drop(1))) console.log(row); // Ada,36 Alan,41
 * ```
 */
export function drop<T>(n: number): Stage<T, T> {
  checkCount("n", n, 0);
  return foldable(() => {
    let left = n;
    return (value) => left > 0 ? (left--, NONE) : value;
  });
}
