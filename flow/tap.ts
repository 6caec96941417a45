/**
 * A stage that looks on.
 *
 * @module
 */
import { checkFunction } from "../internal/checks.ts";
import { foldable } from "./fold.ts";
import { isPromiseLike } from "./step.ts";
import type { Stage } from "./types.ts";

/**
 * A stage that shows each value to `fn` and passes it on as it is. If `fn` answers a promise, the value
 * and those after it wait for it. An error of `fn` fails the flow after the values before it, and closes
 * what is upstream.
 *
 * @typeParam T The values.
 * @param fn Called with each value, in order, one call at a time. What it answers is not used.
 * @returns A stage for `pipe`.
 * @throws {TypeError} If `fn` is no function.
 *
 * @example
 * ```ts
 * import { map, pipe, tap } from "millrace";
 *
 * let bytes = 0;
 * const lines = pipe(["to", "be"], tap((line) => bytes += line.length), map((line) => `${line}\n`));
 * for await (const line of lines) console.log(line.trim(), bytes); // to 2, be 4
 * ```
 */
export function tap<T>(fn: (value: T) => unknown): Stage<T, T> {
  checkFunction("fn", fn);
  return foldable((fold, at) => (value) => {
    const answer = fn(value);
    return isPromiseLike(answer) ? fold.wait(at, answer, () => value) : value;
  });
}
