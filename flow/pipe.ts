/**
 * Stages one after the other.
 *
 * @module
 */
import { checkFunction } from "../internal/checks.ts";
import { FlowBase } from "./flow.ts";
import { isPolling } from "./drain.ts";
import { fold } from "./fold.ts";
import { flowOf } from "./from.ts";
import type { Flow, Source, Stage } from "./types.ts";

/** How far each stage may run ahead of the next: far enough for all to work at the same time. */
const AHEAD = 1;

/**
 * Connects a source and stages. The stages run at the same time, with a bounded buffer between each two:
 * each runs at most one value ahead of the next. Nothing starts before the first receive.
 *
 * Neighbours among `map` (with neither `concurrency` nor `capacity`), `filter`, `take`, `drop`, `scan`, `tap`
 * and `batch` (without `ms`) run as one step, without a buffer or a promise between them, and only when
 * their result is asked for.
 *
 * A channel as the source is not read ahead, for others may read it, too: a value is taken from it only for
 * a stage or a receive that waits. What a stage has taken is the stage's; leaving the flow drops it.
 *
 * An error in the source or in a stage cancels what is upstream and fails the flow, after the values
 * before it. Leaving the flow early cancels everything.
 *
 * @param source Where the values come from.
 * @param stages Functions from async iterable to async iterable, such as any `async function*`.
 * @returns The last stage as a flow.
 * @throws {TypeError} If the source cannot be iterated, or a stage is no function or gives nothing to
 * iterate.
 *
 * @example
 * ```ts
 * import { pipe } from "millrace";
 *
 * async function* squares(input: AsyncIterable<number>) {
 *   for await (const n of input) yield n * n;
 * }
 *
 * for await (const n of pipe([1, 2, 3], squares)) console.log(n); // 1 4 9
 * ```
 */
export function pipe<A>(source: Source<A>): Flow<A>;
/** As above. */
export function pipe<A, B>(source: Source<A>, ab: Stage<A, B>): Flow<B>;
/** As above. */
export function pipe<A, B, C>(source: Source<A>, ab: Stage<A, B>, bc: Stage<B, C>): Flow<C>;
/** As above. */
export function pipe<A, B, C, D>(
  source: Source<A>,
  ab: Stage<A, B>,
  bc: Stage<B, C>,
  cd: Stage<C, D>,
): Flow<D>;
/** As above. */
export function pipe<A, B, C, D, E>(
  source: Source<A>,
  ab: Stage<A, B>,
  bc: Stage<B, C>,
  cd: Stage<C, D>,
  de: Stage<D, E>,
): Flow<E>;
/** As above. */
export function pipe<A, B, C, D, E, F>(
  source: Source<A>,
  ab: Stage<A, B>,
  bc: Stage<B, C>,
  cd: Stage<C, D>,
  de: Stage<D, E>,
  ef: Stage<E, F>,
): Flow<F>;
/** As above. */
export function pipe<A, B, C, D, E, F, G>(
  source: Source<A>,
  ab: Stage<A, B>,
  bc: Stage<B, C>,
  cd: Stage<C, D>,
  de: Stage<D, E>,
  ef: Stage<E, F>,
  fg: Stage<F, G>,
): Flow<G>;
/** As above. */
export function pipe<A, B, C, D, E, F, G, H>(
  source: Source<A>,
  ab: Stage<A, B>,
  bc: Stage<B, C>,
  cd: Stage<C, D>,
  de: Stage<D, E>,
  ef: Stage<E, F>,
  fg: Stage<F, G>,
  gh: Stage<G, H>,
): Flow<H>;
/** As above. */
export function pipe<A, B, C, D, E, F, G, H, I>(
  source: Source<A>,
  ab: Stage<A, B>,
  bc: Stage<B, C>,
  cd: Stage<C, D>,
  de: Stage<D, E>,
  ef: Stage<E, F>,
  fg: Stage<F, G>,
  gh: Stage<G, H>,
  hi: Stage<H, I>,
): Flow<I>;
/** As above. */
export function pipe<A, B, C, D, E, F, G, H, I, J>(
  source: Source<A>,
  ab: Stage<A, B>,
  bc: Stage<B, C>,
  cd: Stage<C, D>,
  de: Stage<D, E>,
  ef: Stage<E, F>,
  fg: Stage<F, G>,
  gh: Stage<G, H>,
  hi: Stage<H, I>,
  ij: Stage<I, J>,
): Flow<J>;
export function pipe(source: Source<unknown>, ...stages: Stage<unknown, unknown>[]): Flow<unknown> {
  for (const stage of stages) checkFunction("stage", stage);
  let flow = source instanceof FlowBase ? source : flowOf(source, aheadOf(source));
  for (const stage of fold(stages)) {
    const output = stage(flow);
    if (output instanceof FlowBase) {
      output.reads(flow);
      flow = output;
    } else flow = flowOf(output, aheadOf(output), flow);
  }
  return flow;
}

/** How far `source` runs ahead. Of a channel, which others may read, a value read ahead would be lost at the end. */
function aheadOf(source: Source<unknown>): number {
  return isPolling(source) ? 0 : AHEAD;
}
