import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel, type Flow, from, map, merge, partition, pipe } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import type { Equals } from "../types/equals.ts";
import { counts } from "../unit/counts.ts";
import { DONE, drained, gather, RECEIVED, rejection, settled, watch } from "../unit/watch.ts";
import { laws } from "./laws.ts";
import { deferred, Producer, same, takeAndLeave, untilFailure } from "./sources.ts";

/** What each flow gives when all are read at the same time. */
function shares<T>(flows: readonly Flow<T>[]): Promise<T[][]> {
  return settled(Promise.all(flows.map((flow) => gather(flow, []))));
}

laws("partition() with a flow that has left", (source) => {
  const [one, two] = partition(source, 2);
  one.cancel();
  return two;
}, { made: (received) => received });
laws("partition() by key", (source, spy) => {
  const [one, two] = partition(source, 2, (n) => (spy(n), 1));
  one.cancel();
  return two;
}, { calls: true, made: (received) => received });

test("partition() gives values to one flow after the other", async () => {
  const flows = partition(new Producer().values(7), 3);

  assertEquals(await shares(flows), [[1, 4, 7], [2, 5], [3, 6]]);
});

test("partition() into one flow gives it everything", async () => {
  assertEquals(await shares(partition([1, 2, 3], 1)), [[1, 2, 3]]);
});

test("partition() gives a tuple for a literal, and a list for a number", () => {
  const two = partition([1], 2, (n) => n);
  const exact: Equals<typeof two, [Flow<number>, Flow<number>]> = true;
  const n: number = two.length;
  const list = partition("text", n);
  const loose: Equals<typeof list, Flow<string>[]> = true;

  assert(exact && loose);
});

test("partition() lets a whole number choose its flow, modulo n, and true and false theirs", async () => {
  const numbers = await shares(partition([0, 1, 2, 3, 4, -1, -0, 2 ** 53], 3, (n) => n));
  const big = await shares(partition([0n, 1n, 5n, -1n], 3, (n) => n));
  const flags = await shares(partition([1, 2, 3], 2, (n) => n > 1));

  assertEquals(numbers, [[0, 3, -0], [1, 4], [2, -1, 2 ** 53]]);
  assertEquals(big, [[0n], [1n], [5n, -1n]]);
  assertEquals(flags, [[1], [2, 3]]);
});

test("partition() gives equal keys to one flow, whatever they are", async () => {
  const [a, b] = [{}, () => {}];
  const keys = ["", "a", "b", 1.5, NaN, 2n, Symbol("s"), Symbol.for("t"), null, undefined, a, b];
  const values = [...keys, ...keys, ...keys].map((key, i) => ({ key, i }));

  const parts = await shares(partition(values, 4, ({ key }) => key));

  const where = keys.map((key) =>
    parts.map((part) => part.filter((value) => Object.is(value.key, key)).length)
  );
  for (const counts of where) assertEquals(counts.toSorted(), [0, 0, 0, 3]);
  for (const part of parts) {
    assertEquals(
      part.map(({ i }) => i),
      part.map(({ i }) => i).sort(byNumber),
    );
  }
});

const byNumber = (a: number, b: number) => a - b;

test("partition() gives text to the same flow in every run", async () => {
  const parts = await shares(partition(["Ada", "Bob", "Cid", "Dot", "Eve"], 3, (name) => name));

  assertEquals(parts, await shares(partition(parts.flat(), 3, (name) => name)));
});

test("partition() spreads text evenly", async () => {
  const names = Array.from({ length: 1000 }, (_, i) => `customer-${i}`);

  const parts = await shares(partition(names, 4, (name) => name));

  for (const { length } of parts) assert(length > 200 && length < 300, String(length));
});

test("partition() gives objects to the flows in turn, as they first come", async () => {
  const keys = [{}, {}, {}, {}];

  const parts = await shares(partition([0, 1, 2, 3, 0, 1], 3, (n) => keys[n]));

  assertEquals(parts, [[0, 3, 0], [1, 1], [2]]);
});

test("partition() opens nothing before the first receive", async () => {
  const producer = new Producer();
  const flows = partition(producer.values(), 2);

  flows[0][Symbol.asyncIterator]();
  flows[1].tryRecv();
  await idle();

  assertEquals([producer.started, flows.map(({ size }) => size)], [false, [0, 0]]);
});

