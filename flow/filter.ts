/**
 * A stage that leaves values out.
 *
 * @module
 */
import { checkFunction } from "../internal/checks.ts";
import { foldable } from "./fold.ts";
import { isPromiseLike, NONE } from "./step.ts";
import type { Stage } from "./types.ts";

/**
 * A stage that passes on the values for which `predicate` answers true. It may answer later: then the
 * values after it wait. A type guard narrows the type. An error of `predicate` fails the flow after the
 * values before it, and closes what is upstream.
 *
 * @typeParam A What it takes.
 * @typeParam B What it gives.
 * @param predicate Called with each value, in order, one call at a time.
 * @returns A stage for `pipe`.
 * @throws {TypeError} If `predicate` is no function.
 *
 * @example
 * ```ts
 * import { filter, pipe } from "millrace";
 *
 * const words = pipe(["a", 1, "b"], filter((value): value is string => typeof value === "string"));
 * for await (const word of words) console.log(word.toUpperCase()); // A B
 * ```
 */
export function filter<A, B extends A>(predicate: (value: A) => value is B): Stage<A, B>;
/** As above, without a type guard. */
export function filter<A>(predicate: (value: A) => boolean | PromiseLike<boolean>): Stage<A, A>;
export function filter<A>(predicate: (value: A) => boolean | PromiseLike<boolean>): Stage<A, A> {
  checkFunction("predicate", predicate);
  return foldable((fold, at) => (value) => {
    const answer = predicate(value);
    if (isPromiseLike(answer)) return fold.wait(at, answer, (passes) => passes ? value : NONE);
    return answer ? value : NONE;
  });
}
