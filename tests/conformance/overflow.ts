/** What a channel does that drops instead of letting senders wait. */
import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { ChannelClosedError, type ChannelOptions, select } from "../../mod.ts";
import { DONE } from "../unit/watch.ts";
import { type Behaviour, boundedBuffer, buffered, rendezvous, unbounded } from "./behaviour.ts";
import { range } from "./rig.ts";

const POLICIES = ["drop-oldest", "drop-newest"] as const;

export const overflow: readonly Behaviour[] = [
  boundedBuffer(
    "drop-oldest keeps the newest values and drops the others in order",
    async (rig) => {
      const dropped: number[] = [];
      const { sender, receiver } = await rig.open(dropping("drop-oldest", dropped));
      const { capacity } = rig;

      for (const value of range(1, capacity + 3)) await rig.settled(sender.send(value));

      assertEquals(dropped, [1, 2, 3]);
      assertEquals(await rig.settled(receiver.recvMany(100)), range(4, capacity + 3));
    },
  ),

  boundedBuffer("drop-newest keeps the oldest values and drops what comes", async (rig) => {
    const dropped: number[] = [];
    const { sender, receiver } = await rig.open(dropping("drop-newest", dropped));
    const { capacity } = rig;

    for (const value of range(1, capacity + 3)) await rig.settled(sender.send(value));

    assertEquals(dropped, range(capacity + 1, capacity + 3));
    assertEquals(await rig.settled(receiver.recvMany(100)), range(1, capacity));
  }),

  ...POLICIES.flatMap((policy) => [
    boundedBuffer(`trySend() answers true on a full channel with ${policy}`, async (rig) => {
      const dropped: number[] = [];
      const { sender } = await rig.full(dropping(policy, dropped));

      const sent = [100, 101].map((value) => sender.trySend(value));
      await rig.quiet();

      assertEquals(sent, [true, true]);
      assertEquals([sender.size, dropped.length], [rig.capacity, 2]);
    }),

    buffered(`a receive that waits is served directly with ${policy}`, async (rig) => {
      const dropped: number[] = [];
      const { sender, receiver } = await rig.open(dropping(policy, dropped));
      const receiving = receiver.recv();
      await rig.quiet();

      await rig.settled(sender.send(1));

      assertEquals(await rig.settled(receiving), { done: false, value: 1 });
      assertEquals([dropped, sender.size], [[], 0]);
    }),

    boundedBuffer(`a send case is always ready with ${policy}`, async (rig) => {
      const dropped: number[] = [];
      const { sender } = await rig.full(dropping(policy, dropped));

      const selected = await rig.settled(select({ out: sender.sendCase(100) }));

      assertEquals(selected, { key: "out", done: false, value: undefined });
      assertEquals(dropped, [policy === "drop-oldest" ? 1 : 100]);
    }),

    boundedBuffer(
      `send() to a closed channel rejects and drops nothing with ${policy}`,
      async (rig) => {
        const dropped: number[] = [];
        const { sender, receiver } = await rig.full(dropping(policy, dropped));
        sender.close();

        const error = await rig.rejection(sender.send(100));

        assertInstanceOf(error, ChannelClosedError);
        assertThrows(() => sender.trySend(101), ChannelClosedError);
        assertEquals(dropped, []);
        assertEquals(await rig.settled(receiver.recvMany(100)), range(1, rig.capacity));
        assertEquals(await rig.settled(receiver.recv()), DONE);
      },
    ),

    boundedBuffer(`sendMany() never waits with ${policy}`, async (rig) => {
      const dropped: number[] = [];
      const { sender } = await rig.open(dropping(policy, dropped));

      const sent = await rig.settled(sender.sendMany(range(1, rig.capacity + 7)));

      assertEquals([sent, dropped.length], [rig.capacity + 7, 7]);
    }),

    boundedBuffer(
      `onDrop that throws rejects the send that dropped, which has happened, with ${policy}`,
      async (rig) => {
        const { sender, receiver } = await rig.full({
          overflow: policy,
          onDrop: (value) => {
            throw new RangeError(`cannot drop ${value}`);
          },
        });

        await assertRejects(() => sender.send(100), RangeError, "cannot drop");
        assertThrows(() => sender.trySend(101), RangeError, "cannot drop");

        const values = range(1, rig.capacity);
        const kept = policy === "drop-newest" ? values : [...values, 100, 101].slice(2);
        assertEquals(await rig.settled(receiver.recvMany(100)), kept);
      },
    ),

    boundedBuffer(`cancel() gives what is left to onDrop with ${policy}`, async (rig) => {
      const dropped: number[] = [];
      const { sender, receiver } = await rig.full(dropping(policy, dropped));
      await rig.settled(sender.send(100));

      receiver.cancel();
      await rig.quiet();

      const values = [...range(1, rig.capacity), 100];
      assertEquals(dropped.toSorted((a, b) => a - b), values);
    }),

    unbounded(`nothing is dropped without a bound with ${policy}`, async (rig) => {
      const dropped: number[] = [];
      const { sender, receiver } = await rig.open(dropping(policy, dropped));

      for (const value of range(1, 100)) assert(sender.trySend(value));
      await rig.quiet();

      assertEquals(dropped, []);
      assertEquals(await rig.settled(receiver.recvMany(1_000)), range(1, 100));
    }),

    rendezvous(`a channel with ${policy} needs a capacity of 1 or more`, async (rig) => {
      await assertRejects(() => rig.open({ overflow: policy }), RangeError, "capacity");
    }),
  ]),

  boundedBuffer("drop-oldest makes room again and again as values are taken", async (rig) => {
    const dropped: number[] = [];
    const { sender, receiver } = await rig.open(dropping("drop-oldest", dropped));
    const { capacity } = rig;
    for (const value of range(1, capacity + 1)) sender.trySend(value);
    await rig.quiet();

    const first = await rig.settled(receiver.recv());
    for (const value of range(100, 101)) sender.trySend(value);
    await rig.quiet();

    assertEquals(first, { done: false, value: 2 });
    const expected = [...range(3, capacity + 1), 100, 101].slice(-capacity);
    assertEquals(await rig.settled(receiver.recvMany(100)), expected);
  }),
];

function dropping(
  policy: "drop-oldest" | "drop-newest",
  dropped: number[],
): ChannelOptions<number> {
  return { overflow: policy, onDrop: (value) => dropped.push(value) };
}
