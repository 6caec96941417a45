import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { Channel, ChannelClosedError, select, trySelect } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { counts } from "./counts.ts";
import { drained, rejection, settled, watch } from "./watch.ts";

const DROPPING = ["drop-oldest", "drop-newest"] as const;

function full(overflow: "drop-oldest" | "drop-newest", dropped: number[]): Channel<number> {
  const channel = new Channel<number>(2, { overflow, onDrop: (value) => dropped.push(value) });
  channel.trySend(1);
  channel.trySend(2);
  return channel;
}

test('Channel with overflow "wait" waits as one without the option', async () => {
  const channel = new Channel<number>(1, { overflow: "wait" });
  channel.trySend(1);

  const send = watch(channel.send(2));
  await idle();

  assertEquals(send.state, "waiting");
});

test('Channel with overflow "drop-oldest" drops the oldest value when the buffer is full', async () => {
  const dropped: number[] = [];
  const channel = full("drop-oldest", dropped);

  const taken = channel.trySend(3);

  assert(taken);
  assertEquals(dropped, [1]);
  channel.close();
  assertEquals(await drained(channel), [2, 3]);
});

test('Channel with overflow "drop-newest" drops the value being sent when the buffer is full', async () => {
  const dropped: number[] = [];
  const channel = full("drop-newest", dropped);

  const taken = channel.trySend(3);

  assert(taken);
  assertEquals(dropped, [3]);
  channel.close();
  assertEquals(await drained(channel), [1, 2]);
});

for (const overflow of DROPPING) {
  test(`Channel.send() never waits with overflow "${overflow}"`, async () => {
    const dropped: number[] = [];
    const channel = full(overflow, dropped);

    const sends = [3, 4, 5].map((value) => channel.send(value));

    assertEquals(counts(channel).senders, 0);
    assertEquals(counts(channel).size, 2);
    await settled(Promise.all(sends));
    assertEquals(dropped.length, 3);
  });

  test(`Channel.sendMany() accepts all with overflow "${overflow}"`, async () => {
    const dropped: number[] = [];
    const channel = full(overflow, dropped);

    const accepted = await settled(channel.sendMany([3, 4, 5]));

    assertEquals(accepted, 3);
    assertEquals(dropped.length, 3);
  });

  test(`Channel drops nothing while there is room with overflow "${overflow}"`, async () => {
    const dropped: number[] = [];
    const channel = full(overflow, dropped);
    channel.tryRecv();

    channel.trySend(3);

    assertEquals(dropped, []);
    channel.close();
    assertEquals(await drained(channel), [2, 3]);
  });

  test(`Channel serves a parked receiver directly with overflow "${overflow}"`, async () => {
    const dropped: number[] = [];
    const channel = new Channel<number>(1, { overflow, onDrop: (value) => dropped.push(value) });
    const receive = channel.recv();

    channel.trySend(1);

    assertEquals(channel.size, 0);
    assertEquals(await settled(receive), { done: false, value: 1 });
    assertEquals(dropped, []);
  });

  test(`Channel drops without a hook with overflow "${overflow}"`, () => {
    const channel = new Channel<number>(1, { overflow });

    const taken = [channel.trySend(1), channel.trySend(2)];

    assertEquals(taken, [true, true]);
    assertEquals(channel.size, 1);
  });

  test(`trySelect() finds a send case always ready with overflow "${overflow}"`, () => {
    const dropped: number[] = [];
    const channel = full(overflow, dropped);

    const selected = trySelect({ out: channel.sendCase(3) });

    assertEquals(selected, { key: "out", done: false, value: undefined });
    assertEquals(dropped, [overflow === "drop-oldest" ? 1 : 3]);
  });

  test(`select() finds a send case always ready with overflow "${overflow}"`, async () => {
    const dropped: number[] = [];
    const channel = full(overflow, dropped);

    const selected = await settled(select({ out: channel.sendCase(3) }));

    assertEquals(selected.key, "out");
    assertEquals(dropped.length, 1);
  });

  test(`Channel refuses sends after close and drops nothing with overflow "${overflow}"`, async () => {
    const dropped: number[] = [];
    const channel = full(overflow, dropped);
    channel.close();

    const error = await rejection(channel.send(3));

    assertInstanceOf(error, ChannelClosedError);
    assertThrows(() => channel.trySend(4), ChannelClosedError);
    assertEquals(dropped, []);
    assertEquals(await drained(channel), [1, 2]);
  });

  test(`onDrop that throws: trySend() throws its error, the change complete, "${overflow}"`, () => {
    const failure = new Error("hook broke");
    const channel = new Channel<number>(1, {
      overflow,
      onDrop: () => {
        throw failure;
      },
    });
    channel.trySend(1);

    const thrown = assertThrows(() => channel.trySend(2));

    assertStrictEquals(thrown, failure);
    const left = overflow === "drop-oldest" ? 2 : 1;
    assertEquals(channel.tryRecv(), { done: false, value: left });
    assertEquals(channel.tryRecv(), undefined);
  });

  test(`onDrop that throws: send() rejects with its error, "${overflow}"`, async () => {
    const failure = new Error("hook broke");
    const channel = new Channel<number>(1, {
      overflow,
      onDrop: () => {
        throw failure;
      },
    });
    channel.trySend(1);

    const thrown = await rejection(channel.send(2));

    assertStrictEquals(thrown, failure);
    assertEquals(channel.size, 1);
  });

  test(`onDrop may use the channel, "${overflow}"`, () => {
    const seen: unknown[] = [];
    const channel: Channel<number> = new Channel<number>(1, {
      overflow,
      onDrop: (value) => seen.push([value, channel.tryRecv()?.value, channel.size]),
    });
    channel.trySend(1);

    channel.trySend(2);

    assertEquals(seen, [overflow === "drop-oldest" ? [1, 2, 0] : [2, 1, 0]]);
  });

  test(`each value is received or dropped exactly once with overflow "${overflow}"`, () => {
    const seen: number[] = [];
    const channel = new Channel<number>(3, { overflow, onDrop: (value) => seen.push(value) });

    for (let i = 0; i < 100; i++) {
      channel.trySend(i);
      if (i % 3 === 0) seen.push(channel.tryRecv()?.value ?? -1);
      counts(channel);
    }
    channel.cancel();

    assertEquals(seen.sort((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i));
  });
}
