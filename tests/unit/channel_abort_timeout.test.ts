import { assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, from } from "../../mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { counts, waiting } from "./counts.ts";
import { rejection, settled, watch } from "./watch.ts";

const REASONS = [new Error("stop"), "stop", 0, null, { why: "stop" }];

for (const reason of REASONS) {
  const shown = reason instanceof Error ? "an Error" : JSON.stringify(reason);

  test(`Channel.recv() rejects with ${shown}, the reason of a signal that was aborted before`, async () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);

    const thrown = await rejection(channel.recv({ signal: AbortSignal.abort(reason) }));

    assertStrictEquals(thrown, reason);
    assertEquals(channel.size, 1);
  });

  test(`Channel.send() rejects with ${shown}, the reason of a signal that aborts while it waits`, async () => {
    const channel = new Channel<number>();
    const controller = new AbortController();
    const send = channel.send(1, { signal: controller.signal });

    controller.abort(reason);

    assertStrictEquals(await rejection(send), reason);
  });
}

test("Channel.send() sends nothing with a signal that was aborted before", async () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(1, { onDrop: (value) => dropped.push(value) });

  const send = channel.send(1, { signal: AbortSignal.abort("stop") });

  assertEquals(channel.size, 0);
  assertEquals(await rejection(send), "stop");
  assertEquals(dropped, []);
});

test("Channel.send() serves no parked receiver with a signal that was aborted before", async () => {
  const channel = new Channel<number>();
  const receive = watch(channel.recv());

  const thrown = await rejection(channel.send(1, { signal: AbortSignal.abort("stop") }));

  assertEquals(thrown, "stop");
  assertEquals(receive.state, "waiting");
});

test("Channel.recvMany() takes nothing with a signal that was aborted before", async () => {
  const channel = new Channel<number>(2);
  channel.trySend(1);

  const thrown = await rejection(channel.recvMany(5, { signal: AbortSignal.abort("stop") }));

  assertEquals(thrown, "stop");
  assertEquals(channel.size, 1);
});

test("Channel.recv() that is aborted leaves the others in their places", async () => {
  const channel = new Channel<number>();
  const controller = new AbortController();
  const first = channel.recv();
  const second = watch(channel.recv({ signal: controller.signal }));
  const third = channel.recv();

  controller.abort();

  assertEquals(counts(channel).receivers, 2);
  channel.trySend(1);
  channel.trySend(2);
  assertEquals(await settled(first), { done: false, value: 1 });
  assertEquals(await settled(third), { done: false, value: 2 });
  assertEquals(second.state, "rejected");
});

test("Channel.send() that is aborted keeps its value and leaves the others in their places", async () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(0, { onDrop: (value) => dropped.push(value) });
  const controller = new AbortController();
  channel.send(1);
  const second = watch(channel.send(2, { signal: controller.signal }));
  channel.send(3);

  controller.abort();

  assertEquals(counts(channel).senders, 2);
  assertEquals([channel.tryRecv()?.value, channel.tryRecv()?.value], [1, 3]);
  assertEquals(channel.tryRecv(), undefined);
  await idle();
  assertEquals(second.state, "rejected");
  assertEquals(dropped, []);
});

test("Channel.recv() that is aborted takes no value that comes in the same turn", async () => {
  const channel = new Channel<number>(1);
  const controller = new AbortController();
  const receive = watch(channel.recv({ signal: controller.signal }));

  controller.abort();
  channel.trySend(1);
  await idle();

  assertEquals(receive.state, "rejected");
  assertEquals(channel.tryRecv(), { done: false, value: 1 });
});

test("Channel.recv() resolves when the value came before the abort in the same turn", async () => {
  const channel = new Channel<number>();
  const controller = new AbortController();
  const receive = channel.recv({ signal: controller.signal });

  channel.trySend(1);
  controller.abort();

  assertEquals(await settled(receive), { done: false, value: 1 });
});

test("Channel.send() resolves when the receive came before the abort in the same turn", async () => {
  const channel = new Channel<number>();
  const controller = new AbortController();
  const send = channel.send(1, { signal: controller.signal });

  channel.tryRecv();
  controller.abort();

  await settled(send);
});

test("Channel.recv() and send() that went at once resolve although the signal aborts in the same turn", async () => {
  const channel = new Channel<number>(1);
  const controller = new AbortController();
  const { signal } = controller;

  const send = channel.send(1, { signal });
  const receive = channel.recv({ signal });
  controller.abort();

  await settled(send);
  assertEquals(await settled(receive), { done: false, value: 1 });
});

test("one signal ends all operations that wait on it", async () => {
  const [left, right] = [new Channel<number>(), new Channel<number>()];
  const controller = new AbortController();
  const { signal } = controller;
  const waits = [left.recv({ signal }), right.send(1, { signal }), left.recvMany(3, { signal })];

  controller.abort("stop");

  assertEquals([waiting(left), waiting(right)], [0, 0]);
  assertEquals(await Promise.all(waits.map(rejection)), ["stop", "stop", "stop"]);
});

test("a listener of the caller that uses the channel on abort loses no value", async () => {
  const channel = new Channel<number>(1);
  const controller = new AbortController();
  controller.signal.addEventListener("abort", () => channel.trySend(1));
  const receive = watch(channel.recv({ signal: controller.signal }));

  controller.abort();
  await idle();

  const left = channel.tryRecv();
  const delivered = receive.state === "fulfilled" ? receive.value : left;
  assertEquals(delivered, { done: false, value: 1 });
  assertEquals(receive.state === "fulfilled", left === undefined);
});

