/**
 * A flow from anything that can be iterated.
 *
 * @module
 */
import { check, checkCount, checkOptions } from "../internal/checks.ts";
import { FlowBase } from "./flow.ts";
import { SourceFlow } from "./source_flow.ts";
import { openerOf } from "./stream_reader.ts";
import { SyncFlow } from "./sync_flow.ts";
import type { Flow, FlowOptions, Source } from "./types.ts";

/**
 * Makes a flow of a source: an array, a generator, a stream, a channel. An async generator becomes a
 * producer that is advanced only when its value has somewhere to go: at most `capacity` values beyond
 * those received, and with 0 not before a receive waits. Its return closes the flow; its throw fails it,
 * after the values before.
 *
 * @typeParam T The values.
 * @param source What to iterate. It is opened at the first receive.
 * @param options How far the source may run ahead.
 * @returns The flow. It owns the source: `break` and `cancel` close it, and cancel a stream. A channel stays
 * open.
 * @throws {TypeError} If `source` cannot be iterated.
 *
 * @example An async generator as producer
 * ```ts
 * import { from } from "millrace";
 *
 * async function* pages() {
 *   try {
 *     for (let page = 1;; page++) yield page;
 *   } finally {
 *     console.log("closed"); // once, when the loop below is left
 *   }
 * }
 *
 * for await (const page of from(pages(), { capacity: 2 })) {
 *   if (page === 3) break;
 * }
 * ```
 */
export function from<T>(source: Source<T>, options: FlowOptions = {}): Flow<T> {
  checkOptions(options);
  const { capacity } = options;
  if (capacity !== undefined) checkCount("options.capacity", capacity, 0);
  if (!(source instanceof FlowBase)) return flowOf(source, capacity ?? 0);
  return capacity === undefined ? source : flowOf(source, capacity, source);
}

/** The source itself if it is a flow, else a flow of it that does not run ahead. */
export function asFlow<T>(source: Source<T>): FlowBase<T> {
  return source instanceof FlowBase ? source : flowOf(source, 0);
}

/** @param upstream A flow that the source reads, to be closed with it. */
export function flowOf<T>(
  source: Source<T>,
  capacity: number,
  upstream?: FlowBase<unknown>,
): FlowBase<T> {
  const openStream = openerOf<T>(source);
  if (openStream !== undefined) return new SourceFlow(openStream, capacity, upstream);
  const { [Symbol.asyncIterator]: open, [Symbol.iterator]: openSync } = (source ?? {}) as Partial<
    AsyncIterable<T> & Iterable<T>
  >;
  if (typeof open === "function") {
    return new SourceFlow(() => open.call(source), capacity, upstream);
  }
  const rule = upstream === undefined
    ? "source must be iterable"
    : "a stage must return an async iterable";
  check(typeof openSync === "function", rule, source);
  return new SyncFlow(() => (source as Iterable<T>)[Symbol.iterator](), capacity, upstream);
}
