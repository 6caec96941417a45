/** What `fail` does: close, with an error behind the values. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { ChannelClosedError, select, trySelect } from "../../mod.ts";
import { DONE, watch } from "../unit/watch.ts";
import { always, type Behaviour, bounded } from "./behaviour.ts";
import { range } from "./rig.ts";

export const fail: readonly Behaviour[] = [
  always("fail() lets what was sent be received, then rejects every receive", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const sends = range(1, 13).map((value) => sender.send(value));

    sender.fail(new RangeError("source broke"));
    await rig.quiet();

    for (const value of range(1, 13)) {
      assertEquals(await rig.settled(receiver.recv()), { done: false, value });
    }
    for (let i = 0; i < 3; i++) await assertRejects(() => receiver.recv(), RangeError, "broke");
    await rig.settled(Promise.all(sends));
  }),

  always("fail() rejects with the error itself, the same object every time", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const failure = new Error("source broke");

    sender.fail(failure);
    await rig.quiet();

    for (let i = 0; i < 2; i++) assertStrictEquals(await rig.rejection(receiver.recv()), failure);
    assertStrictEquals(await rig.rejection(receiver.recvMany(2)), failure);
    assertStrictEquals(assertThrows(() => receiver.tryRecv()), failure);
  }),

  always("fail() rejects the receives that wait, first come first", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const ended: string[] = [];
    const receives = ["a", "b", "c"].map((name) =>
      receiver.recv().catch((error: Error) => {
        ended.push(name);
        return error.message;
      })
    );
    await rig.quiet();

    sender.fail(new Error("source broke"));

    assertEquals(await rig.settled(Promise.all(receives)), Array(3).fill("source broke"));
    assertEquals(ended, ["a", "b", "c"]);
  }),

  bounded("fail() leaves a send that waits waiting until it is received", async (rig) => {
    const { sender, receiver } = await rig.full();
    const sending = watch(sender.send(100));

    sender.fail(new Error("source broke"));
    await rig.quiet();

    assertEquals(sending.state, "waiting");
    assertEquals(await rig.settled(receiver.recvMany(100)), [...range(1, rig.capacity), 100]);
    assertEquals(sending.state, "fulfilled");
  }),

  always("fail() makes tryRecv() throw the error when nothing is left", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const sending = watch(sender.send(1));

    sender.fail(new RangeError("source broke"));
    await rig.quiet();

    assertEquals(receiver.tryRecv(), { done: false, value: 1 });
    for (let i = 0; i < 2; i++) assertThrows(() => receiver.tryRecv(), RangeError, "broke");
    await rig.quiet();
    assertEquals(sending.state, "fulfilled");
  }),

  always("fail() makes loops throw the error after the values, every time", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const value of [1, 2, 3]) void sender.send(value);
    sender.fail(new RangeError("source broke"));
    const received: number[] = [];

    const loop = async () => {
      for await (const value of receiver) received.push(value);
    };

    await assertRejects(loop, RangeError, "broke");
    await assertRejects(loop, RangeError, "broke");
    assertEquals(received, [1, 2, 3]);
  }),

  always("fail() makes batches() give the values before the error", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const value of [1, 2, 3]) void sender.send(value);
    sender.fail(new RangeError("source broke"));
    const received: number[] = [];

    const loop = async () => {
      for await (const batch of receiver.batches(2)) received.push(...batch);
    };

    await assertRejects(loop, RangeError, "broke");
    assertEquals(received, [1, 2, 3]);
  }),

  always("fail() rejects a select that waits for the channel, or chooses it", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const waiting = watch(select({ in: receiver }));
    await rig.quiet();

    sender.fail(new RangeError("source broke"));
    await rig.quiet();

    assertInstanceOf(waiting.reason, RangeError);
    assertInstanceOf(await rig.rejection(select({ in: receiver })), RangeError);
    assertThrows(() => trySelect({ in: receiver }), RangeError, "broke");
  }),

  always("fail() after close() changes nothing", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    sender.close();

    sender.fail(new Error("too late"));
    await rig.quiet();

    assertEquals(await rig.settled(receiver.recv()), DONE);
  }),

  always("fail() is not undone by close(), nor changed by another fail()", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    sender.fail(new RangeError("first"));

    sender.close();
    sender.fail(new Error("second"));
    await rig.quiet();

    await assertRejects(() => receiver.recv(), RangeError, "first");
  }),

  always(
    "fail() closes: a later send rejects with ChannelClosedError and its value",
    async (rig) => {
      const { sender } = await rig.open<number>();
      sender.fail(new Error("source broke"));

      const error = await rig.rejection(sender.send(5));

      assert(sender.closed);
      assertInstanceOf(error, ChannelClosedError);
      assertEquals(error.value, 5);
      assertThrows(() => sender.trySend(6), ChannelClosedError);
    },
  ),

  always("fail() passes any reason on: undefined, null, 0, a text", async (rig) => {
    for (const failure of [undefined, null, 0, "text"]) {
      const { sender, receiver } = await rig.open<number>();

      sender.fail(failure);
      await rig.quiet();

      assertStrictEquals(await rig.rejection(receiver.recv()), failure);
    }
  }),

  always("fail() reports to nobody when nobody receives", async (rig) => {
    const { sender } = await rig.open<number>();

    sender.fail(new Error("nobody asks"));
    await rig.quiet();

    // An unhandled rejection would fail this test on every runtime.
    assert(sender.closed);
  }),
];
