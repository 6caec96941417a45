import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel, concat, type Flow, from, pipe, select } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { type Equals } from "../types/equals.ts";
import { counts } from "../unit/counts.ts";
import { DONE, drained, gather, rejection, settled, watch } from "../unit/watch.ts";
import { laws } from "./laws.ts";
import { Producer, same, scripted, takeAndLeave, untilFailure } from "./sources.ts";

const ONE_BY_ONE = { made: (received: number) => received };

laws("concat() that begins with a source", (source) => concat(source, [], []), ONE_BY_ONE);
laws("concat() that ends with a source", (source) => concat([], source), ONE_BY_ONE);

test("concat() gives the values of one source after those of the other", async () => {
  const channel = new Channel<number>(1);
  channel.trySend(7);
  channel.close();

  const values = await drained(
    concat([1, 2], new Producer().values(2), channel, [], from("a"), pipe([3], same)),
  );

  assertEquals(values, [1, 2, 1, 2, 7, "a", 3]);
});

test("concat() types its values", () => {
  const flow = concat([1], "text", from([true]));
  const exact: Equals<typeof flow, Flow<number | string | boolean>> = true;

  assert(exact);
});

test("concat() of nothing ends at once", async () => {
  const flow = concat();

  assertEquals([flow.closed, flow.tryRecv(), await drained(flow)], [true, DONE, []]);
});

test("concat() opens a source when the one before it has ended", async () => {
  const [a, b] = [new Producer(), new Producer()];
  const flow = concat(a.values(1), b.values(1));
  const seen: unknown[] = [[a.started, b.started]];

  for (let i = 0; i < 3; i++) {
    const { value } = await flow.recv();
    await idle();
    seen.push([value, a.closed, b.started]);
  }

  assertEquals(seen, [[false, false], [1, 0, false], [1, 1, true], [undefined, 1, true]]);
});

test("concat() asks its source only for a receive that waits", async () => {
  const producer = new Producer();
  const flow = concat([0], producer.values());

  for (let i = 0; i < 3; i++) {
    await flow.recv();
    await idle();
  }

  assertEquals([producer.made, flow.size], [2, 0]);
});

test("concat() serves those who wait in the order in which they came", async () => {
  const flow = concat([1], new Producer().values(1), [2]);

  const receives = await settled(
    Promise.all([flow.recv(), select({ flow }), flow.recv(), flow.recv()]),
  );

  assertEquals(receives.map(({ done, value }) => done ? "done" : value), [1, 1, 2, "done"]);
});

test("concat() fails with an error of its source, and closes those that were not opened", async () => {
  const [a, b] = [new Producer(), new Producer()];
  const flow = concat(a.failingAfter(1, "broken"), b.values());

  const failed = await settled(untilFailure(flow));

  assertEquals(failed, { values: [1], error: "broken" });
  assertEquals([b.started, await settled(b.values().next())], [false, { done: false, value: 1 }]);
});

test("concat() closes the sources that were not opened without starting them", async () => {
  const [a, b, c] = [new Producer(), new Producer(), new Producer()];
  const waiting = [b.values(), c.now()] as const;
  const flow = concat(a.values(), ...waiting);

  await takeAndLeave(flow, 2);

  assertEquals([a.closed, b.started, c.started], [1, false, false]);
  assertEquals([await settled(waiting[0].next()), waiting[1].next()], [DONE, DONE]);
});

test("concat() closes each source once", async () => {
  const closed: string[] = [];
  const source = (name: string, values: number) => {
    let left = values;
    return scripted<number>({
      next: () => Promise.resolve({ done: left-- === 0, value: left }),
      return: () => {
        closed.push(name);
        return Promise.resolve({ done: true, value: undefined });
      },
    });
  };
  const flow = concat(source("a", 1), source("b", 5), source("c", 1));

  await takeAndLeave(flow, 2);
  await flow[Symbol.asyncDispose]();

  // The first had ended by itself.
  assertEquals(closed, ["b", "c"]);
});

test("concat() waits for each finally when its loop is left, and reports their errors", async () => {
  const producer = new Producer();
  const bad = new Producer().closingBadly("bad");
  await bad.next();

  const error = await rejection(takeAndLeave(concat(producer.closingSlowly(), bad), 1));

  assertEquals([producer.closed, error], [1, "bad"]);
});

test("concat() that fails reports what a finally throws together with its error", async () => {
  const bad = new Producer().closingBadly("bad");
  await bad.next();

  const { error } = await settled(untilFailure(concat(new Producer().failingAfter(1, "a"), bad)));

  assertInstanceOf(error, AggregateError);
  assertEquals(error.errors, ["a", "bad"]);
});

test("concat() does not wait for a stuck source after cancel()", async () => {
  const flow = concat(new Producer().stuckAfter(1), [2]);
  const values: number[] = [];
  const all = watch(gather(flow, values));
  await idle();

  flow.cancel();
  await idle();

  assertEquals([all.state, values], ["fulfilled", [1]]);
});

test("concat() leaves a channel open, with its values", async () => {
  const channel = new Channel<number>(4);
  for (const n of [1, 2, 3]) channel.trySend(n);

  await takeAndLeave(concat(channel, [4]), 1);
  const flow = concat(new Channel<number>());
  watch(flow.recv());
  flow.cancel();

  assertEquals([channel.closed, channel.size, counts(channel).receivers], [false, 2, 0]);
});

test("concat() inside pipe() owns the input of the pipe", async () => {
  const producer = new Producer();
  const flow = pipe(producer.values(), (input) => concat([0], same(input)));

  assertEquals([await takeAndLeave(flow, 3), producer.closed], [[0, 1, 2], 1]);
});

test("concat() throws at once for what cannot be iterated", () => {
  for (const source of [5, null, {}]) {
    assertThrows(() => concat([1], source as unknown as number[]), TypeError, "source must be");
  }
});
