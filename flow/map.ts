/**
 * A stage that calls a function.
 *
 * @module
 */
import { checkBoolean, checkCount, checkFunction, checkOptions } from "../internal/checks.ts";
import { foldable } from "./fold.ts";
import { asFlow } from "./from.ts";
import { MapFlow } from "./map_flow.ts";
import type { FlowOptions, Stage } from "./types.ts";

/** How a mapping runs. */
export interface MapOptions extends FlowOptions {
  /** How many calls may be under way, or finished with a result that is not taken; 1 by default. */
  readonly concurrency?: number | undefined;
  /** Whether results keep the order of their inputs, which is the default, or come as they are ready. */
  readonly ordered?: boolean | undefined;
}

/**
 * A stage that gives `fn` of each value. Up to `concurrency` calls are under way; an item counts until
 * its result is taken, so a slow consumer bounds the results too.
 *
 * An error of `fn` fails the flow in its place in the order and cancels what is upstream; without order,
 * at once. An error of the input is reported after the results of the values before it.
 *
 * @typeParam A What it takes.
 * @typeParam B What it gives.
 * @param fn Called with each value, and with a signal that is aborted when the flow ends before all
 * results were taken. It may answer later.
 * @param options Concurrency, order, and how many further results may wait (`capacity`, 0 by default).
 * @returns A stage for `pipe`.
 *
 * @example Eight at a time
 * ```ts
 * import { map, pipe } from "millrace";
 *
 * const lengths = pipe(
 *   ["a", "bb", "ccc"],
 *   map(async (text: string) => await Promise.resolve(text.length), { concurrency: 8 }),
 * );
 * for await (const n of lengths) console.log(n); // 1 2 3
 * ```
 */
export function map<A, B>(
  fn: (value: A, signal: AbortSignal) => B | PromiseLike<B>,
  options: MapOptions = {},
): Stage<A, B> {
  checkFunction("fn", fn);
  checkOptions(options);
  const { concurrency = 1, ordered = true, capacity = 0 } = options;
  checkCount("options.concurrency", concurrency, 1);
  checkCount("options.capacity", capacity, 0);
  checkBoolean("options.ordered", ordered);
  if (concurrency === 1 && capacity === 0) return foldable({ fn });
  return (input) => new MapFlow(asFlow(input), fn, concurrency, ordered, capacity);
}
