import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import {
  after,
  Channel,
  every,
  type Flow,
  from,
  map,
  merge,
  once,
  pipe,
  select,
  trySelect,
} from "../../mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { counts } from "../unit/counts.ts";
import { DONE, drained, gather, RECEIVED, rejection, settled, watch } from "../unit/watch.ts";
import { laws } from "./laws.ts";
import {
  deferred,
  NEVER,
  Producer,
  same,
  scripted,
  takeAndLeave,
  untilFailure,
} from "./sources.ts";
import { Spout } from "./spout.ts";

/** A generator of `name` and a number. */
async function* named(name: string, last = Infinity): AsyncGenerator<string, void> {
  for (let n = 1; n <= last; n++) yield `${name}${n}`;
}

/** As `named`, without a promise. */
function* namedNow(name: string, last = Infinity): Generator<string, void> {
  for (let n = 1; n <= last; n++) yield `${name}${n}`;
}

/** A channel with values in it. */
function filled<T>(...values: T[]): Channel<T> {
  const channel = new Channel<T>(Math.max(values.length, 1));
  for (const value of values) channel.trySend(value);
  return channel;
}

const ONE_BY_ONE = { made: (received: number) => received };

laws(
  "merge() of one and none",
  (source) => merge([], source, new Producer().values(0)),
  ONE_BY_ONE,
);
laws("merge() of a flow", (source) => merge(from(source)), ONE_BY_ONE);

test("merge() gives the values of every kind of source", async () => {
  const channel = filled("c1", "c2");
  channel.close();
  const stream = new ReadableStream<string>({
    start(controller) {
      controller.enqueue("s1");
      controller.close();
    },
  });

  const values = await drained(merge(
    ["a1", "a2"],
    namedNow("n", 2),
    named("g", 2),
    channel,
    stream,
    from(named("f", 2)),
    pipe(named("p", 2), same),
    once(Promise.resolve("o1")),
  ));

  assertEquals(
    values.sort(),
    ["a1", "a2", "c1", "c2", "f1", "f2", "g1", "g2", "n1", "n2", "o1", "p1", "p2", "s1"],
  );
});

test("merge() of nothing ends at once", async () => {
  const flow = merge();

  assertEquals([flow.closed, flow.tryRecv(), await drained(flow)], [true, DONE, []]);
});

test("merge() keeps the order of each source", async () => {
  const values = await drained(merge(named("a", 50), namedNow("b", 50), filledAndClosed("c", 50)));

  for (const name of ["a", "b", "c"]) {
    const own = values.filter((value) => value.startsWith(name));
    assertEquals(own, [...namedNow(name, 50)]);
  }
});

function filledAndClosed(name: string, last: number): Channel<string> {
  const channel = filled(...namedNow(name, last));
  channel.close();
  return channel;
}

test("merge() gives values as they come", async () => {
  const [a, b] = [deferred<string>(), deferred<string>()];
  const values: unknown[] = [];
  const all = watch(gather(merge(same(from([a.promise])), same(from([b.promise]))), values));
  await idle();

  b.resolve("b");
  await idle();
  const first = [...values];
  a.resolve("a");
  await idle();

  assertEquals([first, values, all.state], [["b"], ["b", "a"], "fulfilled"]);
});

const READY_SOURCES: Record<string, (name: string) => AsyncIterable<string> | Iterable<string>> = {
  "async generators": (name) => named(name),
  "synchronous generators": (name) => namedNow(name),
  channels: (name) => filledAndClosed(name, 100),
  flows: (name) => from(named(name), { capacity: 2 }),
};

for (const [kind, make] of Object.entries(READY_SOURCES)) {
  test(`merge() serves ${kind} that always have a value in turn`, async () => {
    const values = await settled(takeAndLeave(merge(make("a"), make("b"), make("c")), 60));

    for (const name of ["a", "b", "c"]) {
      const share = values.filter((value) => value.startsWith(name)).length;
      assert(share >= 19 && share <= 21, `${name}: ${share} of 60`);
    }
  });
}

for (const [kind, make] of Object.entries(READY_SOURCES)) {
  for (const [other, makeOther] of Object.entries(READY_SOURCES)) {
    test(`merge() does not let ${kind} starve ${other}`, async () => {
      const flow = merge(make("a"), makeOther("b"));

      const values = await settled(takeAndLeave(flow, 100));

      // The first values of an async source take a few microtasks to come.
      const share = values.filter((value) => value.startsWith("b")).length;
      assert(share >= 20 && share <= 80, `${share} of 100`);
    });
  }
}

