/** What shared primitives do beside what those of one thread do; several threads are seen in one. */
import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { COUNTS } from "../../internal/case.ts";
import {
  type ElementType,
  SharedArray,
  SharedBarrier,
  SharedCondition,
  SharedMutex,
  type SharedPermit,
  SharedResetEvent,
  SharedSemaphore,
  SharedValue,
} from "../../workers/mod.ts";
import { createMemory, Domain } from "../../workers/shared/domain.ts";
import { within } from "../../workers/shared/site.ts";
import { watch } from "../unit/watch.ts";
import { settled } from "./threads_in_one.ts";

const memory = createMemory();
const [here, there] = [new Domain(memory), new Domain(memory)];
const quiet = (...more: Domain[]) => settled(here, there, ...more);

/** The same mutex in two threads. */
function mutexes(): [near: SharedMutex, far: SharedMutex] {
  const near = within(here, () => new SharedMutex());
  return [near, within(there, () => SharedMutex.from(near.handle))];
}

/** A mutex and a condition of it, in a thread. */
function conditionIn(domain: Domain, first?: SharedCondition) {
  const condition = within(
    domain,
    () => first ? SharedCondition.from(first.handle) : new SharedCondition(new SharedMutex()),
  );
  return { condition, mutex: condition.mutex };
}

/** Releases the mutex if this thread holds it. */
function release(mutex: SharedMutex): void {
  try {
    mutex.release();
  } catch { // another one does
  }
}

test("the primitives open by their handles: one object for each, with its name", () => {
  const name = "mill";
  const mutex = new SharedMutex({ name });
  const pairs: [object & { name?: string | undefined }, () => object][] = [
    [mutex, () => SharedMutex.from(mutex.handle)],
  ];
  const semaphore = new SharedSemaphore(2, { name }),
    counter = new SharedSemaphore(0, { max: 1, name });
  pairs.push([semaphore, () => SharedSemaphore.from(semaphore.handle)]);
  pairs.push([counter, () => SharedSemaphore.from(counter.handle)]);
  const condition = new SharedCondition(mutex, { name });
  pairs.push([condition, () => SharedCondition.from(condition.handle)]);
  const event = new SharedResetEvent({ name }), barrier = new SharedBarrier(1, { name });
  pairs.push([event, () => SharedResetEvent.from(event.handle)]);
  pairs.push([barrier, () => SharedBarrier.from(barrier.handle)]);
  const value = new SharedValue("f64", 1, { name }), array = new SharedArray("u8", 3, { name });
  pairs.push([value, () => SharedValue.from(structuredClone(value.handle))]);
  pairs.push([array, () => SharedArray.from(array.handle)]);

  for (const [object, open] of pairs) assertStrictEquals(open(), object);
  for (const [object, open] of pairs) {
    if (object === value) continue;
    const far = within(new Domain(value.handle.memory), open) as { name?: string };
    assertNotStrictEquals(far, object);
    assertEquals(far.name, name);
  }
});

test("the primitives refuse the handles of others", () => {
  const { handle } = new SharedMutex();
  const event = new SharedResetEvent();

  assertThrows(() => SharedSemaphore.from(handle as never), TypeError, "handle must be");
  assertThrows(() => SharedMutex.from(undefined as never), TypeError, "handle must be");
  assertThrows(
    () => SharedMutex.from({ ...event.handle, kind: "mutex" }),
    TypeError,
    "handle must be the handle of a SharedMutex",
  );
});

