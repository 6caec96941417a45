/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Sources, stages and flows.
 *
 * @module
 */
import type { Receiver } from "../channel/mod.ts";

/**
 * Where values come from: arrays, generators, streams, channels.
 *
 * @typeParam T The values.
 */
export type Source<T> = Iterable<T> | AsyncIterable<T>;

/**
 * A step of a pipe. Any `async function*` that takes an async iterable is one.
 *
 * @typeParam A What it takes.
 * @typeParam B What it gives.
 */
export type Stage<A, B> = (input: AsyncIterable<A>) => AsyncIterable<B>;

/**
 * A receiver with one owner. It is lazy: nothing starts before the first receive. `cancel`, the end of a
 * loop over it, whether by `break`, `return` or a throw, and disposal cancel everything upstream, and
 * run each `finally` there once.
 *
 * A loop that ends early waits for those; for who is just being asked for a value and may never answer, not
 * for ever: a source has a turn of the event loop, a stage a second. Disposal waits in any case. An error
 * that a `finally` throws rejects the first that waits, several together as an `AggregateError`; where
 * nobody waits, or no longer, it is an unhandled rejection. A flow that ends or fails by itself closes what
 * is upstream before receivers learn of it.
 *
 * @typeParam T The values.
 */
export interface Flow<out T> extends Receiver<T>, AsyncDisposable {}

/** How a flow is made. */
export interface FlowOptions {
  /**
   * How many values the source may run ahead of the receives. With 0, the default, it is not advanced
   * before a receive waits.
   */
  readonly capacity?: number | undefined;
}
