/** What a loop over a channel does: one receive a step. */
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { DONE, watch } from "../unit/watch.ts";
import { always, type Behaviour, boundedBuffer } from "./behaviour.ts";
import { range } from "./rig.ts";

export const iteration: readonly Behaviour[] = [
  always(
    "a loop gives every value and ends when the channel is closed and drained",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      void sender.sendMany(range(1, 30)).then(() => sender.close());
      const received: number[] = [];

      for await (const value of receiver) received.push(value);

      assertEquals(received, range(1, 30));
    },
  ),

  always("a loop takes nothing before its first step and nothing ahead", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const value of [1, 2, 3]) void sender.send(value);
    await rig.quiet();

    const iterator = receiver[Symbol.asyncIterator]();
    await rig.settled(iterator.next());

    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 2 });
    assertEquals(await rig.settled(iterator.next()), { done: false, value: 3 });
  }),

  boundedBuffer("a loop takes nothing while its body runs", async (rig) => {
    const { sender, receiver } = await rig.full();
    const sizes: number[] = [];
    sender.close();

    for await (const _ of receiver) {
      await rig.quiet();
      sizes.push(receiver.size);
    }

    assertEquals(sizes, range(0, rig.capacity - 1).reverse());
  }),

  always("a loop left by break leaves the channel open and loses nothing", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const value of [1, 2, 3]) void sender.send(value);
    await rig.quiet();

    for await (const value of receiver) if (value === 2) break;

    assertEquals(receiver.closed, false);
    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 3 });
  }),

  always("a loop left by a throw leaves the channel open and loses nothing", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const value of [1, 2]) void sender.send(value);
    await rig.quiet();

    await assertRejects(
      async () => {
        for await (const value of receiver) throw new RangeError(`${value}`);
      },
      RangeError,
      "1",
    );

    assertEquals(receiver.closed, false);
    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 2 });
  }),

  always("a loop can be taken up by another loop", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    void sender.sendMany(range(1, 6)).then(() => sender.close());
    const received: number[] = [];

    for await (const value of receiver) if (received.push(value) === 3) break;
    for await (const value of receiver) received.push(value);

    assertEquals(received, range(1, 6));
  }),

  always("return() settles every next() that waits, and they take nothing", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const iterator = receiver[Symbol.asyncIterator]();
    const steps = [watch(iterator.next()), watch(iterator.next())];
    const receiving = watch(receiver.recv());
    await rig.quiet();

    assertEquals(await rig.settled(iterator.return()), DONE);

    assertEquals(steps.map(({ value }) => value), [DONE, DONE]);
    await rig.settled(sender.send(1));
    assertEquals(receiving.value, { done: false, value: 1 });
  }),

  always("next() after return() reports done and takes nothing", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const iterator = receiver[Symbol.asyncIterator]();
    void sender.send(1);
    await rig.quiet();

    await rig.settled(iterator.return());

    assertEquals(await rig.settled(iterator.next()), DONE);
    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 1 });
  }),

  always(
    "next() may be called again before it has settled, and is served in order",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      const iterator = receiver[Symbol.asyncIterator]();
      const steps = [1, 2, 3].map(() => iterator.next());
      await rig.quiet();

      for (const value of [1, 2, 3]) void sender.send(value);

      const values = (await rig.settled(Promise.all(steps))).map(({ value }) => value);
      assertEquals(values, [1, 2, 3]);
    },
  ),

  always("next() that waits is given nothing of another loop that ends", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const [ending, lasting] = [
      receiver[Symbol.asyncIterator](),
      receiver[Symbol.asyncIterator](),
    ];
    void ending.next();
    const step = watch(lasting.next());
    await rig.quiet();

    await rig.settled(ending.return());
    await rig.settled(sender.send(1));

    assertEquals(step.value, { done: false, value: 1 });
  }),

  always("an iterator is its own iterable", async (rig) => {
    const { receiver } = await rig.open<number>();
    const iterator = receiver[Symbol.asyncIterator]();

    const again = iterator[Symbol.asyncIterator]();

    assertStrictEquals(again, iterator);
  }),

  always("a loop that waits ends when the channel is cancelled", async (rig) => {
    const { receiver } = await rig.open<number>();
    const looping = watch((async () => {
      for await (const _ of receiver) throw new Error("nothing must come");
    })());
    await rig.quiet();

    receiver.cancel();
    await rig.quiet();

    assertEquals(looping.state, "fulfilled");
  }),

  always("batches() left by break leaves the channel open and loses nothing", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    for (const value of range(1, 5)) void sender.send(value);
    await rig.quiet();

    for await (const _ of receiver.batches(2)) break;

    assertEquals(receiver.closed, false);
    assertEquals(await rig.settled(receiver.recvMany(5)), [3, 4, 5]);
  }),

  always("batches() that waits settles when it is returned, and takes nothing", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    const iterator = receiver.batches(2)[Symbol.asyncIterator]();
    const step = watch(iterator.next());
    const receiving = watch(receiver.recv());
    await rig.quiet();

    await rig.settled(iterator.return!());
    await rig.settled(sender.send(1));

    assertEquals(step.value, DONE);
    assertEquals(receiving.value, { done: false, value: 1 });
  }),
];
