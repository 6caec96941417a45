import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { Channel, ChannelClosedError, select } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { counts, waiting } from "./counts.ts";
import { DONE, drained, rejection, settled, watch } from "./watch.ts";

test("Channel.cancel() drops the buffer and gives each value to onDrop once, in order", () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(3, { onDrop: (value) => dropped.push(value) });
  for (const value of [1, 2, 3]) channel.trySend(value);

  channel.cancel();
  channel.cancel();

  assertEquals(dropped, [1, 2, 3]);
  assertEquals(channel.size, 0);
});

test("Channel.cancel() rejects parked sends with the value and the reason as cause", async () => {
  const channel = new Channel<number>();
  const reason = new Error("enough");
  const sends = [1, 2].map((value) => rejection(channel.send(value)));

  channel.cancel(reason);

  assertEquals(waiting(channel), 0);
  const errors = await Promise.all(sends) as ChannelClosedError[];
  for (const error of errors) assertInstanceOf(error, ChannelClosedError);
  assertEquals(errors.map((error) => error.value), [1, 2]);
  for (const error of errors) assertStrictEquals(error.cause, reason);
});

test("Channel.cancel() rejects parked sends first come first", async () => {
  const channel = new Channel<string>();
  const order: string[] = [];
  for (const name of ["a", "b", "c"]) channel.send(name).catch(() => order.push(name));

  channel.cancel();
  await idle();

  assertEquals(order, ["a", "b", "c"]);
});

test("Channel.cancel() never gives the value of a rejected send to onDrop", async () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(1, { onDrop: (value) => dropped.push(value) });
  channel.trySend(1);
  const parked = channel.send(2);

  channel.cancel();
  const late = rejection(channel.send(3));

  assertEquals((await rejection(parked) as ChannelClosedError).value, 2);
  assertEquals((await late as ChannelClosedError).value, 3);
  assertEquals(dropped, [1]);
});

test("Channel.cancel() marks a send that it cuts off as handled", async () => {
  const channel = new Channel<number>();
  channel.send(1);

  channel.cancel();
  await idle();

  // An unhandled rejection would fail this test on every runtime.
  assert(channel.closed);
});

test("Channel.cancel() marks a select and a sendMany() that it cuts off as handled", async () => {
  const channel = new Channel<number>();
  select({ out: channel.sendCase(1) });
  channel.sendMany([2, 3]);

  channel.cancel();
  await idle();

  // An unhandled rejection would fail this test on every runtime.
  assert(channel.closed);
});

test("Channel.cancel() reports done to parked receivers, first come first", async () => {
  const channel = new Channel<number>();
  const order: string[] = [];
  const receives = ["a", "b"].map(async (name) => {
    const received = await channel.recv();
    order.push(name);
    return received;
  });

  channel.cancel(new Error("enough"));

  assertEquals(await settled(Promise.all(receives)), [DONE, DONE]);
  assertEquals(order, ["a", "b"]);
});

test("Channel.cancel() makes every later receive report done", async () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);

  channel.cancel();

  assertEquals(await settled(channel.recv()), DONE);
  assertEquals(channel.tryRecv(), DONE);
  assertEquals(await settled(channel.recvMany(3)), []);
  assertEquals(await drained(channel), []);
});

test("Channel.cancel() makes later receives report done on a failed channel too", async () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);
  channel.fail(new Error("source broke"));

  channel.cancel();

  assertEquals(await settled(channel.recv()), DONE);
  assertEquals(channel.tryRecv(), DONE);
});

test("Channel.cancel() makes later sends reject and trySend() throw, with the value", async () => {
  const channel = new Channel<number>(5);

  channel.cancel();

  const error = await rejection(channel.send(1));
  assertInstanceOf(error, ChannelClosedError);
  assertEquals(error.value, 1);
  assertEquals(assertThrows(() => channel.trySend(2), ChannelClosedError).value, 2);
});

