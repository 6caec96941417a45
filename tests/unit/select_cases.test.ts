import { assertEquals, assertInstanceOf, assertStrictEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { after, Channel, ChannelClosedError, select, trySelect } from "../../mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { counts, waiting } from "./counts.ts";
import { rejection, settled, watch } from "./watch.ts";

function holding<T>(value: T): Channel<T> {
  const channel = new Channel<T>(1);
  channel.trySend(value);
  return channel;
}

function ended(): Channel<number> {
  const channel = new Channel<number>();
  channel.close();
  return channel;
}

test("select() reports the value of a receive case that is ready", async () => {
  const jobs = holding("work");

  const selected = await settled(select({ jobs }));

  assertEquals(selected, { key: "jobs", done: false, value: "work" });
  assertEquals(jobs.size, 0);
});

test("select() reports the value of a receive case that becomes ready", async () => {
  const jobs = new Channel<string>();
  const selected = select({ jobs });

  jobs.trySend("work");

  assertEquals(await settled(selected), { key: "jobs", done: false, value: "work" });
});

test("select() reports done for the receive case of a closed channel", async () => {
  const selected = await settled(select({ jobs: ended() }));

  assertEquals(selected, { key: "jobs", done: true, value: undefined });
});

test("select() reports done for the receive case of a channel that closes while it waits", async () => {
  const [jobs, other] = [new Channel<number>(), new Channel<number>()];
  const selected = select({ jobs, other });

  jobs.close();

  assertEquals(waiting(other), 0);
  assertEquals(await settled(selected), { key: "jobs", done: true, value: undefined });
});

test("select() receives the values of a closed channel before it reports done", async () => {
  const jobs = holding(1);
  jobs.close();

  const first = await settled(select({ jobs }));
  const second = await settled(select({ jobs }));

  assertEquals(first, { key: "jobs", done: false, value: 1 });
  assertEquals(second, { key: "jobs", done: true, value: undefined });
});

test("select() sends the value of a send case that is ready", async () => {
  const results = new Channel<number>(1);

  const selected = await settled(select({ out: results.sendCase(7) }));

  assertEquals(selected, { key: "out", done: false, value: undefined });
  assertEquals(results.tryRecv(), { done: false, value: 7 });
});

test("select() sends to a receiver that comes while it waits", async () => {
  const results = new Channel<number>();
  const selected = select({ out: results.sendCase(7) });

  const received = results.tryRecv();

  assertEquals(received, { done: false, value: 7 });
  assertEquals(await settled(selected), { key: "out", done: false, value: undefined });
});

test("select() serves a parked receiver with its send case", async () => {
  const results = new Channel<number>();
  const receive = results.recv();

  select({ out: results.sendCase(7) });

  assertEquals(counts(results).receivers, 0);
  assertEquals(await settled(receive), { done: false, value: 7 });
});

test("select() takes the value of a parked sender and lets him go", async () => {
  const jobs = new Channel<number>();
  const send = jobs.send(7);

  const selected = await settled(select({ jobs }));

  assertEquals(selected.value, 7);
  await settled(send);
});

test("select() reports nothing but the fact for a timer case", async () => {
  const selected = await settled(select({ late: after(0) }));

  assertEquals(selected, { key: "late", done: false, value: undefined });
});

test("select() resolves with the reason of a signal case that is aborted already", async () => {
  const reason = new Error("stop");

  const selected = await settled(select({ stop: AbortSignal.abort(reason) }));

  assertEquals([selected.key, selected.done], ["stop", false]);
  assertStrictEquals(selected.value, reason);
});

test("select() resolves with the reason of a signal case that aborts while it waits", async () => {
  const controller = new AbortController();
  const jobs = new Channel<number>();
  const selected = select({ jobs, stop: controller.signal });

  controller.abort("enough");

  assertEquals(waiting(jobs), 0);
  assertEquals(await settled(selected), { key: "stop", done: false, value: "enough" });
});

test("trySelect() finds an aborted signal ready, and an unaborted one not", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const before = trySelect({ stop: signal });

  controller.abort("enough");

  assertEquals(before, undefined);
  assertEquals(trySelect({ stop: signal }), { key: "stop", done: false, value: "enough" });
});

