/**
 * Threads that send and receive several values at once, and the programs of them. Only the core in WebAssembly takes
 * eight places with one claim.
 *
 * @module
 */
import { CLOSED, DRAINED, EMPTY, FULL } from "../../../workers/shared/core.ts";
import { HEADER } from "../../../workers/shared/layout.ts";
import type { Words } from "../../../workers/shared/words.ts";
import { Memory } from "./ground.ts";
import {
  closer,
  DIRECT,
  type Got,
  headerOf,
  inOrder,
  masksOf,
  type Place,
  readable,
  type Sent,
  valueOf,
  Wait,
  waitFor,
  type Waiting,
  writable,
} from "./machines.ts";
import type { Act, Program, Thread } from "./program.ts";
import { account, type Cast } from "./programs.ts";
import type { Shipped } from "./shipped.ts";

/** Words of a record of one value. */
const RECORD = 4;
/** Values that a batch may have. What came is one number, with so many places of this base. */
const MOST = 9;
const BASE = 32;

/** Sends `count` values in as few batches as it can, unless it is refused. */
function batchSender(place: Place, channel: number, id: number, count: number): Thread<Sent> {
  const { shipped, slot, memory } = place;
  const wait = new Wait(place, [masksOf(channel).senders], [writable(channel)]);
  const push = (words: Words, nth: number): number => {
    for (let i = nth; i < count; i++) {
      const record = (memory.scratch >> 2) + (i - nth) * RECORD;
      words.words[record + HEADER] = headerOf(valueOf(id, i));
      words.words[record + 2] = valueOf(id, i);
    }
    const core = new shipped.ring.AtomicsCore(words);
    return core.pushMany(channel, memory.scratch, count - nth, slot, true);
  };
  return {
    name: `sender ${id}`,
    slot,
    start: { nth: 0, refused: false, ...DIRECT },
    act(state): Act<Sent> {
      const { nth, refused } = state;
      if (nth === count || refused) return { kind: "end" };
      const attempt = (words: Words) => push(words, nth);
      const round = (words: Words) => wait.round(words, () => attempt(words), FULL);
      const to = (waiting: Waiting): Sent => ({ nth, refused, ...waiting });
      const done = (result: number): Sent =>
        result === CLOSED
          ? { nth, refused: true, ...DIRECT }
          : { nth: nth + result, refused, ...DIRECT };
      return waitFor(state, { attempt, round, done, to, waits: FULL });
    },
  };
}

/** Receives batches until the channel is drained, or until there are `quota` values. */
function batchReceiver(place: Place, channel: number, id: number, quota = Infinity): Thread<Got> {
  const { shipped, slot, memory } = place;
  const wait = new Wait(place, [masksOf(channel).receivers], [readable(channel)]);
  const pop = (words: Words, most: number): number => {
    const core = new shipped.ring.AtomicsCore(words);
    const count = core.popMany(channel, memory.scratch, most, slot, true);
    let batch = count;
    for (let i = count - 1, all = 0; i >= 0; i--) {
      const record = (memory.scratch >> 2) + i * RECORD;
      const value = words.words[record + 2]!;
      const header = words.words[record + HEADER]!;
      if (headerOf(value) !== header) throw new Error(`torn: header ${header}, value ${value}`);
      batch = all = all * BASE + value;
    }
    return batch;
  };
  return {
    name: `receiver ${id}`,
    slot,
    start: { values: [], ended: "", ...DIRECT },
    act(state): Act<Got> {
      const { values, ended } = state;
      if (ended !== "") return { kind: "end" };
      const attempt = (words: Words) => pop(words, Math.min(MOST, quota - values.length));
      const round = (words: Words) => wait.round(words, () => attempt(words), EMPTY);
      const to = (waiting: Waiting): Got => ({ values, ended, ...waiting });
      const done = (batch: number): Got => {
        if (batch === DRAINED) return { values, ended: "drained", ...DIRECT };
        let all = values;
        for (; batch > 0; batch = Math.floor(batch / BASE)) all = inOrder([...all, batch % BASE]);
        return { values: all, ended: all.length === quota ? "enough" : "", ...DIRECT };
      };
      return waitFor(state, { attempt, round, done, to, waits: EMPTY });
    },
  };
}

/** A program over one channel, all of whose threads have batches. */
export function batchProgram(shipped: Shipped, name: string, cast: Cast): Program {
  const { senders, receivers, close } = cast;
  const threads = senders.length + receivers.length + 1;
  const memory = new Memory(threads, [cast.capacity], cast.round ?? 0);
  const channel = memory.channels[0]!;
  const at = (slot: number) => ({ shipped, memory, slot });
  const sent = (ends: readonly unknown[]) => ends.slice(0, senders.length) as Sent[];
  const got = (ends: readonly unknown[]) => ends.slice(senders.length, -1) as Got[];
  const total = senders.reduce((sum, count) => sum + count, 0);
  const allGot = (ends: readonly unknown[]) =>
    got(ends).reduce((sum, { values }) => sum + values.length, 0) === total;
  return {
    name,
    ground: memory,
    bellOf: memory.bellOf,
    wordName: memory.wordName,
    threads: [
      ...senders.map((count, id) => batchSender(at(id), channel, id, count)),
      ...receivers.map(({ quota }, id) =>
        batchReceiver(at(senders.length + id), channel, id, quota)
      ),
      closer(at(threads - 1), [channel], close === "received" ? allGot : undefined),
    ] as Thread[],
    verify: (ends) => account(sent(ends), got(ends)),
  };
}

const STAYS = {};

/** The programs. Eight values have room in one claim, the ninth has not. */
export const BATCH_CASTS = {
  "a batch of nine, close at any time": {
    capacity: 8,
    senders: [9],
    receivers: [STAYS],
    close: "any time",
  },
  "a batch of nine, positions wrap": {
    capacity: 8,
    senders: [9],
    receivers: [STAYS],
    close: "received",
    round: -1,
  },
  "two batches of eight in the same places": {
    capacity: 8,
    senders: [16],
    receivers: [STAYS],
    close: "received",
  },
  "two batches of eight, of which a receiver takes seven": {
    capacity: 8,
    senders: [16],
    receivers: [{ quota: 7 }, STAYS],
    close: "received",
    interrupts: 1,
  },
  "two batches for one receiver": {
    capacity: 9,
    senders: [8, 2],
    receivers: [STAYS],
    close: "received",
    interrupts: 1,
  },
  "a batch for two receivers": {
    capacity: 9,
    senders: [9],
    receivers: [STAYS, STAYS],
    close: "any time",
    interrupts: 1,
  },
  "a batch for two receivers, one of which leaves": {
    capacity: 8,
    senders: [9],
    receivers: [{ quota: 1 }, STAYS],
    close: "received",
    interrupts: 1,
  },
} as const satisfies Readonly<Record<string, Cast>>;
