/**
 * Streams as flows.
 *
 * @module
 */
import { check } from "../internal/checks.ts";
import { from } from "./from.ts";
import { isReadable, type NodeReadable } from "./stream_reader.ts";
import type { Flow, FlowOptions } from "./types.ts";

/**
 * Makes a flow of a stream: a `ReadableStream`, such as the body of a `Response`, or a `Readable` of Node's,
 * such as a file or a socket. `from` takes them, too; this one takes nothing else. Chunks travel untouched.
 *
 * The stream is locked at the first receive. The end of the flow, whoever brings it about, cancels the
 * stream, or destroys it if it is Node's, at once, also during a read and if nothing was read; the lock is
 * released. An error of the stream fails the flow, after the chunks before; one that comes before the first
 * receive is kept for that.
 *
 * @typeParam T The chunks.
 * @param stream What to read.
 * @param options How far the flow may run ahead.
 * @returns The flow. It owns the stream.
 * @throws {TypeError} If `stream` is no stream.
 *
 * @example
 * ```ts
 * import { collect, fromReadableStream } from "millrace";
 *
 * const { body } = new Response("some text");
 * if (body === null) throw new Error("no body");
 * const text = body.pipeThrough(new TextDecoderStream());
 * console.log(await collect(fromReadableStream(text))); // [ "some text" ]
 * ```
 */
export function fromReadableStream<T>(
  stream: ReadableStream<T> | NodeReadable<T>,
  options: FlowOptions = {},
): Flow<T> {
  check(isReadable(stream), "stream must be a readable stream", stream);
  return from(stream as NodeReadable<T>, options);
}
