/**
 * Equal chance, by the chi-square test over seeded choices. A limit below is the value that a fair
 * choice exceeds once in 1,000,000 runs; the seed is fixed, so a run that passed passes again.
 */
import { assert, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { test } from "node:test";
import { after, Channel, select, trySelect } from "../../mod.ts";
import { setSeed } from "../../testing/mod.ts";

/** Chi-square at 1 - 10^-6, by degrees of freedom. */
const LIMITS = [0, 23.93, 27.63, 30.66, 33.38, 35.89, 38.26];
const ROUNDS = 6_000;

/** Asserts that each of `keys` was chosen equally often. */
async function equalChance(
  keys: readonly (string | number)[],
  choose: (round: number) => unknown,
): Promise<void> {
  setSeed(20_261_121);
  const chosen = new Map<unknown, number>(keys.map((key) => [key, 0]));
  for (let round = 0; round < ROUNDS; round++) {
    const key = await choose(round);
    chosen.set(key, (chosen.get(key) ?? 0) + 1);
  }
  assertEquals([...chosen.keys()], [...keys]);
  const expected = ROUNDS / keys.length;
  const chi = [...chosen.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  assertLess(chi, LIMITS[keys.length - 1] ?? 0, `${[...chosen]}`);
}

function ended(): Channel<number> {
  const channel = new Channel<number>();
  channel.close();
  return channel;
}

test("trySelect() gives each ready case an equal chance", async () => {
  const [a, b, c, d] = [ended(), ended(), ended(), ended()];

  await equalChance(["a", "b", "c", "d"], () => trySelect({ a, b, c, d })?.key);
});

test("select() gives each ready case an equal chance", async () => {
  const [a, b, c] = [ended(), ended(), ended()];

  await equalChance(["a", "b", "c"], async () => (await select({ a, b, c })).key);
});

// A walk from a random start favours the case that stands behind those that are not ready.
const GAPS: [string, readonly number[]][] = [
  ["before", [3, 4, 5]],
  ["between", [0, 3, 4]],
  ["behind", [0, 1, 2]],
  ["around", [2, 4]],
];

for (const [where, ready] of GAPS) {
  test(`trySelect() gives each ready case an equal chance with unready ones ${where}`, async () => {
    const cases = Array.from({ length: 6 }, (_, i) => {
      return ready.includes(i) ? ended() : new Channel<number>();
    });

    await equalChance(ready, () => trySelect(cases)?.key);
  });

  test(`select() gives each ready case an equal chance with absent ones ${where}`, async () => {
    const cases = Array.from({ length: 6 }, (_, i) => ready.includes(i) ? ended() : null);

    await equalChance(ready, async () => (await select(cases)).key);
  });
}

test("trySelect() gives sends, receives, timers and signals an equal chance", async () => {
  const out = new Channel<number>(1, { overflow: "drop-oldest" });
  const receive = ended();
  const stop = AbortSignal.abort();

  await equalChance(["late", "out", "receive", "stop"], () => {
    return trySelect({ late: after(0), out: out.sendCase(1), receive, stop })?.key;
  });
});

test("trySelect() gives a closed channel and a ready one an equal chance", async () => {
  const [closed, full] = [ended(), new Channel<number>(1)];

  await equalChance(["closed", "full"], () => {
    full.trySend(1);
    return trySelect({ closed, full })?.key;
  });
});

test("trySelect() gives both directions of a buffered channel an equal chance", async () => {
  await equalChance(["in", "out"], () => {
    const channel = new Channel<number>(2);
    channel.trySend(1);
    return trySelect({ in: channel, out: channel.sendCase(2) })?.key;
  });
});

for (const capacity of [0, 1]) {
  test(`select() parked on one channel five times gives each case an equal chance, capacity ${capacity}`, async () => {
    const channel = new Channel<number>(capacity);

    await equalChance([0, 1, 2, 3, 4], async () => {
      const selected = select([channel, channel, channel, channel, channel]);
      channel.trySend(1);
      return (await selected).key;
    });
  });
}

test("select() parked with two sends on one channel gives each value an equal chance", async () => {
  const channel = new Channel<number>();

  await equalChance([0, 1], () => {
    select([channel.sendCase(0), channel.sendCase(1)]);
    return channel.tryRecv()?.value;
  });
});

test("select() parked on one channel three times, others between, is fair among them", async () => {
  const [channel, other] = [new Channel<number>(), new Channel<number>()];

  await equalChance(["a", "c", "e"], async () => {
    const selected = select({ a: channel, b: other, c: channel, d: other, e: channel });
    channel.trySend(1);
    return (await selected).key;
  });
});

test("select() parked behind others on one channel is fair among its cases", async () => {
  const channel = new Channel<number>();

  await equalChance(["a", "b"], async () => {
    channel.recv();
    const selected = select({ a: channel, b: channel });
    channel.recv();
    for (let i = 0; i < 3; i++) channel.trySend(i);
    return (await selected).key;
  });
});

test("select() with priority gives the first of its cases on one channel the value", async () => {
  const channel = new Channel<number>();
  setSeed(1);

  for (let i = 0; i < 50; i++) {
    const selected = select([channel, channel, channel], { priority: true });
    channel.trySend(1);
    assertEquals((await selected).key, 0);
  }
});

function choices(seed: number): unknown[] {
  setSeed(seed);
  const [a, b, c] = [ended(), ended(), ended()];
  return Array.from({ length: 40 }, () => trySelect({ a, b, c })?.key);
}

test("setSeed() makes the choices of select repeat", () => {
  const first = choices(42);
  const second = choices(42);

  assertEquals(first, second);
});

test("setSeed() gives other choices for another seed", () => {
  const first = choices(1);
  const second = choices(2);

  assertNotEquals(first, second);
});

test("setSeed() takes 0 as any other seed", () => {
  const keys = new Set(choices(0));

  assert(keys.size === 3);
});

test("setSeed() with neighbouring seeds gives first choices that are fair among each other", async () => {
  const [a, b, c, d] = [ended(), ended(), ended(), ended()];

  await equalChance(["a", "b", "c", "d"], (round) => {
    setSeed(round);
    return trySelect({ a, b, c, d })?.key;
  });
});
