import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { from } from "../../mod.ts";
import { takeAndLeave } from "./sources.ts";
import { timelines } from "./timeline.ts";

for (
  const text of ["|", "#", "a-b--|", "a|", "abc|", "--a-#", "(ab)--(cd|)", "a-(b#)", "(abc|)"]
) {
  test(`record() tells what play() was told: ${text}`, async (t) => {
    const { play, record } = timelines(t);

    assertEquals([await record(play(text)), await record(from(play(text)))], [text, text]);
  });
}

test("play() lets a value wait until it is asked for", async (t) => {
  const { play, record } = timelines(t);

  assertEquals(await record(play("abc--|"), { busy: 2 }), "a-b-c-|");
});

test("record() stops after a number of ticks, and leaves the flow", async (t) => {
  const { clock, play, record } = timelines(t);
  const player = play("a-b-");

  assertEquals(await record(from(player), { ticks: 6 }), "a-b");
  await clock.advance(0);
  assertEquals([player.closed, clock.timers], [1, 0]);
});

test("record() tells of arrays", async (t) => {
  const { record } = timelines(t);

  assertEquals(await record(from([["a", "b"], [1]])), "([ab][1]|)");
});

test("play() keeps no timer when it is closed", async (t) => {
  const { clock, play } = timelines(t);
  const player = play("a---b|");

  await takeAndLeave(from(player, { capacity: 1 }), 1);
  await clock.advance(0);

  assertEquals([player.closed, clock.timers], [1, 0]);
});
