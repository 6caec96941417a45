/**
 * How a shared channel is made.
 *
 * @module
 */
import { check, checkNumber, checkOptions } from "../../internal/checks.ts";
import type { ChannelShape } from "./channel_memory.ts";
import type { CodecOption } from "./codec/choice.ts";

/** Bytes of payload that a slot holds if nothing else is said. */
const DEFAULT_BYTES = 120;
const MOST_VALUES = 2 ** 24;
const MOST_BYTES = 2 ** 15;

/**
 * How a shared channel is made.
 *
 * @typeParam T The values of the channel.
 */
export interface SharedChannelOptions<T> {
  /**
   * How values become bytes. `"auto"`, the default, takes all that can be cloned, and is fast for numbers, strings, small objects and
   * arrays. `"json"` is faster for large objects that are mostly text, on some runtimes. A schema
   * (`{ id: "u32", name: "string" }`) is the fastest for records whose fields are known: `bool`, `i32`, `u32`,
   * `f64`, `string`, `bytes`, arrays of these (`"f64[]"`), schemas, and schemas in brackets for arrays.
   * `{ encode, decode }` is your own; every thread must give it to `SharedChannel.from`.
   */
  readonly codec?: CodecOption<T> | undefined;
  /**
   * How long a value may be, in bytes, to lie in the channel itself; longer ones take a block of their own,
   * which is slower. Default 120, enough for a small object.
   */
  readonly bytes?: number | undefined;
  /** Stands in error messages and inspection. */
  readonly name?: string | undefined;
}

/** Checks the arguments of a new channel. */
export function shapeOf<T>(
  capacity: number,
  options: SharedChannelOptions<T>,
  round: number,
): ChannelShape {
  checkUpTo(MOST_VALUES, "capacity", capacity);
  checkOptions(options);
  checkNothingDropped(options);
  const { bytes = DEFAULT_BYTES, name, codec } = options;
  checkUpTo(MOST_BYTES, "options.bytes", bytes);
  check(name === undefined || typeof name === "string", "options.name must be a string", name);
  return { capacity, bytes, name, codec: codec as CodecOption<never> | undefined, round };
}

function checkUpTo(most: number, name: string, value: number): void {
  const ok = Number.isInteger(value) && value >= 1 && value <= most;
  checkNumber(name, value, ok, `a whole number from 1 to ${most}`);
}

/** What a `Channel` can be told, and this one cannot: all threads would have to know what was dropped. */
function checkNothingDropped(options: object): void {
  const { overflow = "wait", onDrop } = options as { overflow?: unknown; onDrop?: unknown };
  check(overflow === "wait", 'options.overflow must be "wait" in shared memory', overflow);
  check(onDrop === undefined, "options.onDrop must be absent in shared memory", onDrop);
}
