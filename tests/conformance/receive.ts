/** What `recv`, `tryRecv`, `recvMany` and `batches` do while a channel is open. */
import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { watch } from "../unit/watch.ts";
import { always, type Behaviour, bounded, boundedBuffer, buffered } from "./behaviour.ts";
import { range } from "./rig.ts";

export const receive: readonly Behaviour[] = [
  always("recv() waits while there is nothing", async (rig) => {
    const { receiver } = await rig.open<number>();

    const receiving = watch(receiver.recv());
    await rig.quiet();

    assertEquals(receiving.state, "waiting");
  }),

  always("recv() that waits is given the next value", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const receiving = receiver.recv();
    await rig.quiet();

    await rig.settled(sender.send(1));

    assertEquals(await rig.settled(receiving), { done: false, value: 1 });
  }),

  buffered("recv() takes the oldest value of the buffer", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const value of range(1, Math.min(rig.capacity, 3))) sender.trySend(value);
    await rig.quiet();

    const received = await rig.settled(receiver.recv());

    assertEquals(received, { done: false, value: 1 });
  }),

  bounded("recv() takes the value of a send that waits, and lets it go", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const value of range(1, rig.capacity)) sender.trySend(value);
    const sending = watch(sender.send(rig.capacity + 1));
    await rig.quiet();

    for (const value of range(1, rig.capacity + 1)) {
      assertEquals(await rig.settled(receiver.recv()), { done: false, value });
    }

    assertEquals(sending.state, "fulfilled");
  }),

  always("recv() gives each receive a result of its own", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const _ of range(1, 2)) void sender.send(7);
    await rig.quiet();

    const first = await rig.settled(receiver.recv());
    const second = await rig.settled(receiver.recv());

    assertEquals(first, second);
    assertNotStrictEquals(first, second);
  }),

  always("recv() takes effect inside the call", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const receiving = receiver.recv();
    const sent = sender.trySend(1);

    assert(sent);
    assertEquals(sender.size, 0);
    assertEquals(await rig.settled(receiving), { done: false, value: 1 });
  }),

  always("tryRecv() answers undefined while there is nothing, and does not wait", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const received = receiver.tryRecv();

    assertEquals(received, undefined);
    const sending = watch(sender.send(1));
    await rig.quiet();
    assertEquals(sending.state, rig.capacity === 0 ? "waiting" : "fulfilled");
    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 1 });
  }),

  always("tryRecv() takes a value that is there", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const sending = watch(sender.send(1));
    await rig.quiet();

    const received = receiver.tryRecv();

    assertEquals(received, { done: false, value: 1 });
    await rig.quiet();
    assertEquals(sending.state, "fulfilled");
    assertEquals(receiver.tryRecv(), undefined);
  }),

  boundedBuffer("tryRecv() lets in exactly one send that waits", async (rig) => {
    const { sender, receiver } = await rig.full();
    const sends = [100, 101].map((value) => watch(sender.send(value)));
    await rig.quiet();

    const received = receiver.tryRecv();
    await rig.quiet();

    assertEquals(received, { done: false, value: 1 });
    assertEquals(sends.map(({ state }) => state), ["fulfilled", "waiting"]);
    assertEquals(receiver.size, rig.capacity);
  }),

  always(
    "recvMany() waits while there is nothing, and takes the first value alone",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      const receiving = watch(receiver.recvMany(10));
      await rig.quiet();
      const before = receiving.state;

      await rig.settled(sender.send(1));

      assertEquals(before, "waiting");
      assertEquals(receiving.value, [1]);
    },
  ),

  always("recvMany() takes what is there, also of sends that wait, up to max", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const room = Math.min(rig.capacity, 10);
    const sends = range(1, room + 3).map((value) => watch(sender.send(value)));
    await rig.quiet();

    const received = await rig.settled(receiver.recvMany(room + 2));

    assertEquals(received, range(1, room + 2));
    assert(sends.slice(0, room + 2).every(({ state }) => state === "fulfilled"));
    assertEquals(await rig.settled(receiver.recvMany(10)), [room + 3]);
  }),

  always("recvMany() takes no more than max", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const value of [1, 2, 3]) void sender.send(value);
    await rig.quiet();

    const received = await rig.settled(receiver.recvMany(2));

    assertEquals(received, [1, 2]);
    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 3 });
  }),

  always("recvMany() with max Infinity takes everything that is there", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const value of range(1, 15)) void sender.send(value);
    await rig.quiet();

    const received = await rig.settled(receiver.recvMany(Infinity));

    assertEquals(received, range(1, 15));
  }),

  always(
    "batches() gives everything in order, at most max at a time, until the end",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      void sender.sendMany(range(1, 25)).then(() => sender.close());

      const batches: number[][] = [];
      for await (const batch of receiver.batches(4)) batches.push(batch);

      assertEquals(batches.flat(), range(1, 25));
      assert(batches.every(({ length }) => length >= 1 && length <= 4));
    },
  ),

  always("a receive that is parked and one that tries do not both get a value", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const receiving = watch(receiver.recv());
    await rig.quiet();

    sender.trySend(1);
    await rig.quiet();

    assertEquals(receiver.tryRecv(), undefined);
    assertEquals(receiving.value, { done: false, value: 1 });
  }),
];
