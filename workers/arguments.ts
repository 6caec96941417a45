/**
 * The arguments of a task, with the channels among them.
 *
 * @module
 */
import { POLL } from "../internal/case.ts";
import { show } from "../internal/checks.ts";
import type { ChannelData } from "./bridge_wire.ts";
import { isBridgeable } from "./near_bridge.ts";
import type { BridgedChannel } from "./near_channel.ts";
import { transferOf } from "./transfer.ts";

/** Where a channel stands among the arguments. */
export interface ChannelPlace {
  /** Index of the argument, then keys. */
  readonly path: readonly (string | number)[];
  readonly channel: ChannelData;
}

/** Arguments that can be sent. */
export interface PackedArguments {
  /** With nothing where a channel was. */
  readonly args: readonly unknown[];
  readonly channels: readonly ChannelPlace[];
  readonly transfer: object[];
}

/**
 * Takes the channels out of arguments: the arguments themselves, and what stands in plain objects and
 * arrays, however deep. What stands there several times does so in the copy, too.
 *
 * @throws {TypeError} If a channel stands in anything else: a clone of it would be an empty object.
 */
export function packArguments(
  args: readonly unknown[],
  bridge: (channel: BridgedChannel) => ChannelData,
): PackedArguments {
  const channels: ChannelPlace[] = [];
  const transfer = new Set<object>();
  const copies = new Map<object, unknown>();
  const searched = new Set<object>();

  function pack(value: unknown, path: ChannelPlace["path"]): unknown {
    if (!isObject(value)) return value;
    if (copies.has(value)) return copies.get(value);
    if (isBridgeable(value)) {
      channels.push({ path, channel: bridge(value) });
      return undefined;
    }
    checkNoReceiver(value, path);
    for (const part of transferOf(value) ?? []) transfer.add(part);
    const copy: Record<string | number, unknown> | undefined = emptyCopy(value);
    copies.set(value, copy ?? value);
    if (copy === undefined) search(value, path, searched);
    else {eachPart(value, (part, key) =>
        copy[key] = isObject(part) ? pack(part, [...path, key]) : part);}
    return copy ?? value;
  }

  const packed = args.map((arg, i) => pack(arg, [i]));
  return { args: channels.length > 0 ? packed : args, channels, transfer: [...transfer] };
}

/** Puts the channels back. */
export function unpackArguments(
  { args, channels }: Pick<PackedArguments, "args" | "channels">,
  open: (channel: ChannelData) => unknown,
): unknown[] {
  const unpacked: unknown[] = [...args];
  for (const { path, channel } of channels) {
    let holder: Record<string | number, unknown> = unpacked as never;
    for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
    holder[path.at(-1)!] = open(channel);
  }
  return unpacked;
}

/** Of a plain object or an array; nothing else can have a channel in it. */
function emptyCopy(value: object): Record<string | number, unknown> | undefined {
  if (Array.isArray(value)) return new Array(value.length) as never;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.create(null) : undefined;
}

/** Throws if there is a channel in `value`, which is not copied. */
function search(value: object, path: ChannelPlace["path"], searched: Set<object>): void {
  if (searched.has(value)) return;
  searched.add(value);
  if (isBridgeable(value)) throw misplaced("stand in plain objects and arrays only", value, path);
  checkNoReceiver(value, path);
  eachPart(value, (part, key) => {
    if (isObject(part)) search(part, [...path, key], searched);
  });
}

/** What a clone of `value` has in it. */
function eachPart(value: object, visit: (part: unknown, key: string | number) => void): void {
  if (Array.isArray(value)) return value.forEach(visit);
  if (ArrayBuffer.isView(value)) return;
  if (value instanceof Set || value instanceof Map) return [...value].flat().forEach(visit);
  for (const [key, part] of Object.entries(value)) visit(part, key);
}

/** A clone of a flow would be an empty object. */
function checkNoReceiver(value: object, path: ChannelPlace["path"]): void {
  if (POLL in value) throw misplaced("be a Channel to be sent", value, path);
}

function misplaced(must: string, value: object, path: ChannelPlace["path"]): TypeError {
  const place = path.map((step) => `[${JSON.stringify(step)}]`).join("");
  return new TypeError(`options.args${place} must ${must}: ${show(value)}`);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
