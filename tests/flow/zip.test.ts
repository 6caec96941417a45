import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel, type Flow, from, map, pipe, select, tee, zip } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { type Equals } from "../types/equals.ts";
import { counts } from "../unit/counts.ts";
import { DONE, drained, rejection, settled, watch } from "../unit/watch.ts";
import { laws } from "./laws.ts";
import { deferred, Producer, same, takeAndLeave, untilFailure } from "./sources.ts";

const ROWS = {
  gives: (n: number) => Array.from({ length: n }, (_, i) => [i + 1, i + 1]),
  made: (received: number) => received,
};

laws("zip()", (source) => zip(source, new Producer().now()), ROWS);

test("zip() gives rows of every kind of source", async () => {
  const channel = new Channel<string>(2);
  channel.trySend("x");
  channel.trySend("y");
  const flow = zip([1, 2], new Producer().values(), channel, from("ab"));

  const rows = await settled(takeAndLeave(flow, 2));

  assertEquals(rows, [[1, 1, "x", "a"], [2, 2, "y", "b"]]);
});

test("zip() types its rows", () => {
  const flow = zip([1], "text", from([true]), new Channel<Date>());
  const exact: Equals<typeof flow, Flow<[number, string, boolean, Date]>> = true;
  const sources: number[][] = [[1], [2]];
  const list = zip(...sources);
  const many: Equals<typeof list, Flow<number[]>> = true;

  assert(exact && many);
});

test("zip() of nothing ends at once", async () => {
  const flow = zip();

  assertEquals([flow.closed, flow.tryRecv(), await drained(flow)], [true, DONE, []]);
});

test("zip() of one source gives rows of one", async () => {
  assertEquals(await drained(zip([1, 2])), [[1], [2]]);
});

test("zip() opens nothing before the first receive", async () => {
  const [a, b] = [new Producer(), new Producer()];
  const flow = zip(a.values(), b.now());

  flow[Symbol.asyncIterator]();
  flow.tryRecv();
  await idle();

  assertEquals([a.started, b.started], [false, false]);
});

test("zip() asks each source for one value a row, and only for a row that is waited for", async () => {
  const [a, b] = [new Producer(), new Producer()];
  const flow = zip(a.values(), b.now());
  const made: number[][] = [];

  for (let row = 1; row <= 3; row++) {
    await flow.recv();
    await idle();
    made.push([a.made, b.made]);
  }

  assertEquals([made, flow.size], [[[1, 1], [2, 2], [3, 3]], 0]);
});

test("zip() asks all its sources at the same time", async () => {
  const [a, b] = [deferred<number>(), deferred<number>()];
  let asked = 0;
  const wait = map((_: number) => asked++ === 0 ? a.promise : b.promise);
  const row = watch(zip(pipe([1], wait), pipe([1], wait)).recv());
  await idle();
  const before = asked;

  b.resolve(2);
  a.resolve(1);
  await idle();

  assertEquals([before, row.value], [2, { done: false, value: [1, 2] }]);
});

test("zip() serves those who wait in the order in which they came", async () => {
  const flow = zip([1, 2, 3], new Producer().values());

  const receives = await settled(Promise.all([flow.recv(), select({ flow }), flow.recv()]));

  assertEquals(receives.map(({ value }) => value), [[1, 1], [2, 2], [3, 3]]);
});

test("zip() ends with the shortest source, and closes the others", async () => {
  const [a, b] = [new Producer(), new Producer()];

  const rows = await drained(zip(a.values(), [1, 2], b.now()));

  assertEquals([rows, a.closed, b.closed], [[[1, 1, 1], [2, 2, 2]], 1, 1]);
});

test("zip() ends although another source is stuck", async () => {
  assertEquals(await drained(zip(new Producer().stuckAfter(1), [7])), [[1, 7]]);
});

test("zip() fails with the first error, after the complete rows", async () => {
  const producer = new Producer();
  const flow = zip(producer.values(), new Producer().failingAfter(2, "broken"));

  const failed = await settled(untilFailure(flow));

  assertEquals(failed, { values: [[1, 1], [2, 2]], error: "broken" });
  assertEquals([producer.closed, await rejection(flow.recv())], [1, "broken"]);
});

test("zip() does not wait for a stuck source to report an error", async () => {
  const flow = zip(new Producer().stuckAfter(0), new Producer().failingAfter(0, "broken"));

  assertEquals(await rejection(flow.recv()), "broken");
});

test("zip() waits for each finally when its loop is left, and reports their errors", async () => {
  const producer = new Producer();
  const flow = zip(
    producer.closingSlowly(),
    new Producer().closingBadly("a"),
    from(new Producer().closingBadly("b")),
  );

  const error = await rejection(takeAndLeave(flow, 1));

  assertInstanceOf(error, AggregateError);
  assertEquals([producer.closed, error.errors], [1, ["a", "b"]]);
});

test("zip() runs each finally once when it is cancelled in the middle of a row", async () => {
  const [a, b] = [new Producer(), new Producer()];
  const flow = zip(a.values(), b.now(), new Producer().stuckAfter(0));
  const loop = flow[Symbol.asyncIterator]();
  const receive = watch(loop.next());
  await idle();

  await settled(loop.return());

  assertEquals([receive.value, a.closed, b.closed, flow.tryRecv()], [DONE, 1, 1, DONE]);
});

test("zip() leaves a channel open and nothing parked on it", async () => {
  const [one, two] = [new Channel<number>(), new Channel<number>()];
  const flow = zip(one, two);
  watch(flow.recv());
  await idle();

  flow.cancel();
  await idle();

  assertEquals([one, two].map((channel) => counts(channel).receivers), [0, 0]);
  assertEquals([one.closed, two.closed], [false, false]);
});

test("zip() joins the branches of one source", async () => {
  const [left, right] = tee([1, 2, 3], 2);

  const rows = await drained(zip(left, pipe(right, map((n: number) => n * n))));

  assertEquals(rows, [[1, 1], [2, 4], [3, 9]]);
});

test("zip() inside pipe() owns the input of the pipe", async () => {
  const producer = new Producer();
  const flow = pipe(producer.values(), (input) => zip(same(input), ["a", "b"]));

  assertEquals([await drained(flow), producer.closed], [[[1, "a"], [2, "b"]], 1]);
});

test("zip() throws at once for what cannot be iterated", () => {
  for (const source of [5, null, {}]) {
    assertThrows(() => zip([1], source as unknown as number[]), TypeError, "source must be");
  }
});
