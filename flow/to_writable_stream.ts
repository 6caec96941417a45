/**
 * Senders as web streams.
 *
 * @module
 */
import type { Sender } from "../channel/mod.ts";
import { check, checkBoolean, checkOptions } from "../internal/checks.ts";
import { isSender } from "./pipe_to.ts";

/** How a stream is made. */
export interface WritableStreamOptions {
  /** Whether the end of the stream ends the sender, which is the default; without it, it stays open. */
  readonly close?: boolean | undefined;
}

/**
 * Makes a `WritableStream` that sends each chunk, untouched. A write is done when the chunk was accepted, so
 * a full channel holds the writer back.
 *
 * Closing the stream closes the sender, after the chunks. Aborting it fails the sender with the reason, also
 * while a chunk waits, which is not sent then. If the sender is closed or cancelled by somebody else, the
 * stream is errored with `ChannelClosedError`: a chunk that waits finds out at once, else the next one.
 *
 * With streams of Node: `pipeline(readable, Writable.fromWeb(toWritableStream(channel)))`.
 *
 * @typeParam T The chunks.
 * @param sender Where the chunks go: a channel, a `Broadcast`.
 * @param options Whether to close the sender.
 * @returns The stream.
 * @throws {TypeError} If `sender` cannot send.
 *
 * @example
 * ```ts
 * import { Channel, collect, toReadableStream, toWritableStream } from "millrace";
 *
 * const channel = new Channel<string>(1);
 * const done = toReadableStream(["a", "b", "c"]).pipeTo(toWritableStream(channel));
 * console.log(await collect(channel)); // [ "a", "b", "c" ]
 * await done;
 * ```
 */
export function toWritableStream<T>(
  sender: Sender<T>,
  options: WritableStreamOptions = {},
): WritableStream<T> {
  check(isSender(sender), "sender must be able to send", sender);
  checkOptions(options);
  const { close = true } = options;
  checkBoolean("options.close", close);
  return new WritableStream<T>({
    // A stream that is aborted waits for the write under way, so the signal has to end that.
    write: (chunk, { signal }) => sender.send(chunk, { signal }),
    close() {
      if (close) sender.close();
    },
    abort(reason) {
      if (close) sender.fail(reason);
    },
  });
}