test("Channel.recv() rejects with a DOMException named TimeoutError when its time is over", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const channel = new Channel<number>();
  const receive = watch(channel.recv({ timeout: 100 }));

  await clock.advance(99);
  await idle();
  const before = receive.state;
  await clock.advance(1);
  await idle();

  assertEquals([before, receive.state], ["waiting", "rejected"]);
  assertInstanceOf(receive.reason, DOMException);
  assertEquals(receive.reason.name, "TimeoutError");
  assertEquals(waiting(channel), 0);
});

test("Channel.send() that times out keeps its value", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const channel = new Channel<number>();
  const send = watch(channel.send(1, { timeout: 100 }));

  await clock.advance(100);
  await idle();

  assertEquals((send.reason as DOMException).name, "TimeoutError");
  assertEquals(channel.tryRecv(), undefined);
});

test("Channel.recv() that times out leaves the others in their places", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const channel = new Channel<number>();
  const first = channel.recv();
  const second = watch(channel.recv({ timeout: 10 }));
  const third = channel.recv();

  await clock.advance(10);
  channel.trySend(1);
  channel.trySend(2);

  assertEquals(await settled(first), { done: false, value: 1 });
  assertEquals(await settled(third), { done: false, value: 2 });
  assertEquals(second.state, "rejected");
});

test("timeouts end in the order of their deadlines, not of their calls", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const channel = new Channel<number>();
  const order: number[] = [];
  for (const timeout of [30, 10, 20]) {
    channel.recv({ timeout }).catch(() => order.push(timeout));
  }

  await clock.advance(30);
  await idle();

  assertEquals(order, [10, 20, 30]);
});

test("Channel.recv() that was served in time is not touched by its timeout", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const channel = new Channel<number>();
  const receive = channel.recv({ timeout: 100 });

  channel.trySend(1);
  await clock.advance(1_000);

  assertEquals(await settled(receive), { done: false, value: 1 });
});

test("a timeout that nobody needs any more leaves no timer beyond the turn", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const channel = new Channel<number>();
  for (let i = 0; i < 5; i++) channel.recv({ timeout: 100 + i });
  const armed = clock.timers;

  for (let i = 0; i < 5; i++) channel.trySend(i);
  await idle();

  assertEquals([armed, clock.timers], [5, 0]);
});

test("a receive that is decided while it parks leaves no timer beyond the turn", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const flow = from<number>({
    [Symbol.asyncIterator]() {
      throw new Error("cannot open");
    },
  });

  const receive = watch(flow.recv({ timeout: 100 }));
  await idle();

  assertEquals([receive.state, clock.timers], ["rejected", 0]);
});

test("Channel.recv() with timeout 0 takes what is there", async () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);

  const received = await settled(channel.recv({ timeout: 0 }));

  assertEquals(received, { done: false, value: 1 });
});

test("Channel.recv() with timeout 0 tries once and does not wait", async () => {
  const channel = new Channel<number>(1);

  const receive = channel.recv({ timeout: 0 });
  channel.trySend(1);

  assertEquals((await rejection(receive) as DOMException).name, "TimeoutError");
  assertEquals(channel.size, 1);
});

test("Channel.send() with timeout 0 tries once and does not wait", async () => {
  const channel = new Channel<number>(1);

  const first = channel.send(1, { timeout: 0 });
  const second = rejection(channel.send(2, { timeout: 0 }));

  await settled(first);
  assertEquals((await second as DOMException).name, "TimeoutError");
  assertEquals(counts(channel).senders, 0);
});

test("Channel.recv() with timeout Infinity waits on", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const channel = new Channel<number>();
  const receive = watch(channel.recv({ timeout: Infinity }));

  await clock.advance(1e9);
  await idle();

  assertEquals(receive.state, "waiting");
});

test("Channel.recv() with a timeout beyond 2^31 ms does not time out early", async () => {
  const channel = new Channel<number>();
  const controller = new AbortController();
  const { signal } = controller;
  const receives = [2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER]
    .map((timeout) => watch(channel.recv({ signal, timeout })));

  // The runtime's own timers fire after 1 ms when their delay overflows: only real time can show it.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const states = receives.map((receive) => receive.state);
  controller.abort();

  assertEquals(states, ["waiting", "waiting", "waiting"]);
});

test("Channel.recv() with a signal and a timeout ends by whichever is first", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const channel = new Channel<number>();
  const controller = new AbortController();
  const { signal } = controller;
  const long = watch(channel.recv({ signal, timeout: 100 }));
  const short = watch(channel.recv({ signal, timeout: 10 }));

  await clock.advance(10);
  controller.abort("stop");
  await clock.advance(100);
  await idle();

  assertEquals((short.reason as DOMException).name, "TimeoutError");
  assertEquals(long.reason, "stop");
  assertEquals(waiting(channel), 0);
});

test("AbortSignal.any() and AbortSignal.timeout() end a wait with their reasons", async () => {
  const channel = new Channel<number>();
  const controller = new AbortController();
  const any = AbortSignal.any([controller.signal, AbortSignal.timeout(60_000)]);
  const receive = channel.recv({ signal: any });

  controller.abort("stop");

  assertEquals(await rejection(receive), "stop");
});
