/** What the end of a `using` block does to a channel: `cancel`. */
import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { ChannelClosedError } from "../../mod.ts";
import { DONE, watch } from "../unit/watch.ts";
import { always, type Behaviour, bounded } from "./behaviour.ts";
import { range } from "./rig.ts";

export const disposal: readonly Behaviour[] = [
  bounded("[Symbol.dispose]() drops the buffer and rejects the sends that wait", async (rig) => {
    const dropped: number[] = [];
    const { sender, receiver } = await rig.full({ onDrop: (value) => dropped.push(value) });
    const sending = watch(sender.send(100));
    await rig.quiet();

    receiver[Symbol.dispose]();
    await rig.quiet();

    assertEquals(dropped, range(1, rig.capacity));
    assertInstanceOf(sending.reason, ChannelClosedError);
    assert(sender.closed);
  }),

  always("[Symbol.dispose]() reports done to the receives that wait", async (rig) => {
    const { receiver } = await rig.open<number>();
    const receiving = receiver.recv();
    await rig.quiet();

    receiver[Symbol.dispose]();

    assertEquals(await rig.settled(receiving), DONE);
    assertEquals(await rig.settled(receiver.recv()), DONE);
  }),

  always("[Symbol.dispose]() may be called again, and after close()", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    sender.close();
    await rig.quiet();

    receiver[Symbol.dispose]();
    receiver[Symbol.dispose]();
    await rig.quiet();

    assertEquals(await rig.settled(receiver.recv()), DONE);
  }),
];