test("the primitives name the argument that is wrong", () => {
  const wrong: [() => unknown, typeof TypeError | typeof RangeError, string][] = [
    [() => new SharedMutex({ name: 5 as never }), TypeError, "options.name"],
    [() => new SharedMutex(5 as never), TypeError, "options"],
    [() => new SharedSemaphore(-1), RangeError, "permits"],
    [() => new SharedSemaphore("2" as never), TypeError, "permits"],
    [() => new SharedSemaphore(Infinity), RangeError, "permits"],
    [() => new SharedSemaphore(0), RangeError, "permits"],
    [() => new SharedSemaphore(1025), RangeError, "permits"],
    [() => new SharedSemaphore(2, { max: 1 }), RangeError, "options.max"],
    [() => new SharedCondition({} as never), TypeError, "mutex"],
    [() => new SharedBarrier(0), RangeError, "parties"],
    [() => new SharedBarrier(1024), RangeError, "parties"],
    [() => new SharedBarrier("1" as never), TypeError, "parties"],
    [() => new SharedValue("i8" as never), TypeError, "type"],
    [() => new SharedValue("i64", 1 as never), TypeError, "initial"],
    [() => new SharedValue("f64").set(1n as never), TypeError, "value"],
    [() => new SharedValue("f64").add("1" as never), TypeError, "amount"],
    [() => new SharedValue("f64").update(1 as never), TypeError, "change"],
    [() => new SharedArray("f16" as never, 1), TypeError, "type"],
    [() => new SharedArray("u8", 0), RangeError, "length"],
    [() => new SharedMutex().release(), TypeError, "nobody in this thread holds it"],
  ];
  for (const [act, Kind, text] of wrong) assertThrows(act, Kind, text);
});

test("SharedMutex is handed from thread to thread", async () => {
  const [near, far] = mutexes();
  const permit = near.tryAcquire()!;
  const acquiring = watch(far.acquire());
  await quiet();
  assertEquals([acquiring.state, far.locked, far[COUNTS]().waiting], ["waiting", true, 1]);
  assertThrows(() => far.release(), TypeError, "nobody in this thread");

  permit.release();
  await quiet();

  assertEquals([acquiring.state, near.tryAcquire()], ["fulfilled", undefined]);
  acquiring.value!.release();
  assertEquals(near.locked, false);
});

test("SharedMutex goes to the thread that was woken and found it taken again", async () => {
  const [near, far] = mutexes();
  let permit = near.tryAcquire()!;
  const acquiring = watch(far.acquire());
  await quiet();
  permit.release();
  permit = near.tryAcquire()!; // before the other one is awake
  await quiet();
  assertEquals(acquiring.state, "waiting");

  permit.release();
  const again = near.tryAcquire();
  const waiting = watch(near.acquire());
  await quiet();

  assertEquals([again, acquiring.state, waiting.state], [undefined, "fulfilled", "waiting"]);
  acquiring.value!.release();
  await quiet();
  assertEquals(waiting.state, "fulfilled");
});

test("SharedMutex does not wait for a hungry thread that has given up", async () => {
  const [near, far] = mutexes();
  let permit = near.tryAcquire()!;
  const abort = new AbortController();
  const acquiring = watch(far.acquire({ signal: abort.signal }));
  await quiet();
  permit.release();
  permit = near.tryAcquire()!;
  await quiet();

  permit.release();
  const waiting = watch(near.acquire());
  abort.abort();
  await quiet();

  assertEquals([acquiring.state, waiting.state], ["rejected", "fulfilled"]);
});

test("SharedMutex comes back from a thread that dies, and says so", async () => {
  const dying = new Domain(memory);
  const near = within(here, () => new SharedMutex());
  const far = within(dying, () => SharedMutex.from(near.handle));
  const lost = far.tryAcquire()!;
  const acquiring = watch(near.acquire());
  await quiet(dying);

  here.bury(dying.seat);
  await quiet();

  assertEquals([acquiring.state, acquiring.value!.abandoned], ["fulfilled", true]);
  assertThrows(() => lost.release(), TypeError, "this thread was given up");
  acquiring.value!.release();
  assertEquals(near.tryAcquire()!.abandoned, false);
});

test("SharedMutex does not wait for a dead thread that was hungry", async () => {
  const dying = new Domain(memory);
  const near = within(here, () => new SharedMutex());
  const far = within(dying, () => SharedMutex.from(near.handle));
  far.unref();
  let permit = near.tryAcquire()!;
  void far.acquire();
  await quiet(dying);
  permit.release();
  permit = near.tryAcquire()!;
  await quiet(dying);
  permit.release();
  const waiting = watch(near.acquire());

  here.bury(dying.seat);
  await quiet();

  assertEquals(waiting.state, "fulfilled");
});

