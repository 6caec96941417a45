/**
 * Threads that use whole channels, as the library's users do: with operations that are promised or that block,
 * which park in the queues of their thread and are served by its pump.
 *
 * @module
 */
import type { Waiter } from "../../../internal/waiter.ts";
import type { Domain } from "../../../workers/shared/domain.ts";
import type { SharedEnd } from "../../../workers/shared/shared_end.ts";
import type { Memory } from "./ground.ts";
import { type Got, type Sent, valueOf } from "./machines.ts";
import type { Thread } from "./program.ts";
import type { Recorder } from "./recorder.ts";
import type { ShippedEnds } from "./shipped.ts";

/** What a thread needs to know of its surroundings. */
export interface Setting {
  readonly shipped: ShippedEnds;
  readonly memory: Memory;
  readonly slot: number;
}

/** How a thread waits. */
export type Way = "async" | "sync";

/** One thread in the middle of its code. */
class Player {
  readonly domain: Domain;
  readonly #setting: Setting;
  readonly #recorder: Recorder;
  #ends: SharedEnd<number>[] = [];

  constructor(setting: Setting, recorder: Recorder) {
    const { shipped, memory, slot } = setting;
    this.#setting = setting;
    this.#recorder = recorder;
    const { words } = recorder;
    this.domain = Object.create(
      shipped.domain.Domain.prototype,
      properties({
        atoms: recorder,
        words,
        bytes: bytesOf(words),
        self: slot,
        bell: memory.bellOf(slot),
        scratch: memory.scratch,
        scratchBytes: 72,
        // The codec of the programs is no code of a user's.
        setAside: () => {},
        takeBack: () => {},
        seat: { slot, generation: 1 },
        core: new shipped.ring.AtomicsCore(recorder),
        copy: recorder.copy.bind(recorder),
      }),
    ) as Domain;
    // Whether the process is held is none of the explorer's business.
    this.pump.hold = () => {};
  }

  get pump() {
    return this.#setting.shipped.pump.Pump.of(this.domain);
  }

  open(channel: number): SharedEnd<number> {
    const { words } = this.#recorder;
    const codec = {
      encode: (value: number, at: number) => (words[at >> 2] = value, 8),
      decode: (at: number) => words[at >> 2]!,
    };
    const { SharedEnd } = this.#setting.shipped.end;
    const end = new SharedEnd<number>({
      domain: this.domain,
      channel,
      codec: codec as never,
      name: undefined,
      owner: this,
    });
    this.#ends.push(end);
    return end;
  }

  /** Waits until `waiter` is settled. Answers false if the thread gave up, which it may with `mayAbort`. */
  settle(waiter: Waiter, way: Way, mayAbort: boolean, state: unknown): boolean {
    const { shipped, slot, memory } = this.#setting;
    if (!waiter.parked) return true;
    if (way === "sync") {
      this.#check("sync", state);
      shipped.blocking.sleepWhileParked(this.pump, waiter, Infinity);
      return true;
    }
    while (waiter.parked) {
      this.#check("async", state);
      const taken = this.#recorder.rest(memory.bellOf(slot), mayAbort ? 1 : 0);
      if (taken === 0) continue;
      waiter.withdraw();
      return false;
    }
    return true;
  }

  /** All that the future depends on, beside the words. */
  #check(where: string, state: unknown): void {
    const queues = this.#ends.map(({ senders, receivers }) => [senders.empty, receivers.empty]);
    this.#recorder.checkpoint(JSON.stringify([where, this.pump.armed, queues, state]));
  }
}

function properties(values: Record<string, unknown>): PropertyDescriptorMap {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value }]));
}

/** Bytes of which only whole values are taken out and put in. */
function bytesOf(words: Int32Array): unknown {
  return {
    slice: (from: number) => [words[from >> 2]!],
    set: ([value]: [number], at: number) => words[at >> 2] = value,
  };
}

