/**
 * The programs of whole channels that are explored.
 *
 * @module
 */
import {
  cancellingEnd,
  closingEnd,
  lookingEnd,
  type Receiving,
  receivingEnd,
  selectingEnd,
  sendingEnd,
  type Way,
} from "./ends.ts";
import { Memory } from "./ground.ts";
import { type Got, type Sent, valueOf } from "./machines.ts";
import type { Program } from "./program.ts";
import { account } from "./programs.ts";
import type { ShippedEnds } from "./shipped.ts";

/** What a program is made of. */
export interface EndCast {
  readonly capacity: number;
  /** How many values each sender sends, and how it waits. */
  readonly senders: readonly (readonly [count: number, way: Way])[];
  readonly receivers: readonly Receiving[];
  /** When it is closed: at any time, or once the first receiver has left with its value; or cancelled. */
  readonly close?: "any time" | "taken" | "cancel";
  readonly interrupts?: number;
}

/** A program over the ends of one channel. */
export function endProgram(shipped: ShippedEnds, name: string, cast: EndCast): Program {
  const { capacity, senders, receivers, close } = cast;
  const threads = senders.length + receivers.length + 1;
  const memory = new Memory(threads, [capacity], -1);
  const channel = memory.channels[0]!;
  const at = (slot: number) => ({ shipped, memory, slot });
  const taken = (all: readonly unknown[]) => {
    const [first, ...rest] = all.slice(senders.length, -1) as Partial<Got>[];
    return first!.ended === "enough" || rest.every(({ ended }) => ended !== undefined);
  };
  return {
    name,
    ground: memory,
    bellOf: memory.bellOf,
    wordName: memory.wordName,
    threads: [
      ...senders.map(([count, way], id) => sendingEnd(at(id), channel, id, count, way)),
      ...receivers.map((it, id) => receivingEnd(at(senders.length + id), channel, id, it)),
      ...(close === "any time" ? [closingEnd(at(threads - 1), channel, undefined)] : []),
      ...(close === "cancel" ? [cancellingEnd(at(threads - 1), channel)] : []),
      ...(close === "taken" ? [closingEnd(at(threads - 1), channel, taken)] : []),
    ],
    verify(ends) {
      const sent = ends.slice(0, senders.length) as Sent[];
      const got = ends.slice(senders.length, senders.length + receivers.length) as Got[];
      return account(sent, got, close === "cancel" ? false : undefined);
    },
  };
}

/**
 * Two channels with a sender each, a select over both, and a receiver on the second: the select may be woken for
 * the value of the second channel and take that of the first.
 */
export function selectProgram(shipped: ShippedEnds, way: Way): Program {
  const memory = new Memory(5, [1, 1], -1);
  const [a, b] = memory.channels as [number, number];
  const at = (slot: number) => ({ shipped, memory, slot });
  const SELECT = 2, RECEIVER = 3;
  // Nothing is left for the receiver if the select has taken the value of the second sender.
  const over = (all: readonly unknown[]) => {
    const { values } = all[SELECT] as Partial<Got>;
    return values?.[0] === valueOf(1, 0) || (all[RECEIVER] as Partial<Got>).ended !== undefined;
  };
  return {
    name: `a select takes from one channel what it was woken for on another, ${way}`,
    ground: memory,
    bellOf: memory.bellOf,
    wordName: memory.wordName,
    threads: [
      sendingEnd(at(0), a, 0, 1, "async"),
      sendingEnd(at(1), b, 1, 1, "async"),
      selectingEnd(at(SELECT), [a, b], way),
      receivingEnd(at(RECEIVER), b, 0, { way: "async", quota: 1 }),
      closingEnd(at(4), b, over),
    ],
    verify: (ends) => account(ends.slice(0, 2) as Sent[], ends.slice(2, 4) as Got[], false),
  };
}

/**
 * One thread asks whether there is a value, or room, while another takes one of two: there is, at every moment.
 * Who is told otherwise keeps a wake that another thread needs.
 */
export function lookProgram(shipped: ShippedEnds, what: "readable" | "writable"): Program {
  const memory = new Memory(2, [2], -1);
  const channel = memory.channels[0]!;
  const { words, scratch } = memory;
  const core = new shipped.ring.AtomicsCore({
    atoms: Atomics,
    words,
    copy: (to, from) => words.copyWithin(to >> 2, from >> 2, (from >> 2) + 2),
  });
  for (let n = 0; what === "readable" && n < 2; n++) core.push(channel, scratch, 8, 0, false);
  const at = (slot: number) => ({ shipped, memory, slot });
  return {
    name: `${what}, while another thread takes one of two`,
    ground: memory,
    bellOf: memory.bellOf,
    wordName: memory.wordName,
    threads: [
      lookingEnd(at(0), channel, what),
      what === "readable"
        ? receivingEnd(at(1), channel, 0, { way: "sync", quota: 1 })
        : sendingEnd(at(1), channel, 0, 1, "sync"),
    ],
    verify: ([answer]) => answer === "true" ? undefined : `${what} was ${answer}`,
  };
}

/** The programs. Those that nobody closes end by themselves, unless a wake is lost. */
export const END_CASTS = {
  "two values, promised": {
    capacity: 1,
    senders: [[2, "async"]],
    receivers: [{ way: "async", quota: 2 }],
  },
  "two values, blocking": {
    capacity: 1,
    senders: [[2, "sync"]],
    receivers: [{ way: "sync", quota: 2 }],
  },
  "two values, close at any time": {
    capacity: 1,
    senders: [[2, "sync"]],
    receivers: [{ way: "async" }],
    close: "any time",
    interrupts: 1,
  },
  "two values, cancelled at any time": {
    capacity: 1,
    senders: [[2, "sync"]],
    receivers: [{ way: "async" }],
    close: "cancel",
    interrupts: 1,
  },
  "two senders and a receiver": {
    capacity: 1,
    senders: [[1, "async"], [1, "sync"]],
    receivers: [{ way: "async", quota: 2 }],
    interrupts: 1,
  },
  "two receivers of one value each": {
    capacity: 2,
    senders: [[2, "async"]],
    receivers: [{ way: "async", quota: 1 }, { way: "sync", quota: 1 }],
    interrupts: 1,
  },
  "two senders and two receivers of one value each": {
    capacity: 2,
    senders: [[1, "sync"], [1, "sync"]],
    receivers: [{ way: "async", quota: 1 }, { way: "async", quota: 1 }],
    interrupts: 1,
  },
  "a receiver gives up what another waits for": {
    capacity: 1,
    senders: [[1, "sync"]],
    receivers: [{ way: "async", quota: 1, abort: true }, { way: "async", quota: 1 }],
    close: "taken",
    interrupts: 1,
  },
} as const satisfies Readonly<Record<string, EndCast>>;

/** Those that take minutes. */
export const LARGE_END_CASTS: Readonly<Record<string, EndCast>> = {
  "a wake is passed on while another receiver takes a value": {
    capacity: 2,
    senders: [[3, "sync"]],
    receivers: [
      { way: "sync", quota: 1 },
      { way: "sync", quota: 1 },
      { way: "sync", quota: 1 },
    ],
    interrupts: 2,
  },
};
