import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel, type Flow, from, map, merge, pipe, select, tee } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import type { Equals } from "../types/equals.ts";
import { counts } from "../unit/counts.ts";
import { DONE, drained, gather, RECEIVED, rejection, settled, watch } from "../unit/watch.ts";
import { laws } from "./laws.ts";
import { deferred, Producer, same, takeAndLeave, untilFailure } from "./sources.ts";

laws("tee() with a flow that has left", (source) => {
  const [left, right] = tee(source, 2);
  left.cancel();
  return right;
}, { made: (received) => received });

for (const n of [1, 2, 5]) {
  test(`tee() gives each value to ${n} flows`, async () => {
    const flows: Flow<number>[] = tee(new Producer().values(20), n);

    const all = await settled(Promise.all(flows.map((flow) => gather(flow, []))));

    assertEquals(all, Array.from({ length: n }, () => Array.from({ length: 20 }, (_, i) => i + 1)));
  });
}

test("tee() gives a tuple for a literal, and a list for a number", () => {
  const two = tee([1], 2);
  const exact: Equals<typeof two, [Flow<number>, Flow<number>]> = true;
  const n: number = two.length;
  const list = tee("text", n);
  const loose: Equals<typeof list, Flow<string>[]> = true;

  assert(exact && loose);
});

test("tee() gives the same object to all", async () => {
  const value = { deep: {} };
  const [left, right] = tee([value], 2);

  const received = await settled(Promise.all([left.recv(), right.recv()]));

  for (const each of received) assertStrictEquals(each.value, value);
});

test("tee() opens nothing before the first receive", async () => {
  const producer = new Producer();
  const [left, right] = tee(producer.values(), 2);

  left[Symbol.asyncIterator]();
  right.tryRecv();
  await idle();

  assertEquals([producer.started, left.size, right.size], [false, 0, 0]);
});

test("tee() lets the fastest be one value ahead of the slowest", async () => {
  const producer = new Producer();
  const [fast, slow] = tee(producer.values(), 2);
  const values: number[] = [];
  watch(gather(fast, values));
  const seen: unknown[] = [];

  for (let i = 0; i < 3; i++) {
    await idle();
    seen.push([[...values], producer.made, slow.size]);
    await slow.recv();
  }

  assertEquals(seen, [[[1], 1, 1], [[1, 2], 2, 1], [[1, 2, 3], 3, 1]]);
});

test("tee() reads nothing while nobody waits", async () => {
  const producer = new Producer();
  const [left, right] = tee(producer.values(), 2);

  for (let i = 0; i < 3; i++) {
    await left.recv();
    await right.recv();
    await idle();
  }

  assertEquals([producer.made, left.size, right.size], [3, 0, 0]);
});

test("tee() ends all flows when one of them finds the end, and none still has a value to take", async () => {
  const [left, right] = tee(new Producer().values(1), 2);
  await left.recv();
  const ending = watch(left.recv());
  await idle();
  const before = [ending.state, right.closed];

  const value = await right.recv();
  await idle();

  assertEquals([before, value], [["waiting", false], RECEIVED(1)]);
  assertEquals([ending.value, right.closed, right.tryRecv()], [DONE, true, DONE]);
});

test("tee() reports an error of the source to all, each after its values", async () => {
  const error = new Error("broken");
  const flows = tee(new Producer().failingAfter(3, error), 3);

  const failed = await settled(Promise.all(flows.map(untilFailure)));

  for (const each of failed) {
    assertEquals(each.values, [1, 2, 3]);
    assertStrictEquals(each.error, error);
  }
});

for (const how of ["cancel()", "break", "disposal"]) {
  test(`tee() lets the others go on after ${how} of one`, async () => {
    const producer = new Producer();
    const [left, right] = tee(producer.values(9), 2);
    const values: number[] = [];
    const all = watch(gather(right, values));
    await left.recv();
    await idle();
    const before = values.length;

    if (how === "cancel()") left.cancel();
    else if (how === "break") await takeAndLeave(left, 1);
    else await left[Symbol.asyncDispose]();
    await idle();

    assertEquals([before, values.length, all.state], [2, 9, "fulfilled"]);
    assertEquals([left.tryRecv(), left.size, producer.closed], [DONE, 0, 1]);
  });
}

