/**
 * The end of a flow that sends every value on.
 *
 * @module
 */
import { ChannelClosedError, type Sender } from "../channel/mod.ts";
import { check, checkBoolean, checkOptions, checkSignal } from "../internal/checks.ts";
import { checkSource, drain } from "./drain.ts";
import type { Source } from "./types.ts";

/** How values are sent on. */
export interface PipeToOptions {
  /** Whether the end of the source ends the sender, which is the default; without it, it stays open. */
  readonly close?: boolean | undefined;
  /** Ends the transfer: the source is closed, the sender fails, and the promise rejects with the reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends each value of a source, in order, and waits while the sender has no room: the next value is taken
 * when the one before it was accepted. What is at hand and has room goes without a promise a value.
 *
 * The end of the source closes the sender, its error fails it, after the values before. If the sender is
 * closed or cancelled by somebody else, the next value finds out, and the source is closed. A value that
 * was taken from the source and then not accepted is in the `ChannelClosedError`; after an abort it is gone.
 *
 * @typeParam T The values.
 * @param source What to iterate: an array, a generator, a stream, a channel, a flow.
 * @param sender Where the values go: a channel, a `Broadcast`.
 * @param options Whether to close the sender; a signal.
 * @returns Resolves when the source is over and all was accepted. Rejects with the error of the source, the
 * reason of the signal, or `ChannelClosedError`, when the source is closed.
 * @throws {TypeError} At once, if `source` cannot be iterated or `sender` cannot send.
 *
 * @example
 * ```ts
 * import { Channel, pipeTo } from "millrace";
 *
 * const lines = new Channel<string>(2);
 * const sent = pipeTo(["a", "b", "c"], lines);
 * for await (const line of lines) console.log(line); // a b c
 * await sent;
 * ```
 */
export function pipeTo<T>(
  source: Source<T>,
  sender: Sender<T>,
  options: PipeToOptions = {},
): Promise<void> {
  checkSource(source);
  check(isSender(sender), "sender must be able to send", sender);
  checkOptions(options);
  const { close = true, signal } = options;
  checkBoolean("options.close", close);
  checkSignal(signal);
  const promise: Promise<void> = transfer(source, sender, close, signal, () => {
    // As with a single send: one that was legal when made must not end the process.
    promise.catch(ignore);
  });
  return promise;
}

async function transfer<T>(
  source: Source<T>,
  sender: Sender<T>,
  close: boolean,
  signal: AbortSignal | undefined,
  onCutOff: () => void,
): Promise<void> {
  const options = { signal };
  let waiting = false;
  const take = (value: T): Promise<void> | undefined => {
    waiting = false;
    if (sender.trySend(value)) return undefined;
    waiting = true;
    return sender.send(value, options);
  };
  try {
    await drain(source, take, signal);
    if (close) sender.close();
  } catch (error) {
    if (waiting && error instanceof ChannelClosedError) onCutOff();
    if (close) sender.fail(error);
    throw error;
  }
}

/** Whether `value` has the methods that are used. */
export function isSender(value: unknown): value is Sender<unknown> {
  const { send, trySend, close, fail } = Object(value) as Partial<Sender<unknown>>;
  return [send, trySend, close, fail].every((method) => typeof method === "function");
}

function ignore(): void {}
