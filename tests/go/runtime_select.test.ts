/**
 * After Go's runtime/chan_test.go: select under stress, at one moment in time, on itself and on one
 * channel several times.
 */
import { assertEquals, assertNotEquals } from "@std/assert";
import { test } from "node:test";
import { type Cases, Channel, select, trySelect } from "../../mod.ts";
import { waiting } from "../unit/counts.ts";
import { type Go, gosched, run, take } from "./program.ts";

test("trySelect() finds a value although the channel is closed meanwhile (TestNonblockRecvRace)", async () => {
  for (let i = 0; i < 1_000; i++) {
    const channel = new Channel<number>(1);
    await channel.send(1);
    const looking = gosched().then(() => trySelect({ channel }));

    channel.close();
    await channel.recv();

    assertNotEquals(await looking, undefined);
  }
});

/**
 * A channel that is ready becomes unready, but not before the other is ready. So one always is, and a
 * select that looked at them at different moments would see none.
 */
async function oneIsAlwaysReady(makeReady: (second: Channel<number>) => unknown): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    const [first, second] = [new Channel<number>(1), new Channel<number>(1)];
    await first.send(1);
    const looking = lookLater({ first, second }, i % 8);

    await gosched();
    makeReady(second);
    await gosched();
    trySelect({ first });

    assertNotEquals(await looking, undefined);
  }
}

async function lookLater(cases: Cases, turns: number): Promise<unknown> {
  for (let turn = 0; turn < turns; turn++) await gosched();
  return trySelect(cases);
}

test("trySelect() acts on one moment, when a value comes (TestNonblockSelectRace)", () =>
  oneIsAlwaysReady((second) => second.trySend(1)));

test("trySelect() acts on one moment, when a channel is closed (TestNonblockSelectRace2)", () =>
  oneIsAlwaysReady((second) => second.close()));

for (const capacity of [0, 10]) {
  test(`select() of both directions does not meet itself, capacity ${capacity} (TestSelfSelect)`, () =>
    run(async () => {
      const channel = new Channel<number>(capacity);
      const task = async (mine: number) => {
        for (let i = 0; i < 1_000; i++) {
          const cases = [channel.sendCase(mine), channel];
          const { key, value } = await select(mine === 0 || i % 2 === 0 ? cases : cases.reverse());
          const received = cases[key] === channel;
          if (capacity === 0 && received) assertNotEquals(value, mine, "received its own value");
        }
      };

      await Promise.all([task(0), task(1)]);
    }));
}

const ROUNDS = 2_500;

/** Starts the ten tasks; each sends or receives the same number of values on each channel. */
function chaos(go: Go, channels: readonly Channel<number>[]): Promise<unknown> {
  const tasks: Promise<void>[] = [];
  for (const channel of channels) {
    tasks.push(repeat(() => channel.send(0)), repeat(() => channel.recv()));
  }
  for (const sending of [true, false]) tasks.push(selects(channels, sending));
  const all = Promise.all(tasks);
  go(() => all);
  return all;
}

async function repeat(operation: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < ROUNDS; n++) await operation();
}

async function selects(channels: readonly Channel<number>[], sending: boolean): Promise<void> {
  const left = channels.map(() => ROUNDS);
  for (let n = 0; n < ROUNDS * channels.length; n++) {
    const cases = channels.map((channel, i) => {
      return left[i]! > 0 && (sending ? channel.sendCase(0) : channel);
    });
    left[(await select(cases)).key]!--;
  }
}

test("select(), sends and receives on four channels end together (TestSelectStress)", () =>
  run(async (go) => {
    const channels = [0, 0, 2, 3].map((capacity) => new Channel<number>(capacity));

    await chaos(go, channels);

    for (const channel of channels) assertEquals([channel.size, waiting(channel)], [0, 0]);
  }));

test("select() that names a channel twice leaves its queue whole (TestSelectDuplicateChannel)", () =>
  run(async (go) => {
    const [twice, other, done] = [1, 2, 3].map(() => new Channel<number>());
    go(async () => {
      await select([twice, twice, other]);
      await done!.send(9);
    });
    go(() => twice!.recv());

    await other!.send(7);
    await take(done!);
    await twice!.send(8);

    assertEquals(waiting(twice!), 0);
  }));

test("select() and send() give each request its own answer (chanbarrier_test.go)", () =>
  run(async (go) => {
    const request = async (name: string, viaSelect: boolean) => {
      const [answer, done] = [new Channel<string>(), new Channel<void>()];
      go(() => viaSelect ? select([answer.sendCase(name), done]) : answer.send(name));
      return await take(answer);
    };

    await Promise.all(Array.from({ length: 10 }, async (_, task) => {
      for (let n = 0; n < 500; n++) {
        assertEquals(await request(`${task}/${n}`, n % 2 === 0), `${task}/${n}`);
      }
    }));
  }));
