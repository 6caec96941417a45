import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import {
  Broadcast,
  ChannelClosedError,
  collect,
  map,
  pipe,
  pipeTo,
  select,
  type Subscription,
  trySelect,
} from "../../mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { counts } from "../unit/counts.ts";
import { collected, NO_GC } from "../unit/gc.ts";
import { DONE, drained, RECEIVED, rejection, settled, watch } from "../unit/watch.ts";

/** A broadcast, and subscribers with buffers of these sizes. */
function withSubscribers(...capacities: number[]) {
  const broadcast = new Broadcast<number>();
  const subscribers = capacities.map((capacity) => broadcast.subscribe({ capacity }));
  return [broadcast, ...subscribers] as [
    Broadcast<number>,
    Subscription<number>,
    ...Subscription<number>[],
  ];
}

test("Broadcast.send() gives each value to all who are subscribed, in one order", async () => {
  const [broadcast, a, b] = withSubscribers(4, 4) as [
    Broadcast<number>,
    Subscription<number>,
    Subscription<number>,
  ];

  for (const n of [1, 2, 3]) await broadcast.send(n);
  broadcast.close();

  assertEquals(await Promise.all([collect(a), collect(b)]), [[1, 2, 3], [1, 2, 3]]);
});

test("Broadcast.send() resolves without a subscriber, and a new one sees later values only", async () => {
  const broadcast = new Broadcast<number>();

  await settled(broadcast.send(1));
  const late = broadcast.subscribe();
  await settled(broadcast.send(2));
  broadcast.close();

  assertEquals(await drained(late), [2]);
  assertEquals([broadcast.size, broadcast.capacity, broadcast.subscribers], [0, Infinity, 0]);
});

test("Broadcast.send() waits for the slowest of those that it waits for", async () => {
  const [broadcast, slow, quick] = withSubscribers(1, 2);

  await broadcast.send(1);
  const sent = watch(broadcast.send(2));
  await idle();
  assertEquals([sent.state, slow.size, quick?.size, counts(broadcast).senders], [
    "waiting",
    1,
    1,
    1,
  ]);
  slow.tryRecv();

  assertEquals([slow.size, quick?.size, counts(broadcast).senders], [1, 2, 0]);
  await idle();
  assertEquals(sent.state, "fulfilled");
});

test("Broadcast.send() is in order, also when sends wait", async () => {
  const [broadcast, reader] = withSubscribers(1);

  const sends = [1, 2, 3, 4].map((n) => broadcast.send(n));
  const tried = broadcast.trySend(5);
  const values = [reader.tryRecv(), reader.tryRecv(), reader.tryRecv(), reader.tryRecv()];

  assertEquals(tried, false);
  assertEquals(values, [1, 2, 3, 4].map(RECEIVED));
  await settled(Promise.all(sends));
});

for (
  const [way, leave] of Object.entries({
    "cancel()": (flow) => flow.cancel(),
    "disposal": (flow) => void flow[Symbol.asyncDispose](),
    "the end of a loop": (flow) => void flow[Symbol.asyncIterator]().return(),
    "the end of a loop over batches": (flow) =>
      void flow.batches(2)[Symbol.asyncIterator]().return?.(),
  } as { readonly [way: string]: (flow: Subscription<number>) => void })
) {
  test(`Broadcast holds nobody up in the turn in which a subscriber leaves by ${way}`, async () => {
    const [broadcast, slow, other] = withSubscribers(1, 3);
    const sends = [1, 2, 3].map((n) => broadcast.send(n));

    leave(slow);

    assertEquals([other?.size, broadcast.subscribers], [3, 1]);
    assertEquals(counts(broadcast).senders, 0);
    await settled(Promise.all(sends));
    assertEquals(await settled(slow.recv()), DONE);
  });
}

test("Broadcast.subscribe() ends with its signal: the values it has, then the reason", async () => {
  const broadcast = new Broadcast<number>();
  const controller = new AbortController();
  const leaver = broadcast.subscribe({ signal: controller.signal });
  const other = broadcast.subscribe({ capacity: 2 });
  void broadcast.send(1);
  void broadcast.send(2);

  controller.abort("stop");

  assertEquals([broadcast.subscribers, other.size], [1, 2]);
  assertEquals(await settled(leaver.recv()), RECEIVED(1));
  assertEquals(await rejection(leaver.recv()), "stop");
});