test("merge() opens nothing and runs nothing before the first receive", async () => {
  const producers = [new Producer(), new Producer(), new Producer()] as const;
  const channel = new Channel<number>();
  const flow = merge(
    producers[0].values(),
    producers[1].now(),
    from(producers[2].values(), { capacity: 3 }),
    channel,
  );

  flow[Symbol.asyncIterator]();
  flow.batches(2)[Symbol.asyncIterator]();
  await idle();

  assertEquals(producers.map(({ started }) => started), [false, false, false]);
  assertEquals([counts(channel).receivers, flow.size], [0, 0]);
});

test("merge() runs each async source at most one value ahead", async () => {
  const [a, b, c] = [new Producer(), new Producer(), new Producer()];
  const flow = merge(a.values(), b.values(), from(c.values()));
  const made: number[] = [];

  for (let received = 1; received <= 4; received++) {
    await flow.recv();
    await idle();
    made.push(a.made + b.made + c.made - received);
  }

  assertEquals([made, flow.size], [[2, 2, 2, 2], 2]);
});

test("merge() asks a synchronous source only for what is taken", async () => {
  const [a, b] = [new Producer(), new Producer()];
  const flow = merge(a.now(), b.now());

  for (let received = 1; received <= 4; received++) await flow.recv();
  await idle();

  assertEquals([a.made, b.made, flow.size], [2, 2, 0]);
});

test("merge() is started by tryRecv(), and by trySelect()", async () => {
  const [one, two] = [merge(named("a")), merge(named("b"))];

  const first = [one.tryRecv(), trySelect({ two })];
  await idle();

  assertEquals(first, [undefined, undefined]);
  assertEquals([one.tryRecv(), trySelect({ two })], [
    RECEIVED("a1"),
    { key: "two", ...RECEIVED("b1") },
  ]);
});

test("merge() serves those who wait in the order in which they came", async () => {
  const flow = merge(named("a"), new Channel<string>());

  const receives = [flow.recv(), flow.recv(), flow.recv()];

  assertEquals(await settled(Promise.all(receives)), ["a1", "a2", "a3"].map(RECEIVED));
});

test("merge() lets undefined, promises, thenables and errors travel untouched", async () => {
  const thenable = { then: () => assert(false, "somebody called then") };
  const values = [undefined, null, Promise.resolve(1), thenable, new Error("a value"), NaN];
  const channel = filled<unknown>(...values);
  channel.close();
  let i = 0;
  const slow = scripted<unknown>({
    next: () => Promise.resolve({ done: i === values.length, value: values[i++] }),
  });

  for (const source of [values, channel, slow]) {
    const received = await drained(merge(source, [] as unknown[]));
    assertEquals(received.length, values.length);
    received.forEach((value, at) => assertStrictEquals(value, values[at]));
  }
});

test("merge() gives batches", async () => {
  const batches = await settled(gather(merge(["a", "b"], ["c", "d"]).batches(3), []));

  assertEquals(batches, [["a", "c", "b"], ["d"]]);
});

test("merge() fails with the first error, after the values that came before", async () => {
  const error = new Error("broken");
  const producer = new Producer();
  const flow = merge(new Producer().failingAfter(2, error), producer.values());

  const failed = await settled(untilFailure(flow));

  assertStrictEquals(failed.error, error);
  assertEquals(producer.closed, 1);
  assertStrictEquals(await rejection(flow.recv()), error);
});

test("merge() gives the values that others hold when one source fails", async () => {
  const { promise, reject } = deferred<string>();
  const flow = merge(same(from([promise])), named("a"), named("b"), named("c"));
  const first = await flow.recv();
  await idle();
  const { size } = flow;

  reject("broken");
  await idle();
  const failed = await untilFailure(flow);

  assertEquals([first, size], [RECEIVED("a1"), 2]);
  assertEquals([failed.error, failed.values], ["broken", ["b1", "c1"]]);
});

test("merge() closes the others before receivers learn of an error", async () => {
  const producer = new Producer();
  const gate = deferred<void>();
  async function* closing() {
    try {
      yield 1;
    } finally {
      await gate.promise;
      producer.closed++;
    }
  }
  const flow = merge(closing(), new Producer().failingAfter(0, "broken"));
  await flow.recv();
  const next = watch(flow.recv());
  await idle();
  const before = next.state;

  gate.resolve();
  await idle();

  assertEquals([before, next.reason, producer.closed], ["waiting", "broken", 1]);
});