test("SharedSemaphore gives a permit to each of the threads that wait", async () => {
  const near = within(here, () => new SharedSemaphore(2));
  const far = within(there, () => SharedSemaphore.from(near.handle));
  const permits = [near.tryAcquire(), far.tryAcquire()];
  const acquiring = [near, far, far, near].map((each) => watch(each.acquire()));
  await quiet();

  for (const permit of permits) permit!.release();
  await quiet();
  const first = acquiring.filter(({ state }) => state === "fulfilled");
  for (const { value } of first) value!.release();
  await quiet();

  assertEquals(first.length, 2);
  assertEquals(acquiring.map(({ state }) => state), Array(4).fill("fulfilled"));
  for (const each of acquiring) if (!first.includes(each)) each.value!.release();
  assertEquals([near.available, far.available], [2, 2]);
});

test("SharedSemaphore.release() gives back what another thread has taken", () => {
  const near = within(here, () => new SharedSemaphore(2));
  const far = within(there, () => SharedSemaphore.from(near.handle));
  const permit = far.tryAcquire()!;

  near.release();

  assertEquals(near.available, 2);
  assertThrows(() => permit.release(), RangeError, "all its permits: 2");
});

test("SharedSemaphore with a max does not give back what a dead thread has taken", () => {
  const dying = new Domain(memory);
  const near = within(here, () => new SharedSemaphore(2, { max: 3 }));
  within(dying, () => SharedSemaphore.from(near.handle)).tryAcquire();

  here.bury(dying.seat);

  assertEquals(near.available, 1);
});

test("SharedCondition.notify() wakes one, in another thread too; the mutex goes along", async () => {
  const near = conditionIn(here), far = conditionIn(there, near.condition);
  const sleeping: ReturnType<typeof watch<void>>[] = [];
  for (const { mutex, condition } of [near, far, far]) {
    await mutex.acquire();
    sleeping.push(watch(condition.wait()));
    await quiet();
  }
  const awake = () => sleeping.filter(({ state }) => state === "fulfilled").length;
  const permit = await near.mutex.acquire();

  near.condition.notify();
  await quiet();
  const before = awake();
  permit.release();
  await quiet();

  assertEquals([before, awake(), near.mutex.locked], [0, 1, true]);
  const holder = sleeping[0]!.state === "fulfilled" ? near : far;
  holder.condition.notifyAll();
  holder.mutex.release();
  await quiet();
  assertEquals(awake(), 2);
  for (const { mutex } of [near, far]) release(mutex);
  await quiet();
  assertEquals(awake(), 3);
});

test("SharedCondition gives the notifications of a dead thread to others", async () => {
  const dying = new Domain(memory);
  const near = conditionIn(here), far = conditionIn(dying, near.condition);
  far.mutex.unref();
  far.condition.unref();
  await far.mutex.acquire();
  void far.condition.wait();
  const second = conditionIn(there, near.condition);
  await second.mutex.acquire();
  const waiting = watch(second.condition.wait());
  await quiet(dying);
  const permit = await near.mutex.acquire();
  near.condition.notify(2);
  near.condition.notify(); // too many: not remembered
  // One more waits, after both were notified.
  const late = watch(near.condition.wait());

  here.bury(dying.seat);
  await quiet();
  if (waiting.state === "fulfilled") second.mutex.release();
  await quiet();

  assertEquals([waiting.state, late.state], ["fulfilled", "fulfilled"]);
  assert(!permit.released);
});

test("SharedCondition.wait() needs the mutex in this thread", async () => {
  const near = conditionIn(here), far = conditionIn(there, near.condition);
  await near.mutex.acquire();

  assertThrows(() => far.condition.wait(), TypeError, "nobody in this thread holds its mutex");
  assertThrows(() => far.condition.notify(), TypeError, "nobody in this thread holds its mutex");
});

test("SharedResetEvent.set() wakes all threads, even if it is reset at once", async () => {
  const near = within(here, () => new SharedResetEvent());
  const far = within(there, () => SharedResetEvent.from(near.handle));
  const waiting = [near, far, far].map((each) => watch(each.wait()));
  await quiet();

  far.set();
  near.reset();
  const late = watch(far.wait());
  await quiet();

  assertEquals(waiting.map(({ state }) => state), Array(3).fill("fulfilled"));
  assertEquals([late.state, near.isSet], ["waiting", false]);
  near.set();
  await quiet();
});

