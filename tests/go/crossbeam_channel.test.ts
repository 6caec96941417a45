/**
 * After crossbeam-channel's tests/array.rs, tests/list.rs and tests/zero.rs: the cases that neither Go's
 * tests nor the conformance suite have. What sleeps there moves a clock here.
 */
import { assertEquals, assertGreater, assertGreaterOrEqual, assertNotEquals } from "@std/assert";
import { test } from "node:test";
import { after, Channel, type Receiver, select, type Sender } from "../../mod.ts";
import { setSeed, useFakeClock } from "../../testing/mod.ts";
import { run, take } from "./program.ts";

const SEED = 20_261_125;

for (const capacity of [4, Infinity]) {
  test(`Channel.tryRecv() after an own send finds a value, capacity ${capacity} (linearizable)`, () =>
    run(async () => {
      const channel = new Channel<number>(capacity);
      const task = async () => {
        for (let n = 0; n < 2_000; n++) {
          await channel.send(n);
          // As many values were sent as tasks have come here, so one is left for each.
          assertNotEquals(channel.tryRecv(), undefined);
        }
      };

      await Promise.all([task(), task(), task(), task()]);

      assertEquals(channel.size, 0);
    }));
}

/** Asserts that each case happened at least half as often as it would with equal chances. */
function allOften(hits: readonly number[]): void {
  const rounds = hits.reduce((sum, n) => sum + n, 0);
  for (const hit of hits) assertGreaterOrEqual(hit, rounds / hits.length / 2, `${hits}`);
}

async function receives(channels: readonly Receiver<void>[], rounds: number): Promise<void> {
  const hits = channels.map(() => 0);
  for (let n = 0; n < rounds; n++) hits[(await select(channels)).key]!++;
  allOften(hits);
}

async function sends(channels: readonly Sender<void>[], rounds: number): Promise<void> {
  const hits = channels.map(() => 0);
  for (let n = 0; n < rounds; n++) {
    hits[(await select(channels.map((channel) => channel.sendCase()))).key]!++;
  }
  allOften(hits);
}

for (const capacity of [0, 10_000, Infinity]) {
  test(`select() is fair to two channels on both sides, capacity ${capacity} (fairness)`, () =>
    run(async () => {
      setSeed(SEED);
      const channels = [new Channel<void>(capacity), new Channel<void>(capacity)];

      await Promise.all([receives(channels, 10_000), sends(channels, 10_000)]);
    }));

  test(`select() is fair to five cases of one channel, capacity ${capacity} (fairness_duplicates)`, () =>
    run(async () => {
      setSeed(SEED);
      const channels = Array<Channel<void>>(5).fill(new Channel<void>(capacity));

      await Promise.all([receives(channels, 10_000), sends(channels, 10_000)]);
    }));
}

test("sendCase() takes a value that is received from the same channel first (recv_in_send)", () =>
  run(async (go) => {
    const [full, none] = [new Channel<string>(2), new Channel<string>()];
    await full.sendMany(["a", "b"]);

    await select({ out: full.sendCase(await take(full)) });
    assertEquals(await full.recvMany(5), ["b", "a"]);

    const first = take(none);
    go(async () => assertEquals(await take(none), "c"));
    go(() => none.send("c"));
    await select({ out: none.sendCase(await first) });
  }));

test("Channel carries one value each, 10,000 times (stress_oneshot)", () =>
  run(async (go) => {
    for (let n = 0; n < 10_000; n++) {
      const channel = new Channel<number>(n % 2);
      go(() => channel.send(n));
      assertEquals(await take(channel), n);
    }
  }));

for (const capacity of [0, 1, Infinity]) {
  test(`Channel answers requests that come faster than they are served, capacity ${capacity} (stress_iter)`, () =>
    run(async (go) => {
      const [requests, answers] = [new Channel<void>(capacity), new Channel<number>(capacity)];
      go(async () => {
        for await (const _ of requests) await answers.send(1);
      });

      let count = 0;
      for (let spare = 0; count < 5_000;) {
        for (; answers.tryRecv() !== undefined; spare--) count++;
        if (spare < 50 && requests.trySend()) spare++;
        else if (spare > 0) {
          count += await take(answers);
          spare--;
        } else {
          await requests.send();
          spare++;
        }
      }
      requests.close();
    }));
}

/** Two tasks that are late in turn, with timeouts that are too short for the other's delays. */
async function impatient(
  send: (channel: Channel<number>, n: number, timeout: number) => Promise<unknown>,
  receive: (channel: Channel<number>, timeout: number) => Promise<number | undefined>,
  capacity: number,
): Promise<number> {
  const channel = new Channel<number>(capacity);
  let timeouts = 0;
  const late = () => void timeouts++;
  const delay = (n: number) => n % 2 === 0 ? select({ late: after(50) }) : undefined;
  const sending = async () => {
    for (let n = 0; n < 40; n++) {
      await delay(n);
      while (!await send(channel, n, 10).then(() => true, late));
    }
  };
  const receiving = async () => {
    for (let n = 0; n < 40; n++) {
      await delay(n + 1);
      for (let received; (received = await receive(channel, 10).catch(late)) !== n;) {
        assertEquals(received, undefined);
      }
    }
  };
  await Promise.all([sending(), receiving()]);
  return timeouts;
}

const FORMS = {
  "send() and recv()": [
    (channel: Channel<number>, n: number, timeout: number) => channel.send(n, { timeout }),
    async (channel: Channel<number>, timeout: number) => (await channel.recv({ timeout })).value,
  ],
  "select()": [
    (channel: Channel<number>, n: number, timeout: number) =>
      select({ out: channel.sendCase(n) }, { timeout }),
    async (channel: Channel<number>, timeout: number) =>
      (await select({ in: channel }, { timeout })).value,
  ],
} as const;

for (const capacity of [0, 2]) {
  for (const [name, [send, receive]] of Object.entries(FORMS)) {
    test(`${name} that time out again and again lose nothing, capacity ${capacity} (stress_timeout_two_threads)`, async () => {
      const clock = useFakeClock();
      try {
        const running = impatient(send, receive, capacity);
        await clock.advance(10_000);
        assertGreater(await running, 0);
      } finally {
        clock.restore();
      }
    });
  }
}

test("Channel.cancel() drops what was sent and not received, and nothing else (drops)", () =>
  run(async () => {
    for (let seed = 0; seed < 50; seed++) {
      const [steps, additional] = [seed * 37 % 1_000, seed * 13 % 50];
      let dropped = 0;
      const channel = new Channel<number>(50, { onDrop: () => dropped++ });
      const receiving = (async () => {
        for (let n = 0; n < steps; n++) assertEquals(await take(channel), n);
      })();
      for (let n = 0; n < steps; n++) await channel.send(n);
      await receiving;

      for (let n = 0; n < additional; n++) await channel.send(n);
      assertEquals(dropped, 0);
      channel.cancel();

      assertEquals(dropped, additional);
    }
  }));
