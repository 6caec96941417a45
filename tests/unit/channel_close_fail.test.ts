import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotStrictEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { Channel, ChannelClosedError, select } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { counts, waiting } from "./counts.ts";
import { DONE, drained, gather, rejection, settled, watch } from "./watch.ts";

test("Channel.close() leaves what is in the buffer to be received, then done for ever", async () => {
  const channel = new Channel<number>(2);
  channel.trySend(1);
  channel.trySend(2);

  channel.close();

  assertEquals(await settled(channel.recv()), { done: false, value: 1 });
  assertEquals(channel.tryRecv(), { done: false, value: 2 });
  for (let i = 0; i < 3; i++) assertEquals(await settled(channel.recv()), DONE);
  assertEquals(channel.tryRecv(), DONE);
  assertEquals(await settled(channel.recvMany(5)), []);
});

for (const capacity of [0, 1, 2]) {
  test(`Channel.close() leaves parked sends to be received in order, capacity ${capacity}`, async () => {
    const channel = new Channel<number>(capacity);
    const sends = [1, 2, 3, 4].map((value) => channel.send(value));

    channel.close();
    const received = await drained(channel);

    assertEquals(received, [1, 2, 3, 4]);
    await settled(Promise.all(sends));
  });
}

test("Channel.close() leaves a parked send waiting until it is received", async () => {
  const channel = new Channel<number>();
  const send = watch(channel.send(1));

  channel.close();
  await idle();

  assertEquals(send.state, "waiting");
  assertEquals(counts(channel).senders, 1);
});

test("Channel.close() leaves the parked send case of a select to be received", async () => {
  const channel = new Channel<string>();
  const selected = select({ out: channel.sendCase("last") });

  channel.close();
  const received = channel.tryRecv();

  assertEquals(received, { done: false, value: "last" });
  assertEquals(await settled(selected), { key: "out", done: false, value: undefined });
  assertEquals(channel.tryRecv(), DONE);
});

test("Channel.close() reports done when the parked send case chose something else", async () => {
  const channel = new Channel<string>();
  const other = new Channel<number>(1);
  const selected = select({ out: channel.sendCase("unsent"), in: other });

  channel.close();
  other.trySend(7);

  assertEquals(await settled(selected), { key: "in", done: false, value: 7 });
  assertEquals(channel.tryRecv(), DONE);
});

test("Channel.close() ends parked receivers at once, first come first", async () => {
  const channel = new Channel<number>();
  const order: string[] = [];
  const receives = ["a", "b", "c"].map(async (name) => {
    const received = await channel.recv();
    order.push(name);
    return received;
  });

  channel.close();

  assertEquals(waiting(channel), 0);
  assertEquals(await settled(Promise.all(receives)), [DONE, DONE, DONE]);
  assertEquals(order, ["a", "b", "c"]);
});

test("Channel.close() is idempotent", async () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);
  channel.close();

  channel.close();

  assert(channel.closed);
  assertEquals(await drained(channel), [1]);
});

test("Channel.closed is true at once, and size still counts what is left", () => {
  const channel = new Channel<number>(2);
  channel.trySend(1);

  channel.close();

  assert(channel.closed);
  assertEquals(channel.size, 1);
});

test("Channel.send() rejects with ChannelClosedError and the value after close", async () => {
  const channel = new Channel<object>(1);
  const value = {};
  channel.close();

  const error = await rejection(channel.send(value));

  assertInstanceOf(error, ChannelClosedError);
  assertStrictEquals(error.value, value);
  assertEquals(channel.size, 0);
});

test("Channel.send() never throws synchronously on a closed channel", async () => {
  const channel = new Channel<number>();
  channel.close();

  const sending = channel.send(1);

  assertInstanceOf(await rejection(sending), ChannelClosedError);
});

test("Channel.send() rejects after close although values are left in the buffer", async () => {
  const channel = new Channel<number>(3);
  channel.trySend(1);
  channel.close();

  const error = await rejection(channel.send(2));

  assertInstanceOf(error, ChannelClosedError);
  assertEquals(await drained(channel), [1]);
});

test("Channel.trySend() throws ChannelClosedError with the value after close", () => {
  const channel = new Channel<number>(1);
  channel.close();

  const error = assertThrows(() => channel.trySend(7), ChannelClosedError);

  assertEquals(error.value, 7);
  assertEquals(channel.size, 0);
});

