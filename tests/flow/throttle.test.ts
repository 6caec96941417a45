import { assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel, pipe, throttle } from "../../mod.ts";
import { settled } from "../unit/watch.ts";
import { TICK, timelines } from "./timeline.ts";

// What comes of throttle over three ticks, and to a consumer that works five ticks on each value.
const LINES = [
  ["abcdefgh|", "a--d--g-|", "a----d----g----|"],
  ["a-----b|", "a-----b|", "a-----b----|"],
  ["(ab)--(cd)-|", "a--c-|", "a----c----|"],
  ["a-b---c|", "a-----c|", "a-----c----|"],
  ["ab#", "a-#", "a----#"],
  ["--ab---c#", "--a----c#", "--a----c----#"],
  ["|", "|", "|"],
  ["#", "#", "#"],
] as const;

for (const [source, result, slow] of LINES) {
  test(`throttle(3 ticks) makes ${result} of ${source}`, async (t) => {
    const { clock, play, record } = timelines(t);

    assertEquals(await record(pipe(play(source), throttle(3 * TICK))), result);
    assertEquals(clock.timers, 0);
  });

  test(`throttle(3 ticks) makes ${slow} of ${source} for a slow consumer`, async (t) => {
    const { play, record } = timelines(t);

    assertEquals(await record(pipe(play(source), throttle(3 * TICK)), { busy: 5 }), slow);
  });
}

test("throttle() replaces a value that nobody has received by the first of the next interval", async (t) => {
  const { clock, play } = timelines(t);
  const flow = pipe(play("abcdefghi----"), throttle(3 * TICK));
  flow.tryRecv(); // it starts
  const seen: unknown[] = [];

  for (let i = 0; i < 3; i++) {
    await clock.advance(3 * TICK - 1);
    seen.push(flow.size);
  }

  assertEquals([seen, flow.tryRecv()], [[1, 1, 1], { done: false, value: "g" }]);
});

test("throttle() reads on without anybody who receives, and keeps one value", async (t) => {
  timelines(t);
  const channel = new Channel<number>(4);
  const flow = pipe(channel, throttle(TICK));
  flow.tryRecv();

  for (let n = 0; n < 100; n++) await settled(channel.send(n));

  assertEquals([flow.size, flow.tryRecv()], [1, { done: false, value: 0 }]);
});

test("throttle() rejects an ms that is no time", () => {
  for (const ms of [0, -1, NaN, Infinity]) assertThrows(() => throttle(ms), RangeError, `${ms}`);
  assertThrows(() => throttle("5" as unknown as number), TypeError, "5");
});