test("tee() closes the source with the last of its flows, which waits for the finally", async () => {
  const producer = new Producer();
  const [left, right] = tee(producer.closingSlowly(), 2);
  await left.recv();
  await right.recv();

  await left[Symbol.asyncDispose]();
  const after = [producer.closed];
  await right[Symbol.asyncDispose]();
  after.push(producer.closed);
  right.cancel();
  await left[Symbol.asyncDispose]();

  assertEquals([after, producer.closed], [[0, 1], 1]);
});

test("tee() reports an error of the source's finally to the last who leaves", async () => {
  const [left, right] = tee(new Producer().closingBadly("bad"), 2);

  await takeAndLeave(left, 1);

  assertEquals(await rejection(takeAndLeave(right, 1)), "bad");
});

test("tee() does not wait for a stuck source when its last flow is left", async () => {
  const flows = tee(new Producer().stuckAfter(1), 2);

  const taken = await settled(Promise.all(flows.map((flow) => takeAndLeave(flow, 1))));

  assertEquals(taken, [[1], [1]]);
});

test("tee() starts no generator to cancel it", async () => {
  const producer = new Producer();

  for (const flow of tee(producer.values(), 3)) await flow[Symbol.asyncDispose]();

  assertEquals([producer.started, producer.closed], [false, 0]);
});

test("tee() drops an answer that comes after all have left", async () => {
  const { promise, resolve } = deferred<number>();
  const flows = tee(same(from([promise])), 2);
  watch(flows[0].recv());
  for (const flow of flows) flow.cancel();

  resolve(1);
  await idle();

  assertEquals(flows.map((flow) => [flow.size, flow.tryRecv()]), [[0, DONE], [0, DONE]]);
});

test("tee() leaves a channel open and nothing parked on it", async () => {
  const channel = new Channel<number>();
  const [left, right] = tee(channel, 2);
  watch(left.recv());

  left.cancel();
  right.cancel();
  await idle();

  assertEquals([channel.closed, counts(channel).receivers], [false, 0]);
});

test("tee() serves several who wait for one flow, and select()", async () => {
  const [left, right] = tee(new Producer().values(), 2);
  watch(gather(right, []));

  const received = await settled(
    Promise.all([left.recv(), select({ left }), left.recvMany(4)]),
  );

  assertEquals(received, [RECEIVED(1), { key: "left", ...RECEIVED(2) }, [3]]);
  right.cancel();
  left.cancel();
});

test("tee() feeds pipes that come together again", async () => {
  const producer = new Producer();
  const [left, right] = tee(producer.values(5), 2);
  const flow = merge(pipe(left, map((n: number) => n * 10)), right);

  const values = await drained(flow);

  assertEquals(values.sort((a, b) => a - b), [1, 2, 3, 4, 5, 10, 20, 30, 40, 50]);
  assertEquals(producer.closed, 1);
});

test("tee() inside pipe() keeps the source open while the other flow is read", async () => {
  const producer = new Producer();
  const others: Flow<number>[] = [];
  const flow = pipe(producer.values(9), (input) => {
    const [one, other] = tee(input, 2);
    others.push(other);
    return one;
  });
  const values: number[] = [];
  const all = watch(gather(others[0] as Flow<number>, values));

  await takeAndLeave(flow, 1);
  await idle();

  assertEquals([all.state, values.length, producer.closed], ["fulfilled", 9, 1]);
});

test("tee() can be cancelled by its source", async () => {
  const closed: string[] = [];
  async function* source() {
    try {
      yield 1;
      for (const flow of flows) flow.cancel();
      yield 2;
    } finally {
      closed.push("closed");
    }
  }
  const flows: Flow<number>[] = tee(source(), 2);

  const all = await settled(Promise.all(flows.map((flow) => gather(flow, []))));

  assertEquals([all, closed], [[[1], [1]], ["closed"]]);
});

test("tee() throws at once for a number of flows that cannot be", () => {
  for (const n of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => tee([1], n as number), RangeError, `n must be`);
  }
  assertThrows(() => tee([1], "2" as unknown as number), TypeError, 'n must be a number: "2"');
  assertThrows(() => tee(5 as unknown as number[], 2), TypeError, "source must be iterable: 5");
});
