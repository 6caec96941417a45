/**
 * The end of a flow that makes one value of all.
 *
 * @module
 */
import { checkFunction } from "../internal/checks.ts";
import { checkSource, drain } from "./drain.ts";
import { isPromiseLike } from "./step.ts";
import type { Source } from "./types.ts";

/**
 * Makes one value of all values of a source. The next value is taken when `fn` has answered, so there is
 * one call at a time.
 *
 * An error of `fn` closes the source, as the end of a loop would: a channel stays open, and the values
 * behind the one at which `fn` failed stay in it.
 *
 * @typeParam T The values.
 * @typeParam R What they become.
 * @param source What to iterate: an array, a generator, a stream, a channel, a flow.
 * @param fn Gives the next state, from the state and a value. It may answer later.
 * @param init The state at the start.
 * @returns The last state, when the source is over: `init` if it gave nothing. Rejects with the error of
 * the source or of `fn`.
 * @throws {TypeError} At once, if `source` cannot be iterated or `fn` is no function.
 *
 * @example
 * ```ts
 * import { from, reduce } from "millrace";
 *
 * async function* sizes() {
 *   yield* [3, 1, 4];
 * }
 *
 * console.log(await reduce(from(sizes()), (sum, size) => sum + size, 0)); // 8
 * ```
 */
export function reduce<T, R>(
  source: Source<T>,
  fn: (state: R, value: T) => R | PromiseLike<R>,
  init: R,
): Promise<R> {
  checkSource(source);
  checkFunction("fn", fn);
  let state = init;
  const keep = (next: R): void => {
    state = next;
  };
  const take = (value: T): Promise<void> | undefined => {
    const next = fn(state, value);
    if (isPromiseLike(next)) return Promise.resolve(next).then(keep);
    state = next;
    return undefined;
  };
  return drain(source, take).then(() => state);
}