test("merge() does not wait for a stuck source to report an error", async () => {
  const flow = merge(new Producer().stuckAfter(0), new Producer().failingAfter(0, "broken"));

  assertEquals(await rejection(flow.recv()), "broken");
});

test("merge() fails when a channel fails, after its values", async () => {
  const [channel, producer] = [filled(1, 2), new Producer()];
  channel.fail("broken");
  const quiet = merge(channel, new Channel<number>());
  const busy = merge(failing(), producer.values());

  assertEquals(await settled(untilFailure(quiet)), { values: [1, 2], error: "broken" });
  const failed = await settled(untilFailure(busy));
  assertEquals([failed.error, producer.closed], ["broken", 1]);
});

function failing(): Channel<number> {
  const channel = new Channel<number>();
  channel.fail("broken");
  return channel;
}

test("merge() fails when a channel fails while a receive waits", async () => {
  const [channel, other] = [new Channel<number>(), new Channel<number>()];
  const flow = merge(channel, other);
  const receives = [flow.recv(), flow.recv()].map(watch);

  channel.fail("broken");
  await idle();

  assertEquals(receives.map(({ reason }) => reason), ["broken", "broken"]);
  assertEquals([counts(other).receivers, other.closed], [0, false]);
});

test("merge() takes an error that looks like a value for an error", async () => {
  const channel = new Channel<number>();
  const flow = merge(channel);
  const receive = watch(flow.recv());

  channel.fail(RECEIVED(1));
  await idle();

  assertEquals([receive.state, receive.reason], ["rejected", RECEIVED(1)]);
});

test("merge() ends when all have ended, channels as well", async () => {
  const [one, two] = [new Channel<number>(), new Channel<number>()];
  const values: number[] = [];
  const all = watch(gather(merge(one, two, [5]), values));
  one.send(1);
  one.close();
  await idle();
  const before = all.state;

  two.send(2);
  two.close();
  await idle();

  assertEquals([before, all.state, values], ["waiting", "fulfilled", [5, 1, 2]]);
});

test("merge() takes a value from a channel only while a receive waits", async () => {
  const [one, two] = [new Channel<number>(4), new Channel<number>(4)];
  const flow = merge(one, two);
  const receive = watch(flow.recv());

  one.trySend(1);
  two.trySend(2);
  one.trySend(3);
  await idle();

  assertEquals(receive.value, RECEIVED(1));
  assertEquals([one.size, two.size, flow.size], [1, 1, 0]);
  assertEquals([counts(one).receivers, counts(two).receivers], [0, 0]);
});

test("merge() leaves the values of a channel to others when its loop is left", async () => {
  const [one, two] = [filled(1, 2, 3), new Channel<number>()];

  const taken = await settled(takeAndLeave(merge(one, two, new Producer().values(0)), 1));

  assertEquals([taken, one.closed, two.closed], [[1], false, false]);
  assertEquals([counts(two).receivers, two.trySend(5)], [0, false]);
  assertEquals([one.tryRecv(), one.tryRecv(), one.size], [RECEIVED(2), RECEIVED(3), 0]);
});

const GOING_AWAY: Record<string, (flow: Flow<unknown>) => unknown> = {
  "cancel()": (flow) => {
    flow.recv();
    flow.cancel();
  },
  "return()": (flow) => {
    const loop = flow[Symbol.asyncIterator]();
    loop.next();
    return loop.return();
  },
  "an abort": async (flow) => {
    const controller = new AbortController();
    const receive = watch(flow.recv({ signal: controller.signal }));
    controller.abort("enough");
    await idle();
    assertEquals(receive.reason, "enough");
  },
  "a timeout": async (flow) => {
    const clock = useFakeClock();
    const receive = watch(flow.recv({ timeout: 10 }));
    await clock.advance(10);
    clock.restore();
    assertEquals(receive.state, "rejected");
  },
  "a select that chose something else": async (flow) => {
    const other = new Channel<string>();
    const chosen = watch(select({ flow, other, never: new Channel() }));
    other.trySend("other");
    await idle();
    assertEquals(chosen.value?.key, "other");
  },
  "a value from another source": async (flow) => {
    await flow.recv();
  },
};

for (const [how, go] of Object.entries(GOING_AWAY)) {
  test(`merge() leaves nothing parked on its channels after ${how}`, async () => {
    const [one, two] = [new Channel<unknown>(), new Channel<unknown>()];
    const gate = deferred<string>();
    const flow = merge(one, same(from([gate.promise])), two);
    if (how === "a value from another source") setImmediate(() => gate.resolve("value"));

    await go(flow);
    await idle();

    assertEquals([counts(one).receivers, counts(two).receivers], [0, 0]);
    assertEquals([one.trySend(1), two.trySend(2)], [false, false]);
  });
}

