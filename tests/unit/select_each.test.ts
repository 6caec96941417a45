import { assert, assertEquals, assertFalse, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { after, Channel, selectEach, trySelect } from "../../mod.ts";
import { idle, setSeed, useFakeClock } from "../../testing/mod.ts";
import { waiting } from "./counts.ts";
import { DONE, drained, gather, rejection, settled, watch } from "./watch.ts";

function holding<T>(...values: T[]): Channel<T> {
  const channel = new Channel<T>(values.length);
  for (const value of values) channel.trySend(value);
  return channel;
}

test("selectEach() gives every value and reports each closed channel once, then ends", async () => {
  setSeed(1);
  const [a, b] = [holding(1, 2), holding("x")];
  a.close();
  b.close();

  const outcomes = await drained(selectEach({ a, b }));

  const of = (key: string) => outcomes.filter((o) => o.key === key);
  assertEquals(of("a"), [
    { key: "a", done: false, value: 1 },
    { key: "a", done: false, value: 2 },
    { key: "a", done: true, value: undefined },
  ]);
  assertEquals(of("b"), [
    { key: "b", done: false, value: "x" },
    { key: "b", done: true, value: undefined },
  ]);
});

test("selectEach() reports a channel that closes while it waits, and goes on with the others", async () => {
  const [a, b] = [new Channel<number>(), new Channel<number>()];
  const outcomes: { key: string }[] = [];
  const loop = watch(gather(selectEach({ a, b }), outcomes));

  a.close();
  await idle();
  b.trySend(1);
  await idle();
  const before = loop.state;
  b.close();
  await idle();

  assertEquals(outcomes, [
    { key: "a", done: true, value: undefined },
    { key: "b", done: false, value: 1 },
    { key: "b", done: true, value: undefined },
  ] as unknown as { key: string }[]);
  assertEquals([before, loop.state], ["waiting", "fulfilled"]);
});

test("selectEach() over an array reports the indexes", async () => {
  const [a, b] = [holding(1), holding(2)];
  a.close();
  b.close();

  const outcomes = await drained(selectEach([a, null, b]));

  assertEquals(new Set(outcomes.map((o) => o.key)), new Set([0, 2]));
  assertEquals(outcomes.length, 4);
});

test("selectEach() leaves out an after() that has fired", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const outcomes: unknown[] = [];
  const loop = watch(gather(selectEach({ late: after(10) }), outcomes));

  await clock.advance(10);
  await idle();

  assertEquals(outcomes, [{ key: "late", done: false, value: undefined }]);
  assertEquals(loop.state, "fulfilled");
});

test("selectEach() leaves out a signal that was reported", async () => {
  const controller = new AbortController();
  const jobs = new Channel<number>();
  const outcomes: unknown[] = [];
  const loop = watch(gather(selectEach({ jobs, stop: controller.signal }), outcomes));

  controller.abort("enough");
  await idle();
  jobs.trySend(1);
  await idle();

  assertEquals(outcomes, [
    { key: "stop", done: false, value: "enough" },
    { key: "jobs", done: false, value: 1 },
  ]);
  assertEquals(loop.state, "waiting");
});

test("selectEach() keeps a send case: it sends the value at each step", async () => {
  const out = new Channel<string>();
  const loop = async () => {
    let sent = 0;
    for await (const _ of selectEach({ out: out.sendCase("x") })) if (++sent === 3) break;
    return sent;
  };
  const looping = loop();

  const received = [];
  for (let i = 0; i < 3; i++) received.push((await settled(out.recv())).value);

  assertEquals(received, ["x", "x", "x"]);
  assertEquals(await settled(looping), 3);
  assertEquals(waiting(out), 0);
});

test("selectEach() left by break leaves the channels open and loses nothing", async () => {
  const jobs = holding(1, 2, 3);

  for await (const _ of selectEach({ jobs })) break;
  await idle();

  assertFalse(jobs.closed);
  assertEquals(waiting(jobs), 0);
  assertEquals(await settled(jobs.recvMany(5)), [2, 3]);
});

test("selectEach() selects nothing ahead and nothing before the first step", async () => {
  const jobs = holding(1, 2, 3);
  const iterator = selectEach({ jobs })[Symbol.asyncIterator]();

  const before = jobs.size;
  await settled(iterator.next());
  await idle();

  assertEquals([before, jobs.size], [3, 2]);
});

