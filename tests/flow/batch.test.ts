import { assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { batch, buffer, Channel, from, map, pipe, type Stage, take, throttle } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { DONE, drained, RECEIVED, settled, watch } from "../unit/watch.ts";
import { Producer, untilFailure } from "./sources.ts";
import { TICK, timelines } from "./timeline.ts";

// What comes of batches of three, with a time of three ticks and without, to a consumer that is always
// ready, and to one that works five ticks on each batch.
const LINES = [
  {
    source: "abcdefg|",
    timed: "--[abc]--[def]-([g]|)",
    untimed: "--[abc]--[def]-([g]|)",
    slow: "--[abc]----[def]----[g]----|",
  },
  {
    source: "a---bc----d|",
    timed: "---[a]---[bc]---([d]|)",
    untimed: "-----[abc]-----([d]|)",
    slow: "---[a]----[bc]----[d]----|",
  },
  {
    source: "(abcdefg)--|",
    timed: "([abc][def])--([g]|)",
    untimed: "([abc][def])--([g]|)",
    slow: "[abc]----[def]----[g]----|",
  },
  { source: "ab#", timed: "--([ab]#)", untimed: "--([ab]#)", slow: "--[ab]----#" },
  {
    source: "abc---#",
    timed: "--[abc]---#",
    untimed: "--[abc]---#",
    slow: "--[abc]----#",
  },
  {
    source: "a-----b-----|",
    timed: "---[a]-----[b]--|",
    untimed: "------------([ab]|)",
    slow: "---[a]-----[b]----|",
  },
  { source: "|", timed: "|", untimed: "|", slow: "|" },
  { source: "#", timed: "#", untimed: "#", slow: "#" },
];

for (const { source, timed, untimed, slow } of LINES) {
  test(`batch({ size: 3, ms: 3 ticks }) makes ${timed} of ${source}`, async (t) => {
    const { clock, play, record } = timelines(t);

    assertEquals(await record(pipe(play(source), batch({ size: 3, ms: 3 * TICK }))), timed);
    assertEquals(clock.timers, 0);
  });

  test(`batch({ size: 3 }) makes ${untimed} of ${source}`, async (t) => {
    const { play, record } = timelines(t);

    assertEquals(await record(pipe(play(source), batch({ size: 3 }))), untimed);
  });

  test(`batch({ size: 3, ms: 3 ticks }) makes ${slow} of ${source} for a slow consumer`, async (t) => {
    const { play, record } = timelines(t);
    const flow = pipe(play(source), batch({ size: 3, ms: 3 * TICK }));

    assertEquals(await record(flow, { busy: 5 }), slow);
  });
}

test("batch() without ms takes nothing ahead", async () => {
  const producer = new Producer();
  const flow = pipe(from(producer.values()), batch({ size: 3 }));
  const made: number[] = [];

  assertEquals(flow.tryRecv(), undefined);
  for (let n = 0; n < 3; n++) {
    await idle();
    made.push(producer.made);
    await settled(flow.recv());
  }

  assertEquals(made, [0, 3, 6]);
});

test("batch() with ms collects one batch ahead", async (t) => {
  timelines(t);
  const producer = new Producer();
  const flow = pipe(from(producer.values()), batch({ size: 3, ms: 100 }));
  const made: number[] = [];

  for (let n = 0; n < 3; n++) {
    await settled(flow.recv());
    await idle();
    made.push(producer.made);
  }

  assertEquals([made, flow.size], [[6, 9, 12], 1]);
});

test("batch() keeps what it has collected for a receive that was aborted", async () => {
  const channel = new Channel<number>(4);
  const flow = pipe(channel, batch({ size: 3 }));
  const controller = new AbortController();
  const aborted = watch(flow.recv({ signal: controller.signal }));
  channel.trySend(1);
  await idle();
  controller.abort("enough");
  await idle();

  for (const n of [2, 3, 4]) channel.trySend(n);

  assertEquals([aborted.reason, await settled(flow.recv())], ["enough", RECEIVED([1, 2, 3])]);
});

test("batch() gives what is due to who comes late, and does not need a timer for it", async (t) => {
  const { clock, play } = timelines(t);
  const flow = pipe(play("a-b----"), batch({ size: 3, ms: 3 * TICK }));

  flow.tryRecv(); // it starts
  await clock.advance(TICK);
  const early = [flow.tryRecv(), flow.size];
  await clock.advance(3 * TICK);

  assertEquals([early, flow.size, flow.tryRecv()], [[undefined, 0], 1, RECEIVED(["a", "b"])]);
  flow.cancel();
  await clock.advance(0);
  assertEquals(clock.timers, 0);
});

test("batch() with ms: 0 gives what is there", async (t) => {
  timelines(t);
  const channel = new Channel<number>(8);
  for (const n of [1, 2, 3]) channel.trySend(n);
  const flow = pipe(from([1, 2, 3]), batch({ size: 8, ms: 0 }));

  assertEquals([await settled(flow.recv()), await settled(flow.recv())], [
    RECEIVED([1, 2, 3]),
    DONE,
  ]);
});

test("batch() makes batches larger than what is taken at once", async () => {
  const lists = await drained(pipe(new Producer().now(1_000), batch({ size: 300 })));

  assertEquals(lists.map(({ length }) => length), [300, 300, 300, 100]);
  assertEquals(lists.flat(), Array.from({ length: 1_000 }, (_, i) => i + 1));
});

test("batch() without a size makes one batch of all", async () => {
  assertEquals(await drained(pipe([1, 2, 3], batch({ size: Infinity }))), [[1, 2, 3]]);
});

test("batch() lets timers and I/O run while it collects from a source that never waits", async () => {
  const producer = new Producer();
  const flow = pipe(producer.now(), batch({ size: Infinity }));
  const receive = watch(flow.recv());

  await new Promise((resolve) => setImmediate(resolve));
  flow.cancel();
  await idle();

  assertEquals([receive.value, producer.closed], [DONE, 1]);
});

test("batch() between stages that fold gives the rest when one before it has had enough", async () => {
  const producer = new Producer();
  const sums = map((list: number[]) => list.reduce((one, other) => one + other));

  const flow = pipe(producer.values(), take(5), batch({ size: 2 }), sums, batch({ size: 2 }));

  assertEquals(await drained(flow), [[3, 7], [5]]);
  assertEquals([producer.made, producer.closed], [5, 1]);
});

test("batch() gives nothing of the rest when one behind it has had enough", async () => {
  const producer = new Producer();
  const flow = pipe(producer.values(7), batch({ size: 2 }), take(2));

  assertEquals([await settled(flow.recv()), await settled(flow.recv())], [
    RECEIVED([1, 2]),
    RECEIVED([3, 4]),
  ]);
  await idle();
  assertEquals([flow.closed, producer.closed, await drained(flow)], [true, 1, []]);
});

test("batch() closes the source with the last value if that fills a batch", async () => {
  const producer = new Producer();
  const flow = pipe(producer.values(), take(4), batch({ size: 2 }));

  await settled(Promise.all([flow.recv(), flow.recv()]));
  await idle();

  assertEquals([flow.closed, producer.made, producer.closed], [true, 4, 1]);
});

test("batch() gives the rest to functions that answer later, before the error", async () => {
  const later = map((list: readonly number[]) => Promise.resolve(list.length));
  const flow = pipe(new Producer().failingAfter(5, "broken"), batch({ size: 3 }), later);

  assertEquals(await untilFailure(flow), { values: [3, 2], error: "broken" });
});

test("batch() gives what it has kept before the error of a function that it folds with", async () => {
  const failing = map((n: number) => {
    if (n === 3) throw "broken";
    return n;
  });
  const failingLater = map((n: number) => n === 3 ? Promise.reject("broken") : n);

  for (const stage of [failing, failingLater]) {
    const producer = new Producer();
    const flow = pipe(producer.values(), stage, batch({ size: 4 }));

    assertEquals(await untilFailure(flow), { values: [[1, 2]], error: "broken" });
    assertEquals([producer.made, producer.closed], [stage === failing ? 3 : 4, 1]);
  }
  const enough = pipe(new Producer().values(), failing, batch({ size: 4 }), take(1));
  assertEquals(await drained(enough), [[1, 2]]);
});

test("batch() drops what it has kept when the flow is cancelled", async () => {
  const channel = new Channel<number>(4);
  const flow = pipe(channel, batch({ size: 3 }));
  const received = flow.recv();
  channel.trySend(1);
  await idle();

  flow.cancel();

  assertEquals([await settled(received), flow.size, await drained(flow)], [DONE, 0, []]);
});

test("batch() reports an error after the values before it", async () => {
  const flow = pipe(new Producer().failingAfter(5, "broken"), batch({ size: 2 }));

  assertEquals(await untilFailure(flow), { values: [[1, 2], [3, 4], [5]], error: "broken" });
});

test("batch() rejects a size and an ms that are none", () => {
  for (const size of [0, -1, 1.5, NaN]) assertThrows(() => batch({ size }), RangeError, `${size}`);
  for (const ms of [-1, NaN]) assertThrows(() => batch({ size: 1, ms }), RangeError, `${ms}`);
  for (const options of [undefined, { size: "2" }, {}, { size: 1, ms: "x" }] as unknown[]) {
    assertThrows(() => batch(options as { size: number }), TypeError);
  }
});

const STAGES: { readonly [name: string]: Stage<unknown, unknown> } = {
  "batch({ size: 1 })": batch({ size: 1 }),
  "buffer(1)": buffer(1),
  "throttle(9)": throttle(9),
};

for (const [name, stage] of Object.entries(STAGES)) {
  test(`${name} that is cancelled has nothing of what was on its way`, async () => {
    for (let turns = 0; turns < 12; turns++) {
      const channel = new Channel<unknown>(1);
      const flow = pipe(channel, stage);
      const received = flow.recv();
      await idle();
      channel.trySend(1);
      for (let i = 0; i < turns; i++) await null;

      flow.cancel();
      await idle();

      assertEquals([flow.size, flow.tryRecv()], [0, DONE], `after ${turns}`);
      await received;
    }
  });
}