test("partition() reads only while somebody waits", async () => {
  const producer = new Producer();
  const [one, two] = partition(producer.values(), 2);

  const received = [await one.recv(), await two.recv(), await one.recv()];
  await idle();

  assertEquals([received, producer.made], [[1, 2, 3].map(RECEIVED), 3]);
});

test("partition() holds a value for each flow, and one more that holds up the source", async () => {
  const producer = new Producer();
  const [one, two] = partition(producer.values(), 2, () => 1);
  const starved = watch(one.recv());
  await idle();
  const before = [producer.made, two.size];

  const first = await two.recv();
  await idle();

  // One lies ready for the second flow, the next for it holds up the source.
  assertEquals([before, first], [[2, 1], RECEIVED(1)]);
  assertEquals([producer.made, two.size, starved.state], [3, 1, "waiting"]);
});

test("partition() serves a flow that waits again when the one that holds it up is cancelled", async () => {
  const [one, two] = partition([1, 1, 1, 2, 2], 2, (n) => n);
  const waiting = watch(gather(one, []));
  const other = watch(two.recv());
  await idle();
  const before = waiting.state;

  two.cancel();
  await idle();

  // Dropped: what lay ready, what held up the source, and what came after it.
  assertEquals([other.value, before], [RECEIVED(1), "waiting"]);
  assertEquals([waiting.state, waiting.value], ["fulfilled", [2, 2]]);
});

test("partition() ends all flows, each after its values", async () => {
  const [one, two] = partition(new Producer().values(2), 2);

  const first = await drained(one);
  const held = [one.closed, two.size];

  assertEquals([first, held, await drained(two)], [[1], [true, 1], [2]]);
});

test("partition() ends when what held up the source is taken", async () => {
  const [one, two] = partition([1, 1, 1], 2, (n) => n);
  const waiting = watch(gather(one, []));
  await idle();
  const before = waiting.state;

  const values = await drained(two);
  await idle();

  assertEquals([before, values, waiting.state], ["waiting", [1, 1, 1], "fulfilled"]);
});

test("partition() reports an error of the source to all, each after its values", async () => {
  const error = new Error("broken");
  const flows = partition(new Producer().failingAfter(5, error), 3);

  const failed = await settled(Promise.all(flows.map(untilFailure)));

  assertEquals(failed.map(({ values }) => values), [[1, 4], [2, 5], [3]]);
  for (const each of failed) assertStrictEquals(each.error, error);
});

test("partition() reports an error of its function as one of the source, and closes that first", async () => {
  const producer = new Producer();
  const error = new Error("broken");
  const flows = partition(producer.closingSlowly(), 2, (n) => {
    if (n === 4) throw error;
    return n;
  });
  const closed: number[] = [];

  const failed = await Promise.all(flows.map(async (flow) => {
    const failed = await untilFailure(flow);
    closed.push(producer.closed);
    return failed;
  }));

  assertEquals(failed, [{ values: [2], error }, { values: [1, 3], error }]);
  assertEquals([closed, producer.closed, producer.made], [[1, 1], 1, 4]);
});

test("partition() gives an error of its function after a value that holds up the source", async () => {
  const [one, two] = partition([1, 1, 1, 0], 2, (n) => {
    if (n === 0) throw "broken";
    return n;
  });
  const starved = watch(one.recv());
  await idle();

  assertEquals(await settled(untilFailure(two)), { values: [1, 1, 1], error: "broken" });
  await idle();
  assertEquals(starved.reason, "broken");
});

for (const how of ["cancel()", "break", "disposal"]) {
  test(`partition() gives the others what a flow has not given after ${how}`, async () => {
    const producer = new Producer();
    const [one, two, three] = partition(producer.values(12), 3);
    const taken: number[] = [];
    for (const flow of [three, two, one]) taken.push((await flow.recv()).value as number);
    await three.recv();
    await idle();
    const held = [one.size, two.size];

    if (how === "cancel()") one.cancel();
    else if (how === "break") taken.push(...await takeAndLeave(one, 1));
    else await one[Symbol.asyncDispose]();
    const rest = await shares([two, three]);

    assertEquals(held, [1, 1]);
    const all = [...taken, 6, ...rest.flat()].sort(byNumber);
    assertEquals(all, Array.from({ length: 12 }, (_, i) => i + 1));
    assertEquals([one.tryRecv(), one.size], [DONE, 0]);
  });
}