/** Sends so many values, unless it is refused. */
export function sendingEnd(setting: Setting, channel: number, id: number, count: number, way: Way) {
  const { shipped, slot } = setting;
  const run = (recorder: Recorder): Sent => {
    const player = new Player(setting, recorder);
    const end = player.open(channel);
    for (let nth = 0; nth < count; nth++) {
      let sent = false;
      try {
        const value = valueOf(id, nth), header = end.offer(value);
        sent = header < 0;
        if (!sent) {
          const waiter = new shipped.waiter.Waiter(() => sent = true);
          waiter.value = end.records.keep(value, header);
          end.senders.park(waiter);
          end.senders.serve();
          player.settle(waiter, way, false, nth);
        }
      } catch (error) {
        if (!(error instanceof Error) || error.name !== "ChannelClosedError") throw error;
      }
      if (!sent) return { nth, refused: true, phase: "direct", heard: 0 };
    }
    return { nth: count, refused: false, phase: "direct", heard: 0 };
  };
  return once(`sender ${id}`, slot, run);
}

/** What a receiving thread does. */
export interface Receiving {
  readonly way: Way;
  readonly quota?: number;
  readonly abort?: boolean;
}

/** Receives until the channel is drained. */
export function receivingEnd(setting: Setting, channel: number, id: number, receiving: Receiving) {
  const { shipped, slot } = setting;
  const { way, quota, abort = false } = receiving;
  const run = (recorder: Recorder): Got => {
    const player = new Player(setting, recorder);
    const end = player.open(channel);
    const values: number[] = [];
    const over = (ended: Got["ended"]): Got => ({ values, ended, phase: "direct", heard: 0 });
    for (;;) {
      let got: { done: boolean; value: unknown } | undefined;
      const value = end.take();
      if (typeof value === "number") got = { done: false, value };
      else {
        const waiter = new shipped.waiter.Waiter((done, value) => got = { done, value });
        end.receivers.park(waiter);
        end.receivers.serve();
        if (!player.settle(waiter, way, abort, values)) return over("gave up");
      }
      if (got!.done) return over("drained");
      values.push(got!.value as number);
      if (values.length === quota) return over("enough");
    }
  };
  return once(`receiver ${id}`, slot, run);
}

/** Receives one value from whichever of the channels has one first. */
export function selectingEnd(setting: Setting, channels: readonly number[], way: Way) {
  const { Waiter } = setting.shipped.waiter;
  const run = (recorder: Recorder): Got => {
    const player = new Player(setting, recorder);
    const ends = channels.map((channel) => player.open(channel));
    let got: unknown;
    let leader: Waiter | undefined;
    for (const [nth, end] of ends.entries()) {
      const waiter = new Waiter((_done, value) => got = value, String(nth), leader);
      leader ??= waiter;
      end.receivers.park(waiter);
    }
    for (const end of ends) end.receivers.serve();
    player.settle(leader!, way, false, undefined);
    return { values: [got as number], ended: "enough", phase: "direct", heard: 0 };
  };
  return once("select", setting.slot, run);
}

/** Asks once whether it would have to wait. */
export function lookingEnd(setting: Setting, channel: number, what: "readable" | "writable") {
  const run = (recorder: Recorder) => String(new Player(setting, recorder).open(channel)[what]);
  return once("looker", setting.slot, run);
}

/** Cancels at any time. */
export function cancellingEnd(setting: Setting, channel: number): Thread<unknown> {
  setting.memory.mayCancel(channel);
  return once("canceller", setting.slot, (recorder) => {
    new Player(setting, recorder).open(channel).cancel(undefined);
    return "cancelled";
  });
}

/** Closes at any time, or once `when` is true. */
export function closingEnd(
  setting: Setting,
  channel: number,
  when: ((threads: readonly unknown[]) => boolean) | undefined,
): Thread<unknown> {
  const run = (recorder: Recorder) => {
    new Player(setting, recorder).open(channel).end(undefined);
    return "closed";
  };
  const thread = once("closer", setting.slot, run);
  if (when === undefined) return thread;
  return {
    ...thread,
    start: "waits",
    act: (state) =>
      state === "waits" ? { kind: "when", holds: when, then: "runs" } : thread.act(state),
  };
}

function once(name: string, slot: number, run: (recorder: Recorder) => unknown): Thread<unknown> {
  const then = (outcome: unknown) => outcome;
  return {
    name,
    slot,
    start: "runs",
    act: (state) => state === "runs" ? { kind: "call", run, then } : { kind: "end" },
  };
}
