import { assert, assertEquals, assertFalse } from "@std/assert";
import { test } from "node:test";
import { Channel, from, select, trySelect } from "../../mod.ts";
import { idle, setSeed, useFakeClock } from "../../testing/mod.ts";
import { counts, waiting } from "./counts.ts";
import { settled, watch } from "./watch.ts";

test("select() takes one value when two cases are ready", async () => {
  const [a, b] = [new Channel<number>(1), new Channel<number>(1)];
  a.trySend(1);
  b.trySend(2);

  const selected = await settled(select({ a, b }));

  assertEquals(a.size + b.size, 1);
  assertEquals(a.size, selected.key === "a" ? 0 : 1);
});

test("select() that is decided leaves its other queues in the same turn", () => {
  const [a, b, c] = [new Channel<number>(), new Channel<number>(), new Channel<number>()];
  select({ a, b, out: c.sendCase(1) });
  const before = [waiting(a), waiting(b), waiting(c)];

  a.trySend(1);

  assertEquals(before, [1, 1, 1]);
  assertEquals([waiting(a), waiting(b), waiting(c)], [0, 0, 0]);
});

test("select() that is decided takes no second value in the same turn", async () => {
  const [a, b] = [new Channel<number>(), new Channel<number>()];
  const selected = select({ a, b });

  const taken = [a.trySend(1), b.trySend(2), a.trySend(3)];

  assertEquals(taken, [true, false, false]);
  assertEquals(await settled(selected), { key: "a", done: false, value: 1 });
});

test("select() that is decided sends none of its other values", async () => {
  const [a, b] = [new Channel<number>(), new Channel<number>()];
  const selected = select({ a: a.sendCase(1), b: b.sendCase(2) });

  const received = [b.tryRecv(), a.tryRecv()];

  assertEquals(received, [{ done: false, value: 2 }, undefined]);
  assertEquals((await settled(selected)).key, "b");
});

test("select() never matches itself on one channel", async () => {
  const channel = new Channel<number>();

  const selected = watch(select({ in: channel, out: channel.sendCase(1) }));
  await idle();

  assertEquals(selected.state, "waiting");
  const { senders, receivers } = counts(channel, true);
  assertEquals([senders, receivers], [1, 1]);
});

test("select() in both directions of a channel is met by a sender, once", async () => {
  const channel = new Channel<number>();
  const selected = select({ in: channel, out: channel.sendCase(1) });

  assert(channel.trySend(2));

  assertEquals(waiting(channel), 0);
  assertEquals(channel.tryRecv(), undefined);
  assertEquals(await settled(selected), { key: "in", done: false, value: 2 });
});

test("select() in both directions of a channel is met by a receiver, once", async () => {
  const channel = new Channel<number>();
  const selected = select({ in: channel, out: channel.sendCase(1) });

  const received = channel.tryRecv();

  assertEquals(received, { done: false, value: 1 });
  assertFalse(channel.trySend(2));
  assertEquals((await settled(selected)).key, "out");
});

test("select() in both directions of a channel reports done when it is closed", async () => {
  const channel = new Channel<number>();
  const selected = select({ in: channel, out: channel.sendCase(1) });

  channel.close();

  assertEquals(waiting(channel), 0);
  assertEquals(await settled(selected), { key: "in", done: true, value: undefined });
  assertEquals(channel.tryRecv(), { done: true, value: undefined });
});

test("two selects match each other", async () => {
  const channel = new Channel<number>();
  const sending = select({ out: channel.sendCase(7) });

  const receiving = select({ in: channel });

  assertEquals(waiting(channel), 0);
  assertEquals((await settled(sending)).key, "out");
  assertEquals(await settled(receiving), { key: "in", done: false, value: 7 });
});

test("two selects in both directions of one channel match each other once", async () => {
  for (let seed = 0; seed < 20; seed++) {
    setSeed(seed);
    const channel = new Channel<string>();

    const first = select({ in: channel, out: channel.sendCase("first") });
    const second = select({ in: channel, out: channel.sendCase("second") });

    const outcomes = [await settled(first), await settled(second)];
    assertEquals(outcomes.map((o) => o.key).sort(), ["in", "out"]);
    const received = outcomes.find((o) => o.key === "in")?.value;
    assertEquals(received, outcomes[0]?.key === "in" ? "second" : "first");
  }
});

test("two selects over two channels crosswise meet on exactly one of them", async () => {
  for (let seed = 0; seed < 20; seed++) {
    setSeed(seed);
    const [a, b] = [new Channel<number>(), new Channel<number>()];

    const first = select({ a: a.sendCase(1), b });
    const second = select({ a, b: b.sendCase(2) });

    const keys = [(await settled(first)).key, (await settled(second)).key];
    assertEquals(keys[0], keys[1]);
    assertEquals([waiting(a), waiting(b)], [0, 0]);
  }
});

test("two selects that want one value: one gets it, the other keeps waiting", async () => {
  const [shared, other] = [new Channel<number>(), new Channel<number>()];
  const first = watch(select({ shared, other }));
  const second = watch(select({ shared, other }));

  shared.trySend(1);
  await idle();

  assertEquals([first.state, second.state], ["fulfilled", "waiting"]);
  assertEquals([waiting(shared), waiting(other)], [1, 1]);
});

