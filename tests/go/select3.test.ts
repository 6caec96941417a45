/**
 * After Go's test/chan/select3.go: what blocks, what does not, and what fails. An absent case (`null`)
 * stands for Go's nil channel; a direct operation on a nil channel is a type error here.
 */
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel, ChannelClosedError, select, trySelect } from "../../mod.ts";
import { blocks } from "./program.ts";

const DONE = { done: true, value: undefined } as const;

function closed(): Channel<number> {
  const channel = new Channel<number>();
  channel.close();
  return channel;
}

/** A channel with room for one value, which is there if there is one. */
function buffered(...values: number[]): Channel<number> {
  const channel = new Channel<number>(1);
  for (const value of values) channel.trySend(value);
  return channel;
}

test("Channel.send() never blocks while the buffer has room (select3.go)", async () => {
  await buffered().send(7);
});

test("Channel.recv() never blocks on a closed channel (select3.go)", async () => {
  const channel = closed();

  for (let n = 0; n < 10; n++) {
    assertEquals(await channel.recv(), DONE);
    assertEquals(channel.tryRecv(), DONE);
  }
});

test("Channel.send() fails on a closed channel (select3.go)", async () => {
  await assertRejects(() => closed().send(7), ChannelClosedError);
});

test("Channel.recv() blocks while nothing is there (select3.go)", async () => {
  await blocks(new Channel<number>().recv());
});

test("select() blocks when all its cases are absent (select3.go)", async () => {
  await blocks(select({ a: null }));
  await blocks(select([undefined, false]));
});

test("select() has no empty form: it would block for ever (select3.go)", () => {
  // Go's `select {}`. Here it is a mistake, and reported as one.
  assertThrows(() => select({}), TypeError);
  assertThrows(() => select([]), TypeError);
});

test("select() blocks while no channel is ready (select3.go)", async () => {
  await blocks(select({ in: new Channel<number>() }));
  await blocks(select({ out: new Channel<number>().sendCase(1) }));
});

test("trySelect() never blocks: the absent case is not taken (select3.go)", () => {
  assertEquals(trySelect({ a: null }), undefined);
  assertEquals(trySelect({ a: null, b: new Channel<number>() }), undefined);
});

test("trySelect() takes a case that is ready (select3.go)", () => {
  const [empty, full] = [buffered(), buffered(7)];

  assertEquals(trySelect({ out: empty.sendCase(7) })?.key, "out");
  assertEquals(trySelect({ in: full })?.value, 7);
});

test("select() treats a closed channel as an ordinary operation does (select3.go)", async () => {
  assertEquals(await select({ in: closed() }), { key: "in", ...DONE });
  await assertRejects(() => select({ out: closed().sendCase(7) }), ChannelClosedError);
  assertThrows(() => trySelect({ out: closed().sendCase(7) }), ChannelClosedError);
});

test("select() does not get confused when it sees itself (select3.go)", async () => {
  const channel = new Channel<number>();

  await blocks(select({ out: channel.sendCase(1), in: channel }));
});
