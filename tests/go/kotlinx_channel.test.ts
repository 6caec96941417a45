/**
 * After kotlinx.coroutines' jvm/test/channels: ChannelSendReceiveStressTest, BufferedChannelStressTest
 * and ChannelUndeliveredElementStressTest. Every value is accounted for.
 */
import { assertEquals, assertFalse, assertGreater } from "@std/assert";
import { test } from "node:test";
import { Channel, select, selectEach, type WaitOptions } from "../../mod.ts";
import { waiting } from "../unit/counts.ts";
import { dice } from "./dice.ts";
import { gosched, run, take } from "./program.ts";

const CAPACITIES = [0, 1, 2, 10, Infinity];
const EVENTS = 1_000;

type Visit = (value: number) => void;

/** Every way to receive until the end. */
const RECEIVES: readonly ((from: Channel<number>, visit: Visit) => Promise<void>)[] = [
  async (from, visit) => {
    for (let it = await from.recv(); !it.done; it = await from.recv()) visit(it.value);
  },
  async (from, visit) => {
    for (let it = await from.recvMany(3); it.length > 0; it = await from.recvMany(3)) {
      it.forEach(visit);
    }
  },
  async (from, visit) => {
    for await (const value of from) visit(value);
  },
  async (from, visit) => {
    for (let it = await select({ from }); !it.done; it = await select({ from })) visit(it.value);
  },
  async (from, visit) => {
    for await (const it of selectEach({ from })) if (!it.done) visit(it.value);
  },
];

const SENDS: readonly ((to: Channel<number>, value: number) => Promise<unknown>)[] = [
  (to, value) => to.send(value),
  (to, value) => select({ out: to.sendCase(value) }),
  (to, value) => to.sendMany([value]),
];

for (const capacity of CAPACITIES) {
  for (const senders of [1, 2, 10]) {
    for (const receivers of [1, 10]) {
      test(`Channel(${capacity}) loses nothing between ${senders} senders and ${receivers} receivers of all forms (ChannelSendReceiveStressTest)`, () =>
        run(async () => {
          const channel = new Channel<number>(capacity);
          const received: number[] = [];
          const receiving = Array.from({ length: receivers }, (_, i) => {
            return RECEIVES[i % RECEIVES.length]!(channel, (value) => received.push(value));
          });

          await Promise.all(Array.from({ length: senders }, async (_, i) => {
            const send = SENDS[i % SENDS.length]!;
            for (let value = i; value < EVENTS; value += senders) await send(channel, value);
          }));
          channel.close();
          await Promise.all(receiving);

          assertEquals(
            received.toSorted((a, b) => a - b),
            Array.from({ length: EVENTS }, (_, i) => i),
          );
        }));
    }
  }
}

for (const capacity of [1, 10, 100]) {
  test(`Channel(${capacity}) carries twice its capacity in a burst, again and again (testBurst)`, () =>
    run(async (go) => {
      for (let burst = 0; burst < 100; burst++) {
        const channel = new Channel<number>(capacity);
        go(async () => {
          for (let n = 0; n < 2 * capacity; n++) await channel.send(n);
        });

        for (let n = 0; n < 2 * capacity; n++) assertEquals(await take(channel), n);
      }
    }));
}

/** What became of each value. */
class Accounts {
  readonly #sent = new Set<number>();
  readonly #returned = new Set<number>();
  readonly #received = new Set<number>();

  /** Follows the send of a value, however it ends. */
  async send(value: number, sending: Promise<unknown>): Promise<void> {
    await sending.then(() => this.#sent.add(value), () => this.#returned.add(value));
  }

  receive(value: number): void {
    assertFalse(this.#received.has(value), `${value} was received twice`);
    this.#received.add(value);
  }

  /** Follows a receive, however it ends. */
  async receiveAll(receiving: Promise<(number | undefined)[]>): Promise<void> {
    await receiving.then((values) => values.forEach((it) => this.receive(it!)), () => {});
  }

  /** Each value was received, or is back with its sender: one of the two. */
  settle(total: number): void {
    assertEquals(this.#sent.size + this.#returned.size, total);
    assertEquals(this.#received, new Set([...this.#received].filter((it) => this.#sent.has(it))));
    assertEquals(this.#received.size, this.#sent.size);
    assertGreater(this.#returned.size, 0);
    assertGreater(this.#received.size, 0);
  }
}

type Give = (to: Channel<number>, value: number, options: WaitOptions) => Promise<unknown>;
type Take = (from: Channel<number>, options: WaitOptions) => Promise<(number | undefined)[]>;

/** Without `sendMany`: one that rejects may have sent, and does not tell how many. */
const GIVES: readonly Give[] = [
  (channel, value, options) => channel.send(value, options),
  (channel, value, options) => select({ out: channel.sendCase(value) }, options),
];

const TAKES: readonly Take[] = [
  async (channel, options) => [(await channel.recv(options)).value],
  (channel, options) => channel.recvMany(2, options),
  async (channel, options) => [(await select({ in: channel }, options)).value],
];

/** Signals that may be aborted at any moment. */
class Stops {
  readonly #armed: AbortController[] = [];

  signal(): AbortSignal {
    const controller = new AbortController();
    this.#armed.push(controller);
    return controller.signal;
  }

  abortOne(roll: (sides: number) => number): void {
    this.#armed.splice(roll(this.#armed.length + 1), 1).forEach((it) => it.abort());
  }

  abortAll(): void {
    this.#armed.splice(0).forEach((it) => it.abort());
  }
}

/** Sends and receives that are aborted at any moment, also the one in which they happen. */
async function restless(capacity: number, seed: number): Promise<void> {
  const [channel, accounts, stops] = [new Channel<number>(capacity), new Accounts(), new Stops()];
  const roll = dice(seed);
  const pending: Promise<unknown>[] = [];
  let values = 0;
  const acts = [
    () => {
      const signal = roll(8) === 0 ? AbortSignal.abort() : stops.signal();
      const give = GIVES[roll(GIVES.length)]!;
      pending.push(accounts.send(values, give(channel, values++, { signal })));
    },
    () => {
      const take = TAKES[roll(TAKES.length)]!;
      pending.push(accounts.receiveAll(take(channel, { signal: stops.signal() })));
    },
    () => stops.abortOne(roll),
    () => gosched(),
  ];
  for (let step = 0; step < 600; step++) await acts[roll(acts.length)]!();
  stops.abortAll();
  await Promise.all(pending);
  channel.close();
  for await (const value of channel) accounts.receive(value);
  accounts.settle(values);
  assertEquals([channel.size, waiting(channel)], [0, 0]);
}

for (const capacity of CAPACITIES) {
  test(`Channel(${capacity}) accounts for each value under random aborts (ChannelUndeliveredElementStressTest)`, () =>
    run(async () => {
      for (let seed = 1; seed <= 12; seed++) await restless(capacity, seed);
    }));
}
