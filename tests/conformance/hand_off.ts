/** How a value gets from its sender to its receiver: directly, or through exactly one free place. */
import { assertEquals } from "@std/assert";
import { watch } from "../unit/watch.ts";
import { always, type Behaviour, bounded, boundedBuffer, rendezvous } from "./behaviour.ts";
import { range } from "./rig.ts";

export const handOff: readonly Behaviour[] = [
  always(
    "a receive that waits is given the value directly, and the buffer stays empty",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      const receiving = receiver.recv();
      await rig.quiet();

      const sending = sender.send(1);
      const sizes = [sender.size, receiver.size];

      assertEquals(sizes, [0, 0]);
      await rig.settled(sending);
      assertEquals(await rig.settled(receiving), { done: false, value: 1 });
    },
  ),

  always("a send to a receive that waits resolves without another receive", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    void receiver.recv();
    await rig.quiet();

    const sending = watch(sender.send(1));
    await rig.quiet();

    assertEquals(sending.state, "fulfilled");
  }),

  boundedBuffer(
    "a receive that makes room lets in one send that waits, inside the call",
    async (rig) => {
      const { sender, receiver } = await rig.full();
      const sends = [100, 101].map((value) => watch(sender.send(value)));

      void receiver.recv();
      const size = receiver.size;
      await rig.quiet();

      assertEquals(size, rig.capacity);
      assertEquals(sends.map(({ state }) => state), ["fulfilled", "waiting"]);
    },
  ),

  rendezvous("send() and recv() meet, whoever comes first", async (rig) => {
    const { sender, receiver } = await rig.open<string>();

    const early = sender.send("sender first");
    await rig.quiet();
    assertEquals(await rig.settled(receiver.recv()), { done: false, value: "sender first" });
    await rig.settled(early);

    const receiving = receiver.recv();
    await rig.quiet();
    await rig.settled(sender.send("receiver first"));
    assertEquals(await rig.settled(receiving), { done: false, value: "receiver first" });
  }),

  rendezvous("no value is ever in the buffer", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const sizes = new Set<number>();
    const look = () => sizes.add(sender.size).add(receiver.size);

    const sends = range(1, 10).map((value) => sender.send(value).then(look));
    look();
    for (const _ of sends) await receiver.recv().then(look);
    await Promise.all(sends);

    assertEquals([...sizes], [0]);
  }),

  always("as many receives as there are sends: everybody is served, nobody twice", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const receives = range(1, 10).map(() => watch(receiver.recv()));
    await rig.quiet();

    for (const value of range(1, 8)) void sender.send(value);
    await rig.quiet();

    const states = receives.map(({ state }) => state);
    assertEquals(states, [...Array(8).fill("fulfilled"), "waiting", "waiting"]);
    assertEquals(sender.size, 0);
  }),

  bounded(
    "never more values are accepted than were received and than have a place",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      let [accepted, received] = [0, 0];
      for (const value of range(1, 40)) void sender.send(value).then(() => accepted++);
      await rig.quiet();

      while (received < 40) {
        assertEquals(accepted, Math.min(40, received + rig.capacity));
        await rig.settled(receiver.recv());
        received++;
      }

      assertEquals(accepted, 40);
    },
  ),

  always("two tasks that hand a ball to and fro lose no throw", async (rig) => {
    const [there, back] = [await rig.open<number>(), await rig.open<number>()];
    const returning = (async () => {
      for await (const ball of there.receiver) await back.sender.send(ball + 1);
      back.sender.close();
    })();

    let ball = 0;
    for (let round = 0; round < 500; round++) {
      await there.sender.send(ball);
      ball = (await back.receiver.recv()).value!;
    }
    there.sender.close();
    await returning;

    assertEquals(ball, 500);
  }),
];