test("Broadcast.subscribe() with an aborted signal fails and receives nothing", async () => {
  const broadcast = new Broadcast<number>();

  const flow = broadcast.subscribe({ signal: AbortSignal.abort("stop") });
  await settled(broadcast.send(1));

  assertEquals([broadcast.subscribers, flow.size], [0, 0]);
  assertEquals(await rejection(flow.recv()), "stop");
});

test("Broadcast leaves no listener on the signal of a subscription that ended", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal),
    remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
  signal.removeEventListener = (
    ...args: Parameters<typeof remove>
  ) => (listeners--, remove(...args));
  const broadcast = new Broadcast<number>();

  const flows = [broadcast.subscribe({ signal }), broadcast.subscribe({ signal })];
  assertEquals(listeners, 1);
  flows[0]?.cancel();
  broadcast.close();
  await idle();

  assertEquals(listeners, 0);
});

test("Broadcast drops the oldest or the newest for those who said so, and counts exactly", async () => {
  const broadcast = new Broadcast<number>();
  const oldest = broadcast.subscribe({ capacity: 2, overflow: "drop-oldest" });
  const newest = broadcast.subscribe({ capacity: 2, overflow: "drop-newest" });
  const waits = broadcast.subscribe({ capacity: 5 });

  for (let n = 1; n <= 5; n++) assert(broadcast.trySend(n));
  broadcast.close();

  assertEquals(await drained(oldest), [4, 5]);
  assertEquals(await drained(newest), [1, 2]);
  assertEquals(await drained(waits), [1, 2, 3, 4, 5]);
  assertEquals([oldest.missed, newest.missed, waits.missed], [3, 3, 0]);
});

test("Broadcast gives a value directly to a dropping subscriber that waits", async () => {
  const broadcast = new Broadcast<number>();
  const flow = broadcast.subscribe({ overflow: "drop-newest" });

  const received = flow.recv();
  await settled(broadcast.send(1));
  await settled(broadcast.send(2));

  assertEquals([await settled(received), flow.size, flow.missed], [RECEIVED(1), 1, 0]);
});

test("Broadcast.close() ends subscriptions after the sends that wait", async () => {
  const [broadcast, slow, quick] = withSubscribers(1, 4);
  const sends = [1, 2, 3].map((n) => broadcast.send(n));
  const all = collect(quick!);

  broadcast.close();
  broadcast.close();

  assertEquals([broadcast.closed, slow.closed, quick?.closed], [true, false, false]);
  assertEquals(await drained(slow), [1, 2, 3]);
  assertEquals(await settled(all), [1, 2, 3]);
  await settled(Promise.all(sends));
});

test("Broadcast.fail() gives every subscriber the error itself after its values", async () => {
  const [broadcast, slow, quick] = withSubscribers(1, 4);
  const error = new Error("broken");
  void broadcast.send(1);
  void broadcast.send(2);

  broadcast.fail(error);
  broadcast.close();

  for (const flow of [slow, quick!]) {
    assertEquals(await settled(flow.recv()), RECEIVED(1));
    assertEquals(await settled(flow.recv()), RECEIVED(2));
    assertStrictEquals(await rejection(flow.recv()), error);
    assertStrictEquals(await rejection(flow.recv()), error);
  }
});

test("Broadcast.close() ends those who wait when the last parked send is withdrawn", async () => {
  const [broadcast, , quick] = withSubscribers(1, 1);
  const controller = new AbortController();
  await broadcast.send(1);
  const sent = watch(broadcast.send(2, { signal: controller.signal }));
  quick?.tryRecv();
  const received = watch(quick!.recv());

  broadcast.close();
  await idle();
  assertEquals([sent.state, received.state], ["waiting", "waiting"]);
  controller.abort("stop");
  await idle();

  assertEquals([sent.reason, received.value], ["stop", DONE]);
});

test("Broadcast that is over keeps no subscription", { skip: NO_GC }, async () => {
  const broadcast = new Broadcast<number>();
  const ref = (() => {
    const subscription = broadcast.subscribe();
    assertEquals([broadcast.trySend(1), broadcast.trySend(2)], [true, false]);
    return new WeakRef(subscription);
  })();

  broadcast.close();

  assert(await collected(ref));
  assertEquals(broadcast.closed, true); // which is held until here
});

test("Broadcast.subscribe() after the end gives a flow that is over", async () => {
  const closed = new Broadcast<number>();
  const failed = new Broadcast<number>();
  closed.close();
  failed.fail("broken");

  assertEquals(await settled(closed.subscribe().recv()), DONE);
  assertEquals(await rejection(failed.subscribe().recv()), "broken");
});

