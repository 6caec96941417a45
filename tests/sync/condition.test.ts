import { assert, assertEquals, assertFalse, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { COUNTS } from "../../internal/case.ts";
import { Condition, Mutex } from "../../sync/mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { rejection, settled, watch } from "../unit/watch.ts";

/** A mutex that is held, and a condition of it. */
function held() {
  const mutex = new Mutex();
  const permit = mutex.tryAcquire()!;
  return { mutex, permit, condition: new Condition(mutex) };
}

/** What a task does that waits once, under the mutex; it notes when it is past the wait. */
async function sleep(mutex: Mutex, condition: Condition, awake: () => void): Promise<void> {
  using _permit = await mutex.acquire();
  await condition.wait();
  awake();
}

test("Condition.wait() lets go of the mutex inside the call", () => {
  const { mutex, condition } = held();

  condition.wait();

  assertFalse(mutex.locked);
});

test("Condition.wait() hands the mutex to who waits for it", async () => {
  const { mutex, condition } = held();
  const acquire = watch(mutex.acquire());

  condition.wait();

  assertEquals(mutex.tryAcquire(), undefined);
  await idle();
  assertEquals(acquire.state, "fulfilled");
});

test("Condition.wait() holds the mutex again when it resolves, by the same permit", async () => {
  const { mutex, permit, condition } = held();
  const wait = watch(condition.wait());
  const other = mutex.tryAcquire()!;

  condition.notify();
  await idle();
  const before = wait.state;
  other.release();
  await idle();

  assertEquals([before, wait.state, mutex.locked], ["waiting", "fulfilled", true]);
  permit.release();
  assertFalse(mutex.locked);
});

test("Condition.wait() takes the mutex again behind those who wait for it already", async () => {
  const { mutex, permit, condition } = held();
  const order: string[] = [];
  condition.wait().then(() => {
    order.push("notified");
    permit.release();
  });
  const notifier = mutex.tryAcquire()!;
  mutex.acquire().then((permit) => {
    order.push("earlier");
    permit.release();
  });

  condition.notify();
  mutex.acquire().then((permit) => {
    order.push("later");
    permit.release();
  });
  notifier.release();
  await idle();

  assertEquals(order, ["earlier", "notified", "later"]);
});

test("Condition.notify() wakes who has waited longest, and no other", async () => {
  const mutex = new Mutex();
  const condition = new Condition(mutex);
  const awake: number[] = [];
  for (const n of [1, 2, 3]) sleep(mutex, condition, () => awake.push(n));
  await idle();

  using permit = mutex.tryAcquire()!;
  condition.notify();
  permit.release();
  await idle();

  assertEquals([awake, condition[COUNTS]().waiting], [[1], 2]);
});

test("Condition.notify(n) wakes n, and Condition.notifyAll() all, first come, first served", async () => {
  const mutex = new Mutex();
  const condition = new Condition(mutex);
  const awake: number[] = [];
  for (const n of [1, 2, 3, 4, 5]) sleep(mutex, condition, () => awake.push(n));
  await idle();

  const first = mutex.tryAcquire()!;
  condition.notify(2);
  first.release();
  await idle();
  const two = [...awake];
  const second = mutex.tryAcquire()!;
  condition.notifyAll();
  second.release();
  await idle();

  assertEquals([two, awake], [[1, 2], [1, 2, 3, 4, 5]]);
});

test("Condition.notifyAll() lets those whom it wakes in one by one", async () => {
  const mutex = new Mutex();
  const condition = new Condition(mutex);
  let [inside, most] = [0, 0];
  const tasks = Array.from({ length: 10 }, async () => {
    using _permit = await mutex.acquire();
    await condition.wait();
    most = Math.max(most, ++inside);
    for (let i = 0; i < 3; i++) await undefined;
    inside--;
  });
  await idle();

  using permit = mutex.tryAcquire()!;
  condition.notifyAll();
  permit.release();
  await settled(Promise.all(tasks));

  assertEquals([most, mutex.locked], [1, false]);
});

test("Condition.notify() is not remembered for who comes later", async () => {
  const { condition } = held();
  condition.notify();

  const wait = watch(condition.wait());
  await idle();

  assertEquals(wait.state, "waiting");
});

test("Condition.notify(0) wakes nobody", async () => {
  const { mutex, condition } = held();
  const wait = watch(condition.wait());
  mutex.tryAcquire();

  condition.notify(0);
  mutex.release();
  await idle();

  assertEquals(wait.state, "waiting");
});

test("Condition.wait() that is aborted holds the mutex when it rejects", async () => {
  const { mutex, permit, condition } = held();
  const controller = new AbortController();
  const wait = watch(condition.wait({ signal: controller.signal }));
  const other = mutex.tryAcquire()!;

  controller.abort("stop");
  await idle();
  const before = wait.state;
  other.release();
  await idle();

  assertEquals([before, wait.state, wait.reason], ["waiting", "rejected", "stop"]);
  assert(mutex.locked);
  permit.release();
  assertFalse(mutex.locked);
});

test("Condition.wait() that times out holds the mutex when it rejects", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const { mutex, permit, condition } = held();
  const wait = watch(condition.wait({ timeout: 100 }));

  await clock.advance(100);
  await idle();

  assertEquals((wait.reason as DOMException).name, "TimeoutError");
  assert(mutex.locked);
  permit.release();
  assertFalse(mutex.locked);
});