test("merge() goes on after a receive that was aborted", async () => {
  const channel = new Channel<number>();
  const flow = merge(channel, new Channel<number>());
  const controller = new AbortController();
  watch(flow.recv({ signal: controller.signal }));
  controller.abort();

  const receive = watch(flow.recv());
  const sent = channel.trySend(1);
  await idle();

  assertEquals([sent, receive.value], [true, RECEIVED(1)]);
});

test("merge() keeps a value that was sent to it before the receive was aborted", async () => {
  const channel = new Channel<number>(4);
  const flow = merge(channel, new Channel<number>());
  const controller = new AbortController();
  const aborted = watch(flow.recv({ signal: controller.signal }));
  for (const n of [1, 2, 3]) channel.trySend(n);
  controller.abort("late");

  // The value is on its way to the flow: what comes after it must not overtake it.
  const none = flow.tryRecv();
  await idle();

  assertEquals([aborted.reason, none, flow.size], ["late", undefined, 1]);
  assertEquals(await drained(merge(takenFrom(flow, 3))), [1, 2, 3]);
});

test("merge() leaves no value of a channel over when a source answers in the same moment", async () => {
  for (let turns = 0; turns < 6; turns++) {
    const answer = deferred<IteratorResult<number>>();
    const channel = new Channel<number>(1);
    const flow = merge(scripted<number>({ next: () => answer.promise }), channel);
    const received = flow.recv();
    await idle();

    answer.resolve({ done: false, value: 2 });
    for (let i = 0; i < turns; i++) await null;
    channel.trySend(1);
    const { value } = await received;
    flow.cancel();

    assertEquals([value, channel.size], value === 1 ? [1, 0] : [2, 1], `after ${turns}`);
  }
});

test("merge() serves a further receive with the value of a source while one of a channel is on its way", async () => {
  const answer = deferred<IteratorResult<number>>();
  const channel = new Channel<number>(1);
  const flow = merge(scripted<number>({ next: () => answer.promise }), channel);
  const receives = Promise.all([flow.recv(), flow.recv()]);
  await idle();

  answer.resolve({ done: false, value: 2 });
  channel.trySend(1);

  assertEquals((await settled(receives)).map(({ value }) => value).sort(), [1, 2]);
  flow.cancel();
});

async function* takenFrom<T>(flow: Flow<T>, n: number): AsyncGenerator<T, void> {
  for (let i = 0; i < n; i++) {
    const received = await flow.recv();
    if (!received.done) yield received.value;
  }
}

test("merge() keeps the order of a channel for several receives that wait", async () => {
  const channel = new Channel<number>(8);
  const flow = merge(channel, new Channel<number>());
  const receives = [flow.recv(), flow.recv()];

  channel.trySend(1);
  channel.trySend(2);
  receives.push(flow.recv());
  channel.trySend(3);

  assertEquals(await settled(Promise.all(receives)), [1, 2, 3].map(RECEIVED));
});

test("merge() is one receiver of a channel that stands in it twice", async () => {
  const channel = new Channel<number>();
  const flow = merge(channel, channel);
  const receive = watch(flow.recv());

  channel.send(1);
  await idle();
  channel.close();

  assertEquals([receive.value, await drained(flow)], [RECEIVED(1), []]);
});

test("merge() of channels can be selected", async () => {
  const [one, two] = [new Channel<number>(1), new Channel<number>(1)];
  const flow = merge(one, two);
  one.trySend(1);

  const ready = await settled(select({ flow, late: after(1000) }, { priority: true }));
  const parked = watch(select({ flow }));
  two.trySend(2);
  await idle();
  one.close();
  two.close();

  assertEquals([ready, parked.value], [
    { key: "flow", ...RECEIVED(1) },
    { key: "flow", ...RECEIVED(2) },
  ]);
  assertEquals(await settled(select({ flow })), { key: "flow", ...DONE });
  assertEquals(trySelect({ flow }), { key: "flow", ...DONE });
});

test("merge() hears ticks only while it waits, and holds no timer after", async () => {
  const clock = useFakeClock();
  const ticks = every(10);
  const values: number[] = [];
  const taken = watch(
    takeAndLeave(merge(ticks, new Channel<number>()), 2).then((list) => values.push(...list)),
  );

  await clock.advance(25);
  clock.restore();

  assertEquals([taken.state, values], ["fulfilled", [1, 2]]);
  ticks.cancel();
});

