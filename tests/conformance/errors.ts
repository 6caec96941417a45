/** What is thrown and why. Misuse is an error at once, and changes nothing. */
import {
  assertEquals,
  assertInstanceOf,
  assertNotStrictEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ChannelClosedError } from "../../mod.ts";
import { watch } from "../unit/watch.ts";
import { always, type Behaviour, buffered } from "./behaviour.ts";

type Wrong = readonly [what: string, value: unknown, kind: typeof RangeError | typeof TypeError];

const TIMEOUTS: readonly Wrong[] = [
  ["timeout", -1, RangeError],
  ["timeout", NaN, RangeError],
  ["timeout", "5", TypeError],
  ["signal", {}, TypeError],
];
const COUNTS: readonly Wrong[] = [
  ["max", 0, RangeError],
  ["max", -1, RangeError],
  ["max", 1.5, RangeError],
  ["max", NaN, RangeError],
  ["max", "3", TypeError],
];
const CAPACITIES: readonly Wrong[] = [
  ["capacity", -1, RangeError],
  ["capacity", 1.5, RangeError],
  ["capacity", NaN, RangeError],
  ["capacity", "1", TypeError],
];

export const errors: readonly Behaviour[] = [
  buffered(
    "recv() and recvMany() with wrong options throw at once and take nothing",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      sender.trySend(1);
      await rig.quiet();

      for (const [what, value, kind] of TIMEOUTS) {
        const wrong = { [what]: value };
        assertThrows(() => receiver.recv(wrong), kind, what);
        assertThrows(() => receiver.recvMany(2, wrong), kind, what);
      }

      assertEquals(await rig.settled(receiver.recv()), { done: false, value: 1 });
    },
  ),

  always("send() and sendMany() with wrong options throw at once and send nothing", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const receiving = watch(receiver.recv());
    await rig.quiet();

    for (const [what, value, kind] of TIMEOUTS) {
      const wrong = { [what]: value };
      assertThrows(() => sender.send(1, wrong), kind, what);
      assertThrows(() => sender.sendMany([1], wrong), kind, what);
    }

    await rig.quiet();
    assertEquals(receiving.state, "waiting");
  }),

  always("recvMany() and batches() with a wrong max throw at once", async (rig) => {
    const { receiver } = await rig.open<number>();

    for (const [what, value, kind] of COUNTS) {
      assertThrows(() => receiver.recvMany(value as number), kind, what);
      assertThrows(() => receiver.batches(value as number), kind, what);
    }
  }),

  always("sendMany() of what cannot be iterated throws TypeError at once", async (rig) => {
    const { sender } = await rig.open<number>();

    for (const wrong of [undefined, null, 5, {}]) {
      assertThrows(() => sender.sendMany(wrong as unknown as number[]), TypeError, "values");
    }
  }),

  always("a channel with a wrong capacity or option cannot be made", async (rig) => {
    for (const [what, value, kind] of CAPACITIES) {
      await assertRejects(() => rig.openWith(value as number), kind, what);
    }
    const wrong = "sometimes" as "wait";
    await assertRejects(() => rig.open({ overflow: wrong }), TypeError, "overflow");
  }),

  always("ChannelClosedError tells what could not be done, and is a fresh object", async (rig) => {
    const { sender } = await rig.open<number>({ name: "jobs" });
    sender.close();

    const first = await rig.rejection(sender.send(1));
    const second = await rig.rejection(sender.send(2));

    assertInstanceOf(first, ChannelClosedError);
    assertInstanceOf(second, ChannelClosedError);
    assertNotStrictEquals(first, second);
    assertEquals([first.name, first.value, second.value], ["ChannelClosedError", 1, 2]);
    assertStringIncludes(first.message, "Cannot send to a closed channel");
    assertStringIncludes(first.message, '"jobs"');
  }),

  always("a channel is no thenable: it can be awaited and sent itself", async (rig) => {
    const [carrier, carried] = [await rig.open<unknown>(), await rig.open<number>()];

    const thens = [carrier.sender, carrier.receiver].map((end) => "then" in end);

    assertEquals(thens, [false, false]);
    assertEquals(await carried.sender, carried.sender);
  }),
];
