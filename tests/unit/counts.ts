/**
 * The counts of a channel, taken together with the invariants that hold after every step.
 *
 * @module
 */
import { assert } from "@std/assert";
import { COUNTS, type Counts, PARTS, type Parts } from "../../internal/case.ts";

/** A channel that tells how many wait on it. */
export type Counted = { [COUNTS](): Counts } | {
  readonly size: number;
  readonly capacity: number;
  readonly closed: boolean;
  [PARTS](): Pick<Parts<never>, "senders" | "receivers">;
};

function count(channel: Counted): Counts {
  if (COUNTS in channel) return channel[COUNTS]();
  const { size, capacity, closed } = channel;
  const { senders, receivers } = channel[PARTS]();
  return { size, capacity, senders: senders.length, receivers: receivers.length, closed };
}

/**
 * The counts of `channel`, after asserting what must always be true of them.
 *
 * @param bothSides Whether one select offers to send and to receive on the channel.
 */
export function counts(channel: Counted, bothSides = false): Counts {
  const now = count(channel);
  assert(now.size >= 0 && now.size <= now.capacity, "0 <= size <= capacity");
  assert(now.size === 0 || now.receivers === 0, "a buffered value means no parked receiver");
  assert(now.size === now.capacity || now.senders === 0, "free room means no parked sender");
  assert(bothSides || now.senders === 0 || now.receivers === 0, "one side waits at a time");
  assert(!now.closed || now.receivers === 0, "nobody waits to receive from a closed channel");
  return now;
}

/** How many operations are parked on `channel`. */
export function waiting(channel: Counted): number {
  const { senders, receivers } = counts(channel, true);
  return senders + receivers;
}
