import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { SuppliedReceiver } from "../../channel/mod.ts";
import type { Failure } from "../../internal/case.ts";
import { Channel, select, selectEach, trySelect } from "../../mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { counts } from "../unit/counts.ts";
import { DONE, drained, gather, RECEIVED, rejection, settled, watch } from "../unit/watch.ts";

/** A supply in the hands of the test. */
class Tap extends SuppliedReceiver<number> {
  /** What was wanted, each time somebody asked. */
  readonly asked: boolean[] = [];
  /** What the supplier does when it is asked. */
  onDemand: () => void = () => {};

  override cancel(): void {
    this.discard();
  }

  put(...values: number[]): void {
    for (const value of values) this.supply(value);
  }

  finish(failure?: Failure): void {
    this.end(failure);
  }

  /** Whether a further value has somewhere to go; with capacity 0: whether somebody is parked. */
  get open(): boolean {
    return this.wanted;
  }

  protected override demand(): void {
    this.asked.push(this.wanted);
    this.onDemand();
  }
}

test("SuppliedReceiver hands a value to who waits longest, and keeps it if nobody does", async () => {
  const tap = new Tap(2);
  const receives = [tap.recv(), tap.recv()];

  tap.put(1, 2, 3);

  assertEquals(await settled(Promise.all(receives)), [RECEIVED(1), RECEIVED(2)]);
  assertEquals([tap.size, tap.tryRecv(), tap.tryRecv()], [1, RECEIVED(3), undefined]);
});

test("SuppliedReceiver gives values in order to all forms of receiving", async () => {
  const tap = new Tap(8);
  tap.put(1, 2, 3, 4, 5, 6, 7);

  const received: unknown[] = [
    await settled(tap.recv()),
    await settled(tap.recvMany(2)),
    tap.tryRecv(),
    await settled(select({ tap })),
    trySelect({ tap }),
  ];
  tap.finish();

  assertEquals(received, [
    RECEIVED(1),
    [2, 3],
    RECEIVED(4),
    { key: "tap", done: false, value: 5 },
    { key: "tap", done: false, value: 6 },
  ]);
  assertEquals(await drained(tap), [7]);
});

for (const capacity of [0, 1, 2]) {
  test(`SuppliedReceiver wants a value while there is room or somebody waits, capacity ${capacity}`, async () => {
    const tap = new Tap(capacity);
    const wants = [tap.open];

    for (let i = 0; i < capacity; i++) tap.put(i);
    wants.push(tap.open);
    for (let i = 0; i < capacity; i++) tap.tryRecv();
    const receives = Array.from({ length: capacity + 1 }, () => tap.recv());
    wants.push(tap.open);
    for (let i = 0; i <= 2 * capacity; i++) tap.put(i);
    wants.push(tap.open);
    await Promise.all(receives);

    assertEquals(wants, [capacity > 0, false, true, false]);
  });
}

test("SuppliedReceiver asks when somebody waits, and when a value was taken", async () => {
  const tap = new Tap(1);

  const receive = tap.recv();
  const whenParked = tap.asked.at(-1);
  tap.put(1, 2);
  const before = tap.asked.length;
  tap.tryRecv();
  await receive;

  assertEquals([whenParked, tap.asked.length - before, tap.asked.at(-1)], [true, 1, true]);
});

test("SuppliedReceiver does not ask a supply that is over", async () => {
  const tap = new Tap(3);
  tap.put(1);
  tap.finish();
  await settled(tap.recv());
  const before = tap.asked.filter((wanted) => wanted).length;

  await settled(tap.recv());
  tap.tryRecv();
  trySelect({ tap });
  await idle();

  assertEquals([before, tap.asked.filter((wanted) => wanted).length], [0, 0]);
});

test("SuppliedReceiver is asked by a select that finds nothing, when that has looked at all cases", async () => {
  const tap = new Tap(1);
  const events: string[] = [];
  tap.onDemand = () => void events.push("asked");
  const other = new Channel<number>(1);

  trySelect({ tap, other });
  events.push("selected");
  await idle();

  assertEquals(events.slice(0, 2), ["selected", "asked"]);
});

test("SuppliedReceiver may supply inside the call that asks", async () => {
  for (const capacity of [0, 1]) {
    const tap = new Tap(capacity);
    let n = 0;
    tap.onDemand = () => tap.open && tap.put(++n);

    const received = [await settled(tap.recv()), await settled(tap.recv())];
    const r = await settled(select({ tap }));

    assertEquals(received, [RECEIVED(1), RECEIVED(2)]);
    assertEquals(r.value, 3);
  }
});

