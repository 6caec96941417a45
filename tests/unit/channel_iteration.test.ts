import { assert, assertEquals, assertFalse, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { Channel } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { counts, waiting } from "./counts.ts";
import { DONE, drained, gather, rejection, settled, watch } from "./watch.ts";

function filled(...values: number[]): Channel<number> {
  const channel = new Channel<number>(values.length);
  for (const value of values) channel.trySend(value);
  return channel;
}

test("Channel iteration gives every value and ends when the channel is closed and drained", async () => {
  const channel = filled(1, 2, 3);
  channel.close();

  const received = await drained(channel);

  assertEquals(received, [1, 2, 3]);
});

test("Channel iteration waits for values and is ended by close()", async () => {
  const channel = new Channel<number>();
  const received: number[] = [];
  const loop = watch(gather(channel, received));

  await settled(channel.send(1));
  await settled(channel.send(2));
  const before = loop.state;
  channel.close();
  await idle();

  assertEquals(received, [1, 2]);
  assertEquals([before, loop.state], ["waiting", "fulfilled"]);
});

test("Channel iteration fetches nothing ahead: one receive a step", async () => {
  const channel = filled(1, 2, 3);
  const iterator = channel[Symbol.asyncIterator]();

  const before = channel.size;
  await settled(iterator.next());

  assertEquals([before, channel.size], [3, 2]);
});

test("Channel iteration takes nothing while the body of the loop runs", async () => {
  const channel = filled(1, 2, 3);
  channel.close();
  const sizes: number[] = [];

  for await (const _ of channel) {
    await idle();
    sizes.push(channel.size);
  }

  assertEquals(sizes, [2, 1, 0]);
});

test("Channel iteration left by break leaves the channel open and loses nothing", async () => {
  const channel = filled(1, 2, 3);

  for await (const _ of channel) break;

  assertFalse(channel.closed);
  assertEquals(waiting(channel), 0);
  assertEquals(await settled(channel.recvMany(5)), [2, 3]);
});

test("Channel iteration left by a throw leaves the channel open and loses nothing", async () => {
  const channel = filled(1, 2, 3);
  const failure = new Error("body broke");
  const loop = async () => {
    for await (const _ of channel) throw failure;
  };

  const thrown = await rejection(loop());

  assertStrictEquals(thrown, failure);
  assertFalse(channel.closed);
  assertEquals(channel.size, 2);
});

test("Channel iteration can be taken up again by another loop", async () => {
  const channel = filled(1, 2, 3);
  for await (const _ of channel) break;
  channel.close();

  const rest = await drained(channel);

  assertEquals(rest, [2, 3]);
});

test("several loops over one Channel share its values, each value to one of them", async () => {
  const channel = new Channel<number>(2);
  const received: number[] = [];
  const loops = [1, 2, 3].map(() => gather(channel, received));

  await settled(channel.sendMany(Array.from({ length: 30 }, (_, i) => i)));
  channel.close();
  await settled(Promise.all(loops));

  assertEquals(received.sort((a, b) => a - b), Array.from({ length: 30 }, (_, i) => i));
});

test("ChannelIterator.return() settles a pending next() at once and takes nothing", async () => {
  const channel = new Channel<number>(1);
  const iterator = channel[Symbol.asyncIterator]();
  const step = iterator.next();

  iterator.return();

  assertEquals(waiting(channel), 0);
  channel.trySend(1);
  assertEquals(await settled(step), DONE);
  assertEquals(channel.size, 1);
});

test("ChannelIterator.return() settles every pending next()", async () => {
  const channel = new Channel<number>();
  const iterator = channel[Symbol.asyncIterator]();
  const steps = [iterator.next(), iterator.next(), iterator.next()];

  const returned = await settled(iterator.return());

  assertEquals(returned, DONE);
  assertEquals(await settled(Promise.all(steps)), [DONE, DONE, DONE]);
  assertEquals(waiting(channel), 0);
});

test("ChannelIterator.return() leaves other receivers in their places", async () => {
  const channel = new Channel<number>();
  const [one, other] = [channel[Symbol.asyncIterator](), channel[Symbol.asyncIterator]()];
  const gone = one.next();
  const kept = other.next();
  const receive = channel.recv();

  one.return();
  channel.trySend(1);
  channel.trySend(2);

  assertEquals(await settled(gone), DONE);
  assertEquals(await settled(kept), { done: false, value: 1 });
  assertEquals(await settled(receive), { done: false, value: 2 });
});

test("ChannelIterator.return() does not take back a value that was given in the same turn", async () => {
  const channel = new Channel<number>();
  const iterator = channel[Symbol.asyncIterator]();
  const step = iterator.next();

  channel.trySend(1);
  iterator.return();

  assertEquals(await settled(step), { done: false, value: 1 });
});

test("ChannelIterator.next() reports done after return() and takes nothing", async () => {
  const channel = filled(1);
  const iterator = channel[Symbol.asyncIterator]();
  await settled(iterator.return());

  const step = await settled(iterator.next());

  assertEquals(step, DONE);
  assertEquals(channel.size, 1);
});

test("ChannelIterator.next() may be called concurrently and is served in order", async () => {
  const channel = new Channel<number>();
  const iterator = channel[Symbol.asyncIterator]();
  const steps = [iterator.next(), iterator.next(), iterator.next()];

  for (const value of [1, 2]) channel.trySend(value);
  channel.close();

  const received = await settled(Promise.all(steps));
  assertEquals(received, [{ done: false, value: 1 }, { done: false, value: 2 }, DONE]);
});

test("ChannelIterator.next() takes effect inside the call", () => {
  const channel = filled(1, 2);
  const iterator = channel[Symbol.asyncIterator]();

  iterator.next();

  assertEquals(counts(channel).size, 1);
});

test("ChannelIterator.next() rejects with the error of fail() every time", async () => {
  const channel = new Channel<number>();
  const failure = new Error("source broke");
  channel.fail(failure);
  const iterator = channel[Symbol.asyncIterator]();

  const first = await rejection(iterator.next());
  const second = await rejection(iterator.next());

  assertStrictEquals(first, failure);
  assertStrictEquals(second, failure);
});

test("ChannelIterator is iterable itself", () => {
  const channel = new Channel<number>();

  const iterator = channel[Symbol.asyncIterator]();

  assertStrictEquals(iterator[Symbol.asyncIterator](), iterator);
});

test("Channel iteration stops a loop that waits when the channel is cancelled", async () => {
  const channel = new Channel<number>();
  const loop = gather(channel, []);

  channel.cancel();

  assertEquals(await settled(loop), []);
  assert(channel.closed);
});

test("ChannelIterator.return() does not take back a step that went at once", async () => {
  const channel = filled(1);
  const iterator = channel[Symbol.asyncIterator]();

  const step = iterator.next();
  iterator.return();

  assertEquals(await settled(step), { done: false, value: 1 });
  assertEquals(channel.size, 0);
});
