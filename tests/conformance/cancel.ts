/** What `cancel` does: nobody reads any more. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { ChannelClosedError, select } from "../../mod.ts";
import { DONE, watch } from "../unit/watch.ts";
import { always, type Behaviour, bounded, boundedBuffer, buffered } from "./behaviour.ts";
import { range } from "./rig.ts";

export const cancel: readonly Behaviour[] = [
  buffered(
    "cancel() drops the buffer and gives each value to onDrop once, in order",
    async (rig) => {
      const dropped: number[] = [];
      const { sender, receiver } = await rig.open<number>({
        onDrop: (value) => dropped.push(value),
      });
      const values = range(1, Math.min(rig.capacity, 5));
      for (const value of values) sender.trySend(value);
      await rig.quiet();

      receiver.cancel();
      receiver.cancel();
      await rig.quiet();

      assertEquals(dropped, values);
      assertEquals([sender.size, receiver.size], [0, 0]);
      assertEquals(await rig.settled(receiver.recv()), DONE);
    },
  ),

  bounded("cancel() rejects the sends that wait, with value and reason, in order", async (rig) => {
    const { sender, receiver } = await rig.full();
    const reason = new Error("enough");
    const errors: ChannelClosedError[] = [];
    for (const value of [100, 101, 102]) sender.send(value).catch((error) => errors.push(error));
    await rig.quiet();

    receiver.cancel(reason);
    await rig.quiet();

    assert(errors.every((error) => error instanceof ChannelClosedError));
    assertEquals(errors.map(({ value }) => value), [100, 101, 102]);
    assertEquals(errors.map(({ cause }) => (cause as Error).message), Array(3).fill("enough"));
  }),

  bounded("cancel() never gives the value of a send that it rejects to onDrop", async (rig) => {
    const dropped: number[] = [];
    const { sender, receiver } = await rig.full({ onDrop: (value) => dropped.push(value) });
    const sending = watch(sender.send(100));
    await rig.quiet();

    receiver.cancel();
    await rig.quiet();

    assertEquals(sending.state, "rejected");
    assertEquals(dropped, range(1, rig.capacity));
  }),

  bounded("cancel() marks the sends that it cuts off as handled", async (rig) => {
    const { sender, receiver } = await rig.full();
    void sender.send(100);
    void sender.sendMany([101, 102]);
    await rig.quiet();

    receiver.cancel();
    await rig.quiet();

    // An unhandled rejection would fail this test on every runtime.
    assert(sender.closed);
  }),

  bounded("cancel() rejects a sendMany() that waits and closes its source", async (rig) => {
    const { sender, receiver } = await rig.full();
    let ended = false;
    function* source() {
      try {
        yield 100;
      } finally {
        ended = true;
      }
    }
    const sending = watch(sender.sendMany(source()));
    await rig.quiet();

    receiver.cancel();
    await rig.quiet();

    assertInstanceOf(sending.reason, ChannelClosedError);
    assert(ended);
  }),

  always("cancel() reports done to the receives that wait, first come first", async (rig) => {
    const { receiver } = await rig.open<number>();
    const ended: string[] = [];
    const receives = ["a", "b"].map(async (name) => {
      const received = await receiver.recv();
      ended.push(name);
      return received;
    });
    await rig.quiet();

    receiver.cancel(new Error("enough"));

    assertEquals(await rig.settled(Promise.all(receives)), [DONE, DONE]);
    assertEquals(ended, ["a", "b"]);
  }),

  always("cancel() makes every later receive report done", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    void sender.send(1);
    await rig.quiet();

    receiver.cancel();
    await rig.quiet();

    assertEquals(await rig.settled(receiver.recv()), DONE);
    assertEquals(receiver.tryRecv(), DONE);
    assertEquals(await rig.settled(receiver.recvMany(3)), []);
    for await (const _ of receiver) throw new Error("nothing must come");
  }),

  always("cancel() makes later sends reject and trySend() throw, with the value", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    receiver.cancel();
    await rig.quiet();

    const error = await rig.rejection(sender.send(5));
    assertInstanceOf(error, ChannelClosedError);
    assertEquals(error.value, 5);
    assertThrows(() => sender.trySend(6), ChannelClosedError);
    assert(sender.closed);
  }),

  always("cancel() makes later receives report done on a failed channel too", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    sender.fail(new Error("source broke"));
    await rig.quiet();

    receiver.cancel();
    await rig.quiet();

    assertEquals(await rig.settled(receiver.recv()), DONE);
    assertEquals(receiver.tryRecv(), DONE);
  }),

  always("cancel() decides against a later fail()", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    receiver.cancel();
    await rig.quiet();

    sender.fail(new Error("too late"));
    await rig.quiet();

    assertEquals(await rig.settled(receiver.recv()), DONE);
  }),

  bounded("cancel() after close() drops what is left and cuts off sends that wait", async (rig) => {
    const dropped: number[] = [];
    const { sender, receiver } = await rig.full({ onDrop: (value) => dropped.push(value) });
    const sending = watch(sender.send(100));
    sender.close();
    await rig.quiet();

    receiver.cancel();
    await rig.quiet();

    assertEquals(dropped, range(1, rig.capacity));
    assertInstanceOf(sending.reason, ChannelClosedError);
    assertEquals(await rig.settled(receiver.recv()), DONE);
  }),

  bounded("cancel() rejects the parked send case of a select", async (rig) => {
    const { sender, receiver } = await rig.full();
    const selected = watch(select({ out: sender.sendCase(100) }));
    await rig.quiet();

    receiver.cancel();
    await rig.quiet();

    assertInstanceOf(selected.reason, ChannelClosedError);
    assertEquals(selected.reason.value, 100);
  }),

  always("cancel() reports done to the parked receive case of a select", async (rig) => {
    const { receiver } = await rig.open<number>();
    const selected = watch(select({ in: receiver }));
    await rig.quiet();

    receiver.cancel();
    await rig.quiet();

    assertEquals(selected.value, { key: "in", ...DONE });
  }),

  boundedBuffer(
    "cancel() gives onDrop every value although it throws, then throws",
    async (rig) => {
      const dropped: number[] = [];
      const { receiver } = await rig.full({
        onDrop: (value) => {
          dropped.push(value);
          throw new RangeError(`cannot drop ${value}`);
        },
      });

      const error = assertThrows(() => receiver.cancel());
      await rig.quiet();

      assertEquals(dropped, range(1, rig.capacity));
      assertInstanceOf(error, rig.capacity === 1 ? RangeError : AggregateError);
      if (error instanceof AggregateError) assertEquals(error.errors.length, rig.capacity);
      assertEquals(await rig.settled(receiver.recv()), DONE);
    },
  ),

  bounded("cancel() without a reason leaves the errors of sends without a cause", async (rig) => {
    const { sender, receiver } = await rig.full();
    const sending = watch(sender.send(100));
    await rig.quiet();

    receiver.cancel();
    await rig.quiet();

    assertStrictEquals((sending.reason as Error).cause, undefined);
  }),
];
