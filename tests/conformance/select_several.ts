/** What `select` does with several cases. Exactly one of them happens. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { after, select as selectOf, selectEach, trySelect } from "../../mod.ts";
import { setSeed } from "../../testing/mod.ts";
import { watch } from "../unit/watch.ts";
import { always, type Behaviour, bounded } from "./behaviour.ts";
import { range } from "./rig.ts";

export const selectSeveral: readonly Behaviour[] = [
  always("select() takes one of two values that are there, and leaves the other", async (rig) => {
    const [a, b] = [await rig.open<string>(), await rig.open<string>()];
    void a.sender.send("a");
    void b.sender.send("b");
    await rig.quiet();

    const first = await rig.settled(selectOf({ a: a.receiver, b: b.receiver }));
    const second = await rig.settled(selectOf({ a: a.receiver, b: b.receiver }));

    assertEquals([first.value, second.value].toSorted(), ["a", "b"]);
    assertEquals(first.key, first.value);
  }),

  always("select() that was decided takes nothing from its other channels", async (rig) => {
    const [a, b] = [await rig.open<number>(), await rig.open<number>()];
    const selected = watch(selectOf({ a: a.receiver, b: b.receiver }));
    await rig.quiet();
    await rig.settled(a.sender.send(1));

    const receiving = watch(b.receiver.recv());
    await rig.quiet();
    await rig.settled(b.sender.send(2));

    assertEquals(selected.value, { key: "a", done: false, value: 1 });
    assertEquals(receiving.value, { done: false, value: 2 });
  }),

  bounded("select() that was decided sends none of its other values", async (rig) => {
    const [a, b] = [await rig.full(), await rig.full()];
    const cases = { a: a.sender.sendCase(100), b: b.sender.sendCase(100) };
    const selected = watch(selectOf(cases));
    await rig.quiet();

    const received = await rig.settled(a.receiver.recvMany(100));
    b.sender.close();
    await rig.quiet();

    assertEquals(received, [...range(1, rig.capacity), 100]);
    assertEquals(selected.value?.key, "a");
    assertEquals(await rig.settled(b.receiver.recvMany(100)), range(1, rig.capacity));
  }),

  bounded("trySelect() answers undefined when nothing can go, and leaves nothing", async (rig) => {
    const [full, empty] = [await rig.full(), await rig.open<number>()];

    const selected = trySelect({ in: empty.receiver, out: full.sender.sendCase(100) });

    assertEquals(selected, undefined);
    full.sender.close();
    await rig.quiet();
    assertEquals(await rig.settled(full.receiver.recvMany(100)), range(1, rig.capacity));
    void empty.sender.send(1);
    assertEquals(await rig.settled(empty.receiver.recv()), { done: false, value: 1 });
  }),

  always("select() that was decided is not touched by the end of another channel", async (rig) => {
    const [a, b, c] = [
      await rig.open<number>(),
      await rig.open<number>(),
      await rig.open<number>(),
    ];
    const selected = watch(selectOf({ a: a.receiver, b: b.receiver, c: c.receiver }));
    await rig.quiet();

    await rig.settled(a.sender.send(42));
    b.sender.fail(new Error("too late"));
    c.sender.close();
    await rig.quiet();

    assertEquals(selected.value, { key: "a", done: false, value: 42 });
  }),

  always("select() leaves out a case that is off", async (rig) => {
    const { sender, receiver } = await rig.open<number>();
    void sender.send(1);
    await rig.quiet();

    const off = trySelect({ a: null, b: undefined, c: false });
    const selected = await rig.settled(selectOf([null, receiver, undefined]));

    assertEquals(off, undefined);
    assertEquals(selected, { key: 1, done: false, value: 1 });
  }),

  always(
    "select() may name a channel several times: it takes one value, with equal chance",
    async (rig) => {
      const { sender, receiver } = await rig.open<number>();
      setSeed(20_261_122);
      const chosen = [0, 0, 0];

      for (const value of range(1, 300)) {
        const selected = selectOf([receiver, receiver, receiver]);
        await sender.send(value);
        const { key, value: received } = await selected;
        assertEquals(received, value);
        chosen[key]!++;
      }

      // Chi-square with 2 degrees of freedom exceeds 27.6 once in 1,000,000 fair runs.
      assertLess(chosen.reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0), 27.6, `${chosen}`);
    },
  ),

  bounded(
    "select() that waits to send several values sends one, with equal chance",
    async (rig) => {
      const { sender, receiver } = await rig.full();
      setSeed(20_261_122);
      let heads = 0;

      for (let i = 0; i < 400 + rig.capacity; i++) {
        const selected = selectOf([sender.sendCase(1_000), sender.sendCase(1_001)]);
        const { value } = await receiver.recv();
        await selected;
        if (value === 1_000) heads++;
      }

      assertLess(Math.abs(heads - 200), 4.89 * 10, `${heads} of 400`);
    },
  ),

  always("select() gives two channels that are ready an equal chance", async (rig) => {
    const [a, b] = [await rig.open<number>(), await rig.open<number>()];
    a.sender.close();
    b.sender.close();
    await rig.quiet();
    setSeed(20_261_122);
    let chosen = 0;

    for (let i = 0; i < 400; i++) {
      if ((await selectOf({ a: a.receiver, b: b.receiver })).key === "a") chosen++;
    }

    // 4.89 standard deviations: a fair choice is further off once in 1,000,000 runs.
    assertLess(Math.abs(chosen - 200), 4.89 * 10, `${chosen} of 400`);
  }),

  always("select() with priority takes the first case that can go", async (rig) => {
    const [a, b] = [await rig.open<number>(), await rig.open<number>()];
    a.sender.close();
    b.sender.close();
    await rig.quiet();

    for (let i = 0; i < 20; i++) {
      const selected = await selectOf({ b: b.receiver, a: a.receiver }, { priority: true });
      assertEquals(selected.key, "b");
    }
  }),

  always("select() chooses a timer or a signal when the channel does not come", async (rig) => {
    const clock = rig.clock();
    const { sender, receiver } = await rig.open<number>();
    const stop = new AbortController();
    const late = watch(selectOf({ in: receiver, late: after(10) }));
    const stopped = watch(selectOf({ in: receiver, stop: stop.signal }));
    await rig.quiet();

    await clock.advance(10);
    stop.abort("enough");
    await rig.quiet();

    assertEquals(late.value, { key: "late", done: false, value: undefined });
    assertEquals(stopped.value, { key: "stop", done: false, value: "enough" });
    void sender.send(1);
    assertEquals(await rig.settled(receiver.recv()), { done: false, value: 1 });
  }),

  always("selectEach() gives everything, reports each end once, and ends", async (rig) => {
    const [a, b] = [await rig.open<number>(), await rig.open<number>()];
    void a.sender.sendMany(range(1, 10)).then(() => a.sender.close());
    void b.sender.sendMany(range(11, 20)).then(() => b.sender.close());
    const values: number[] = [];
    const ended: string[] = [];

    for await (const { key, done, value } of selectEach({ a: a.receiver, b: b.receiver })) {
      if (done) ended.push(key);
      else values.push(value);
    }

    assertEquals(values.toSorted((x, y) => x - y), range(1, 20));
    assertEquals(ended.toSorted(), ["a", "b"]);
  }),

  always("select() loses and doubles nothing among many that share channels", async (rig) => {
    const [a, b] = [await rig.open<number>(), await rig.open<number>()];
    const received: number[] = [];
    const consuming = range(1, 3).map(async () => {
      for await (const { done, value } of selectEach([a.receiver, b.receiver])) {
        if (!done) received.push(value);
      }
    });

    for (const value of range(1, 60)) {
      await selectOf([a.sender.sendCase(value), b.sender.sendCase(value)]);
    }
    a.sender.close();
    b.sender.close();
    await rig.settled(Promise.all(consuming));

    assertEquals(received.toSorted((x, y) => x - y), range(1, 60));
    assert(received.length === 60);
  }),
];
