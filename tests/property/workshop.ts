/**
 * Whole programs: producers and consumers in one scope, held together by every primitive there is, cut
 * off by aborts, timeouts and errors. There is no model of them; what must hold is that each value has
 * one fate, that nobody is overtaken, and that nothing is left parked.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  after,
  Barrier,
  Channel,
  type Received,
  ResetEvent,
  type Scope,
  scope,
  select,
  Semaphore,
  WaitGroup,
} from "../../mod.ts";
import { idle, setSeed, useFakeClock } from "../../testing/mod.ts";
import { PARTS } from "../../internal/case.ts";
import { Ledger, type Parcel } from "./ledger.ts";

export const SENDING = ["send", "sendMany", "select", "trySend", "timeout", "signal"] as const;
export const RECEIVING = [
  "recv",
  "loop",
  "recvMany",
  "batches",
  "select",
  "tryRecv",
  "timeout",
] as const;

/** A program. */
export interface Plan {
  readonly seed: number;
  readonly capacities: readonly number[];
  readonly producers: readonly { readonly ways: readonly (typeof SENDING)[number][] }[];
  readonly consumers: readonly { readonly ways: readonly (typeof RECEIVING)[number][] }[];
  readonly permits: number;
  /** The tick at which the gate of the consumers is shut, and that at which it opens again. */
  readonly shut: readonly [number, number];
  /** What happens at which tick, if the program has not ended by then. */
  readonly end: readonly ["close" | "cancel" | "fail" | "abort" | "throw", number];
}

/** As many ticks let any program end. */
const TICKS = 500;

/** Runs a program, and rejects if something is lost, doubled, out of order or left parked. */
export async function verify(plan: Plan): Promise<void> {
  const clock = useFakeClock();
  setSeed(plan.seed);
  try {
    const shop = new Workshop(plan);
    const running = shop.run();
    for (let tick = 0; !shop.over; tick++) {
      assert(tick < TICKS, `it goes on for ever: ${shop.ledger}`);
      await idle();
      shop.at(tick);
      clock.advance(1);
    }
    await running;
    shop.account();
  } finally {
    clock.restore();
  }
}