test("merge() takes nothing from its channels while it closes", async () => {
  const gate = deferred<void>();
  async function* closing() {
    try {
      yield 0;
    } finally {
      await gate.promise;
    }
  }
  const [channel, spout] = [new Channel<number>(), new Spout()];
  const flow = merge(pipe(from(closing()), map(() => NEVER)), channel, spout);
  const receive = watch(flow.recv());
  await idle();

  spout.say("error");
  await idle();
  const [state, sent] = [receive.state, channel.trySend(1)];
  gate.resolve();
  await idle();

  assertEquals([state, sent, receive.reason], ["waiting", false, "broken"]);
});

test("merge() gives what a channel was sent before an error came", async () => {
  const [channel, spout] = [new Channel<number>(), new Spout()];
  const flow = merge(channel, spout);
  const receives = [flow.recv(), flow.recv()].map(watch);
  await idle();

  spout.say("error");
  const sent = channel.trySend(1);
  await idle();

  assertEquals([sent, receives[0]?.value, receives[1]?.reason], [true, RECEIVED(1), "broken"]);
});

for (const how of ["recv()", "trySelect()"]) {
  test(`merge() lets ${how} not overtake a select that has parked, although it has not asked yet`, async () => {
    const channel = new Channel<number>(1);
    const flow = merge(channel);
    const inside: unknown[] = [];
    const calling = from(scripted<number>({
      next() {
        channel.trySend(1);
        if (how === "recv()") inside.push(watch(flow.recv()));
        else inside.push(trySelect({ flow }));
        return NEVER;
      },
    }));

    const chosen = watch(select({ calling, flow }, { priority: true }));
    await idle();

    assertEquals([inside.length, chosen.value], [1, { key: "flow", ...RECEIVED(1) }]);
    calling.cancel();
  });
}

test("merge() drops the values that its sources hold when it is cancelled", async () => {
  const flow = merge(named("a"), named("b"), named("c"));
  await flow.recv();
  await idle();
  const { size } = flow;

  flow.cancel();

  assertEquals([size, flow.size, flow.tryRecv()], [2, 0, DONE]);
});

/** All that ends a flow early, after one value was received. */
const EARLY_ENDS: Record<string, (flow: Flow<number>) => unknown> = {
  "break": (flow) => takeAndLeave(flow, 1),
  "break in a loop over batches": (flow) => takeAndLeave(flow.batches(1), 1),
  "cancel()": async (flow) => {
    await flow.recv();
    flow.cancel();
  },
  "[Symbol.asyncDispose]()": async (flow) => {
    await flow.recv();
    await flow[Symbol.asyncDispose]();
  },
};

for (const [name, end] of Object.entries(EARLY_ENDS)) {
  test(`merge() runs each finally once after ${name}`, async () => {
    const producers = [1, 2, 3, 4].map(() => new Producer());
    const [a, b, c, d] = producers as [Producer, Producer, Producer, Producer];
    const flow = merge(
      a.values(),
      pipe(b.values(), same),
      from(c.values(), { capacity: 2 }),
      d.now(),
    );

    await end(flow);
    await idle();
    const closed = producers.map((producer) => producer.closed);
    flow.cancel();
    await flow[Symbol.asyncDispose]();

    // The synchronous one was started only if its turn had come.
    assertEquals(closed.slice(0, 3), [1, 1, 1]);
    assertEquals(producers.map((producer) => producer.closed), closed);
    assertEquals([d.closed, flow.size], [d.started ? 1 : 0, 0]);
    assertEquals([flow.tryRecv(), await settled(flow.recv())], [DONE, DONE]);
  });
}

test("merge() waits for each finally when its loop is left", async () => {
  const [a, b] = [new Producer(), new Producer()];
  const loop = merge(a.closingSlowly(), b.closingSlowly())[Symbol.asyncIterator]();
  await loop.next();
  await idle(); // the other one has answered, too

  await loop.return();

  assertEquals([a.closed, b.closed], [1, 1]);
});

test("merge() does not wait for a stuck source when its loop is left, but for the others", async () => {
  const producer = new Producer();
  const flow = merge(new Producer().stuckAfter(0), producer.closingSlowly());

  const taken = await settled(takeAndLeave(flow, 2));

  assertEquals([taken, producer.closed], [[1, 2], 1]);
});

