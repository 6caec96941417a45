/** What an `AbortSignal` does to an operation. Commit beats abort. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { select, type WaitOptions } from "../../mod.ts";
import { watch } from "../unit/watch.ts";
import { always, type Behaviour, bounded, boundedBuffer } from "./behaviour.ts";
import type { Ends } from "./kind.ts";
import { range } from "./rig.ts";

type Operation = (ends: Ends<number>, options: WaitOptions) => Promise<unknown>;

/** Every operation that takes a value, by name. */
const TAKING: Record<string, Operation> = {
  "recv()": ({ receiver }, options) => receiver.recv(options),
  "recvMany()": ({ receiver }, options) => receiver.recvMany(3, options),
  "select() that receives": ({ receiver }, options) => select({ in: receiver }, options),
};

/** Every operation that gives the value 100, by name. */
const GIVING: Record<string, Operation> = {
  "send()": ({ sender }, options) => sender.send(100, options),
  "sendMany()": ({ sender }, options) => sender.sendMany([100], options),
  "select() that sends": ({ sender }, options) => select({ out: sender.sendCase(100) }, options),
};

export const abort: readonly Behaviour[] = [
  ...Object.entries(TAKING).flatMap(([name, take]) => [
    always(`${name} takes nothing with a signal that was aborted before`, async (rig) => {
      const ends = await rig.open<number>();
      const reason = new Error("stop");
      const sending = watch(ends.sender.send(1));
      await rig.quiet();

      const error = await rig.rejection(take(ends, { signal: AbortSignal.abort(reason) }));

      assertStrictEquals(error, reason);
      assertEquals(await rig.settled(ends.receiver.recv()), { done: false, value: 1 });
      assertEquals(sending.state, "fulfilled");
    }),

    always(`${name} that waits rejects when its signal aborts, and takes nothing`, async (rig) => {
      const ends = await rig.open<number>();
      const stop = new AbortController();
      const aborted = watch(take(ends, { signal: stop.signal }));
      const receiving = watch(ends.receiver.recv());
      await rig.quiet();

      stop.abort("stop");
      await rig.quiet();
      await rig.settled(ends.sender.send(1));

      assertEquals([aborted.state, aborted.reason], ["rejected", "stop"]);
      assertEquals(receiving.value, { done: false, value: 1 });
    }),

    always(`${name} that was served before its signal aborts keeps the value`, async (rig) => {
      const ends = await rig.open<number>();
      const stop = new AbortController();
      const served = watch(take(ends, { signal: stop.signal }));
      await rig.quiet();

      await rig.settled(ends.sender.send(1));
      stop.abort();
      await rig.quiet();

      assertEquals(served.state, "fulfilled");
    }),
  ]),

  ...Object.entries(GIVING).flatMap(([name, give]) => [
    always(`${name} sends nothing with a signal that was aborted before`, async (rig) => {
      const ends = await rig.open<number>();
      const reason = new Error("stop");
      const receiving = watch(ends.receiver.recv());
      await rig.quiet();

      const error = await rig.rejection(give(ends, { signal: AbortSignal.abort(reason) }));

      assertStrictEquals(error, reason);
      assertEquals(receiving.state, "waiting");
    }),

    bounded(
      `${name} that waits rejects when its signal aborts, and keeps its value`,
      async (rig) => {
        const ends = await rig.full();
        const stop = new AbortController();
        const aborted = watch(give(ends, { signal: stop.signal }));
        await rig.quiet();
        const behind = watch(ends.sender.send(200));
        await rig.quiet();

        stop.abort("stop");
        await rig.quiet();

        assertEquals([aborted.state, aborted.reason], ["rejected", "stop"]);
        const received = await rig.settled(ends.receiver.recvMany(100));
        assertEquals(received, [...range(1, rig.capacity), 200]);
        assertEquals(behind.state, "fulfilled");
      },
    ),

    bounded(`${name} that was received before its signal aborts has happened`, async (rig) => {
      const ends = await rig.full();
      const stop = new AbortController();
      const given = watch(give(ends, { signal: stop.signal }));
      await rig.quiet();

      const received = await rig.settled(ends.receiver.recvMany(100));
      stop.abort();
      await rig.quiet();

      assertEquals(received.at(-1), 100);
      assertEquals(given.state, "fulfilled");
    }),
  ]),

  always(
    "recv() that was served inside the call of a send is not aborted after it",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      const stop = new AbortController();
      const receiving = receiver.recv({ signal: stop.signal });

      sender.trySend(1);
      stop.abort();

      assertEquals(await rig.settled(receiving), { done: false, value: 1 });
    },
  ),

  bounded("send() that was received inside the call is not aborted after it", async (rig) => {
    const { sender, receiver } = await rig.full();
    const stop = new AbortController();
    const sending = watch(sender.send(100, { signal: stop.signal }));

    for (let i = 0; i <= rig.capacity; i++) receiver.tryRecv();
    stop.abort();
    await rig.quiet();

    assertEquals(sending.state, "fulfilled");
  }),

  always("recv() that is aborted leaves the others in their places", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const stop = new AbortController();
    const before = watch(receiver.recv());
    const aborted = watch(receiver.recv({ signal: stop.signal }));
    const behind = watch(receiver.recv());
    await rig.quiet();

    stop.abort();
    await rig.quiet();
    for (const value of [1, 2]) await rig.settled(sender.send(value));

    assertEquals(aborted.state, "rejected");
    assertEquals(before.value, { done: false, value: 1 });
    assertEquals(behind.value, { done: false, value: 2 });
  }),

  bounded("send() that is aborted leaves the others in their places", async (rig) => {
    const { sender, receiver } = await rig.full();
    const stop = new AbortController();
    const before = watch(sender.send(100));
    const aborted = watch(sender.send(101, { signal: stop.signal }));
    const behind = watch(sender.send(102));
    await rig.quiet();

    stop.abort();
    await rig.quiet();

    const received = await rig.settled(receiver.recvMany(100));
    assertEquals(received, [...range(1, rig.capacity), 100, 102]);
    assertEquals(
      [before.state, aborted.state, behind.state],
      ["fulfilled", "rejected", "fulfilled"],
    );
  }),

  always("one signal ends all that wait on it, in the order in which they came", async (rig) => {
    const ends = await rig.open<number>();
    const stop = new AbortController();
    const ended: string[] = [];
    for (const [name, take] of Object.entries(TAKING)) {
      take(ends, { signal: stop.signal }).catch(() => ended.push(name));
      await rig.quiet();
    }

    stop.abort();
    await rig.quiet();

    assertEquals(ended, Object.keys(TAKING));
  }),

  boundedBuffer("sendMany() that is aborted keeps what was accepted accepted", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const stop = new AbortController();
    let ended = false;
    function* source() {
      try {
        yield* range(1, rig.capacity + 5);
      } finally {
        ended = true;
      }
    }
    const sending = watch(sender.sendMany(source(), { signal: stop.signal }));
    await rig.quiet();

    stop.abort("stop");
    await rig.quiet();

    assertEquals([sending.state, sending.reason], ["rejected", "stop"]);
    assert(ended);
    assertEquals(await rig.settled(receiver.recvMany(100)), range(1, rig.capacity));
  }),

  always("a signal that never aborts changes nothing", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const { signal } = new AbortController();
    const received: unknown[] = [];

    for (const value of range(1, 20)) {
      const sending = sender.send(value, { signal });
      received.push((await receiver.recv({ signal })).value);
      await sending;
    }

    assertEquals(received, range(1, 20));
  }),
];