test("SharedBarrier counts only who is there", async () => {
  const dying = new Domain(memory);
  const near = within(here, () => new SharedBarrier(3));
  const far = within(there, () => SharedBarrier.from(near.handle));
  const dead = within(dying, () => SharedBarrier.from(near.handle));
  dead.unref();
  const abort = new AbortController();
  const gone = watch(near.wait({ signal: abort.signal }));
  void dead.wait();
  await quiet(dying);
  assertEquals(far.arrived, 2);

  abort.abort("late");
  here.bury(dying.seat);
  await quiet();
  assertEquals([gone.reason, far.arrived, far.parties], ["late", 0, 3]);
  const meeting = [near, far, near].map((each) => watch(each.wait()));
  await quiet();

  assertEquals(meeting.map(({ value }) => value).sort(), [0, 1, 2]);
  assertEquals(near.arrived, 0);
});

test("SharedBarrier: who is aborted after the last has come was there all the same", async () => {
  const near = within(here, () => new SharedBarrier(2));
  const far = within(there, () => SharedBarrier.from(near.handle));
  const abort = new AbortController();
  const waiting = watch(near.wait({ signal: abort.signal }));
  await quiet();

  const last = watch(far.wait());
  abort.abort();
  await quiet();

  assertEquals([waiting.value, last.value], [0, 1]);
});

test("SharedValue holds what its type holds", () => {
  const i32 = new SharedValue("i32", 2 ** 31 - 1), u32 = new SharedValue("u32");
  const i64 = new SharedValue("i64", -1n), u64 = new SharedValue("u64");
  const f64 = new SharedValue("f64", 0.1);

  assertEquals([i32.add(1), i32.get()], [-(2 ** 31), -(2 ** 31)]);
  assertEquals([u32.add(-1), u32.get(), u32.add(1)], [2 ** 32 - 1, 2 ** 32 - 1, 0]);
  assertEquals([i64.add(-1n), i64.get()], [-2n, -2n]);
  assertEquals([u64.add(-1n), u64.get()], [2n ** 64n - 1n, 2n ** 64n - 1n]);
  assertEquals([f64.add(0.2), f64.get()], [0.1 + 0.2, 0.1 + 0.2]);
  f64.set(NaN);
  assertEquals([f64.update((n) => n), f64.update(() => -0)], [NaN, -0]);
  assertEquals([i32.type, f64.type], ["i32", "f64"]);
});

test("SharedValue is changed in one step: update() begins again if another was faster", () => {
  const near = within(here, () => new SharedValue("f64", NaN));
  const far = within(there, () => SharedValue.from(near.handle));
  let calls = 0;

  const result = near.update((n) => {
    if (calls++ === 0) far.set(5);
    return n + 1;
  });

  assertEquals([calls, result, far.get()], [2, 6, 6]);
});

test("SharedArray shows every thread the same elements, of any type", () => {
  const types: ElementType[] = ["i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64"];
  for (const type of types) {
    const near = within(here, () => new SharedArray(type, 5));
    const far = within(there, () => SharedArray.from(near.handle));
    const one = type === "i64" || type === "u64" ? 1n : 1;

    far.view[4] = one;

    assertEquals([near.length, near.type, near.view[4], Number(near.view[0]) === 0], [
      5,
      type,
      one,
      true,
    ]);
  }
});

test("SharedValue.lock() and SharedArray.lock() keep others out", async () => {
  const value = within(here, () => new SharedValue("i32"));
  const array = within(here, () => new SharedArray("u8", 1));
  const pairs: [typeof value | typeof array, typeof value | typeof array][] = [
    [value, within(there, () => SharedValue.from(value.handle))],
    [array, within(there, () => SharedArray.from(array.handle))],
  ];
  for (const [near, far] of pairs) {
    const permit: SharedPermit = near.tryLock()!;
    const locking = watch(far.lock());
    await quiet();
    const before = locking.state;

    permit.release();
    await quiet();

    assertEquals([before, locking.state], ["waiting", "fulfilled"]);
  }
});
