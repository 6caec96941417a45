/** What a timeout does to an operation. An operation that can go at once beats it. */
import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { select, type WaitOptions } from "../../mod.ts";
import { watch } from "../unit/watch.ts";
import { always, type Behaviour, bounded, boundedBuffer, buffered } from "./behaviour.ts";
import type { Ends } from "./kind.ts";
import { range } from "./rig.ts";

type Operation = (ends: Ends<number>, options: WaitOptions) => Promise<unknown>;

const TAKING: Record<string, Operation> = {
  "recv()": ({ receiver }, options) => receiver.recv(options),
  "recvMany()": ({ receiver }, options) => receiver.recvMany(3, options),
  "select() that receives": ({ receiver }, options) => select({ in: receiver }, options),
};

const GIVING: Record<string, Operation> = {
  "send()": ({ sender }, options) => sender.send(100, options),
  "sendMany()": ({ sender }, options) => sender.sendMany([100], options),
  "select() that sends": ({ sender }, options) => select({ out: sender.sendCase(100) }, options),
};

export const timeout: readonly Behaviour[] = [
  ...Object.entries(TAKING).flatMap(([name, take]) => [
    always(
      `${name} rejects with a TimeoutError when its time is over, and takes nothing`,
      async (rig) => {
        const clock = rig.clock();
        const ends = await rig.open<number>();
        const receiving = watch(take(ends, { timeout: 50 }));
        await clock.advance(49);
        const before = receiving.state;

        await clock.advance(1);
        await rig.quiet();

        assertEquals([before, receiving.state], ["waiting", "rejected"]);
        assertTimeout(receiving.reason);
        void ends.sender.send(1);
        assertEquals(await rig.settled(ends.receiver.recv()), { done: false, value: 1 });
      },
    ),

    always(`${name} with timeout 0 takes a value that is there`, async (rig) => {
      const ends = await rig.open<number>();
      const sending = watch(ends.sender.send(1));
      await rig.quiet();

      await rig.settled(take(ends, { timeout: 0 }));

      assertEquals(sending.state, "fulfilled");
      assertEquals(ends.receiver.tryRecv(), undefined);
    }),

    always(`${name} with timeout 0 tries once and does not wait`, async (rig) => {
      const ends = await rig.open<number>();

      assertTimeout(await rig.rejection(take(ends, { timeout: 0 })));

      void ends.sender.send(1);
      assertEquals(await rig.settled(ends.receiver.recv()), { done: false, value: 1 });
    }),

    always(`${name} that was served in time is not touched by its timeout`, async (rig) => {
      const clock = rig.clock();
      const ends = await rig.open<number>();
      const receiving = watch(take(ends, { timeout: 50 }));
      await rig.quiet();

      await rig.settled(ends.sender.send(1));
      await clock.advance(100);

      assertEquals(receiving.state, "fulfilled");
    }),
  ]),

  ...Object.entries(GIVING).flatMap(([name, give]) => [
    bounded(
      `${name} rejects with a TimeoutError when its time is over, and keeps its value`,
      async (rig) => {
        const clock = rig.clock();
        const ends = await rig.full();
        const sending = watch(give(ends, { timeout: 50 }));
        await clock.advance(49);
        const before = sending.state;

        await clock.advance(1);
        await rig.quiet();

        assertEquals([before, sending.state], ["waiting", "rejected"]);
        assertTimeout(sending.reason);
        ends.sender.close();
        await rig.quiet();
        assertEquals(await rig.settled(ends.receiver.recvMany(100)), range(1, rig.capacity));
      },
    ),

    buffered(`${name} with timeout 0 sends while there is room`, async (rig) => {
      const ends = await rig.open<number>();

      await rig.settled(give(ends, { timeout: 0 }));

      assertEquals(await rig.settled(ends.receiver.recv()), { done: false, value: 100 });
    }),

    bounded(`${name} with timeout 0 tries once and does not wait`, async (rig) => {
      const ends = await rig.full();

      assertTimeout(await rig.rejection(give(ends, { timeout: 0 })));

      ends.sender.close();
      await rig.quiet();
      assertEquals(await rig.settled(ends.receiver.recvMany(100)), range(1, rig.capacity));
    }),
  ]),

  always("recv() with timeout Infinity waits on", async (rig) => {
    const clock = rig.clock();
    const { sender, receiver } = await rig.open<number>();
    const receiving = watch(receiver.recv({ timeout: Infinity }));

    await clock.advance(1e12);
    const before = receiving.state;
    await rig.settled(sender.send(1));

    assertEquals([before, receiving.state], ["waiting", "fulfilled"]);
  }),

  always("recv() that times out leaves the others in their places", async (rig) => {
    const clock = rig.clock();
    const { sender, receiver } = await rig.open<number>();
    const before = watch(receiver.recv());
    const late = watch(receiver.recv({ timeout: 50 }));
    const behind = watch(receiver.recv());

    await clock.advance(50);
    for (const value of [1, 2]) await rig.settled(sender.send(value));

    assertEquals(late.state, "rejected");
    assertEquals(before.value, { done: false, value: 1 });
    assertEquals(behind.value, { done: false, value: 2 });
  }),

  bounded("send() that times out leaves the others in their places", async (rig) => {
    const clock = rig.clock();
    const { sender, receiver } = await rig.full();
    void sender.send(100);
    const late = watch(sender.send(101, { timeout: 50 }));
    void sender.send(102);

    await clock.advance(50);

    assertEquals(late.state, "rejected");
    const received = await rig.settled(receiver.recvMany(100));
    assertEquals(received, [...range(1, rig.capacity), 100, 102]);
  }),

  always("operations time out in the order of their deadlines, not of their calls", async (rig) => {
    const clock = rig.clock();
    const { receiver } = await rig.open<number>();
    const ended: number[] = [];
    for (const timeout of [30, 10, 20, 10]) {
      receiver.recv({ timeout }).catch(() => ended.push(timeout));
    }

    await clock.advance(30);
    await rig.quiet();

    assertEquals(ended, [10, 10, 20, 30]);
  }),

  boundedBuffer(
    "sendMany() times out as a whole, and keeps what was accepted accepted",
    async (rig) => {
      const clock = rig.clock();
      const { sender, receiver } = await rig.open<number>();
      const sending = watch(sender.sendMany(range(1, rig.capacity + 5), { timeout: 50 }));
      await clock.advance(40);
      await rig.settled(receiver.recv());

      await clock.advance(10);
      await rig.quiet();

      assertTimeout(sending.reason);
      assertEquals(await rig.settled(receiver.recvMany(100)), range(2, rig.capacity + 1));
    },
  ),

  always("recv() with a signal and a timeout ends by whichever comes first", async (rig) => {
    const clock = rig.clock();
    const { receiver } = await rig.open<number>();
    const stop = new AbortController();
    const { signal } = stop;
    const late = watch(receiver.recv({ signal, timeout: 10 }));
    const aborted = watch(receiver.recv({ signal, timeout: 30 }));

    await clock.advance(10);
    stop.abort("stop");
    await clock.advance(30);

    assertTimeout(late.reason);
    assertEquals(aborted.reason, "stop");
  }),
];

function assertTimeout(error: unknown): void {
  assertInstanceOf(error, DOMException);
  assert(error.name === "TimeoutError", `${error}`);
}
