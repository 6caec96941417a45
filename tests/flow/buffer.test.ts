import { assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { buffer, Channel, from, pipe } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { DONE, drained, RECEIVED, settled, watch } from "../unit/watch.ts";
import { Producer } from "./sources.ts";
import { timelines } from "./timeline.ts";

// What comes of a buffer of two to a consumer that works three ticks on each value.
const LINES = [
  ["abcdefg|", "a--b--c--d--e--f--g--|", "a--b--e--f--g--|", "a--b--c--d--g--|"],
  ["(abcdefg)--|", "a--b--c--d--e--f--g--|", "a--f--g--|", "a--b--c--|"],
  ["ab#", "a--b--#", "a--b--#", "a--b--#"],
  ["abcde#", "a--b--c--d--e--#", "a--b--d--e--#", "a--b--c--d--#"],
  ["|", "|", "|", "|"],
] as const;

for (const [source, ...results] of LINES) {
  (["wait", "drop-oldest", "drop-newest"] as const).forEach((overflow, i) => {
    test(`buffer(2, "${overflow}") makes ${results[i]} of ${source} for a slow consumer`, async (t) => {
      const { play, record } = timelines(t);

      assertEquals(await record(pipe(play(source), buffer(2, overflow)), { busy: 3 }), results[i]);
    });
  });
}

for (const capacity of [0, 1, 3, 100]) {
  for (const make of ["values", "now"] as const) {
    test(`buffer(${capacity}) lets its input run ${capacity} values ahead, ${make}`, async () => {
      const producer = new Producer();
      const flow = pipe(from(producer[make]()), buffer(capacity));
      const made: number[] = [];

      for (let n = 0; n < 3; n++) {
        await flow.recv();
        await idle();
        made.push(producer.made);
      }

      assertEquals(made, [1 + capacity, 2 + capacity, 3 + capacity]);
      assertEquals([flow.size, flow.capacity], [capacity, capacity]);
    });
  }
}

for (const overflow of ["drop-oldest", "drop-newest"] as const) {
  test(`buffer(2, "${overflow}") reads on for ever`, async () => {
    const channel = new Channel<number>(1);
    const flow = pipe(channel, buffer(2, overflow));
    const first = flow.recv();
    const values: unknown[] = [];

    for (let n = 1; n <= 50; n++) {
      await settled(channel.send(n));
      await idle();
    }
    values.push(await settled(first), flow.size, flow.tryRecv(), flow.tryRecv(), flow.tryRecv());

    const kept = overflow === "drop-oldest" ? [49, 50] : [2, 3];
    assertEquals(values, [RECEIVED(1), 2, ...kept.map(RECEIVED), undefined]);
  });
}

test("buffer() gives the first of several values to who waits, and drops of the others", async () => {
  for (const [overflow, kept] of [["drop-oldest", [4, 5]], ["drop-newest", [2, 3]]] as const) {
    const flow = pipe([1, 2, 3, 4, 5], buffer(2, overflow));

    assertEquals(await settled(flow.recv()), RECEIVED(1));

    assertEquals<readonly number[]>(await drained(flow), kept);
  }
});

test("buffer() drops what it holds when it is cancelled", async () => {
  const producer = new Producer();
  const flow = pipe(producer.values(), buffer(3));
  await flow.recv();
  await idle();

  flow.cancel();
  await idle();

  assertEquals([flow.size, flow.tryRecv(), producer.closed], [0, DONE, 1]);
});

test("buffer(Infinity) lets timers and I/O run while its input runs ahead", async () => {
  const producer = new Producer();
  const flow = pipe(producer.now(), buffer(Infinity));
  const first = watch(flow.recv());

  await new Promise((resolve) => setImmediate(resolve));
  flow.cancel();
  await idle();

  assertEquals([first.value, producer.closed], [RECEIVED(1), 1]);
});

test("buffer() rejects a capacity and an overflow that are none", () => {
  for (const capacity of [-1, 1.5, NaN]) {
    assertThrows(() => buffer(capacity), RangeError, `${capacity}`);
  }
  assertThrows(() => buffer(0, "drop-oldest"), RangeError, "drop-oldest");
  assertThrows(() => buffer("1" as unknown as number), TypeError, "1");
  assertThrows(() => buffer(1, "drop" as "wait"), TypeError, "drop");
});