test("Channel.cancel() decides against a later fail()", async () => {
  const channel = new Channel<number>();
  channel.cancel();

  channel.fail(new Error("too late"));

  assertEquals(await settled(channel.recv()), DONE);
});

test("Channel.cancel() after close() drops what is left and cuts off the parked sends", async () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(1, { onDrop: (value) => dropped.push(value) });
  channel.trySend(1);
  const parked = channel.send(2);
  channel.close();

  channel.cancel("enough");

  assertEquals(dropped, [1]);
  const error = await rejection(parked);
  assertInstanceOf(error, ChannelClosedError);
  assertEquals([error.value, error.cause], [2, "enough"]);
  assertEquals(channel.tryRecv(), DONE);
});

test("Channel.cancel() rejects the parked send case of a select", async () => {
  const channel = new Channel<number>();
  const other = new Channel<number>();
  const reason = new Error("enough");
  const selected = select({ out: channel.sendCase(1), in: other });

  channel.cancel(reason);

  assertEquals(waiting(other), 0);
  const error = await rejection(selected);
  assertInstanceOf(error, ChannelClosedError);
  assertEquals(error.value, 1);
  assertStrictEquals(error.cause, reason);
});

test("Channel.cancel() reports done to the parked receive case of a select", async () => {
  const channel = new Channel<number>();
  const selected = select({ in: channel });

  channel.cancel();

  assertEquals(await settled(selected), { key: "in", done: true, value: undefined });
});

test("onDrop is called when the change is complete", () => {
  const seen: unknown[] = [];
  const channel: Channel<number> = new Channel<number>(3, {
    onDrop: (value) => seen.push([value, channel.size, channel.closed, channel.tryRecv()]),
  });
  channel.trySend(1);
  channel.trySend(2);

  channel.cancel();

  assertEquals(seen, [[1, 0, true, DONE], [2, 0, true, DONE]]);
});

test("onDrop that throws once: cancel() completes, then throws that error", async () => {
  const failure = new Error("hook broke");
  const dropped: number[] = [];
  const channel = new Channel<number>(3, {
    onDrop: (value) => {
      dropped.push(value);
      if (value === 1) throw failure;
    },
  });
  for (const value of [1, 2, 3]) channel.trySend(value);
  const parked = rejection(channel.send(4));

  const thrown = assertThrows(() => channel.cancel());

  assertStrictEquals(thrown, failure);
  assertEquals(dropped, [1, 2, 3]);
  assertEquals(counts(channel).size, 0);
  assertInstanceOf(await parked, ChannelClosedError);
});

test("onDrop that throws several times: cancel() throws an AggregateError of all", () => {
  const channel = new Channel<number>(3, {
    onDrop: (value) => {
      throw new Error(`hook broke on ${value}`);
    },
  });
  for (const value of [1, 2, 3]) channel.trySend(value);

  const thrown = assertThrows(() => channel.cancel(), AggregateError);

  const messages = thrown.errors.map((error: Error) => error.message);
  assertEquals(messages, ["hook broke on 1", "hook broke on 2", "hook broke on 3"]);
});

test("each value is delivered, returned to its sender or dropped: exactly one of the three", async () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(2, { onDrop: (value) => dropped.push(value) });
  const receive = channel.recv();
  const controller = new AbortController();
  const sends = [1, 2, 3, 4, 5].map((value) => watch(channel.send(value)));
  const aborted = watch(channel.send(6, { signal: controller.signal }));

  controller.abort();
  const taken = channel.tryRecv();
  channel.cancel();
  await idle();

  const delivered = [(await settled(receive)).value, taken?.value];
  const returned = sends.map((send) => send.reason)
    .filter((reason) => reason instanceof ChannelClosedError).map((error) => error.value);
  assertEquals(delivered, [1, 2]);
  assertEquals(dropped, [3, 4]);
  assertEquals(returned, [5]);
  assertEquals(aborted.state, "rejected");
});
