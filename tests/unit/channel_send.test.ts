import { assert, assertEquals, assertFalse } from "@std/assert";
import { test } from "node:test";
import { Channel } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { counts } from "./counts.ts";
import { settled, watch } from "./watch.ts";

test("Channel.send() takes effect inside the call", () => {
  const channel = new Channel<number>(1);

  channel.send(1);

  assertEquals(channel.tryRecv(), { done: false, value: 1 });
});

test("Channel.send() takes effect in program order when it is not awaited", () => {
  const channel = new Channel<number>(1);

  channel.send(1);
  channel.send(2);
  channel.send(3);

  const received = [1, 2, 3].map(() => channel.tryRecv()?.value);
  assertEquals(received, [1, 2, 3]);
});

test("Channel.send() resolves with nothing while the buffer has room", async () => {
  const channel = new Channel<number>(1);

  const result = await settled(channel.send(1));

  assertEquals(result, undefined);
  assertEquals(counts(channel).size, 1);
});

test("Channel.send() waits while the buffer is full", async () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);

  const send = watch(channel.send(2));
  await idle();

  assertEquals(send.state, "waiting");
  assertEquals(counts(channel).senders, 1);
});

test("Channel.send() resolves when a receive makes room", async () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);
  const send = channel.send(2);

  channel.tryRecv();

  await settled(send);
  assertEquals(channel.size, 1);
});

test("Channel.send() waits for a receiver on an unbuffered channel", async () => {
  const channel = new Channel<number>();

  const send = watch(channel.send(1));
  await idle();

  assertEquals(send.state, "waiting");
});

test("Channel.send() resolves on an unbuffered channel when a receiver has taken the value", async () => {
  const channel = new Channel<number>(0);
  const send = channel.send(1);

  const received = channel.tryRecv();

  assertEquals(received, { done: false, value: 1 });
  await settled(send);
});

test("Channel.send() never waits on an unbounded channel", async () => {
  const channel = new Channel<number>(Infinity);

  const sends = Array.from({ length: 10_000 }, (_, i) => channel.send(i));

  await settled(Promise.all(sends));
  assertEquals(channel.size, 10_000);
});

test("Channel.send() gives the value to a parked receiver and bypasses the buffer", async () => {
  const channel = new Channel<number>(3);
  const receive = channel.recv();

  channel.send(1);

  assertEquals(counts(channel), {
    size: 0,
    capacity: 3,
    senders: 0,
    receivers: 0,
    closed: false,
  });
  assertEquals(await settled(receive), { done: false, value: 1 });
});

test("Channel.send() parks at the tail: waiting senders are served first come, first served", async () => {
  const channel = new Channel<string>();
  const order: string[] = [];
  for (const name of ["a", "b", "c"]) channel.send(name).then(() => order.push(name));

  const received = [1, 2, 3].map(() => channel.tryRecv()?.value);
  await idle();

  assertEquals(received, ["a", "b", "c"]);
  assertEquals(order, ["a", "b", "c"]);
});

test("Channel.send() settles in the order of commits across channels", async () => {
  const [left, right] = [new Channel<number>(), new Channel<number>()];
  const order: string[] = [];
  left.send(1).then(() => order.push("left"));
  right.send(2).then(() => order.push("right"));

  right.tryRecv();
  left.tryRecv();
  await idle();

  assertEquals(order, ["right", "left"]);
});

test("Channel.trySend() puts the value in the buffer and answers true while there is room", () => {
  const channel = new Channel<number>(2);

  const taken = [channel.trySend(1), channel.trySend(2)];

  assertEquals(taken, [true, true]);
  assertEquals(counts(channel).size, 2);
});

test("Channel.trySend() answers false and leaves nothing behind while the buffer is full", () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);

  const taken = channel.trySend(2);

  assertFalse(taken);
  assertEquals(counts(channel).senders, 0);
  assertEquals(channel.tryRecv(), { done: false, value: 1 });
  assertEquals(channel.tryRecv(), undefined);
});

test("Channel.trySend() answers false on an unbuffered channel without a receiver", () => {
  const channel = new Channel<number>();

  const taken = channel.trySend(1);

  assertFalse(taken);
  assertEquals(channel.tryRecv(), undefined);
});

test("Channel.trySend() serves a parked receiver of an unbuffered channel", async () => {
  const channel = new Channel<number>();
  const receive = channel.recv();

  const taken = channel.trySend(1);

  assert(taken);
  assertEquals(await settled(receive), { done: false, value: 1 });
});

test("Channel.trySend() serves one parked receiver only", async () => {
  const channel = new Channel<number>();
  const first = channel.recv();
  const second = watch(channel.recv());

  const taken = [channel.trySend(1), channel.trySend(2), channel.trySend(3)];

  assertEquals(taken, [true, true, false]);
  assertEquals(await settled(first), { done: false, value: 1 });
  assertEquals(second.value, { done: false, value: 2 });
});

test("Channel.trySend() does not overtake a sender that a receive has just let in", () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);
  channel.send(2);

  channel.recv();
  const taken = channel.trySend(3);

  assertFalse(taken);
  assertEquals(channel.tryRecv(), { done: false, value: 2 });
  assertEquals(channel.tryRecv(), undefined);
});

test("Channel.size counts the buffer only, not the senders that wait", () => {
  const channel = new Channel<number>(2);

  for (let i = 0; i < 4; i++) channel.send(i);

  assertEquals(channel.size, 2);
  assertEquals(counts(channel).senders, 2);
});

test("Channel.size is 0 on an unbuffered channel with waiting senders", () => {
  const channel = new Channel<number>(0);

  channel.send(1);

  assertEquals(channel.size, 0);
  assertEquals(counts(channel).senders, 1);
});

test("Channel.capacity tells what the channel was made with", () => {
  const capacities = [new Channel(), new Channel(0), new Channel(7), new Channel(Infinity)]
    .map((channel) => channel.capacity);

  assertEquals(capacities, [0, 0, 7, Infinity]);
});

test("Channel.closed is false until the channel is ended", () => {
  const channel = new Channel<number>(1);

  channel.trySend(1);

  assertFalse(channel.closed);
});

test("Channel.sendCase() sends nothing by itself", () => {
  const channel = new Channel<number>(1);

  channel.sendCase(1);

  assertEquals(channel.size, 0);
});
