/**
 * A stage that gives many values for one.
 *
 * @module
 */
import { checkCount, checkFunction, checkOptions } from "../internal/checks.ts";
import { asFlow } from "./from.ts";
import { FlatMapFlow } from "./flat_map_flow.ts";
import type { FlowOptions, Source, Stage } from "./types.ts";

/** How a mapping to many values runs. */
export interface FlatMapOptions extends FlowOptions {
  /** How many inner sources may be open; 1 by default. */
  readonly concurrency?: number | undefined;
}

/**
 * A stage that gives all values of `fn` of each value: an array, a generator, a stream, a flow, or a promise
 * of one. The inner sources are read one after the other; with `concurrency`, up to that many at once, each
 * in turn, and values come as they are there: those of one source in its order, those of several in none.
 *
 * With a concurrency of 1 nothing is asked for a value before a receive waits. With more, as many values as
 * sources are open are under way or waiting to be taken.
 *
 * An error of `fn` or of an inner source fails the flow after the values that came before it, and closes all
 * that is open. An error of the input is reported after the inner sources of the values before it. An inner
 * source belongs to the flow: however that ends, each is closed once, and its `finally` is waited for as that
 * of a source.
 *
 * @typeParam A What it takes.
 * @typeParam B What it gives.
 * @param fn Called with each value, and with a signal that is aborted when the flow ends while a call is
 * under way or an inner source is open.
 * @param options Concurrency, and how many further values may wait (`capacity`, 0 by default).
 * @returns A stage for `pipe`.
 * @throws {TypeError} If an argument is of the wrong type.
 * @throws {RangeError} If `concurrency` is no whole number of 1 or more, or `capacity` of 0 or more.
 *
 * @example
 * ```ts
 * import { flatMap, pipe } from "millrace";
 *
 * async function* pages(book: string) {
 *   for (let page = 1; page <= 2; page++) yield `${book}, page ${page}`;
 * }
 *
 * for await (const page of pipe(["Emma", "Ulysses"], flatMap(pages))) console.log(page);
 * // Emma, page 1; Emma, page 2; Ulysses, page 1; Ulysses, page 2
 * ```
 */
export function flatMap<A, B>(
  fn: (value: A, signal: AbortSignal) => Source<B> | PromiseLike<Source<B>>,
  options: FlatMapOptions = {},
): Stage<A, B> {
  checkFunction("fn", fn);
  checkOptions(options);
  const { concurrency = 1, capacity = 0 } = options;
  checkCount("options.concurrency", concurrency, 1);
  checkCount("options.capacity", capacity, 0);
  return (input) => new FlatMapFlow(asFlow(input), fn, concurrency, capacity);
}
