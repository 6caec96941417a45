/**
 * Flows as web streams.
 *
 * @module
 */
import type { Receiver } from "../channel/mod.ts";
import { checkNumber, checkOptions } from "../internal/checks.ts";
import { checkSource, isPolling } from "./drain.ts";
import { flowOf } from "./from.ts";
import type { Source } from "./types.ts";

/** How a stream is made. */
export interface ReadableStreamOptions {
  /** How many values the stream may take before somebody reads them; 0 by default. */
  readonly highWaterMark?: number | undefined;
}

/**
 * Makes a `ReadableStream` of a source, pulled on demand: nothing starts before the first read, and no
 * value is taken that nobody reads, unless `highWaterMark` allows it. Values travel untouched, so that a
 * source of `Uint8Array`s is the body of a `Response`.
 *
 * Cancelling the stream closes the source, as leaving a loop does: it waits for each `finally`, except of a
 * source that owes an answer, and a channel stays open. An error of the source errors the stream.
 *
 * With streams of Node: `Readable.fromWeb(toReadableStream(flow))`, or plain `Readable.from(flow)`.
 *
 * @typeParam T The values.
 * @param source What to iterate: an array, a generator, a stream, a channel, a flow.
 * @param options How far the stream may run ahead of its reader.
 * @returns The stream.
 * @throws {TypeError} If `source` cannot be iterated.
 *
 * @example
 * ```ts
 * import { map, pipe, toReadableStream } from "millrace";
 *
 * const encoder = new TextEncoder();
 * const lines = pipe(["a", "b"], map((line: string) => encoder.encode(line + "\n")));
 * console.log(await new Response(toReadableStream(lines)).text()); // a, b
 * ```
 */
export function toReadableStream<T>(
  source: Source<T>,
  options: ReadableStreamOptions = {},
): ReadableStream<T> {
  checkSource(source);
  checkOptions(options);
  const { highWaterMark = 0 } = options;
  checkNumber("options.highWaterMark", highWaterMark, highWaterMark >= 0, "0 or more");
  const receiver: Receiver<T> = isPolling(source) ? source : flowOf(source, 0);
  const loop = receiver[Symbol.asyncIterator]();
  return new ReadableStream<T>({
    async pull(controller) {
      const { done, value } = await loop.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await loop.return();
    },
  }, { highWaterMark });
}
