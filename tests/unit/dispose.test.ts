import { assert, assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, ChannelClosedError, every } from "../../mod.ts";
import { counts } from "./counts.ts";
import { DONE, rejection, settled } from "./watch.ts";

test("Channel[Symbol.dispose]() cancels the channel", async () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(1, { onDrop: (value) => dropped.push(value) });
  channel.trySend(1);
  const parked = rejection(channel.send(2));

  channel[Symbol.dispose]();

  assertEquals(dropped, [1]);
  assertInstanceOf(await parked, ChannelClosedError);
  assertEquals(channel.tryRecv(), DONE);
});

test("Channel[Symbol.dispose]() gives no reason", async () => {
  const channel = new Channel<number>();
  const parked = rejection(channel.send(2));

  channel[Symbol.dispose]();

  assertStrictEquals((await parked as ChannelClosedError).cause, undefined);
});

test("Channel[Symbol.dispose]() reports done to receivers that wait", async () => {
  const channel = new Channel<number>();
  const receive = channel.recv();

  channel[Symbol.dispose]();

  assertEquals(counts(channel).receivers, 0);
  assertEquals(await settled(receive), DONE);
});

test("Channel[Symbol.dispose]() may be called twice, and after close()", () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(1, { onDrop: (value) => dropped.push(value) });
  channel.trySend(1);
  channel.close();

  channel[Symbol.dispose]();
  channel[Symbol.dispose]();

  assertEquals(dropped, [1]);
  assert(channel.closed);
});

test("every()[Symbol.dispose]() ends the ticks", async () => {
  const ticks = every(1_000_000);
  const receive = ticks.recv();

  ticks[Symbol.dispose]();
  ticks[Symbol.dispose]();

  assertEquals(await settled(receive), DONE);
  assert(ticks.closed);
});
