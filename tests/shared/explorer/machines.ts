/**
 * The threads of the programs: they send and receive as blocking calls do, out of shipped code.
 *
 * @module
 */
import { CLOSED, DRAINED, EMPTY, FULL } from "../../../workers/shared/core.ts";
import {
  HEAD,
  LAP,
  OBJECT_WORDS,
  RECEIVERS,
  SENDERS,
  SLOT_BYTES,
  TAIL,
} from "../../../workers/shared/layout.ts";
import type { Words } from "../../../workers/shared/words.ts";
import type { Memory } from "./ground.ts";
import type { Act, Thread } from "./program.ts";
import type { Shipped } from "./shipped.ts";

/** Values are numbers: which sender, and his how manyeth. */
export function valueOf(sender: number, nth: number): number {
  return sender * 16 + nth + 1;
}
/** The header says 8 bytes, and in the bits of the codec something of the value, so that both can be compared. */
export function headerOf(value: number): number {
  return 8 | (value & 3) << 28;
}

/** Where a thread is in its wait for something. */
type Phase = "direct" | "try" | "arm" | "rest" | "leave";

/** Where a thread is in its wait, and what its bell said before the last attempt. */
export interface Waiting {
  readonly phase: Phase;
  readonly heard: number;
}
export const DIRECT: Waiting = { phase: "direct", heard: 0 };

/** What a thread needs to know of its surroundings. */
export interface Place {
  readonly shipped: Shipped;
  readonly memory: Memory;
  readonly slot: number;
}

/** What came of an attempt, and what the bell said before. */
interface Round {
  readonly result: number;
  readonly heard: number;
}

/** The wait of one thread for one of several things, step by step. */
export class Wait {
  readonly #place: Place;
  readonly #masks: readonly number[];
  readonly #ready: readonly ((memory: Words) => boolean)[];

  constructor(
    place: Place,
    masks: readonly number[],
    ready: readonly ((memory: Words) => boolean)[],
  ) {
    this.#place = place;
    this.#masks = masks;
    this.#ready = ready;
  }

  /** Reads the bell and sets the bits: to be done before the attempt. */
  prepare(memory: Words): number {
    const { shipped, slot } = this.#place;
    const heard = shipped.bells.hear(memory, slot);
    for (const mask of this.#masks) shipped.bells.enlist(memory, mask, slot);
    return heard;
  }

  /** One attempt in a wait: answers what came of it, and what was heard before. */
  round(memory: Words, attempt: () => number, wait: number): Round {
    const heard = this.prepare(memory);
    const result = attempt();
    if (result === wait) this.#place.shipped.bells.doze(memory, this.#place.slot, heard);
    else this.leave(memory, result >= 0);
    return { result, heard };
  }

  /**
   * Takes the bits back, and passes on what others count on this thread for. A bit that is still there does not
   * say that nobody does: the thread may have been woken for a value behind one that was not yet published, have
   * found nothing, and set the bit again. So who has taken something always looks whether there is more.
   */
  leave(memory: Words, hasTaken: boolean): void {
    const { shipped, slot } = this.#place;
    this.#masks.forEach((mask, nth) => {
      const uncalled = shipped.bells.delist(memory, mask, slot);
      if (uncalled && !hasTaken || !this.#ready[nth]!(memory)) return;
      shipped.bells.wakeOne(memory, mask, slot);
    });
  }
}

/** @returns The masks of a channel, as indexes of words. */
export function masksOf(channel: number): { receivers: number; senders: number } {
  const at = channel >> 2;
  return { receivers: at + RECEIVERS, senders: at + SENDERS };
}

/** Whether a receive would not wait for a value. */
export function readable(channel: number): (memory: Words) => boolean {
  const at = channel >> 2;
  return ({ atoms, words }) => {
    for (;;) {
      const head = atoms.load(words, at + HEAD);
      if (atoms.load(words, slotOf(words, at, head)) === head + 1) return true;
      if (atoms.load(words, at + HEAD) === head) return false;
    }
  };
}

/** Whether a send would not wait for room. */
export function writable(channel: number): (memory: Words) => boolean {
  const at = channel >> 2;
  return ({ atoms, words }) => {
    for (;;) {
      const tail = atoms.load(words, at + TAIL);
      if (atoms.load(words, slotOf(words, at, tail >>> 1)) === tail >>> 1) return true;
      if (atoms.load(words, at + TAIL) === tail) return false;
    }
  };
}

function slotOf(words: Int32Array, at: number, position: number): number {
  return at + OBJECT_WORDS + (position & (words[at + LAP]! - 1)) * (words[at + SLOT_BYTES]! >> 2);
}

/** What a sender has done so far. */
export interface Sent extends Waiting {
  readonly nth: number;
  /** Whether it was refused. */
  readonly refused: boolean;
}

/** What a receiver has done so far. */
export interface Got extends Waiting {
  readonly values: readonly number[];
  readonly ended: "" | "drained" | "enough" | "gave up" | "died";
}