test("partition() drops the keys of a flow that is cancelled, and no others", async () => {
  const producer = new Producer();
  const [even, odd] = partition(producer.values(8), 2, (n) => n % 2);
  await even.recv();

  even.cancel();
  const values = await drained(odd);

  assertEquals([values, producer.made, producer.closed], [[1, 3, 5, 7], 8, 1]);
});

test("partition() closes the source with the last of its flows, which waits for the finally", async () => {
  const producer = new Producer();
  const flows = partition(producer.closingSlowly(), 3);
  await flows[0].recv();
  const closed: number[] = [];

  for (const flow of flows) {
    await flow[Symbol.asyncDispose]();
    closed.push(producer.closed);
  }

  assertEquals(closed, [0, 0, 1]);
});

test("partition() reports an error of the source's finally to the last who leaves", async () => {
  const [one, two] = partition(new Producer().closingBadly("bad"), 2);

  await takeAndLeave(one, 1);

  assertEquals(await rejection(takeAndLeave(two, 1)), "bad");
});

test("partition() does not wait for a stuck source when its last flow is left", async () => {
  const [one, two] = partition(new Producer().stuckAfter(2), 2);
  const loop = two[Symbol.asyncIterator]();
  await loop.next();
  const pending = loop.next();

  const left = await settled(Promise.all([takeAndLeave(one, 1), loop.return()]));

  assertEquals([left[0], await settled(pending)], [[1], DONE]);
});

test("partition() starts no generator to cancel it", async () => {
  const producer = new Producer();

  for (const flow of partition(producer.values(), 3)) await flow[Symbol.asyncDispose]();

  assertEquals([producer.started, producer.closed], [false, 0]);
});

test("partition() drops an answer that comes after all have left", async () => {
  const { promise, resolve } = deferred<number>();
  const flows = partition(same(from([promise])), 2);
  watch(flows[0].recv());
  for (const flow of flows) flow.cancel();

  resolve(1);
  await idle();

  assertEquals(flows.map((flow) => [flow.size, flow.tryRecv()]), [[0, DONE], [0, DONE]]);
});

test("partition() leaves a channel open, and its values to others", async () => {
  const channel = new Channel<number>(4);
  for (const n of [1, 2, 3]) channel.trySend(n);
  const [one, two] = partition(channel, 2);

  await takeAndLeave(one, 1);
  two.cancel();
  await idle();

  assertEquals([channel.closed, channel.size, counts(channel).receivers], [false, 2, 0]);
});

test("partition() feeds pipes that come together again, and keeps the order of each key", async () => {
  const flows: Flow<number>[] = partition(new Producer().values(30), 3, (n) => n % 3);

  const values = await drained(merge(...flows.map((flow) =>
    pipe(
      flow,
      map(async (n: number) => {
        for (let i = 0; i < n % 3; i++) await null;
        return n;
      }),
    )
  )));

  for (const key of [0, 1, 2]) {
    assertEquals(
      values.filter((n) => n % 3 === key),
      Array.from({ length: 30 }, (_, i) => i + 1).filter((n) => n % 3 === key),
    );
  }
});

test("partition() inside pipe() keeps the source open while another flow is read", async () => {
  const producer = new Producer();
  const others: Flow<number>[] = [];
  const flow = pipe(producer.values(9), (input) => {
    const [one, other] = partition(input, 2);
    others.push(other);
    return one;
  });

  await takeAndLeave(flow, 1);
  const values = await drained(others[0] as Flow<number>);

  assertEquals([values, producer.closed], [[2, 3, 4, 5, 6, 7, 8, 9], 1]);
});

test("partition() throws at once for arguments that cannot be", () => {
  for (const n of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => partition([1], n as number), RangeError, `n must be`);
  }
  assertThrows(
    () => partition([1], "2" as unknown as number),
    TypeError,
    'n must be a number: "2"',
  );
  assertThrows(
    () => partition(5 as unknown as number[], 2),
    TypeError,
    "source must be iterable: 5",
  );
  assertThrows(
    () => partition([1], 2, "key" as unknown as () => unknown),
    TypeError,
    'by must be a function: "key"',
  );
});
