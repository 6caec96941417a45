/**
 * What became of a promise, without awaiting it: a test that expects something to settle fails in a
 * moment when it does not, instead of hanging until the runner gives up.
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import { idle } from "../../testing/mod.ts";

/** What a receive reports from a channel that is closed and drained. */
export const DONE: { readonly done: true; readonly value: undefined } = {
  done: true,
  value: undefined,
};

/** What a receive reports that took `value`. */
export function RECEIVED<T>(value: T): { readonly done: false; readonly value: T } {
  return { done: false, value };
}

/** The state of a promise, kept up to date. */
export interface Watched<T> {
  state: "waiting" | "fulfilled" | "rejected";
  value: T | undefined;
  reason: unknown;
}

/** Follows a promise; its rejection counts as handled. */
export function watch<T>(promise: PromiseLike<T>): Watched<T> {
  const watched: Watched<T> = { state: "waiting", value: undefined, reason: undefined };
  promise.then((value) => {
    watched.state = "fulfilled";
    watched.value = value;
  }, (reason) => {
    watched.state = "rejected";
    watched.reason = reason;
  });
  return watched;
}

/** The value of a promise that settles without a timer. */
export async function settled<T>(promise: PromiseLike<T>): Promise<T> {
  const watched = watch(promise);
  await idle();
  if (watched.state === "waiting") throw new AssertionError("The promise still waits.");
  if (watched.state === "rejected") throw watched.reason;
  return watched.value as T;
}

/** The reason of a promise that rejects without a timer. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  const watched = watch(promise);
  await idle();
  if (watched.state !== "rejected") {
    throw new AssertionError(`Expected a rejection, but the promise is ${watched.state}.`);
  }
  return watched.reason;
}

/** The values that an iteration gives until it ends; it must not wait. */
export function drained<T>(source: AsyncIterable<T>): Promise<T[]> {
  return settled(gather(source, []));
}

/** Appends what an iteration gives to `values`, as it comes. */
export async function gather<T>(source: AsyncIterable<T>, values: T[]): Promise<T[]> {
  for await (const value of source) values.push(value);
  return values;
}