test("Condition.wait() that is aborted takes no notification away", async () => {
  const mutex = new Mutex();
  const condition = new Condition(mutex);
  const controller = new AbortController();
  const { signal } = controller;
  const first = watch((async () => {
    using _permit = await mutex.acquire();
    await condition.wait({ signal });
  })());
  let awake = false;
  sleep(mutex, condition, () => awake = true);
  await idle();

  const notifier = mutex.tryAcquire()!;
  controller.abort("stop");
  condition.notify();
  notifier.release();
  await idle();

  assertEquals([first.state, awake, mutex.locked], ["rejected", true, false]);
});

test("Condition.wait() that was notified ignores an abort and a timeout while it waits for the mutex", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const { mutex, condition } = held();
  const controller = new AbortController();
  const wait = watch(condition.wait({ signal: controller.signal, timeout: 100 }));
  const notifier = mutex.tryAcquire()!;

  condition.notify();
  controller.abort("stop");
  await clock.advance(1_000);
  const before = wait.state;
  notifier.release();
  await idle();

  assertEquals([before, wait.state], ["waiting", "fulfilled"]);
});

test("Condition.wait() keeps the mutex with a signal that was aborted before", async () => {
  const { mutex, permit, condition } = held();
  const acquire = watch(mutex.acquire());

  const thrown = await rejection(condition.wait({ signal: AbortSignal.abort("stop") }));

  assertEquals([thrown, acquire.state], ["stop", "waiting"]);
  permit.release();
  await idle();
  assertEquals(acquire.state, "fulfilled");
});

test("Condition.wait() keeps the mutex with timeout 0", async () => {
  const { mutex, condition } = held();
  const acquire = watch(mutex.acquire());

  const thrown = await rejection(condition.wait({ timeout: 0 }));

  assertEquals((thrown as DOMException).name, "TimeoutError");
  assertEquals(acquire.state, "waiting");
});

test("Permit.release() and its disposal throw while the holder waits on a condition", async () => {
  const { mutex, permit, condition } = held();
  const wait = condition.wait();
  const other = mutex.tryAcquire()!;

  assertThrows(() => permit.release(), TypeError, "waits on a condition");
  assertThrows(() => permit[Symbol.dispose](), TypeError, "waits on a condition");

  assert(mutex.locked);
  condition.notify();
  other.release();
  await settled(wait);
  permit.release();
  assertFalse(mutex.locked);
});

test("Condition.wait(), notify() and notifyAll() throw when nobody holds the mutex", () => {
  const condition = new Condition(new Mutex());

  assertThrows(() => void condition.wait(), TypeError, "nobody holds its mutex");
  assertThrows(() => condition.notify(), TypeError, "nobody holds its mutex");
  assertThrows(() => condition.notifyAll(), TypeError, "nobody holds its mutex");

  assertEquals(condition[COUNTS]().waiting, 0);
});

test("two conditions of one mutex are notified apart", async () => {
  const mutex = new Mutex();
  const [left, right] = [new Condition(mutex), new Condition(mutex)];
  const awake: string[] = [];
  sleep(mutex, left, () => awake.push("left"));
  sleep(mutex, right, () => awake.push("right"));
  await idle();

  using permit = mutex.tryAcquire()!;
  right.notifyAll();
  permit.release();
  await idle();

  assertEquals(awake, ["right"]);
});

for (const [wrong, kind] of [[-1, RangeError], [1.5, RangeError], ["1", TypeError]] as const) {
  test(`Condition.notify(${JSON.stringify(wrong)}) throws ${kind.name}, and wakes nobody`, () => {
    const { mutex, condition } = held();
    condition.wait();
    mutex.tryAcquire();

    const error = assertThrows(() => condition.notify(wrong as number), kind);

    assertStringIncludes(error.message, `count`);
    assertStringIncludes(error.message, `${wrong}`);
    assertEquals(condition[COUNTS]().waiting, 1);
  });
}

for (const wrong of [undefined, {}, 5]) {
  test(`new Condition(${JSON.stringify(wrong)}) throws TypeError`, () => {
    assertThrows(
      () => new Condition(wrong as unknown as Mutex),
      TypeError,
      "mutex must be a Mutex",
    );
  });
}