test("Broadcast.send() and trySend() refuse after close(), with the value", async () => {
  const broadcast = new Broadcast<number>({ name: "prices" });
  broadcast.close();

  const error = await rejection(broadcast.send(1));

  assertInstanceOf(error, ChannelClosedError);
  assertEquals(error.message, 'Cannot send to a closed broadcast: "prices"');
  assertEquals(error.value, 1);
  assertThrows(() => broadcast.trySend(2), ChannelClosedError);
});

test("Broadcast.send() that is aborted or too late has reached nobody", async () => {
  const clock = useFakeClock();
  try {
    const [broadcast, slow, quick] = withSubscribers(1, 9);
    const controller = new AbortController();
    await broadcast.send(1);
    const sends = [
      watch(broadcast.send(2, { signal: controller.signal })),
      watch(broadcast.send(3, { timeout: 10 })),
      watch(broadcast.send(4, { timeout: 0 })),
      watch(broadcast.send(5)),
      watch(broadcast.send(6, { signal: AbortSignal.abort("before") })),
    ];

    controller.abort("stop");
    await clock.advance(10);
    broadcast.close();
    const values = await drained(slow);

    assertEquals([values, await drained(quick!)], [[1, 5], [1, 5]]);
    assertEquals(sends.map(({ state }) => state), [
      "rejected",
      "rejected",
      "rejected",
      "fulfilled",
      "rejected",
    ]);
    assertEquals([sends[0]?.reason, (sends[1]?.reason as Error).name, sends[4]?.reason], [
      "stop",
      "TimeoutError",
      "before",
    ]);
  } finally {
    clock.restore();
  }
});

test("Broadcast.send() that was committed ignores an abort in the same turn", async () => {
  const [broadcast, reader] = withSubscribers(1);
  const controller = new AbortController();
  await broadcast.send(1);

  const sent = broadcast.send(2, { signal: controller.signal });
  reader.tryRecv();
  controller.abort();

  await settled(sent);
  assertEquals(reader.tryRecv(), RECEIVED(2));
});

test("Broadcast without buffers sends when a receive of every subscriber waits", async () => {
  const [broadcast, a, b] = withSubscribers(0, 0);

  const sent = watch(broadcast.send(1));
  const first = watch(a.recv());
  await idle();
  assertEquals([sent.state, first.state, b?.tryRecv()], ["waiting", "waiting", RECEIVED(1)]);
  await idle();

  assertEquals([sent.state, first.value, a.size, b?.size], ["fulfilled", RECEIVED(1), 0, 0]);
});

test("Broadcast without buffers gives a parked send to tryRecv(), recvMany() and trySelect()", async () => {
  const [broadcast, reader] = withSubscribers(0);
  const sends = [1, 2, 3, 4].map((n) => broadcast.send(n));

  assertEquals(reader.tryRecv(), RECEIVED(1));
  assertEquals(trySelect({ reader }), { key: "reader", ...RECEIVED(2) });
  assertEquals(await settled(reader.recvMany(9)), [3, 4]);

  assertEquals([reader.size, reader.tryRecv(), trySelect({ reader })], [0, undefined, undefined]);
  await settled(Promise.all(sends));
});

test("Broadcast without buffers keeps a value for those whose select took that of another", async () => {
  const broadcast = new Broadcast<number>();
  const a = broadcast.subscribe({ capacity: 0 });
  const b = broadcast.subscribe({ capacity: 0 });
  const selected = select({ a, b });

  await settled(broadcast.send(1));

  assertEquals(await settled(selected), { key: "a", ...RECEIVED(1) });
  assertEquals([broadcast.trySend(2), b.tryRecv()], [false, RECEIVED(1)]);
  assertEquals(await settled(b.recv({ timeout: 0 }).catch(() => "nothing")), "nothing");
});

test("Broadcast never matches a select with itself, and two selects with each other", async () => {
  const [broadcast, reader] = withSubscribers(0);

  const one = watch(select({ out: broadcast.sendCase(1), in: reader }));
  await idle();
  assertEquals([one.state, counts(broadcast).senders, reader.size], ["waiting", 1, 0]);
  const other = watch(select({ out: broadcast.sendCase(2), in: reader }));
  await idle();

  const outcomes = [one.value, other.value].map((value) => value?.key).sort();
  assertEquals(outcomes, ["in", "out"]);
  assertEquals([counts(broadcast).senders, reader.size, reader.tryRecv()], [0, 0, undefined]);
});