class Workshop {
  readonly ledger = new Ledger();
  over = false;
  readonly #plan: Plan;
  readonly #channels: readonly Channel<Parcel>[];
  readonly #tools: Semaphore;
  readonly #busy = new WaitGroup();
  readonly #start: Barrier;
  readonly #gate = new ResetEvent();
  readonly #abort = new AbortController();
  /** Aborted and replaced at every other tick. */
  #impatience = new AbortController();
  #thrower: ((error: unknown) => void) | undefined;
  #working = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    const onDrop = (parcel: Parcel) => this.ledger.enter(parcel, "dropped");
    this.#channels = plan.capacities.map((capacity) => new Channel(capacity, { onDrop }));
    this.#tools = new Semaphore(plan.permits);
    this.#start = new Barrier(plan.producers.length);
  }

  async run(): Promise<void> {
    this.#gate.set();
    try {
      await scope((s) => this.#employ(s), { signal: this.#abort.signal });
    } catch (error) {
      if (error !== "aborted" && error !== "thrown" && error !== "failed") throw error;
    } finally {
      this.over = true;
    }
  }

  /** What the world does at a tick. */
  at(tick: number): void {
    const { shut: [shut, open], end: [end, last] } = this.#plan;
    if (tick === shut) this.#gate.reset();
    if (tick === open) this.#gate.set();
    if (tick % 2 === 0) {
      this.#impatience.abort("impatient");
      this.#impatience = new AbortController();
    }
    if (tick !== last) return;
    if (end === "abort") this.#abort.abort("aborted");
    else if (end === "throw") this.#thrower?.("thrown");
    else if (end === "fail") { for (const channel of this.#channels) channel.fail("failed"); }
    else for (const channel of this.#channels) channel[end]();
  }

  /** Each value has one fate, nobody waits, and all that was borrowed is back. */
  account(): void {
    for (const channel of this.#channels) {
      const { senders, receivers } = channel[PARTS]();
      assertEquals([senders.length, receivers.length], [0, 0]);
      channel.cancel();
    }
    this.ledger.close();
    assertEquals(this.#tools.available, this.#plan.permits);
    assertEquals([this.#working, this.#start.arrived], [0, 0]);
  }

  #employ(s: Scope): void {
    const { producers, consumers } = this.#plan;
    this.#busy.add(producers.length);
    producers.forEach((_, id) => void s.go((signal) => this.#produce(id, signal)).catch(() => {}));
    consumers.forEach((_, id) => void s.go((signal) => this.#consume(id, signal)).catch(() => {}));
    void s.go(async (signal) => {
      await this.#busy.wait({ signal });
      for (const channel of this.#channels) channel.close();
    }).catch(() => {});
    void s.go((signal) =>
      new Promise<void>((resolve, reject) => {
        this.#thrower = reject;
        // It ends with the others, or because of them.
        void this.#busy.wait({ signal }).then(resolve, resolve);
      })
    ).catch(() => {});
  }

  async #produce(id: number, signal: AbortSignal): Promise<void> {
    let serial = 0;
    const parcel = (): Parcel => ({ producer: id, serial: serial++ });
    try {
      await this.#start.wait({ signal });
      for (const way of this.#plan.producers[id]?.ways ?? []) {
        const permit = await this.#tools.acquire({ signal });
        assert(++this.#working <= this.#plan.permits, "too many work");
        const parcels = way === "sendMany" ? [parcel(), parcel(), parcel()] : [parcel()];
        await this.#send(way, parcels, signal).finally(() => {
          this.#working--;
          permit.release();
        });
      }
    } finally {
      this.#busy.done();
    }
  }

  /** Sends in some way. What is not accepted stays with its producer, who goes on unless all is over. */
  async #send(
    way: (typeof SENDING)[number],
    parcels: readonly Parcel[],
    signal: AbortSignal,
  ): Promise<void> {
    const [parcel] = parcels;
    if (parcel === undefined) return;
    const channel = this.#channelFor(parcel);
    for (const each of parcels) this.ledger.offer(each, this.#channels.indexOf(channel));
    const impatient = { signal: this.#impatience.signal };
    try {
      if (way === "sendMany") await channel.sendMany(this.#handing(parcels), { signal });
      else if (way === "select") {
        await select({ now: channel.sendCase(parcel), again: channel.sendCase(parcel) }, {
          signal,
        });
      } else if (way === "timeout") await channel.send(parcel, { timeout: 1 });
      else if (way === "signal") await channel.send(parcel, impatient);
      else if (way === "send" || !channel.trySend(parcel)) await channel.send(parcel, { signal });
      this.ledger.accept(parcels);
    } catch {
      this.ledger.keep(parcels);
      signal.throwIfAborted();
    }
  }

  /** A source that notes which of its values were taken. */
  *#handing(parcels: readonly Parcel[]): Generator<Parcel> {
    for (const parcel of parcels) {
      this.ledger.hand(parcel);
      yield parcel;
    }
  }

  #channelFor({ producer, serial }: Parcel): Channel<Parcel> {
    const channel = this.#channels[(producer + serial) % this.#channels.length];
    assert(channel !== undefined);
    return channel;
  }

  async #consume(id: number, signal: AbortSignal): Promise<void> {
    const open = new Set(this.#channels.keys());
    const ways = this.#plan.consumers[id]?.ways ?? [];
    for (let n = 0; open.size > 0; n++) {
      await this.#gate.wait({ signal });
      const way = ways[n % ways.length] ?? "recv";
      const which = [...open][n % open.size] ?? 0;
      const channel = this.#channels[which];
      assert(channel !== undefined);
      try {
        for (const parcel of await this.#receive(way, channel, signal)) {
          this.ledger.receive(parcel, id);
        }
      } catch (error) {
        signal.throwIfAborted();
        if (error === "failed") open.delete(which);
        else assertEquals((error as Error).name, "TimeoutError");
      }
      if (channel.closed && channel.size === 0 && channel[PARTS]().senders.empty) {
        open.delete(which);
      }
    }
  }

  async #receive(
    way: (typeof RECEIVING)[number],
    channel: Channel<Parcel>,
    signal: AbortSignal,
  ): Promise<Parcel[]> {
    const values = (received: Received<Parcel> | undefined) =>
      received === undefined || received.done ? [] : [received.value];
    if (way === "tryRecv") {
      const received = channel.tryRecv();
      return values(received ?? await channel.recv({ signal }));
    }
    if (way === "timeout") return values(await channel.recv({ timeout: 1 }));
    if (way === "recvMany") return await channel.recvMany(3, { signal });
    if (way === "select") {
      const r = await select({ channel, late: after(3), other: after(2), signal });
      if (r.key === "signal") throw r.value;
      return r.key === "channel" ? values(r) : [];
    }
    if (way === "recv") return values(await channel.recv({ signal }));
    // A loop has no signal of its own: it is left when its next value comes, or with the channel.
    const leave = way === "loop" ? channel : channel.batches(2);
    const limit = setLimit(channel, signal);
    try {
      for await (const taken of leave) return Array.isArray(taken) ? taken : [taken];
      return [];
    } finally {
      limit();
    }
  }
}

/** Cancels a channel when a signal is aborted. @returns Takes it back. */
function setLimit(channel: Channel<Parcel>, signal: AbortSignal): () => void {
  const cancel = () => channel.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel);
  return () => signal.removeEventListener("abort", cancel);
}
