/** What `select` does with a channel of the kind. Exactly one case happens. */
import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { ChannelClosedError, select as selectOf, trySelect } from "../../mod.ts";
import { DONE, watch } from "../unit/watch.ts";
import {
  always,
  type Behaviour,
  bounded,
  boundedBuffer,
  buffered,
  rendezvous,
} from "./behaviour.ts";
import { range } from "./rig.ts";

const SENT = { key: "out", done: false, value: undefined } as const;

export const select: readonly Behaviour[] = [
  always("select() takes a value that is there", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const sending = watch(sender.send(1));
    await rig.quiet();

    const selected = await rig.settled(selectOf({ in: receiver }));

    assertEquals(selected, { key: "in", done: false, value: 1 });
    assertEquals(sending.state, "fulfilled");
  }),

  always("select() that waits is given the next value", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const selected = watch(selectOf({ in: receiver }));
    await rig.quiet();
    const before = selected.state;

    await rig.settled(sender.send(1));

    assertEquals(before, "waiting");
    assertEquals(selected.value, { key: "in", done: false, value: 1 });
  }),

  always("select() sends to a receive that waits", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const receiving = receiver.recv();
    await rig.quiet();

    const selected = await rig.settled(selectOf({ out: sender.sendCase(1) }));

    assertEquals(selected, SENT);
    assertEquals(await rig.settled(receiving), { done: false, value: 1 });
  }),

  bounded("select() that waits sends when there is room or a receiver", async (rig) => {
    const { sender, receiver } = await rig.full();
    const selected = watch(selectOf({ out: sender.sendCase(100) }));
    await rig.quiet();
    const before = selected.state;

    const received = await rig.settled(receiver.recvMany(100));

    assertEquals(received, [...range(1, rig.capacity), 100]);
    assertEquals([before, selected.value], ["waiting", SENT]);
  }),

  always("sendCase() sends nothing by itself", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    sender.sendCase(1);
    await rig.quiet();

    assertEquals(receiver.tryRecv(), undefined);
  }),

  rendezvous("select() never matches itself", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const selected = watch(selectOf({ in: receiver, out: sender.sendCase(1) }));
    await rig.quiet();

    assertEquals(selected.state, "waiting");
    assertEquals(trySelect({ in: receiver, out: sender.sendCase(2) })?.done, false);
    await rig.quiet();
    assertEquals(selected.state, "fulfilled");
  }),

  buffered("select() of both directions on an empty channel sends", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const selected = await rig.settled(selectOf({ in: receiver, out: sender.sendCase(1) }));

    assertEquals(selected, SENT);
    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 1 });
  }),

  rendezvous("select() of both directions is met by a sender or a receiver, once", async (rig) => {
    const { sender, receiver } = await rig.open<number>();

    const met = watch(selectOf({ in: receiver, out: sender.sendCase(1) }));
    await rig.quiet();
    await rig.settled(sender.send(2));
    const meets = watch(selectOf({ in: receiver, out: sender.sendCase(3) }));
    await rig.quiet();

    assertEquals(met.value, { key: "in", done: false, value: 2 });
    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 3 });
    assertEquals(meets.value, SENT);
  }),

  rendezvous("two selects match each other", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const sends = watch(selectOf({ out: sender.sendCase(1) }));
    await rig.quiet();

    const receives = watch(selectOf({ in: receiver }));
    await rig.quiet();

    assertEquals(sends.value, SENT);
    assertEquals(receives.value, { key: "in", done: false, value: 1 });
  }),

  always("select() is served in its turn among other receives", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const served: string[] = [];
    void receiver.recv().then(() => served.push("first"));
    void selectOf({ in: receiver }).then(() => served.push("second"));
    void receiver.recv().then(() => served.push("third"));
    await rig.quiet();

    for (const value of [1, 2, 3]) void sender.send(value);
    await rig.quiet();

    assertEquals(served, ["first", "second", "third"]);
  }),

  boundedBuffer("select() does not overtake a send that waits", async (rig) => {
    const { sender, receiver } = await rig.full();
    void sender.send(100);
    await rig.quiet();
    await rig.settled(receiver.recv());

    const selected = trySelect({ out: sender.sendCase(200) });

    assertEquals(selected, undefined);
  }),

  always(
    "select() reports done for a channel that is closed, or closes while it waits",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      const waiting = watch(selectOf({ in: receiver }));
      await rig.quiet();

      sender.close();
      await rig.quiet();

      assertEquals(waiting.value, { key: "in", ...DONE });
      assertEquals(await rig.settled(selectOf({ in: receiver })), { key: "in", ...DONE });
    },
  ),

  always("select() receives the values of a closed channel before it reports done", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    void sender.send(1);
    sender.close();
    await rig.quiet();

    const first = await rig.settled(selectOf({ in: receiver }));
    const second = await rig.settled(selectOf({ in: receiver }));

    assertEquals(first, { key: "in", done: false, value: 1 });
    assertEquals(second, { key: "in", ...DONE });
  }),

  always("select() rejects when it chooses the send case of a closed channel", async (rig) => {
    const { sender } = await rig.open<number>();
    sender.close();

    const error = await rig.rejection(selectOf({ out: sender.sendCase(5) }));

    assertInstanceOf(error, ChannelClosedError);
    assertEquals(error.value, 5);
    assertThrows(() => trySelect({ out: sender.sendCase(5) }), ChannelClosedError);
  }),

  always("trySelect() takes a value that is there", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    void sender.send(1);
    await rig.quiet();

    const selected = trySelect({ in: receiver });

    assertEquals(selected, { key: "in", done: false, value: 1 });
  }),

  always("trySelect() finds a closed channel ready: it reports done", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    sender.close();
    await rig.quiet();

    const selected = trySelect({ in: receiver });

    assertEquals(selected, { key: "in", ...DONE });
  }),
];