test("Channel.trySend() throws after close rather than answer that the buffer is full", () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);
  channel.close();

  const attempt = () => channel.trySend(2);

  assertThrows(attempt, ChannelClosedError);
});

test("ChannelClosedError names the channel and is a fresh object for each failure", async () => {
  const channel = new Channel<number>(0, { name: "jobs" });
  channel.close();

  const first = await rejection(channel.send(1)) as Error;
  const second = await rejection(channel.send(1)) as Error;

  assertNotStrictEquals(first, second);
  assertEquals(first.name, "ChannelClosedError");
  assertStringIncludes(first.message, '"jobs"');
  assertInstanceOf(first, Error);
});

test("Channel.fail() lets the values through, then every receive rejects with the error itself", async () => {
  const channel = new Channel<number>(1);
  const failure = new Error("source broke");
  channel.trySend(1);

  channel.fail(failure);

  assertEquals(await settled(channel.recv()), { done: false, value: 1 });
  for (let i = 0; i < 3; i++) assertStrictEquals(await rejection(channel.recv()), failure);
});

test("Channel.fail() leaves parked sends to be received", async () => {
  const channel = new Channel<number>();
  const send = channel.send(1);

  channel.fail(new Error("source broke"));

  assertEquals(channel.tryRecv(), { done: false, value: 1 });
  await settled(send);
});

test("Channel.fail() rejects parked receivers with the error itself, first come first", async () => {
  const channel = new Channel<number>();
  const failure = new Error("source broke");
  const order: string[] = [];
  const receives = ["a", "b"].map((name) =>
    channel.recv().catch((error) => {
      order.push(name);
      return error;
    })
  );

  channel.fail(failure);

  assertEquals(waiting(channel), 0);
  for (const error of await settled(Promise.all(receives))) assertStrictEquals(error, failure);
  assertEquals(order, ["a", "b"]);
});

test("Channel.tryRecv() throws the error of fail() when failed and drained", () => {
  const channel = new Channel<number>(1);
  const failure = new Error("source broke");
  channel.trySend(1);
  channel.fail(failure);

  const received = channel.tryRecv();

  assertEquals(received, { done: false, value: 1 });
  assertStrictEquals(assertThrows(() => channel.tryRecv()), failure);
  assertStrictEquals(assertThrows(() => channel.tryRecv()), failure);
});

test("Channel.recvMany() gives the values, then rejects with the error of fail()", async () => {
  const channel = new Channel<number>(2);
  const failure = new Error("source broke");
  channel.trySend(1);
  channel.trySend(2);

  channel.fail(failure);

  assertEquals(await settled(channel.recvMany(10)), [1, 2]);
  assertStrictEquals(await rejection(channel.recvMany(10)), failure);
});

test("Channel iteration throws the error of fail() after the values, every time", async () => {
  const channel = new Channel<number>(2);
  const failure = new Error("source broke");
  channel.trySend(1);
  channel.fail(failure);
  const received: number[] = [];

  const first = await rejection(gather(channel, received));
  const second = await rejection(gather(channel, received));

  assertEquals(received, [1]);
  assertStrictEquals(first, failure);
  assertStrictEquals(second, failure);
});

test("Channel.send() rejects with ChannelClosedError and the value after fail", async () => {
  const channel = new Channel<number>(1);
  channel.fail(new Error("source broke"));

  const error = await rejection(channel.send(5));

  assertInstanceOf(error, ChannelClosedError);
  assertEquals(error.value, 5);
});

for (const failure of [undefined, null, 0, "text"]) {
  test(`Channel.fail() passes ${JSON.stringify(failure)} on as the reason, untouched`, async () => {
    const channel = new Channel<number>(1);

    channel.fail(failure);

    assertStrictEquals(await rejection(channel.recv()), failure);
    assert(channel.closed);
  });
}

test("Channel.fail() after close() changes nothing", async () => {
  const channel = new Channel<number>();
  channel.close();

  channel.fail(new Error("too late"));

  assertEquals(await settled(channel.recv()), DONE);
});

test("Channel.close() after fail() changes nothing", async () => {
  const channel = new Channel<number>();
  const failure = new Error("first");
  channel.fail(failure);

  channel.close();
  channel.fail(new Error("second"));

  assertStrictEquals(await rejection(channel.recv()), failure);
});

test("Channel.fail() reports to nobody when nobody receives", async () => {
  const channel = new Channel<number>();

  channel.fail(new Error("nobody asks"));
  await idle();

  // An unhandled rejection would fail this test on every runtime.
  assert(channel.closed);
});
