/** In which order values leave, waiters are served and promises settle: first come, first served. */
import { assertEquals } from "@std/assert";
import { select } from "../../mod.ts";
import { watch } from "../unit/watch.ts";
import { always, type Behaviour, bounded, boundedBuffer } from "./behaviour.ts";
import type { Ends } from "./kind.ts";
import { range } from "./rig.ts";

export const order: readonly Behaviour[] = [
  always("values leave in the order in which they were accepted", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const producing = (async () => {
      for (const value of range(1, 200)) await sender.send(value);
      sender.close();
    })();

    const received: number[] = [];
    for await (const value of receiver) received.push(value);

    assertEquals(received, range(1, 200));
    await producing;
  }),

  boundedBuffer("values leave in order when the buffer is filled from the middle", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const received: number[] = [];
    let sent = 0;

    for (let round = 0; round < 7; round++) {
      while (sender.trySend(sent + 1)) sent++;
      await rig.quiet();
      for (let i = 0; i <= round % rig.capacity; i++) received.push(receiver.tryRecv()!.value!);
      await rig.quiet();
    }
    sender.close();
    for await (const value of receiver) received.push(value);

    assertEquals(received, range(1, sent));
  }),

  bounded("sends of all forms are accepted in the order in which they came", async (rig) => {
    const { sender, receiver } = await rig.full();
    void sender.send(100);
    void sender.sendMany([101]);
    void select({ out: sender.sendCase(102) });
    void sender.send(103);
    await rig.quiet();

    const received = await rig.settled(receiver.recvMany(100));

    assertEquals(received, [...range(1, rig.capacity), 100, 101, 102, 103]);
  }),

  always("receives of all forms are served in the order in which they came", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const iterator = receiver[Symbol.asyncIterator]();
    const receives = [
      receiver.recv().then(({ value }) => value),
      receiver.recvMany(5).then(([value]) => value),
      select({ in: receiver }).then(({ value }) => value),
      iterator.next().then(({ value }) => value),
      receiver.recv().then(({ value }) => value),
    ];
    await rig.quiet();

    for (const value of range(1, 5)) void sender.send(value);

    assertEquals(await rig.settled(Promise.all(receives)), range(1, 5));
  }),

  always("receives settle in the order in which they were served", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const settled: number[] = [];
    for (let i = 0; i < 20; i++) void receiver.recv().then(({ value }) => settled.push(value!));
    await rig.quiet();

    for (const value of range(1, 20)) void sender.send(value);
    await rig.quiet();

    assertEquals(settled, range(1, 20));
  }),

  bounded("sends settle in the order in which they were received", async (rig) => {
    const { sender, receiver } = await rig.full();
    const settled: number[] = [];
    const values = range(100, 120);
    for (const value of values) void sender.send(value).then(() => settled.push(value));
    await rig.quiet();

    for (let i = 0; i < 100; i++) receiver.tryRecv();
    await rig.quiet();

    assertEquals(settled, values);
  }),

  bounded(
    "sends that go at once and sends that waited settle in the order of the calls",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      const settled: number[] = [];
      // So few that the guard of the event loop leaves them alone: it delays those that go at once, not the others.
      const filled = Math.max(rig.capacity - 5, 0);
      for (const value of range(1, filled)) sender.trySend(value);
      const values = range(filled + 1, rig.capacity + 5);
      for (const value of values) void sender.send(value).then(() => settled.push(value));

      await rig.settled(receiver.recvMany(100));

      assertEquals(settled, values);
    },
  ),

  always("tryRecv() takes nothing away from a receive that was served before", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const receiving = receiver.recv();

    sender.trySend(1);
    const overtaking = receiver.tryRecv();

    assertEquals(overtaking, undefined);
    assertEquals(await rig.settled(receiving), { done: false, value: 1 });
  }),

  always("several receivers share the values, each value to one of them", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const received: number[][] = [[], [], []];
    const consuming = received.map(async (mine) => {
      for await (const value of receiver) mine.push(value);
    });

    for (const value of range(1, 60)) await sender.send(value);
    sender.close();

    await rig.settled(Promise.all(consuming));
    assertEquals(received.flat().toSorted((a, b) => a - b), range(1, 60));
    for (const mine of received) assertEquals(mine, mine.toSorted((a, b) => a - b));
  }),

  always("several senders lose and double nothing, and each keeps its order", async (rig) => {
    const ends = await rig.open<readonly [number, number]>();
    const producing = Promise.all(range(0, 3).map((name) => produce(ends, name)));
    void producing.then(() => ends.sender.close());
    const received: number[][] = [[], [], [], []];

    for await (const [name, value] of ends.receiver) received[name]!.push(value);

    assertEquals(received, Array(4).fill(range(1, 25)));
  }),

  always("a receive is served before any that came later, whoever sends", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const first = watch(receiver.recv());
    const second = watch(select({ in: receiver }));
    await rig.quiet();

    void sender.send(1);
    await rig.quiet();

    assertEquals(first.value, { done: false, value: 1 });
    assertEquals(second.state, "waiting");
  }),
];

async function produce({ sender }: Ends<readonly [number, number]>, name: number): Promise<void> {
  for (const value of range(1, 25)) await sender.send([name, value]);
}
