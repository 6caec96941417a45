/**
 * Values on their way to another thread, with those parts of which no clone can be made: a channel stays
 * where it is and is bridged, what lives in shared memory travels as its handle. They may stand anywhere in
 * plain objects and arrays. A clone of anything else that has one in it would have an empty object in its
 * place, so it is refused.
 *
 * @module
 */
import { POLL } from "../internal/case.ts";
import { show } from "../internal/checks.ts";
import type { ChannelData } from "./bridge_wire.ts";
import { isBridgeable } from "./near_bridge.ts";
import type { BridgedChannel } from "./near_channel.ts";
import { HANDLE, isHandled, opened, type SharedHandle } from "./shared/handle.ts";
import { transferOf } from "./transfer.ts";

/** A channel, as it is told to the other end. */
export type ChannelRef =
  /** One of the thread that says so. */
  | { readonly own: ChannelData }
  /** One of the thread that hears it, by its number. */
  | { readonly yours: number };

/** Where something stood that is told in another way. */
export interface Place {
  /** Keys, from the outside. */
  readonly path: readonly (string | number)[];
  readonly channel?: ChannelRef;
  readonly handle?: SharedHandle;
}

/** What can be sent. */
export interface Parcel {
  /** A copy with nothing in the places; what was packed itself if there are none. */
  readonly value: unknown;
  readonly places: readonly Place[];
}

/** How to tell of a channel. */
export type Refer = (channel: BridgedChannel) => ChannelRef;

/** Objects that are looked at without a note of which they were. */
const FEW = 200;

/**
 * Whether there is something to be packed, or to be refused, in `value`. O(size), which is a few percent of
 * what the clone takes.
 */
export function needsPacking(value: unknown): boolean {
  if (!isObject(value)) return false;
  let left = FEW;
  let seen: Set<object> | undefined;
  const found = (object: object): boolean => {
    if (isSpecial(object)) return true;
    if (--left < 0) {
      // What stands in many places, or in itself, is not to be looked at again and again.
      seen ??= new Set();
      if (seen.has(object)) return false;
      seen.add(object);
    }
    if (Array.isArray(object)) return object.some((part) => isObject(part) && found(part));
    if (object instanceof Map || object instanceof Set) return found([...object].flat());
    if (ArrayBuffer.isView(object)) return false;
    for (const key in object) {
      const part = (object as Record<string, unknown>)[key];
      if (isObject(part) && found(part)) return true;
    }
    return false;
  };
  try {
    return found(value);
  } catch {
    return false; // a getter has thrown, or it is too deep: then no clone can be made, either
  }
}

/**
 * Packs `root`. What stands in it several times does so in the copy, too.
 *
 * @param name What it is called in errors.
 * @param moved Is told of what is marked to be moved.
 * @throws {TypeError} If something stands where it cannot be put back.
 */
export function pack(
  root: unknown,
  name: string,
  refer: Refer,
  moved?: (part: object) => void,
): Parcel {
  const places: Place[] = [];
  const copies = new Map<object, unknown>();
  const searched = new Set<object>();

  function copyOf(value: unknown, path: Place["path"]): unknown {
    if (!isObject(value)) return value;
    if (copies.has(value)) return copies.get(value);
    const place = placeOf(value, path, refer);
    if (place !== undefined) return void places.push(place);
    checkNotSpecial(value, name, path);
    if (moved !== undefined) transferOf(value)?.forEach(moved);
    const copy = emptyCopy(value);
    copies.set(value, copy ?? value);
    if (copy === undefined) search(value, name, path, searched);
    else eachPart(value, (part, key) => copy[key] = copyOf(part, [...path, key]));
    return copy ?? value;
  }

  const value = copyOf(root, []);
  return { value: places.length > 0 ? value : root, places };
}

/** Puts back, into `value`, what was taken out. */
export function unpack({ value, places }: Parcel, open: (ref: ChannelRef) => unknown): unknown {
  const box = { value };
  for (const { path, channel, handle } of places) {
    let holder = box as Record<string | number, unknown>;
    const keys = ["value", ...path];
    for (const key of keys.slice(0, -1)) holder = holder[key] as typeof holder;
    holder[keys.at(-1)!] = channel === undefined ? opened(handle!) : open(channel);
  }
  return box.value;
}

function placeOf(value: object, path: Place["path"], refer: Refer): Place | undefined {
  if (isHandled(value)) return { path, handle: value[HANDLE]() };
  return isBridgeable(value) ? { path, channel: refer(value) } : undefined;
}

/** Of a plain object or an array; nothing else can have a place in it. */
function emptyCopy(value: object): Record<string | number, unknown> | undefined {
  if (Array.isArray(value)) return new Array(value.length) as never;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.create(null) : undefined;
}

/** Throws if there is a channel in `value`, which is not copied. */
function search(value: object, name: string, path: Place["path"], searched: Set<object>): void {
  if (searched.has(value)) return;
  searched.add(value);
  if (isBridgeable(value) || isHandled(value)) {
    throw misplaced("stand in plain objects and arrays only", value, name, path);
  }
  checkNotSpecial(value, name, path);
  eachPart(value, (part, key) => {
    if (isObject(part)) search(part, name, [...path, key], searched);
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
function checkNotSpecial(value: object, name: string, path: Place["path"]): void {
  if (isSpecial(value)) throw misplaced("be a Channel to be sent", value, name, path);
}

function isSpecial(value: object): boolean {
  return POLL in value || HANDLE in value;
}

function misplaced(must: string, value: object, name: string, path: Place["path"]): TypeError {
  const place = path.map((step) => `[${JSON.stringify(step)}]`).join("");
  return new TypeError(`${name}${place} must ${must}: ${show(value)}`);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
