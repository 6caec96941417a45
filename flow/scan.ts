/**
 * A stage that remembers.
 *
 * @module
 */
import { checkFunction } from "../internal/checks.ts";
import { foldable } from "./fold.ts";
import { isPromiseLike } from "./step.ts";
import type { Stage } from "./types.ts";

/**
 * A stage that combines each value with the result before it, and gives each result; not the start. `fn`
 * may answer later: then the values after it wait. An error of `fn` fails the flow after the results
 * before it, and closes what is upstream.
 *
 * @typeParam A What it takes.
 * @typeParam B What it gives.
 * @param fn Called with the result before, or `start`, and the value; one call at a time.
 * @param start What stands in for the result before the first.
 * @returns A stage for `pipe`. Each flow starts anew; one object as `start` is shared by all of them.
 * @throws {TypeError} If `fn` is no function.
 *
 * @example A running total
 * ```ts
 * import { pipe, scan } from "millrace";
 *
 * const totals = pipe([5, 10, 20], scan((total: number, n: number) => total + n, 0));
 * for await (const total of totals) console.log(total); // 5 15 35
 * ```
 */
export function scan<A, B>(
  fn: (before: B, value: A) => B | PromiseLike<B>,
  start: B,
): Stage<A, B> {
  checkFunction("fn", fn);
  return foldable((fold, at) => {
    let result = start;
    return (value) => {
      const answer = fn(result, value);
      if (isPromiseLike(answer)) return fold.wait(at, answer, (later) => result = later);
      return result = answer;
    };
  });
}
