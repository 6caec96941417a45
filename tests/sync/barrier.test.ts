import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Barrier } from "../../sync/mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { rejection, settled, watch } from "../unit/watch.ts";

test("Barrier.wait() waits until all have arrived, and tells each its place", async () => {
  const barrier = new Barrier(3);
  const waits = [barrier.wait(), barrier.wait()].map(watch);
  await idle();
  const before = waits.map(({ state }) => state);

  const last = await settled(barrier.wait());

  assertEquals(before, ["waiting", "waiting"]);
  assertEquals([...waits.map(({ value }) => value), last], [0, 1, 2]);
});

test("Barrier is there again for the next round", async () => {
  const barrier = new Barrier(2);

  const places = await settled(Promise.all([1, 2, 3, 4, 5, 6].map(() => barrier.wait())));

  assertEquals(places, [0, 1, 0, 1, 0, 1]);
  assertEquals(barrier.arrived, 0);
});

test("Barrier lets nobody begin a phase before all have ended the one before", async () => {
  const barrier = new Barrier(4);
  const phases: number[] = [];
  const work = async (n: number) => {
    for (let phase = 0; phase < 5; phase++) {
      for (let i = 0; i < n; i++) await undefined; // not all are equally fast
      phases.push(phase);
      await barrier.wait();
    }
  };

  await settled(Promise.all([0, 1, 2, 3].map(work)));

  assertEquals(phases, [...phases].sort());
});

test("Barrier of one never waits", async () => {
  assertEquals(await settled(new Barrier(1).wait()), 0);
});

test("Barrier.arrived tells how many wait for the others", () => {
  const barrier = new Barrier(3);
  const seen = [barrier.arrived];

  for (let i = 0; i < 4; i++) {
    barrier.wait();
    seen.push(barrier.arrived);
  }

  assertEquals([barrier.parties, ...seen], [3, 0, 1, 2, 0, 1]);
});

test("Barrier does not count an arrival that was aborted", async () => {
  const barrier = new Barrier(3);
  const controller = new AbortController();
  const first = watch(barrier.wait());
  const aborted = rejection(barrier.wait({ signal: controller.signal }));

  controller.abort("stop");
  const second = watch(barrier.wait());
  await idle();

  assertEquals([await aborted, barrier.arrived], ["stop", 2]);
  assertEquals([first.state, second.state], ["waiting", "waiting"]);
  assertEquals(await settled(barrier.wait()), 2);
  assertEquals([first.value, second.value], [0, 1]);
});

test("Barrier does not count an arrival whose time is over, or that was aborted before", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const barrier = new Barrier(2);

  const waits = [
    barrier.wait({ timeout: 10 }),
    barrier.wait({ signal: AbortSignal.abort("stop") }),
  ].map(watch);
  await clock.advance(10);
  await idle();
  const arrived = barrier.arrived;
  const zero = watch(barrier.wait({ timeout: 0 }));
  await idle();

  assertEquals(waits.map(({ state }) => state), ["rejected", "rejected"]);
  assertEquals([arrived, zero.state, barrier.arrived], [0, "rejected", 0]);
});

const WRONG: [unknown, typeof TypeError | typeof RangeError][] = [
  [0, RangeError],
  [-1, RangeError],
  [1.5, RangeError],
  [NaN, RangeError],
  [Infinity, RangeError],
  ["2", TypeError],
  [undefined, TypeError],
];

for (const [parties, kind] of WRONG) {
  test(`new Barrier(${typeof parties} ${parties}) throws ${kind.name}`, () => {
    const error = assertThrows(() => new Barrier(parties as number), kind);

    assertStringIncludes(error.message, "parties");
    assertStringIncludes(error.message, `${parties}`);
  });
}

test("Barrier.wait() with timeout 0 counts no arrival, and goes on if it is the last", async () => {
  const barrier = new Barrier(2);
  const refused = await rejection(barrier.wait({ timeout: 0 }));
  const alone = barrier.arrived;
  const first = barrier.wait();

  const last = barrier.wait({ timeout: 0 });

  assertEquals([(refused as DOMException).name, alone], ["TimeoutError", 0]);
  assertEquals(await settled(Promise.all([first, last])), [0, 1]);
});