test("Broadcast lets a send pass that a select's own send stands before", async () => {
  const [broadcast, reader, full] = withSubscribers(0, 1);
  await Promise.all([reader.recv(), broadcast.send(0)]);
  const both = watch(select({ out: broadcast.sendCase(1), in: reader }));
  const sent = watch(broadcast.send(2));
  await idle();
  assertEquals([both.state, sent.state], ["waiting", "waiting"]);

  full?.tryRecv();
  await idle();

  assertEquals([both.value, sent.state], [{ key: "in", ...RECEIVED(2) }, "fulfilled"]);
  assertEquals([counts(broadcast).senders, full?.tryRecv()], [0, RECEIVED(2)]);
});

test("Broadcast stands in a select: ready, parked, withdrawn, closed", async () => {
  const [broadcast, reader] = withSubscribers(1);
  const stop = new AbortController();

  assertEquals((await settled(select({ out: broadcast.sendCase(1) }))).key, "out");
  const parked = watch(select({ out: broadcast.sendCase(2) }));
  const lost = watch(select({ out: broadcast.sendCase(3), stop: stop.signal }));
  stop.abort();
  reader.tryRecv();
  await idle();

  assertEquals([parked.state, lost.value?.key, counts(broadcast).senders], [
    "fulfilled",
    "stop",
    0,
  ]);
  broadcast.close();
  assertInstanceOf(await rejection(select({ out: broadcast.sendCase(4) })), ChannelClosedError);
});

test("Broadcast ends a select that sends to it and receives from it when it is withdrawn", async () => {
  const [broadcast, reader, full] = withSubscribers(1, 1);
  await broadcast.send(1);
  reader.tryRecv();
  const controller = new AbortController();
  const both = watch(
    select({ out: broadcast.sendCase(2), in: reader }, { signal: controller.signal }),
  );

  broadcast.close();
  controller.abort("stop");
  await idle();

  assertEquals([both.reason, await settled(reader.recv()), full?.closed], ["stop", DONE, true]);
});

test("Broadcast is the end of a pipe, and a subscription the source of another", async () => {
  const broadcast = new Broadcast<number>();
  const doubled = pipe(broadcast.subscribe(), map((n: number) => n * 2));
  const plain = broadcast.subscribe();

  const sent = pipeTo([1, 2, 3], broadcast);
  const [a, b] = await Promise.all([collect(doubled), collect(plain)]);
  await sent;

  assertEquals([a, b], [[2, 4, 6], [1, 2, 3]]);
});

test("Broadcast.sendMany() sends each value with back-pressure", async () => {
  const [broadcast, reader] = withSubscribers(2);

  const sent = watch(broadcast.sendMany([1, 2, 3, 4]));
  await idle();
  assertEquals([sent.state, reader.size], ["waiting", 2]);

  assertEquals(await settled(reader.recvMany(9)), [1, 2, 3]);
  await idle();
  assertEquals(sent.value, 4);
});

test("Broadcast tells the room of its tightest subscriber", () => {
  const [broadcast, wide, tight] = withSubscribers(9, 3);
  broadcast.subscribe({ capacity: 1, overflow: "drop-oldest" });
  broadcast.trySend(1);

  assertEquals([broadcast.size, broadcast.capacity], [1, 3]);
  tight?.cancel();
  assertEquals([broadcast.size, broadcast.capacity], [1, 9]);
  wide.cancel();
  assertEquals([broadcast.size, broadcast.capacity], [0, Infinity]);
});

test("Broadcast throws at once for wrong options", () => {
  const broadcast = new Broadcast<number>();
  const wrong = (options: unknown) => () => broadcast.subscribe(options as { capacity?: number });

  assertThrows(() => new Broadcast({ name: 5 as unknown as string }), TypeError, "options.name");
  assertThrows(wrong(5), TypeError, "options must be an object: 5");
  assertThrows(wrong({ capacity: -1 }), RangeError, "options.capacity");
  assertThrows(wrong({ capacity: "1" }), TypeError, "options.capacity");
  assertThrows(wrong({ capacity: 0, overflow: "drop-oldest" }), RangeError, "with drop-oldest");
  assertThrows(
    wrong({ overflow: "drop" }),
    TypeError,
    "options.overflow must be one of wait, drop",
  );
  assertThrows(wrong({ signal: 5 }), TypeError, "options.signal");
  assertEquals(broadcast.subscribers, 0);
});
