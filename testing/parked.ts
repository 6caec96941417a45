/**
 * Who waits where.
 *
 * @module
 */
import { observeParking, type Parkable } from "../internal/waiter.ts";

/** An operation that waits. */
export interface Parked {
  /** What was called: `"recv"`, `"send"`, `"acquire"`, `"wait"`. */
  readonly operation: string;
  /** On what: the class, and the name if it was given one: `Channel "jobs"`. */
  readonly on: string;
  /** Where it was called, if `recordStacks` is on. */
  readonly stack: string | undefined;
}

type Queue = { readonly operation: string; readonly owner: object | undefined };
/** A queue with an operation has an owner; the owner may have a name. */
type Owner = { readonly constructor: { readonly name: string }; readonly name?: string };

/** Where something was parked. The references are weak: looking on must keep nothing alive. */
interface Place {
  readonly entry: WeakRef<Parkable>;
  readonly queue: WeakRef<Queue>;
  readonly stack: string | undefined;
}

/** In the order of parking; some may be settled. */
let places: Place[] = [];
/** Where an operation waits now: who was notified of a condition goes on to its mutex. */
const latest = new WeakMap<Parkable, Place>();
/** How many places there may be before those that are settled are thrown out. */
let limit = 1_000;
let stacks = false;

observeParking((entry, queue) => {
  if (queue.operation === "") return; // of a timeout or a signal: what it limits is listed itself
  const stack = stacks ? new Error("parked").stack : undefined;
  const place: Place = { entry: new WeakRef(entry), queue: new WeakRef(queue), stack };
  places.push(place);
  latest.set(entry, place);
  if (places.length < limit) return;
  forgetSettled();
  limit = Math.max(1_000, places.length * 2);
});

function forgetSettled(): void {
  places = places.filter((place) => {
    const entry = place.entry.deref();
    return entry?.parked === true && latest.get(entry) === place;
  });
}

/**
 * Lists the operations that wait, of all that were called since `millrace/testing` was imported, in the
 * order in which they began to. A select is listed once for each channel that it waits for.
 *
 * @returns What waits, and on what. O(operations that wait).
 *
 * @example Why does my test not end?
 * ```ts
 * import { Channel } from "millrace";
 * import { parked } from "millrace/testing";
 *
 * const jobs = new Channel<string>(0, { name: "jobs" });
 * jobs.send("grind");
 * console.log(parked().map((p) => `${p.operation} on ${p.on}`)); // [ 'send on Channel "jobs"' ]
 * ```
 */
export function parked(): Parked[] {
  forgetSettled();
  return places.map(({ queue, stack }) => {
    // Its entry was there a moment ago, and holds it.
    const { operation, owner } = queue.deref() as Queue;
    return { operation, on: describe(owner as Owner), stack };
  });
}

/**
 * Says whether `parked` shall tell where each operation was called. That costs a few microseconds an
 * operation, so it is off at first.
 *
 * @example
 * ```ts
 * import { recordStacks } from "millrace/testing";
 *
 * recordStacks(true);
 * ```
 */
export function recordStacks(on: boolean): void {
  stacks = on;
}

function describe({ constructor, name }: Owner): string {
  return name === undefined ? constructor.name : `${constructor.name} ${JSON.stringify(name)}`;
}
