import { assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { after, Channel, debounce, pipe, select, trySelect } from "../../mod.ts";
import { counts } from "../unit/counts.ts";
import { DONE, RECEIVED, settled, watch } from "../unit/watch.ts";
import { TICK, timelines } from "./timeline.ts";

// What comes of debounce over three ticks, and to a consumer that works five ticks on each value.
const LINES = [
  ["a-----|", "---a--|", "---a----|"],
  ["ab-c----d|", "------c--(d|)", "------c----d----|"],
  ["(abc)---|", "---c|", "---c----|"],
  ["abcdefg|", "-------(g|)", "-------g----|"],
  ["a----b----c----|", "---a----b----c-|", "---a----b----c----|"],
  ["a-----b-----c-----|", "---a-----b-----c--|", "---a-----b-----c----|"],
  ["a-|", "--(a|)", "--a----|"],
  ["|", "|", "|"],
  ["a-----#", "---a--#", "---a----#"],
  ["a-#", "--(a#)", "--a----#"],
  ["#", "#", "#"],
] as const;

for (const [source, result, slow] of LINES) {
  test(`debounce(3 ticks) makes ${result} of ${source}`, async (t) => {
    const { clock, play, record } = timelines(t);

    assertEquals(await record(pipe(play(source), debounce(3 * TICK))), result);
    assertEquals(clock.timers, 0);
  });

  test(`debounce(3 ticks) makes ${slow} of ${source} for a slow consumer`, async (t) => {
    const { play, record } = timelines(t);

    assertEquals(await record(pipe(play(source), debounce(3 * TICK)), { busy: 5 }), slow);
  });
}

test("debounce() replaces a value that nobody has received by the next", async (t) => {
  const { clock, play } = timelines(t);
  const flow = pipe(play("a-----b-----c-----"), debounce(3 * TICK));

  assertEquals(flow.tryRecv(), undefined); // it starts
  await clock.advance(4 * TICK);
  const first = flow.size;
  await clock.advance(3 * TICK);
  const silent = [flow.size, flow.tryRecv()];
  await clock.advance(9 * TICK);

  assertEquals([first, silent], [1, [0, undefined]]);
  assertEquals([flow.tryRecv(), flow.tryRecv()], [RECEIVED("c"), undefined]);
});

test("debounce() reads on without anybody who receives, and keeps one value", async (t) => {
  const { clock } = timelines(t);
  const channel = new Channel<number>(4);
  const flow = pipe(channel, debounce(TICK));
  const first = watch(flow.recv());
  channel.trySend(0);
  await clock.advance(TICK);

  for (let n = 1; n <= 100; n++) await settled(channel.send(n));
  await clock.advance(TICK);

  assertEquals([first.value, flow.size, flow.tryRecv()], [RECEIVED(0), 1, RECEIVED(100)]);
});

test("debounce() serves those who wait in order, one silence each", async (t) => {
  const { clock, play } = timelines(t);
  const flow = pipe(play("a----b----c----|"), debounce(3 * TICK));
  const receives = [1, 2, 3, 4].map(() => watch(flow.recv()));

  await clock.advance(8 * TICK);
  const before = receives.map(({ value }) => value);
  await clock.advance(20 * TICK);

  assertEquals(before, [RECEIVED("a"), RECEIVED("b"), undefined, undefined]);
  assertEquals(receives.map(({ value }) => value), [
    RECEIVED("a"),
    RECEIVED("b"),
    RECEIVED("c"),
    DONE,
  ]);
});

test("debounce() has a timer only while somebody waits", async (t) => {
  const { clock } = timelines(t);
  const channel = new Channel<string>(1);
  const flow = pipe(channel, debounce(50));
  const controller = new AbortController();
  const aborted = watch(flow.recv({ signal: controller.signal }));
  channel.trySend("a");
  await clock.advance(10);

  const waiting = clock.timers;
  controller.abort("enough");
  await clock.advance(1);
  const left = clock.timers;
  const again = watch(flow.recv());
  const more = clock.timers;
  await clock.advance(39);

  assertEquals([waiting, aborted.reason, left, more], [1, "enough", 0, 1]);
  assertEquals([again.value, clock.timers], [RECEIVED("a"), 0]);
});

test("debounce() keeps no timer when its flow is cancelled, nor when a select is decided elsewhere", async (t) => {
  const { clock } = timelines(t);
  const channel = new Channel<string>(1);
  const flow = pipe(channel, debounce(50));
  const selected = watch(select({ flow, late: after(10) }));
  channel.trySend("a");
  await clock.advance(20);
  const decided = [selected.value?.key, clock.timers];

  const receive = watch(flow.recv());
  flow.cancel();
  await clock.advance(0);

  assertEquals([decided, receive.value, clock.timers], [["late", 0], DONE, 0]);
  assertEquals(counts(channel).receivers, 0);
});

test("debounce() is ready for a select when the silence is over", async (t) => {
  const { clock, play } = timelines(t);
  const flow = pipe(play("a----"), debounce(3 * TICK));

  const early = select({ flow, late: after(2 * TICK) });
  await clock.advance(2 * TICK);
  const late = select({ flow, late: after(2 * TICK) });
  await clock.advance(TICK);

  assertEquals([(await early).key, await settled(late)], ["late", {
    key: "flow",
    ...RECEIVED("a"),
  }]);
});

test("debounce() lets nobody overtake who waits, when the timer is late", async (t) => {
  const { clock } = timelines(t);
  const [channel, other] = [new Channel<string>(1), new Channel<string>(1)];
  other.trySend("b");
  const flow = pipe(channel, debounce(2 * TICK));
  const parked = watch(flow.recv());
  // Rings in the same moment, before the timer of the flow.
  const overtaking = select({ moment: after(3 * TICK) })
    .then(() => [trySelect({ flow, other }, { priority: true })?.key, flow.tryRecv()]);
  await clock.advance(TICK);
  channel.trySend("a");

  await clock.advance(2 * TICK);

  assertEquals([await overtaking, parked.value], [["other", undefined], RECEIVED("a")]);
});

test("debounce() gives a value whose silence is over, when the timer is later than the next value", async (t) => {
  const { clock } = timelines(t);
  const channel = new Channel<string>(1);
  const received = watch(pipe(channel, debounce(2 * TICK)).recv());
  // Rings in the same moment, before the timer of the flow.
  void select({ moment: after(3 * TICK) }).then(() => channel.trySend("b"));
  await clock.advance(TICK);
  channel.trySend("a");

  await clock.advance(2 * TICK);

  assertEquals(received.value, RECEIVED("a"));
});

test("debounce() rejects an ms that is no time", () => {
  for (const ms of [0, -1, NaN, Infinity]) assertThrows(() => debounce(ms), RangeError, `${ms}`);
  assertThrows(() => debounce("5" as unknown as number), TypeError, "5");
});
