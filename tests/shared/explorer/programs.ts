/**
 * The programs that are explored.
 *
 * @module
 */
import { Memory } from "./ground.ts";
import { closer, type Got, type Habits, receiver, sender, type Sent, valueOf } from "./machines.ts";
import type { Program, Thread } from "./program.ts";
import type { Shipped } from "./shipped.ts";

/** What a program over one channel is made of. */
export interface Cast {
  readonly capacity: number;
  /** How many values each sender sends. */
  readonly senders: readonly number[];
  readonly receivers: readonly Habits[];
  /** When it is closed: at any time, after the last send, or when all values are received; or not at all. */
  readonly close: "any time" | "sent" | "received";
  /** In which round the positions begin. */
  readonly round?: number;
  /** How often a thread may be interrupted that could have gone on, if not twice. */
  readonly interrupts?: number;
}

/** The round before the positions wrap. */
export const LAST_ROUND = -1;

/** A program over one channel. */
export function program(shipped: Shipped, name: string, cast: Cast): Program {
  const { senders, receivers, close } = cast;
  const threads = senders.length + receivers.length + 1;
  const memory = new Memory(threads, [cast.capacity], cast.round ?? 0);
  const channel = memory.channels[0]!;
  const at = (slot: number) => ({ shipped, memory, slot });
  const sent = (ends: readonly unknown[]) => ends.slice(0, senders.length) as Sent[];
  const got = (ends: readonly unknown[]) => ends.slice(senders.length, -1) as Got[];
  const allSent = (ends: readonly unknown[]) =>
    sent(ends).every(({ nth }, id) => nth === senders[id]);
  const total = senders.reduce((sum, count) => sum + count, 0);
  const allGot = (ends: readonly unknown[]) =>
    got(ends).reduce((sum, { values }) => sum + values.length, 0) === total;
  const when = { "any time": undefined, sent: allSent, received: allGot }[close];
  return {
    name,
    ground: memory,
    bellOf: memory.bellOf,
    wordName: memory.wordName,
    threads: [
      ...senders.map((count, id) => sender(at(id), channel, id, count)),
      ...receivers.map((habits, id) => receiver(at(senders.length + id), channel, id, habits)),
      closer(at(threads - 1), [channel], when),
    ] as Thread[],
    verify: (ends) => account(sent(ends), got(ends)),
  };
}

/**
 * What is wrong with what was sent and what was received.
 *
 * @param drained Whether nothing may be left in a channel.
 */
export function account(
  sent: readonly Sent[],
  got: readonly Got[],
  drained = got.some(({ ended }) => ended === "drained"),
): string | undefined {
  const accepted = sent.flatMap(({ nth }, id) => [...Array(nth).keys()].map((k) => valueOf(id, k)));
  const received = got.flatMap(({ values }) => values);
  const twice = received.find((value, index) => received.indexOf(value) !== index);
  if (twice !== undefined) return `received twice: ${twice}`;
  const invented = received.find((value) => !accepted.includes(value));
  if (invented !== undefined) return `never sent: ${invented}`;
  if (!drained) return undefined;
  const lost = accepted.find((value) => !received.includes(value));
  return lost === undefined ? undefined : `lost: ${lost}`;
}

const STAYS = {};

/** The programs over one channel. In `verify` of each: nothing lost, doubled, invented or out of order. */
export const CASTS = {
  "one value, close at any time": {
    capacity: 1,
    senders: [1],
    receivers: [STAYS],
    close: "any time",
  },
  "two values through one place": {
    capacity: 1,
    senders: [2],
    receivers: [STAYS],
    close: "received",
    round: LAST_ROUND,
  },
  "two senders, close at any time": {
    capacity: 1,
    senders: [1, 1],
    receivers: [STAYS],
    close: "any time",
  },
  "two senders, positions wrap": {
    capacity: 1,
    senders: [1, 1],
    receivers: [STAYS],
    close: "received",
    round: LAST_ROUND,
  },
  "two receivers, close after the sends": {
    interrupts: 1,
    capacity: 1,
    senders: [2],
    receivers: [STAYS, STAYS],
    close: "sent",
  },
  "two receivers, one leaves early": {
    capacity: 1,
    senders: [2],
    receivers: [{ quota: 1 }, STAYS],
    close: "received",
  },
  "two places, two receivers, close at any time": {
    capacity: 2,
    senders: [2],
    receivers: [STAYS, STAYS],
    close: "any time",
  },
  "two places, two receivers": {
    capacity: 2,
    senders: [2],
    receivers: [STAYS, STAYS],
    close: "received",
  },
  "two senders, two receivers of one value each": {
    interrupts: 1,
    capacity: 2,
    senders: [1, 1],
    receivers: [{ quota: 1 }, { quota: 1 }],
    close: "received",
  },
  "the receiver leaves, close at any time": {
    capacity: 1,
    senders: [3],
    receivers: [{ quota: 1 }],
    close: "any time",
  },
  "a receiver gives up": {
    capacity: 1,
    senders: [1],
    receivers: [{ abort: true }, STAYS],
    close: "received",
  },
  "a receiver dies in its sleep": {
    capacity: 1,
    senders: [1],
    receivers: [{ dies: true }, STAYS],
    close: "received",
  },
} as const satisfies Readonly<Record<string, Cast>>;
