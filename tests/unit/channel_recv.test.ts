import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { counts } from "./counts.ts";
import { settled, watch } from "./watch.ts";

test("Channel.recv() takes a buffered value inside the call", async () => {
  const channel = new Channel<number>(2);
  channel.trySend(1);
  channel.trySend(2);

  const receive = channel.recv();

  assertEquals(channel.size, 1);
  assertEquals(await settled(receive), { done: false, value: 1 });
});

test("Channel.recv() waits while there is nothing to take", async () => {
  const channel = new Channel<number>(1);

  const receive = watch(channel.recv());
  await idle();

  assertEquals(receive.state, "waiting");
  assertEquals(counts(channel).receivers, 1);
});

test("Channel.recv() parks at the tail: waiting receivers are served first come, first served", async () => {
  const channel = new Channel<number>();
  const order: string[] = [];
  const receives = ["a", "b", "c"].map(async (name) => {
    const received = await channel.recv();
    order.push(`${name}${received.value}`);
  });

  for (const value of [1, 2, 3]) channel.trySend(value);
  await settled(Promise.all(receives));

  assertEquals(order, ["a1", "b2", "c3"]);
});

test("Channel.recv() takes values in the order in which they were accepted", async () => {
  const channel = new Channel<number>(2);
  for (const value of [1, 2, 3, 4, 5]) channel.send(value);

  const received = await settled(Promise.all([1, 2, 3, 4, 5].map(() => channel.recv())));

  assertEquals(received.map((r) => r.value), [1, 2, 3, 4, 5]);
});

test("Channel.recv() moves exactly one parked sender's value in, in the same call", async () => {
  const channel = new Channel<number>(2);
  const sends = [1, 2, 3, 4, 5].map((value) => watch(channel.send(value)));

  channel.recv();
  const after = counts(channel);
  await idle();

  assertEquals([after.size, after.senders], [2, 2]);
  const states = sends.map((send) => send.state);
  assertEquals(states, ["fulfilled", "fulfilled", "fulfilled", "waiting", "waiting"]);
});

test("Channel.recv() takes the first parked sender's value on an unbuffered channel", async () => {
  const channel = new Channel<number>();
  const first = watch(channel.send(1));
  const second = watch(channel.send(2));

  const received = await settled(channel.recv());

  assertEquals(received, { done: false, value: 1 });
  assertEquals([first.state, second.state], ["fulfilled", "waiting"]);
});

test("Channel.recv() gives each value to one receiver", async () => {
  const channel = new Channel<number>(4);
  const receives = [1, 2, 3].map(() => channel.recv());

  for (const value of [10, 20, 30, 40]) channel.trySend(value);

  const received = await settled(Promise.all(receives));
  assertEquals(received.map((r) => r.value), [10, 20, 30]);
  assertEquals(channel.tryRecv(), { done: false, value: 40 });
});

test("Channel.recv() settles in commit order, whether it waited or not", async () => {
  const channel = new Channel<number>(1);
  const order: string[] = [];

  channel.recv().then(() => order.push("waited"));
  channel.trySend(1);
  channel.trySend(2);
  channel.recv().then(() => order.push("went at once"));
  await idle();

  assertEquals(order, ["waited", "went at once"]);
});

for (const capacity of [0, 1, 4]) {
  for (const receiverFirst of [true, false]) {
    const first = receiverFirst ? "receiver" : "sender";

    test(`Channel settles hand-overs in commit order, ${first} first, capacity ${capacity}`, async () => {
      const channel = new Channel<number>(capacity);
      if (!receiverFirst) { for (let i = 0; i < capacity; i++) channel.trySend(i); }
      const order: number[] = [];
      const note = (i: number) => () => order.push(i);

      // A few in a turn, so that no promise is delayed for the sake of the event loop.
      for (let i = 0; i < 400; i++) {
        if (receiverFirst) channel.recv().then(note(i));
        channel.send(i).then(note(i));
        if (!receiverFirst) channel.recv().then(note(i));
        if (i % 40 === 0) await idle();
      }
      await idle();

      assertEquals(order, Array.from({ length: 800 }, (_, i) => Math.floor(i / 2)));
    });
  }
}

test("Channel.tryRecv() answers undefined while recv() would wait", () => {
  const channel = new Channel<number>(1);

  const received = channel.tryRecv();

  assertEquals(received, undefined);
  assertEquals(counts(channel).receivers, 0);
});

test("Channel.tryRecv() takes a buffered value", () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);

  const received = channel.tryRecv();

  assertEquals(received, { done: false, value: 1 });
  assertEquals(channel.size, 0);
});

test("Channel.tryRecv() takes the value of a parked sender and lets him go", async () => {
  const channel = new Channel<number>();
  const send = channel.send(1);

  const received = channel.tryRecv();

  assertEquals(received, { done: false, value: 1 });
  assertEquals(counts(channel).senders, 0);
  await settled(send);
});

test("Channel.tryRecv() does not take a value that a parked receiver was given", async () => {
  const channel = new Channel<number>(1);
  const receive = channel.recv();
  channel.trySend(1);

  const received = channel.tryRecv();

  assertEquals(received, undefined);
  assertEquals(await settled(receive), { done: false, value: 1 });
});

test("Channel.recv() and send() keep the order through many turns of the buffer", async () => {
  const channel = new Channel<number>(3);
  const received: number[] = [];
  const consume = async () => {
    for (let i = 0; i < 1_000; i++) received.push((await channel.recv()).value as number);
  };

  const consumer = consume();
  for (let i = 0; i < 1_000; i++) await channel.send(i);
  await settled(consumer);

  assertEquals(received, Array.from({ length: 1_000 }, (_, i) => i));
});
