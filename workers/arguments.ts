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
 * arrays, however deep. What has none in it is left as it is.
 */
export function packArguments(
  args: readonly unknown[],
  bridge: (channel: BridgedChannel) => ChannelData,
): PackedArguments {
  const channels: ChannelPlace[] = [];
  const transfer: object[] = [];
  const open = new Set<unknown>();

  function pack(value: unknown, path: ChannelPlace["path"]): unknown {
    if (isBridgeable(value)) {
      channels.push({ path, channel: bridge(value) });
      return undefined;
    }
    checkNoReceiver(value, path);
    transfer.push(...transferOf(value) ?? []);
    if (!isPlain(value) || open.has(value)) return value;
    open.add(value);
    const before = channels.length;
    const entries = Object.entries(value).map(([key, part]) => [key, pack(part, [...path, key])]);
    open.delete(value);
    if (channels.length === before) return value;
    const copy = Object.fromEntries(entries) as object;
    return Array.isArray(value) ? Object.assign([], copy) : copy;
  }

  return { args: args.map((arg, i) => pack(arg, [i])), channels, transfer };
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

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** A clone of a flow would be an empty object. */
function checkNoReceiver(value: unknown, path: ChannelPlace["path"]): void {
  if (typeof value !== "object" || value === null || !(POLL in value)) return;
  const place = path.map((step) => `[${JSON.stringify(step)}]`).join("");
  throw new TypeError(`options.args${place} must be a Channel to be sent: ${show(value)}`);
}
