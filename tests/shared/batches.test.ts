/** Batches of shared channels against a plain queue, and parked receives of several kinds in several threads. */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { select } from "../../mod.ts";
import { makeIn, openIn, type SharedChannel } from "../../workers/shared/shared_channel.ts";
import { domainOf, KINDS, LAST_ROUND } from "./rings.ts";
import { settled } from "./threads_in_one.ts";

type Value = number | string | readonly number[] | null;

/** Random numbers that are the same in every run: whole ones below `most`. */
function dice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * most);
  };
}

const LONG = "too long for a slot ".repeat(20);
const SPECIAL: readonly Value[] = [-0, NaN, Infinity, "", null, [], LONG, [1, 2, 3]];

/** Numbers for the most part, so that there are groups of them. */
function valueOf(count: number, roll: number): Value {
  return roll < SPECIAL.length ? SPECIAL[roll]! : count;
}

/** One random step of an end; `queue` is what the channel must hold. */
async function step(
  channel: SharedChannel<Value>,
  queue: Value[],
  count: number,
  roll: (most: number) => number,
): Promise<void> {
  const free = channel.capacity - queue.length;
  const kind = roll(4);
  if (kind === 0) {
    const values = Array.from({ length: roll(free + 1) }, (_, i) => valueOf(count + i, roll(60)));
    assertEquals(await channel.sendMany(values), values.length);
    queue.push(...values);
  } else if (kind === 1) {
    assertEquals(channel.trySend(count), free > 0);
    if (free > 0) queue.push(count);
  } else if (kind === 2) {
    if (queue.length === 0) return assertEquals(channel.tryRecv(), undefined);
    const max = [1, 7, 8, 9, Infinity][roll(5)]!;
    const values = await channel.recvMany(max);
    // What lies in a block ends a step of the core, but not the batch.
    assertEquals(values, queue.splice(0, max));
    assertEquals(Object.keys(values).length, values.length);
  } else {
    const value = queue.shift();
    assertEquals(channel.tryRecv(), value === undefined ? undefined : { done: false, value });
  }
  assertEquals(channel.size, queue.length);
}

for (const round of [0, LAST_ROUND]) {
  test(`SharedChannel.recvMany() takes what sendMany() sent, in every capacity up to 20, from round ${round} on`, async () => {
    const ends = KINDS.map((kind, i) => [kind, i] as const);
    const domain = domainOf(ends[0]![0]);
    const other = domainOf(ends[1]![0], domain.memory);
    const roll = dice(7 - round);

    for (let capacity = 1; capacity <= 20; capacity++) {
      const made = makeIn<Value>(domain, capacity, {}, round);
      const both = [made, made, openIn<Value>(other, made.handle)];
      const queue: Value[] = [];
      for (let count = 0; count < 120; count++) await step(both[roll(3)]!, queue, count, roll);
      made.cancel();
    }
  });
}

test("SharedChannel.recvMany() keeps numbers that are NaN, whatever their bits", async () => {
  const channel = makeIn<number>(domainOf("wasm"), 16);
  for (const [low, high] of [[0xfff7ffff, 0xfff7ffff], [0xffffffff, 0xfff7ffff], [1, 0x7ff00000]]) {
    const bits = new Float64Array(new Uint32Array([low!, high!]).buffer);
    const values = [1, bits[0]!, 3, bits[0]!, 5, 6, 7, 8, bits[0]!];
    await channel.sendMany(values);
    const received = await channel.recvMany(16);
    assertEquals(received, [1, NaN, 3, NaN, 5, 6, 7, 8, NaN]);
    assert(received.every((_, i) => i in received));
  }
});

test("SharedChannel serves parked receives of every kind in three threads", async () => {
  const first = domainOf("wasm");
  const domains = [first, domainOf("fallback", first.memory), domainOf("wasm", first.memory)];
  const sender = domainOf("wasm", first.memory);
  for (let turn = 0; turn < 3; turn++) {
    const channel = makeIn<number>(sender, 64);
    const got: number[] = [];
    const take = (values: readonly number[]) => void got.push(...values);
    const parked = domains.flatMap((domain, i) => {
      const end = openIn<number>(domain, channel.handle);
      const all = [
        () => end.recvMany(2).then(take),
        () => end.recv().then(({ value }) => take([value!])),
        () => select({ end }).then(({ value }) => take([value!])),
        () => end.batches(3)[Symbol.asyncIterator]().next().then(({ value }) => take(value!)),
      ];
      const from = (turn + i) % all.length;
      return [...all.slice(from), ...all.slice(0, from)].map((start) => start());
    });
    await settled(...domains, sender);

    const values = Array.from({ length: 32 }, (_, i) => i);
    await channel.sendMany(values);
    await Promise.all(parked); // it would time out
    while (channel.size > 0) got.push(...await channel.recvMany(64));

    assertEquals(got.sort((a, b) => a - b), values);
  }
});

test("SharedChannel.recvMany() leaves to another thread what is beyond its limit", async () => {
  const first = domainOf("wasm"), second = domainOf("wasm", first.memory);
  const here = makeIn<number>(first, 64), there = openIn<number>(second, here.handle);
  const [mine, its] = [here.recvMany(8), there.recvMany(8)];
  await settled(first, second);

  // No wake goes out: they are for those who are parked in this thread, who pass on what is left.
  await here.sendMany(Array.from({ length: 12 }, (_, i) => i));

  assertEquals([(await mine).length, (await its).length], [8, 4]);
});
