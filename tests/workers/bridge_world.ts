/**
 * Random programs over one channel whose users are in several places: what each value was sent, and what
 * became of it.
 *
 * @module
 */
import { Channel, type Receiver, select, type Sender } from "../../mod.ts";
import { nextTurn } from "../../internal/turn.ts";
import { Bridge, quiet } from "./bridges.ts";

/** A value: who sent it, and the how many of his it was. */
export type Item = readonly [producer: number, n: number];

/** What the sender of a value knows: with `maybe` it may have been received, or not. */
export type Fate = "accepted" | "kept" | "maybe";

/** Whole numbers from 0 to below `n`; the same seed gives the same ones. */
export type Dice = (n: number) => number;

/** Dice of one seed. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

/** One end of the channel, and whether those who use it still live. */
interface Place {
  readonly end: Sender<Item> & Receiver<Item>;
  readonly bridge: Bridge | undefined;
}

/** The channel, its far ends, and all that happened. */
export class World {
  readonly dice: Dice;
  readonly channel: Channel<Item>;
  readonly fates = new Map<string, Fate>();
  readonly received: string[] = [];
  readonly dropped: string[] = [];
  /** What was in the channel still when everybody had ended. */
  left = 0;
  readonly places: readonly Place[];

  constructor(seed: number) {
    this.dice = diceOf(seed);
    const capacities = [0, 0, 1, 2, 5, Infinity];
    this.channel = new Channel(capacities[this.dice(capacities.length)], {
      onDrop: (value) => this.dropped.push(key(value)),
    });
    const far = Array.from({ length: 2 }, () => {
      const bridge = new Bridge();
      return { end: bridge.open(this.channel), bridge };
    });
    const bridge = new Bridge();
    const further = { end: bridge.open(far[0]!.end), bridge };
    this.places = [{ end: this.channel, bridge: undefined }, ...far, further];
  }

  /** Sends `count` values from `place`. */
  async produce(producer: number, place: Place, count: number): Promise<void> {
    for (let n = 0; n < count;) {
      n += await this.#send(place, producer, n, this.dice(8));
      if (this.dice(4) === 0) await turns(this.dice(3));
    }
  }

  /** Receives at `place` until the end. */
  async consume(place: Place): Promise<void> {
    while (await this.#receive(place, this.dice(9))) {
      if (this.dice(4) === 0) await turns(this.dice(4));
    }
  }

  /** Takes what nobody has received, and lets go of everything. */
  async finish(): Promise<void> {
    try {
      await quiet();
      for (let last = this.channel.tryRecv(); last?.done === false; last = this.channel.tryRecv()) {
        this.received.push(key(last.value));
        this.left++;
      }
      await quiet();
    } finally {
      for (const { bridge } of this.places) bridge?.close();
    }
  }

  /** @returns How many were sent. */
  async #send(place: Place, producer: number, n: number, how: number): Promise<number> {
    const { end } = place;
    const item = (i: number): Item => [producer, n + i];
    const tell = (fate: Fate, i = 0) => this.#fate(place, item(i), fate);
    tell("maybe");
    if (how <= 1) await end.send(item(0)).then(() => tell("accepted"), () => tell("kept"));
    else if (how === 2) void end.send(item(0)).then(() => tell("accepted"), () => tell("kept"));
    else if (how <= 4) {
      const signal = this.#soon();
      await end.send(item(0), { signal }).then(() => tell("accepted"), () => tell("kept"));
    } else if (how <= 6) {
      const stop = this.#soon();
      await select({ out: end.sendCase(item(0)), stop })
        .then(({ key }) => tell(key === "out" ? "accepted" : "kept"), () => tell("kept"));
    } else {
      const count = 1 + this.dice(5);
      const indexes = Array.from({ length: count }, (_, i) => i);
      for (const i of indexes) tell("maybe", i);
      await end.sendMany(indexes.map(item))
        .then(() => indexes.forEach((i) => tell("accepted", i)), () => {});
      return count;
    }
    return 1;
  }

  /** @returns Whether there may be more. */
  async #receive(place: Place, how: number): Promise<boolean> {
    const { end } = place;
    const got = (items: readonly Item[]) => this.#got(place, items);
    if (how <= 1) {
      const { done, value } = await end.recv();
      return !done && got([value]);
    }
    if (how <= 3) {
      const { done, value } = await end.recv({ signal: this.#soon() })
        .catch(() => ({ done: false, value: undefined }));
      return !done && got(value === undefined ? [] : [value]);
    }
    if (how === 4) {
      const items = await end.recvMany(1 + this.dice(4));
      return items.length > 0 && got(items);
    }
    if (how === 5) {
      const one = () => end.recv().then(({ done, value }) => !done && got([value]));
      return (await Promise.all([one(), one()])).every((more) => more);
    }
    if (how === 6) {
      for await (const item of end) {
        got([item]);
        if (this.dice(3) === 0) return true;
      }
      return false;
    }
    if (how === 7) {
      for await (const items of end.batches(1 + this.dice(4))) {
        got(items);
        if (this.dice(3) === 0) return true;
      }
      return false;
    }
    const r = await select({ a: end, b: end, stop: this.#soon() });
    return r.key === "stop" || (!r.done && got([r.value]));
  }

  /** Aborted in a few turns. */
  #soon(): AbortSignal {
    const stop = new AbortController();
    void turns(this.dice(6)).then(() => stop.abort());
    return stop.signal;
  }

  /** The dead see nothing. */
  #fate({ bridge }: Place, item: Item, fate: Fate): void {
    if (bridge?.dead !== true) this.fates.set(key(item), fate);
  }

  #got({ bridge }: Place, items: readonly Item[]): boolean {
    if (bridge?.dead !== true) this.received.push(...items.map(key));
    return true;
  }
}

/** Resolves after so many turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => nextTurn(resolve));
}

function key([producer, n]: Item): string {
  return `${producer}:${n}`;
}