for (const capacity of [0, 1]) {
  test(`SuppliedReceiver may end inside the call that asks, capacity ${capacity}`, async () => {
    const [ended, failed] = [new Tap(capacity), new Tap(capacity)];
    ended.onDemand = () => ended.finish();
    failed.onDemand = () => failed.finish({ error: "broken" });
    const channel = new Channel<number>();

    const seen = [
      await settled(ended.recv({ timeout: 1_000, signal: new AbortController().signal })),
      await rejection(failed.recv()),
      await settled(select({ ended, channel })),
      await rejection(select({ channel, failed })),
    ];

    assertEquals(seen, [DONE, "broken", { key: "ended", ...DONE }, "broken"]);
    assertEquals(counts(channel).receivers, 0);
  });
}

test("SuppliedReceiver ends after its values, for ever", async () => {
  const tap = new Tap(4);
  tap.put(1, 2);

  tap.finish();
  tap.put(3);
  tap.finish({ error: "too late" });

  assertEquals([tap.closed, tap.size], [true, 2]);
  assertEquals(await drained(tap), [1, 2]);
  assertEquals([tap.tryRecv(), await settled(tap.recvMany(3))], [DONE, []]);
});

test("SuppliedReceiver fails after its values, with the same error every time", async () => {
  const [tap, error] = [new Tap(4), new Error("broken")];
  tap.put(1);
  tap.finish({ error });
  const values: number[] = [];

  const seen = [
    await rejection(gather(tap, values)),
    await rejection(tap.recv()),
    await rejection(select({ tap })),
    await rejection(gather(selectEach({ tap }), [])),
    assertThrows(() => tap.tryRecv()),
    assertThrows(() => trySelect({ tap })),
  ];

  assertEquals(values, [1]);
  for (const each of seen) assertStrictEquals(each, error);
});

test("SuppliedReceiver fails with undefined as with any error", async () => {
  const tap = new Tap(1);
  const receive = watch(tap.recv());

  tap.finish({ error: undefined });
  await idle();

  assertEquals([receive.state, receive.reason], ["rejected", undefined]);
});

test("SuppliedReceiver ends those who wait, first come first", async () => {
  const tap = new Tap(0);
  const order: number[] = [];
  for (let i = 0; i < 4; i++) tap.recv().then(() => order.push(i));

  tap.finish();
  await idle();

  assertEquals(order, [0, 1, 2, 3]);
});

test("SuppliedReceiver that is discarded drops its values and its failure", async () => {
  const [full, failed, waiting] = [new Tap(4), new Tap(4), new Tap(4)];
  full.put(1, 2);
  failed.finish({ error: "broken" });
  const receive = waiting.recv();

  for (const tap of [full, failed, waiting]) tap.cancel();
  full.put(3);

  for (const tap of [full, failed, waiting]) assertEquals([tap.tryRecv(), tap.size], [DONE, 0]);
  assertEquals(await settled(receive), DONE);
});

test("SuppliedReceiver keeps no entry of a receive that was aborted, timed out or lost", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const tap = new Tap(0);
  const [controller, other] = [new AbortController(), new Channel<number>(1)];
  const loop = tap[Symbol.asyncIterator]();
  const ends = [
    watch(tap.recv({ signal: controller.signal })),
    watch(tap.recvMany(2, { timeout: 10 })),
    watch(select({ tap, again: tap, other })),
    watch(loop.next()),
  ];
  const before = tap.open;

  controller.abort();
  await clock.advance(10);
  other.trySend(1);
  await loop.return();

  assertEquals([before, tap.open], [true, false]);
  assertEquals(ends.map(({ state }) => state), ["rejected", "rejected", "fulfilled", "fulfilled"]);
});

test("SuppliedReceiver keeps a value for which nobody waits any more, also beyond its capacity", async () => {
  const tap = new Tap(0);
  const controller = new AbortController();
  const aborted = rejection(tap.recv({ signal: controller.signal }));
  controller.abort("enough");

  tap.put(1);

  assertEquals([await aborted, tap.size, tap.open], ["enough", 1, false]);
  assertEquals([tap.tryRecv(), tap.size], [RECEIVED(1), 0]);
});

test("SuppliedReceiver serves a select in its turn, and each of its cases alike", async () => {
  const tap = new Tap(0);
  const receives = [watch(tap.recv()), watch(select({ a: tap, b: tap })), watch(tap.recv())];

  tap.put(1, 2, 3);
  await idle();

  assertEquals(receives.map(({ value }) => (value as { value: number }).value), [1, 2, 3]);
  assert(!tap.open);
});