for (const off of [null, undefined, false] as const) {
  test(`select() leaves out a case that is ${off}`, async () => {
    const jobs = holding(1);

    const selected = await settled(select({ off, jobs }));

    assertEquals(selected, { key: "jobs", done: false, value: 1 });
  });

  test(`select() with nothing but ${off} waits until its signal aborts`, async () => {
    const controller = new AbortController();
    const selected = watch(select({ off }, { signal: controller.signal }));
    await idle();
    const before = selected.state;

    controller.abort("stop");
    await idle();

    assertEquals([before, selected.reason], ["waiting", "stop"]);
  });

  test(`trySelect() with nothing but ${off} finds nothing ready`, () => {
    const selected = trySelect({ off });

    assertEquals(selected, undefined);
  });
}

test("select() with every case off waits until its timeout", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const selected = watch(select([null, false], { timeout: 50 }));

  await clock.advance(50);
  await idle();

  assertEquals((selected.reason as DOMException).name, "TimeoutError");
});

test("select() over an array reports the index", async () => {
  const channels = [new Channel<number>(), holding(7)];

  const selected = await settled(select(channels));

  assertEquals(selected, { key: 1, done: false, value: 7 });
});

test("select() over an array counts the cases that are off", async () => {
  const jobs = new Channel<number>();
  const selected = select([null, undefined, jobs, false]);

  jobs.trySend(7);

  assertEquals(await settled(selected), { key: 2, done: false, value: 7 });
});

test("select() keeps a numeric key of a record as text", async () => {
  const jobs = holding(7);

  const selected = await settled(select({ 1: jobs }));

  assertEquals(selected, { key: "1", done: false, value: 7 });
});

test("trySelect() answers undefined and leaves nothing behind when no case is ready", () => {
  const [jobs, results] = [new Channel<number>(), new Channel<number>()];

  const selected = trySelect({ jobs, out: results.sendCase(1), late: after(1_000) });

  assertEquals(selected, undefined);
  assertEquals([waiting(jobs), waiting(results)], [0, 0]);
});

test("trySelect() commits a ready case inside the call", () => {
  const jobs = holding(7);

  const selected = trySelect({ jobs });

  assertEquals(selected, { key: "jobs", done: false, value: 7 });
  assertEquals(jobs.size, 0);
});

test("trySelect() with priority takes the first ready case in source order", () => {
  const [a, b, c] = [new Channel<number>(), holding(2), holding(3)];

  const keys = Array.from({ length: 50 }, () => {
    const key = trySelect({ a, b, c }, { priority: true })?.key;
    b.trySend(2);
    return key;
  });

  assertEquals(new Set(keys), new Set(["b"] as const));
});

test("select() with priority takes the first ready case in source order", async () => {
  const [a, b] = [holding(1), holding(2)];

  const first = await settled(select([a, b], { priority: true }));
  const second = await settled(select([a, b], { priority: true }));

  assertEquals([first.value, second.value], [1, 2]);
});

test("select() takes effect inside the call", () => {
  const jobs = holding(7);

  select({ jobs });

  assertEquals(jobs.size, 0);
});

test("select() evaluates the values of send cases on entry", async () => {
  const results = new Channel<{ n: number }>();
  let value = { n: 1 };
  const selected = select({ out: results.sendCase(value) });

  value = { n: 2 };

  assertEquals(results.tryRecv(), { done: false, value: { n: 1 } });
  await settled(selected);
  assertEquals(value, { n: 2 });
});

test("select() rejects when the send case of a closed channel is chosen", async () => {
  const error = await rejection(select({ out: ended().sendCase(7) }));

  assertInstanceOf(error, ChannelClosedError);
  assertEquals(error.value, 7);
});

test("trySelect() throws when the send case of a closed channel is chosen", () => {
  const results = ended();

  const error = assertThrows(() => trySelect({ out: results.sendCase(7) }), ChannelClosedError);

  assertEquals(error.value, 7);
});

test("select() does not reject for a closed send case that is not chosen", async () => {
  const jobs = holding(1);

  const selected = await settled(
    select({ jobs, out: ended().sendCase(7) }, { priority: true }),
  );

  assertEquals(selected, { key: "jobs", done: false, value: 1 });
});

test("select() rejects with the error itself when a failed channel is chosen", async () => {
  const jobs = new Channel<number>();
  const failure = new Error("source broke");
  jobs.fail(failure);

  const error = await rejection(select({ jobs }));

  assertStrictEquals(error, failure);
  assertStrictEquals(assertThrows(() => trySelect({ jobs })), failure);
});