test("select() keeps its place among other waiters, first come, first served", async () => {
  const [channel, idleOne] = [new Channel<number>(), new Channel<number>()];
  const before = channel.recv();
  const selected = select({ channel, idleOne });
  const behind = channel.recv();

  for (const value of [1, 2, 3]) channel.trySend(value);

  assertEquals((await settled(before)).value, 1);
  assertEquals((await settled(selected)).value, 2);
  assertEquals((await settled(behind)).value, 3);
});

test("select() with a channel several times takes one value and leaves no entry", async () => {
  const channel = new Channel<number>();
  const selected = select({ a: channel, b: channel, c: channel });
  const parked = waiting(channel);

  const taken = [channel.trySend(1), channel.trySend(2)];

  assertEquals([parked, waiting(channel)], [3, 0]);
  assertEquals(taken, [true, false]);
  assertEquals((await settled(selected)).value, 1);
});

test("select() in the queue of a buffered channel is let in by a receive, once", async () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);
  const selected = select({ a: channel.sendCase(2), b: channel.sendCase(3) });

  channel.tryRecv();

  assertEquals([channel.size, waiting(channel)], [1, 0]);
  const { key } = await settled(selected);
  assertEquals(channel.tryRecv(), { done: false, value: key === "a" ? 2 : 3 });
  assertEquals(channel.tryRecv(), undefined);
});

test("select() does not overtake a parked sender", () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);
  channel.send(2);

  channel.tryRecv();
  const selected = trySelect({ out: channel.sendCase(3) });

  assertEquals(selected, undefined);
  assertEquals(channel.tryRecv(), { done: false, value: 2 });
});

test("select() polls every case before it parks on any", async () => {
  for (let seed = 0; seed < 20; seed++) {
    setSeed(seed);
    const [quiet, ready] = [new Channel<number>(), new Channel<number>(1)];
    ready.trySend(1);

    const selected = select({ a: quiet, b: quiet, ready, c: quiet });

    assertEquals(waiting(quiet), 0);
    assertEquals((await settled(selected)).key, "ready");
  }
});

test("select() whose case is decided from within onDrop happens once", async () => {
  const [a, b] = [new Channel<number>(), new Channel<number>()];
  const dropping = new Channel<number>(1, { overflow: "drop-newest", onDrop: () => b.trySend(2) });
  dropping.trySend(0);
  const selected = select({ a, b });

  dropping.trySend(1);
  const taken = a.trySend(1);

  assertFalse(taken);
  assertEquals(await settled(selected), { key: "b", done: false, value: 2 });
});

test("select() that is decided leaves no timer behind", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const channel = new Channel<number>();
  const selected = watch(select({ channel }, { timeout: 100 }));

  const armed = clock.timers;
  channel.trySend(1);
  await idle();
  const left = clock.timers;
  await clock.advance(1_000);

  assertEquals([armed, left], [1, 0]);
  assertEquals(selected.value, { key: "channel", done: false, value: 1 });
});

test("select() loses and doubles nothing among many selects over the same channels", async () => {
  setSeed(7);
  const channels = Array.from({ length: 4 }, (_, i) => new Channel<number>(i % 2));
  const [a, b, c, d] = channels as [
    Channel<number>,
    Channel<number>,
    Channel<number>,
    Channel<number>,
  ];
  const received: number[] = [];
  const consume = async () => {
    for (let r = await select({ a, b, c, d }); !r.done; r = await select({ a, b, c, d })) {
      received.push(r.value);
    }
  };
  const produce = async (from: number) => {
    for (let i = from; i < from + 250; i++) {
      await select([a.sendCase(i), b.sendCase(i), c.sendCase(i), d.sendCase(i)]);
    }
  };
  const consumers = [consume(), consume(), consume()];

  await settled(Promise.all([produce(0), produce(250), produce(500), produce(750)]));
  for (const channel of channels) channel.close();
  await settled(Promise.all(consumers));

  for (const channel of channels) received.push(...await settled(channel.recvMany(9)));
  assertEquals(received.sort((x, y) => x - y), Array.from({ length: 1_000 }, (_, i) => i));
});

test("select() over a flow whose source cannot be opened leaves no entry in its other queues", async () => {
  const other = new Channel<string>(1);
  const flow = from<number>({
    [Symbol.asyncIterator]() {
      throw new Error("cannot open");
    },
  });
  const selected = watch(select({ flow, other }, { priority: true }));

  const taken = other.trySend("kept");
  await idle();

  assert(taken);
  assertEquals(selected.state, "rejected");
  assertEquals([other.size, waiting(other)], [1, 0]);
});

test("select() that a source decides while it is asked leaves no entry in its other queues", async () => {
  const [jobs, other] = [new Channel<number>(), new Channel<string>(1)];
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next() {
        jobs.trySend(1);
        return new Promise(() => {});
      },
    }),
  };
  const selected = watch(select({ jobs, flow: from(source), other }, { priority: true }));

  const taken = other.trySend("kept");
  await idle();

  assert(taken);
  const delivered = selected.value?.key === "other" ? 1 : 0;
  assertEquals([other.size + delivered, waiting(other)], [1, 0]);
});
