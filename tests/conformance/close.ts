/** What `close` does: the last word in the queue. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { ChannelClosedError, select } from "../../mod.ts";
import { DONE, watch } from "../unit/watch.ts";
import { always, type Behaviour, bounded, buffered } from "./behaviour.ts";
import { range } from "./rig.ts";

export const close: readonly Behaviour[] = [
  always("close() lets what was sent be received, then reports done for ever", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const sends = range(1, 13).map((value) => sender.send(value));

    sender.close();
    await rig.quiet();

    for (const value of range(1, 13)) {
      assertEquals(await rig.settled(receiver.recv()), { done: false, value });
    }
    for (let i = 0; i < 3; i++) assertEquals(await rig.settled(receiver.recv()), DONE);
    assertEquals(receiver.tryRecv(), DONE);
    await rig.settled(Promise.all(sends));
  }),

  bounded("close() leaves a send that waits waiting until it is received", async (rig) => {
    const { sender, receiver } = await rig.full();
    const sending = watch(sender.send(100));
    await rig.quiet();

    sender.close();
    await rig.quiet();

    assertEquals(sending.state, "waiting");
    assertEquals(await rig.settled(receiver.recvMany(100)), [...range(1, rig.capacity), 100]);
    assertEquals(sending.state, "fulfilled");
  }),

  always("close() ends the receives that wait, first come first", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const ended: string[] = [];
    const receives = ["a", "b", "c"].map(async (name) => {
      const received = await receiver.recv();
      ended.push(name);
      return received;
    });
    await rig.quiet();

    sender.close();

    assertEquals(await rig.settled(Promise.all(receives)), [DONE, DONE, DONE]);
    assertEquals(ended, ["a", "b", "c"]);
  }),

  always("close() ends a receive of many that waits with an empty array", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const receiving = receiver.recvMany(3);
    await rig.quiet();

    sender.close();

    assertEquals(await rig.settled(receiving), []);
    assertEquals(await rig.settled(receiver.recvMany(3)), []);
  }),

  always("close() ends loops, those that wait and those that begin later", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const waiting = collected(receiver);
    await rig.quiet();

    sender.close();

    assertEquals(await rig.settled(waiting), []);
    assertEquals(await rig.settled(collected(receiver)), []);
    assertEquals(await rig.settled(collected(receiver.batches(2))), []);
  }),

  always("close() is idempotent", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const sending = watch(sender.send(1));
    sender.close();

    sender.close();
    sender.close();
    await rig.quiet();

    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 1 });
    assertEquals(await rig.settled(receiver.recv()), DONE);
    assertEquals(sending.state, "fulfilled");
  }),

  always("closed is true once a channel is closed, at both ends", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const before = [sender.closed, receiver.closed];

    sender.close();
    const atOnce = sender.closed;
    await rig.quiet();

    assertEquals(before, [false, false]);
    assertEquals([atOnce, sender.closed, receiver.closed], [true, true, true]);
  }),

  buffered("size counts what a closed channel still has to give", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    sender.trySend(1);

    sender.close();
    await rig.quiet();

    assertEquals(receiver.size, 1);
    await rig.settled(receiver.recv());
    assertEquals(receiver.size, 0);
  }),

  always(
    "send() to a closed channel rejects with ChannelClosedError and the value",
    async (rig) => {
      const { sender, receiver } = await rig.open<object>();
      const value = {};
      sender.close();

      const error = await rig.rejection(sender.send(value));

      assertInstanceOf(error, ChannelClosedError);
      assertStrictEquals(error.value, value);
      assertEquals(await rig.settled(receiver.recv()), DONE);
    },
  ),

  bounded("send() to a closed channel rejects although earlier sends still wait", async (rig) => {
    const { sender, receiver } = await rig.full();
    void sender.send(100);
    sender.close();

    const error = await rig.rejection(sender.send(101));

    assertInstanceOf(error, ChannelClosedError);
    assertEquals(await rig.settled(receiver.recvMany(100)), [...range(1, rig.capacity), 100]);
    assertEquals(await rig.settled(receiver.recv()), DONE);
  }),

  always("trySend() to a closed channel throws ChannelClosedError with the value", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    sender.close();

    const error = assertThrows(() => sender.trySend(7), ChannelClosedError);

    assertEquals(error.value, 7);
    assertEquals(await rig.settled(receiver.recv()), DONE);
  }),

  bounded(
    "trySend() to a closed channel throws rather than answer that it is full",
    async (rig) => {
      const { sender } = await rig.full();
      sender.close();

      const attempt = () => sender.trySend(100);

      assertThrows(attempt, ChannelClosedError);
    },
  ),

  always("sendMany() to a closed channel rejects and closes its source", async (rig) => {
    const { sender } = await rig.open<number>();
    sender.close();
    let ended = false;
    function* source() {
      try {
        yield 1;
        yield 2;
      } finally {
        ended = true;
      }
    }

    const error = await rig.rejection(sender.sendMany(source()));

    assertInstanceOf(error, ChannelClosedError);
    assert(ended);
  }),

  bounded("close() leaves the parked send case of a select to be received", async (rig) => {
    const { sender, receiver } = await rig.full();
    const selected = watch(select({ out: sender.sendCase(100) }));
    await rig.quiet();

    sender.close();
    await rig.quiet();

    assertEquals(await rig.settled(receiver.recvMany(100)), [...range(1, rig.capacity), 100]);
    assertEquals(selected.value, { key: "out", done: false, value: undefined });
    assertEquals(await rig.settled(receiver.recv()), DONE);
  }),

  bounded("close() leaves nothing of a parked send case that lost", async (rig) => {
    const { sender, receiver } = await rig.full();
    const other = await rig.openWith<string>(1);
    const selected = watch(select({ out: sender.sendCase(100), in: other.receiver }));
    sender.close();
    await rig.quiet();

    other.sender.trySend("go");
    await rig.quiet();

    assertEquals(selected.value, { key: "in", done: false, value: "go" });
    assertEquals(await rig.settled(receiver.recvMany(100)), range(1, rig.capacity));
    assertEquals(await rig.settled(receiver.recv()), DONE);
  }),
];

async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}