test("select() receives the values of a failed channel before its error", async () => {
  const jobs = holding(1);
  const failure = new Error("source broke");
  jobs.fail(failure);

  const selected = await settled(select({ jobs }));

  assertEquals(selected.value, 1);
  assertStrictEquals(await rejection(select({ jobs })), failure);
});

test("select() rejects with the error itself when a channel fails while it waits", async () => {
  const [jobs, other] = [new Channel<number>(), new Channel<number>()];
  const failure = new Error("source broke");
  const selected = select({ jobs, other });

  jobs.fail(failure);

  assertEquals(waiting(other), 0);
  assertStrictEquals(await rejection(selected), failure);
});

test("select() rejects with the reason of a signal option that was aborted before", async () => {
  const jobs = holding(1);

  const thrown = await rejection(select({ jobs }, { signal: AbortSignal.abort("stop") }));

  assertEquals(thrown, "stop");
  assertEquals(jobs.size, 1);
});

test("select() rejects with the reason of a signal option that aborts while it waits", async () => {
  const [jobs, results] = [new Channel<number>(), new Channel<number>()];
  const controller = new AbortController();
  const cases = { jobs, out: results.sendCase(1) };
  const selected = select(cases, { signal: controller.signal });

  controller.abort("stop");

  assertEquals([waiting(jobs), waiting(results)], [0, 0]);
  assertEquals(await rejection(selected), "stop");
});

test("select() that was decided before the abort in the same turn resolves", async () => {
  const jobs = new Channel<number>();
  const controller = new AbortController();
  const selected = select({ jobs }, { signal: controller.signal });

  jobs.trySend(1);
  controller.abort();

  assertEquals(await settled(selected), { key: "jobs", done: false, value: 1 });
});

test("select() with a timeout rejects with a DOMException named TimeoutError", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const jobs = new Channel<number>();
  const selected = watch(select({ jobs }, { timeout: 100 }));

  await clock.advance(99);
  await idle();
  const before = selected.state;
  await clock.advance(1);
  await idle();

  assertEquals([before, selected.state], ["waiting", "rejected"]);
  assertInstanceOf(selected.reason, DOMException);
  assertEquals(selected.reason.name, "TimeoutError");
  assertEquals(waiting(jobs), 0);
});

test("select() with timeout 0 takes a ready case", async () => {
  const selected = await settled(select({ jobs: holding(1) }, { timeout: 0 }));

  assertEquals(selected.value, 1);
});

test("select() with timeout 0 tries once and does not wait", async () => {
  const jobs = new Channel<number>();

  const selected = select({ jobs }, { timeout: 0 });

  assertEquals(waiting(jobs), 0);
  assertEquals((await rejection(selected) as DOMException).name, "TimeoutError");
});

test("select() reports its own key although an onDrop selects meanwhile", async () => {
  const other = holding(1);
  const out = new Channel<number>(1, {
    overflow: "drop-newest",
    onDrop: () => trySelect({ elsewhere: other }),
  });
  out.trySend(1);

  const selected = await settled(select({ out: out.sendCase(2) }));

  assertEquals(selected, { key: "out", done: false, value: undefined });
  assertEquals(other.size, 0);
});

test("trySelect() reports its own key although an onDrop selects meanwhile", () => {
  const other = holding(1);
  const out = new Channel<number>(1, {
    overflow: "drop-newest",
    onDrop: () => trySelect({ elsewhere: other }),
  });
  out.trySend(1);

  const selected = trySelect({ out: out.sendCase(2) });

  assertEquals(selected, { key: "out", done: false, value: undefined });
});

test("select() rejects with the error of an onDrop that its send case caused", async () => {
  const failure = new Error("hook broke");
  const out = new Channel<number>(1, {
    overflow: "drop-oldest",
    onDrop: () => {
      throw failure;
    },
  });
  out.trySend(1);

  const error = await rejection(select({ out: out.sendCase(2) }));

  assertStrictEquals(error, failure);
  assertEquals(out.tryRecv(), { done: false, value: 2 });
});

test("select() takes the same send case twice and sends twice", async () => {
  const results = new Channel<number>(2);
  const out = results.sendCase(7);

  await settled(select({ out }));
  await settled(select({ out }));

  assertEquals(await settled(results.recvMany(5)), [7, 7]);
});
