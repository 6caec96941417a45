/** What `send`, `trySend` and `sendMany` do while a channel is open. */
import { assert, assertEquals, assertFalse } from "@std/assert";
import { watch } from "../unit/watch.ts";
import {
  always,
  type Behaviour,
  bounded,
  boundedBuffer,
  buffered,
  rendezvous,
  unbounded,
} from "./behaviour.ts";
import { range } from "./rig.ts";

export const send: readonly Behaviour[] = [
  buffered("send() resolves while the buffer has room", async (rig) => {
    const { sender } = await rig.open<number>();
    const room = range(1, Math.min(rig.capacity, 20));

    for (const value of room) await rig.settled(sender.send(value));

    assertEquals(sender.size, room.length);
  }),

  bounded("send() waits while the buffer is full", async (rig) => {
    const { sender } = await rig.full();

    const sending = watch(sender.send(100));
    await rig.quiet();

    assertEquals(sending.state, "waiting");
    assertEquals(sender.size, rig.capacity);
  }),

  rendezvous("send() resolves when a receiver has taken the value, not before", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const sending = watch(sender.send(1));
    await rig.quiet();
    const before = sending.state;

    await rig.settled(receiver.recv());

    assertEquals([before, sending.state], ["waiting", "fulfilled"]);
  }),

  boundedBuffer("send() that waits resolves when a receive makes room", async (rig) => {
    const { sender, receiver } = await rig.full();
    const sending = watch(sender.send(100));

    await rig.settled(receiver.recv());

    assertEquals(sending.state, "fulfilled");
    assertEquals(sender.size, rig.capacity);
  }),

  unbounded("send() never waits", async (rig) => {
    const { sender } = await rig.open<number>();

    const sending = range(1, 1_000).map((value) => sender.send(value));

    await rig.settled(Promise.all(sending));
    assertEquals(sender.size, 1_000);
  }),

  always("send() resolves with undefined", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    receiver.recv();
    await rig.quiet();

    const result = await rig.settled(sender.send(1));

    assertEquals(result, undefined);
  }),

  always("send() takes effect inside the call", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const sending = sender.send(1);
    const received = receiver.tryRecv();

    assertEquals(received, { done: false, value: 1 });
    await rig.settled(sending);
  }),

  always("send() that nobody awaits takes effect in the order of the calls", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    for (const value of range(1, 30)) void sender.send(value);
    sender.close();

    const received: number[] = [];
    for await (const value of receiver) received.push(value);
    assertEquals(received, range(1, 30));
  }),

  always("send() delivers undefined, null, NaN and -0 as values", async (rig) => {
    const { sender, receiver } = await rig.open<unknown>();
    const values = [undefined, null, NaN, -0, 0, "", false];

    for (const value of values) void sender.send(value);

    for (const value of values) {
      const received = await rig.settled(receiver.recv());
      assert(!received.done && Object.is(received.value, value), String(value));
    }
  }),

  always("send() delivers promises, thenables, errors and functions untouched", async (rig) => {
    const { sender, receiver } = await rig.open<unknown>();
    const thenable = {
      then: () => {
        throw new Error("nobody must call this");
      },
    };
    const handled = Promise.reject(new Error("nobody asked"));
    handled.catch(() => {});
    const values = [Promise.resolve(1), handled, thenable, new Error("a value"), () => 1, {}];

    for (const value of values) void sender.send(value);

    for (const value of values) {
      const received = await rig.settled(receiver.recv());
      assert(!received.done && received.value === value);
    }
  }),

  always("send() delivers what looks like a result of a receive as a value", async (rig) => {
    const { sender, receiver } = await rig.open<unknown>();
    const sending = sender.send({ done: true, value: undefined });

    const received = await rig.settled(receiver.recv());

    assertEquals(received, { done: false, value: { done: true, value: undefined } });
    await rig.settled(sending);
  }),

  buffered("trySend() answers true while the buffer has room", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const sent = sender.trySend(1);

    assert(sent);
    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 1 });
  }),

  bounded("trySend() answers false while the buffer is full, and sends nothing", async (rig) => {
    const { sender, receiver } = await rig.full();

    const sent = sender.trySend(100);

    assertFalse(sent);
    sender.close();
    await rig.quiet();
    assertEquals(await rig.settled(receiver.recvMany(1_000)), range(1, rig.capacity));
  }),

  always("trySend() serves a receiver that waits", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const receiving = receiver.recv();
    await rig.quiet();

    const sent = sender.trySend(1);

    assert(sent);
    assertEquals(await rig.settled(receiving), { done: false, value: 1 });
    assertEquals(sender.size, 0);
  }),

  boundedBuffer("trySend() does not overtake a send that waits", async (rig) => {
    const { sender, receiver } = await rig.full();
    void sender.send(100);
    await rig.quiet();
    await rig.settled(receiver.recv());

    const sent = sender.trySend(200);

    assertFalse(sent);
    assertEquals(await rig.settled(receiver.recvMany(1_000)), [...range(2, rig.capacity), 100]);
  }),

  always("sendMany() sends each value in order and tells how many", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const sending = watch(sender.sendMany(range(1, 25)));
    const received: number[] = [];
    while (received.length < 25) received.push(...await rig.settled(receiver.recvMany(4)));

    assertEquals(received, range(1, 25));
    assertEquals(sending.value, 25);
  }),

  always("sendMany() sends what an async iterable gives", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const sending = watch(sender.sendMany(counting(5)));
    const received: number[] = [];
    while (received.length < 5) received.push(...await rig.settled(receiver.recvMany(2)));

    assertEquals(received, range(1, 5));
    assertEquals(sending.value, 5);
  }),

  always("sendMany() of nothing accepts 0", async (rig) => {
    const { sender } = await rig.open<number>();

    const sent = await rig.settled(sender.sendMany([]));

    assertEquals([sent, sender.size], [0, 0]);
  }),

  bounded("sendMany() waits while the buffer is full", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const sending = watch(sender.sendMany(range(1, rig.capacity + 1)));
    await rig.quiet();

    assertEquals([sending.state, sender.size], ["waiting", rig.capacity]);
    await rig.settled(receiver.recv());
    assertEquals(sending.value, rig.capacity + 1);
  }),

  bounded("size counts the buffer, not the sends that wait", async (rig) => {
    const { sender, receiver } = await rig.full();

    for (const value of [100, 101]) void sender.send(value);
    await rig.quiet();

    assertEquals([sender.size, receiver.size], [rig.capacity, rig.capacity]);
  }),

  always("capacity is what the channel was made with, at both ends", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const capacities = [sender.capacity, receiver.capacity];

    assertEquals(capacities, [rig.capacity, rig.capacity]);
  }),
];

async function* counting(last: number): AsyncGenerator<number> {
  for (const value of range(1, last)) {
    await Promise.resolve();
    yield value;
  }
}
