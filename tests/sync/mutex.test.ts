import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Mutex } from "../../sync/mod.ts";
import { idle } from "../../testing/mod.ts";
import { settled, watch } from "../unit/watch.ts";

test("Mutex.acquire() takes a free mutex inside the call", async () => {
  const mutex = new Mutex();

  const acquire = mutex.acquire();

  assert(mutex.locked);
  assertFalse((await settled(acquire)).released);
});

test("Mutex.acquire() keeps what others do out, whatever is awaited", async () => {
  const mutex = new Mutex();
  let [inside, most, runs] = [0, 0, 0];
  const enter = async () => {
    using _permit = await mutex.acquire();
    most = Math.max(most, ++inside);
    for (let i = 0; i < 3; i++) await undefined;
    inside--;
    runs++;
  };

  await settled(Promise.all(Array.from({ length: 50 }, enter)));

  assertEquals([most, runs, mutex.locked], [1, 50, false]);
});

test("Mutex.tryAcquire() takes a free mutex, and not a held one", () => {
  const mutex = new Mutex();

  const first = mutex.tryAcquire();
  const second = mutex.tryAcquire();

  assert(first !== undefined && mutex.locked);
  assertEquals(second, undefined);
});

test("Mutex.release() hands over to who waits: nobody comes in between", async () => {
  const mutex = new Mutex();
  mutex.tryAcquire();
  const next = watch(mutex.acquire());

  mutex.release();

  assert(mutex.locked);
  assertEquals(mutex.tryAcquire(), undefined);
  const late = watch(mutex.acquire());
  await idle();
  assertEquals([next.state, late.state], ["fulfilled", "waiting"]);
});

test("Mutex.release() releases the permit of the holder", async () => {
  const mutex = new Mutex();
  const permit = await settled(mutex.acquire());

  mutex.release();

  assert(permit.released);
  assertFalse(mutex.locked);
});

test("Mutex.release() throws when nobody holds the mutex", () => {
  const mutex = new Mutex();

  assertThrows(() => mutex.release(), TypeError, "nobody holds it");

  assert(mutex.tryAcquire() !== undefined);
});

test("Permit.release() of a mutex lets the next one in", async () => {
  const mutex = new Mutex();
  const first = mutex.tryAcquire()!;
  const second = mutex.acquire();

  first.release();

  (await settled(second)).release();
  assertEquals([first.released, mutex.locked], [true, false]);
});

test("Permit.release() throws the second time, and takes the mutex from nobody", async () => {
  const mutex = new Mutex();
  const first = mutex.tryAcquire()!;
  const second = mutex.acquire();
  first.release();

  assertThrows(() => first.release(), TypeError, "released before");

  assert(mutex.locked);
  assertFalse((await settled(second)).released);
});

test("Permit.release() throws after Mutex.release(), and takes the mutex from nobody", () => {
  const mutex = new Mutex();
  const first = mutex.tryAcquire()!;
  mutex.release();
  mutex.tryAcquire();

  assertThrows(() => first.release(), TypeError, "released before");

  assert(mutex.locked);
});

test("Permit: `using` releases at the end of the block, also when it throws", () => {
  const mutex = new Mutex();

  assertThrows(
    () => {
      using _permit = mutex.tryAcquire();
      assert(mutex.locked);
      throw new Error("in the block");
    },
    Error,
    "in the block",
  );

  assertFalse(mutex.locked);
});

test("Permit: `using` does nothing when the permit was released before", async () => {
  const mutex = new Mutex();
  {
    using permit = await mutex.acquire();
    permit.release();
    mutex.tryAcquire();
  }

  assert(mutex.locked);
});
