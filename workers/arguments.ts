/**
 * The arguments of a task, with the channels among them.
 *
 * @module
 */
import { type ChannelRef, pack, type Place, type Refer, unpack } from "./parcel.ts";

/** Arguments that can be sent. */
export interface PackedArguments {
  /** With nothing where a channel was. */
  readonly args: readonly unknown[];
  readonly places: readonly Place[];
  readonly transfer: object[];
}

/**
 * Takes the channels out of arguments, and what lives in shared memory: the arguments themselves, and what
 * stands in plain objects and arrays, however deep.
 *
 * @throws {TypeError} If a channel stands in anything else: a clone of it would be an empty object.
 */
export function packArguments(args: readonly unknown[], refer: Refer): PackedArguments {
  const transfer = new Set<object>();
  const { value, places } = pack(args, "options.args", refer, (part) => transfer.add(part));
  return { args: value as unknown[], places, transfer: [...transfer] };
}

/** Puts the channels back. */
export function unpackArguments(
  { args, places }: Pick<PackedArguments, "args" | "places">,
  open: (ref: ChannelRef) => unknown,
): unknown[] {
  return [...unpack({ value: args, places }, open) as unknown[]];
}