test("selectEach() settles a pending step at once when it is returned, and takes nothing", async () => {
  const [a, b] = [new Channel<number>(1), new Channel<number>(1)];
  const iterator = selectEach({ a, b })[Symbol.asyncIterator]();
  const step = iterator.next();
  await idle();

  iterator.return?.();

  assertEquals([waiting(a), waiting(b)], [0, 0]);
  a.trySend(1);
  assertEquals(await settled(step), { done: true, value: undefined });
  assertEquals(a.size, 1);
});

test("selectEach() that is returned does not take back what was decided in the same turn", async () => {
  const jobs = new Channel<number>();
  const iterator = selectEach({ jobs })[Symbol.asyncIterator]();
  const step = iterator.next();
  await idle();

  jobs.trySend(1);
  iterator.return?.();

  assertEquals(await settled(step), {
    done: false,
    value: { key: "jobs", done: false, value: 1 },
  });
});

test("selectEach() that is returned does not take back a step that went at once", async () => {
  const jobs = holding(1);
  const iterator = selectEach({ jobs })[Symbol.asyncIterator]();

  const step = iterator.next();
  iterator.return?.();

  const value = { key: "jobs", done: false, value: 1 } as const;
  assertEquals(await settled(step), { done: false, value });
  assertEquals(jobs.size, 0);
});

test("selectEach() reports done after return()", async () => {
  const jobs = holding(1);
  const iterator = selectEach({ jobs })[Symbol.asyncIterator]();
  await settled(iterator.return?.() ?? Promise.reject(new Error("no return")));

  const step = await settled(iterator.next());

  assertEquals(step, { done: true, value: undefined });
  assertEquals(jobs.size, 1);
});

test("selectEach() throws the error of a channel that failed", async () => {
  const [jobs, other] = [new Channel<number>(), new Channel<number>()];
  const failure = new Error("source broke");
  const loop = gather(selectEach({ jobs, other }), []);

  jobs.fail(failure);

  assertStrictEquals(await rejection(loop), failure);
  assertEquals(waiting(other), 0);
});

test("selectEach() ends at once when every case is off", async () => {
  const outcomes = await drained(selectEach({ a: null, b: undefined, c: false }));

  assertEquals(outcomes, []);
});

test("selectEach() throws the reason of its signal when that aborts", async () => {
  const jobs = new Channel<number>();
  const controller = new AbortController();
  const loop = gather(selectEach({ jobs }, { signal: controller.signal }), []);
  await idle();

  controller.abort("stop");

  assertEquals(await rejection(loop), "stop");
  assertEquals(waiting(jobs), 0);
});

test("selectEach() with priority takes the first ready case in source order", async () => {
  const [a, b] = [holding(1, 2), holding(3)];
  a.close();
  b.close();

  const outcomes = await drained(selectEach({ a, b }, { priority: true }));

  assertEquals(outcomes.map((o) => o.key), ["a", "a", "a", "b", "b"]);
});

test("selectEach() can be iterated again, from the cases as they were given", async () => {
  const a = new Channel<number>();
  a.close();
  const loop = selectEach({ a });

  const [first, second] = [await drained(loop), await drained(loop)];

  assertEquals(first, second);
  assert(first.length === 1);
});

test("selectEach() leaves out an after() that has fired elsewhere before", async () => {
  const late = after(0);
  trySelect({ late });

  const outcomes = await drained(selectEach({ late }));

  assertEquals(outcomes, []);
});

test("selectEach() serves steps that overlap one after the other, each with what is left by then", async () => {
  const jobs = holding(1);
  jobs.close();
  const loop = selectEach({ jobs })[Symbol.asyncIterator]();

  const steps = await settled(Promise.all([loop.next(), loop.next(), loop.next()]));

  assertEquals(steps, [
    { done: false, value: { key: "jobs", done: false, value: 1 } },
    { done: false, value: { key: "jobs", done: true, value: undefined } },
    DONE,
  ]);
});

test("selectEach() that is over reports done, also after return()", async () => {
  const loop = selectEach({ never: undefined })[Symbol.asyncIterator]();

  const steps = [
    await settled(loop.next()),
    await settled(loop.return!()),
    await settled(loop.next()),
  ];

  assertEquals(steps, [DONE, DONE, DONE]);
});

test("the iterator of selectEach() is iterable itself: a loop takes up where it stands", async () => {
  const loop = selectEach({ jobs: holding(1, 2) })[Symbol.asyncIterator]();
  await settled(loop.next());

  const seen: unknown[] = [];
  watch(gather(loop as unknown as AsyncIterable<{ value: unknown }>, seen));
  await idle();

  assertEquals(seen, [{ key: "jobs", done: false, value: 2 }]);
});