test("merge() reports the errors of its sources' finally, all of them", async () => {
  const one = await rejection(takeAndLeave(merge(new Producer().closingBadly("a"), [1, 2]), 3));
  const two = await rejection(takeAndLeave(
    merge(new Producer().closingBadly("a"), from(new Producer().closingBadly("b"))),
    4,
  ));

  assertEquals(one, "a");
  assertInstanceOf(two, AggregateError);
  assertEquals([two.errors, two.cause], [["a", "b"], "a"]);
});

test("merge() that fails reports the errors of the other sources' finally with its own", async () => {
  const { promise, reject } = deferred<number>();
  const flow = merge(new Producer().closingBadly("a"), same(from([promise])));
  await flow.recv();
  reject("broken");
  await idle();

  const { error } = await untilFailure(flow);

  assertInstanceOf(error, AggregateError);
  assertEquals([error.errors, error.cause], [["broken", "a"], "broken"]);
});

test("merge() waits for the finally of sources that are about to answer, also when one fails", async () => {
  const [left, failed] = [new Producer(), new Producer()];

  await settled(takeAndLeave(merge(left.closingSlowly(), new Producer().closingSlowly()), 3));
  await settled(
    untilFailure(merge(failed.closingSlowly(), new Producer().failingAfter(1, "broken"))),
  );

  assertEquals([left.closed, failed.closed], [1, 1]);
});

test("merge() starts no generator to cancel it", async () => {
  const [a, b, c] = [new Producer(), new Producer(), new Producer()];
  const flow = merge(a.values(), b.now(), from(c.values()));

  await flow[Symbol.asyncDispose]();

  assertEquals([a, b, c].map(({ started }) => started), [false, false, false]);
  assertEquals(await settled(flow.recv()), DONE);
});

test("merge() drops an answer that comes after the end", async () => {
  const { promise, resolve } = deferred<number>();
  const flow = merge(same(from([promise])), [1]);
  await flow.recv();
  watch(flow.recv());
  flow.cancel();

  resolve(2);
  await idle();

  assertEquals([flow.size, flow.tryRecv()], [0, DONE]);
});

test("merge() can be cancelled by one of its sources", async () => {
  const flows: Flow<number>[] = [];
  const other = new Producer();
  function* now() {
    yield 1;
    flows[0]?.cancel();
    yield 2;
  }
  async function* later() {
    yield 1;
    flows[1]?.cancel();
    yield 2;
  }
  flows.push(merge(now(), other.values()), merge(later(), other.values()));

  const values = [];
  for (const flow of flows) values.push((await settled(gather(flow, []))).length);
  await idle();

  assert(values.every((length) => length >= 1 && length < 10), String(values));
  assertEquals(other.closed, 2);
});

test("merge() serves a receive that one of its synchronous sources makes", async () => {
  const receives: Promise<unknown>[] = [];
  function* source(): Generator<number, void> {
    receives.push(flow.recv());
    yield 1;
    yield 2;
  }
  const flow = merge(source(), new Channel<number>());

  const first = await settled(flow.recv());

  assertEquals([first, await settled(receives[0] as Promise<unknown>)], [RECEIVED(1), RECEIVED(2)]);
});

test("merge() ends with a flow that is cancelled by somebody else", async () => {
  const inner = from(new Producer().values());
  const flow = merge(inner, [7]);
  await flow.recv();

  inner.cancel();
  const rest = await settled(takeAndLeave(flow, 9));

  assert(rest.length <= 2);
  assert(flow.closed);
});

test("merge() inside pipe() owns the input of the pipe", async () => {
  const [producer, other] = [new Producer(), new Producer()];
  const flow = pipe(producer.values(), (input) => merge(same(input), other.values()));

  await takeAndLeave(flow, 4);

  assertEquals([producer.closed, other.closed], [1, 1]);
});

test("merge() throws at once for what cannot be iterated", () => {
  for (const source of [5, null, undefined, {}]) {
    const error = assertThrows(() => merge([1], source as unknown as number[]), TypeError);
    assert(error.message.includes("source must be iterable"), error.message);
  }
});

test("merge() leaves nothing waiting after many starts and cancels", async () => {
  const [channel, producer] = [new Channel<number>(), new Producer()];

  for (let i = 0; i < 200; i++) {
    const flow = merge(channel, producer.values(), same(scripted<number>({ next: () => NEVER })));
    await flow.recv();
    flow.recv();
    flow.cancel();
  }
  await idle();

  assertEquals([counts(channel).receivers, producer.closed], [0, 200]);
});
