/** What is left of the memory when things go wrong: used up, or given back while an old handle is still around. */
import { assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { test } from "node:test";
import { ChannelClosedError } from "../../mod.ts";
import { letGo } from "../../workers/shared/channel_memory.ts";
import { createMemory, Domain } from "../../workers/shared/domain.ts";
import { CANCELLED, HOLDERS, RECEIVERS, SENDERS } from "../../workers/shared/layout.ts";
import { makeIn, openIn } from "../../workers/shared/shared_channel.ts";
import { DONE, RECEIVED, watch } from "../unit/watch.ts";
import { blocksInUse } from "./rings.ts";
import { settled } from "./threads_in_one.ts";

const SMALL = 2 ** 20;
const LONG = 300_000;
const SHORT = 20_000;

/** Lends until nothing is left. */
function useUp(channel: { lend(bytes: number): unknown }): void {
  try {
    for (;;) channel.lend(SHORT);
  } catch (error) {
    assertInstanceOf(error, RangeError);
  }
}

test("SharedChannel.from() of an old handle does not let go of the channel that lies there now", () => {
  const domain = new Domain(createMemory(SMALL));
  const { handle } = makeIn<number>(domain, 1);
  openIn<number>(domain, handle).close();
  letGo(domain, handle.offset);
  const now = makeIn<number>(domain, 1);
  assertEquals(now.handle.offset, handle.offset);

  const old = openIn<number>(domain, handle);

  assertEquals([old.closed, now.closed], [true, false]);
  assertEquals(domain.isEnlisted((handle.offset >> 2) + HOLDERS), true);
});

test("SharedChannel.send() rejects when it is let in and the memory is used up; nothing else suffers", async () => {
  const memory = createMemory(SMALL);
  const [here, there] = [new Domain(memory), new Domain(memory)];
  const near = makeIn<unknown>(here, 1);
  const far = openIn<unknown>(there, near.handle);
  await near.send(1);
  const long = watch(near.send(new Uint8Array(LONG)));
  const short = watch(near.send(2));
  useUp(near);

  assertEquals(await near.recv(), RECEIVED<unknown>(1));
  await settled(here, there);
  assertInstanceOf(long.reason, RangeError);
  assertEquals([short.state, await far.recv()], ["fulfilled", RECEIVED<unknown>(2)]);

  await near.send(3);
  const next = near.send(new Uint8Array(LONG));
  void far.recv();
  await assertRejects(() => next, RangeError);
});

test("SharedChannel is closed by whoever finds it cancelled, if who cancelled it died on the way", async () => {
  const memory = createMemory(SMALL);
  const [here, there] = [new Domain(memory), new Domain(memory)];
  const near = makeIn<number>(here, 1);
  const far = openIn<number>(there, near.handle);
  await near.send(1);
  const sending = watch(near.send(2));
  // As if by a thread that died in `cancel`.
  Atomics.store(here.words, (near.handle.offset >> 2) + CANCELLED, 1);

  assertEquals(await far.recv(), DONE);
  await settled(here, there);

  assertEquals([sending.state, near.closed], ["rejected", true]);
  for (const mask of [RECEIVERS, SENDERS]) {
    assertEquals(here.words[(near.handle.offset >> 2) + mask], 0);
  }
});

test("SharedChannel.from() gives the error of a channel that has failed, although all have let go of it", async () => {
  const domain = new Domain(createMemory(SMALL));
  const { handle } = makeIn<number>(domain, 3, { name: "late" });
  const channel = openIn<number>(domain, handle);
  await channel.send(1);
  channel.fail(new RangeError("broken"));
  const [, full] = [await channel.recv(), blocksInUse(domain)];

  letGo(domain, handle.offset);
  letGo(domain, handle.offset);
  const late = openIn<number>(new Domain(domain.memory), handle);

  assertEquals(blocksInUse(domain), full - 1);
  await assertRejects(() => late.recv(), RangeError, "broken");
  await assertRejects(() => late.recvMany(9), RangeError, "broken");
  assertThrows(() => late.trySend(2), ChannelClosedError);
  assertEquals([late.closed, late.size, late.capacity, late.name], [true, 0, 3, "late"]);
  makeIn<number>(domain, 3);
  await assertRejects(() => late.recv(), RangeError, "broken");
});

test("SharedChannel.from() opens a channel as closed and empty when all have let go of it", async () => {
  const domain = new Domain(createMemory(SMALL));
  const { handle } = makeIn<number>(domain, 3);
  openIn<number>(domain, handle).close();

  letGo(domain, handle.offset);

  assertEquals(await openIn<number>(new Domain(domain.memory), handle).recv(), DONE);
});