/** Sends `count` values, unless it is refused. */
export function sender(place: Place, channel: number, id: number, count: number): Thread<Sent> {
  const { shipped, slot, memory } = place;
  const wait = new Wait(place, [masksOf(channel).senders], [writable(channel)]);
  const push = (words: Words, value: number): number => {
    words.words[memory.scratch >> 2] = value;
    return new shipped.ring.AtomicsCore(words).push(
      channel,
      memory.scratch,
      headerOf(value),
      slot,
      true,
    );
  };
  return {
    name: `sender ${id}`,
    slot,
    start: { nth: 0, refused: false, ...DIRECT },
    act(state): Act<Sent> {
      const { nth, refused } = state;
      if (nth === count || refused) return { kind: "end" };
      const attempt = (words: Words) => push(words, valueOf(id, nth));
      const round = (words: Words) => wait.round(words, () => attempt(words), FULL);
      const to = (waiting: Waiting): Sent => ({ nth, refused, ...waiting });
      const done = (result: number): Sent =>
        result === CLOSED
          ? { nth, refused: true, ...DIRECT }
          : { nth: nth + 1, refused, ...DIRECT };
      return waitFor(state, { attempt, round, done, to, waits: FULL });
    },
  };
}

/** The ways of a thread through a wait. */
export function waitFor<S>({ phase, heard }: Waiting, call: {
  attempt(words: Words): number;
  round(words: Words): Round;
  /** What comes of an attempt that is answered. */
  done(result: number): S;
  to(waiting: Waiting): S;
  readonly waits: number;
  readonly or?: readonly S[];
  readonly asleep?: boolean;
}): Act<S> {
  const { attempt, round, done, to, waits, or = [], asleep = false } = call;
  switch (phase) {
    case "direct": {
      const then = (result: number) =>
        result === waits ? to({ phase: "try", heard: 0 }) : done(result);
      return { kind: "call", run: attempt, then };
    }
    case "try": {
      const then = ({ result, heard }: Round) =>
        result === waits ? to({ phase: "arm", heard }) : done(result);
      return { kind: "call", run: round, then };
    }
    case "arm":
      return { kind: "arm", wait: 1, heard, then: to({ phase: "rest", heard: 0 }) };
    default:
      return { kind: "rest", wait: 1, then: to({ phase: "try", heard: 0 }), or, asleep };
  }
}

/** What a receiver may do beside receiving. */
export interface Habits {
  /** Leaves after so many values. */
  readonly quota?: number;
  /** May give up while it waits. */
  readonly abort?: boolean;
  /** May die in its sleep, and nobody hears of it. */
  readonly dies?: boolean;
}

/** Receives until the channel is drained. */
export function receiver(
  place: Place,
  channel: number,
  id: number,
  habits: Habits = {},
): Thread<Got> {
  const { shipped, slot, memory } = place;
  const wait = new Wait(place, [masksOf(channel).receivers], [readable(channel)]);
  const attempt = (words: Words): number => {
    const header = new shipped.ring.AtomicsCore(words).pop(channel, memory.scratch, slot, true);
    if (header < 0) return header;
    const value = words.words[memory.scratch >> 2]!;
    if (headerOf(value) !== header) throw new Error(`torn: header ${header}, value ${value}`);
    return value;
  };
  const round = (words: Words) => wait.round(words, () => attempt(words), EMPTY);
  return {
    name: `receiver ${id}`,
    slot,
    start: { values: [], ended: "", ...DIRECT },
    act(state): Act<Got> {
      const { values, phase, ended } = state;
      if (phase === "leave") {
        const then = (): Got => ({ values, ended: "gave up", ...DIRECT });
        return { kind: "call", run: (words) => wait.leave(words, false), then };
      }
      if (ended !== "") return { kind: "end", dead: ended === "died" };
      const done = (result: number): Got => {
        if (result === DRAINED) return { values, ended: "drained", ...DIRECT };
        const all = inOrder([...values, result]);
        return { values: all, ended: all.length === habits.quota ? "enough" : "", ...DIRECT };
      };
      const to = (waiting: Waiting): Got => ({ values, ended, ...waiting });
      const or: Got[] = [];
      if (habits.abort) or.push(to({ phase: "leave", heard: 0 }));
      if (habits.dies) or.push({ values, ended: "died", ...DIRECT });
      return waitFor(state, {
        attempt,
        round,
        done,
        to,
        waits: EMPTY,
        or,
        asleep: habits.dies === true,
      });
    },
  };
}

/** @throws If values of one sender have changed places, or one has come twice. */
export function inOrder(values: readonly number[]): readonly number[] {
  const last = values.at(-1)!;
  const earlier = values.slice(0, -1).filter((value) => value >> 4 === last >> 4);
  if (earlier.some((value) => value >= last)) throw new Error(`out of order: ${values.join()}`);
  return values;
}

/** Closes the channels at any time, or once `when` is true. */
export function closer(
  place: Place,
  channels: readonly number[],
  when?: (threads: readonly unknown[]) => boolean,
): Thread<number> {
  const { shipped, slot } = place;
  const first = when === undefined ? 0 : -1;
  return {
    name: "closer",
    slot,
    start: first,
    act(nth): Act<number> {
      if (nth < 0) return { kind: "when", holds: when!, then: 0 };
      if (nth === channels.length) return { kind: "end" };
      const run = (words: Words) => new shipped.ring.AtomicsCore(words).close(channels[nth]!);
      return { kind: "call", run, then: () => nth + 1 };
    },
  };
}
