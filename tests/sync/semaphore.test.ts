import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Semaphore } from "../../sync/mod.ts";
import { idle } from "../../testing/mod.ts";
import { settled, watch } from "../unit/watch.ts";

test("Semaphore.acquire() takes permits inside the call, until there is none", async () => {
  const semaphore = new Semaphore(2);

  const acquires = [1, 2, 3].map(() => watch(semaphore.acquire()));

  assertEquals(semaphore.available, 0);
  await idle();
  assertEquals(acquires.map(({ state }) => state), ["fulfilled", "fulfilled", "waiting"]);
});

test("Semaphore bounds how many are inside", async () => {
  const semaphore = new Semaphore(3);
  let [inside, most, runs] = [0, 0, 0];
  const enter = async () => {
    using _permit = await semaphore.acquire();
    most = Math.max(most, ++inside);
    for (let i = 0; i < 3; i++) await undefined;
    inside--;
    runs++;
  };

  await settled(Promise.all(Array.from({ length: 50 }, enter)));

  assertEquals([most, runs, semaphore.available], [3, 50, 3]);
});

test("Semaphore.tryAcquire() takes a permit if there is one", () => {
  const semaphore = new Semaphore(1);

  const [first, second] = [semaphore.tryAcquire(), semaphore.tryAcquire()];

  assert(first !== undefined);
  assertEquals([second, semaphore.available], [undefined, 0]);
});

test("Semaphore.release() hands over to who waits: nobody comes in between", async () => {
  const semaphore = new Semaphore(1);
  semaphore.tryAcquire();
  const next = watch(semaphore.acquire());

  semaphore.release();

  assertEquals([semaphore.available, semaphore.tryAcquire()], [0, undefined]);
  const late = watch(semaphore.acquire());
  await idle();
  assertEquals([next.state, late.state], ["fulfilled", "waiting"]);
});

test("Semaphore.release() throws when no permit is out", () => {
  const semaphore = new Semaphore(2);
  semaphore.tryAcquire();
  semaphore.release();

  assertThrows(() => semaphore.release(), RangeError, "all its permits: 2");

  assertEquals(semaphore.available, 2);
});

test("Permit.release() of a semaphore throws the second time, and takes nobody's permit", () => {
  const semaphore = new Semaphore(2);
  const first = semaphore.tryAcquire()!;
  semaphore.tryAcquire();
  first.release();

  assertThrows(() => first.release(), TypeError, "released before");

  assertEquals(semaphore.available, 1);
});

test("Permit: `using` gives a semaphore's permit back once", async () => {
  const semaphore = new Semaphore(2);
  {
    using early = await semaphore.acquire();
    using _late = await semaphore.acquire();
    early.release();
    assertEquals(semaphore.available, 1);
  }

  assertEquals(semaphore.available, 2);
});

test("Semaphore with a max counts what others release, up to it", async () => {
  const full = new Semaphore(0, { max: 2 });
  const acquire = watch(full.acquire());

  full.release();
  full.release();
  full.release();

  await idle();
  assertEquals([acquire.state, full.available], ["fulfilled", 2]);
  assertThrows(() => full.release(), RangeError, "all its permits: 2");
});

test("Semaphore with max Infinity takes any number of releases", () => {
  const full = new Semaphore(0, { max: Infinity });

  for (let i = 0; i < 1_000; i++) full.release();

  assertEquals(full.available, 1_000);
});

const WRONG: [unknown, unknown, typeof TypeError | typeof RangeError, string, string][] = [
  [-1, {}, RangeError, "permits", "-1"],
  [1.5, {}, RangeError, "permits", "1.5"],
  [NaN, {}, RangeError, "permits", "NaN"],
  [Infinity, {}, RangeError, "permits", "Infinity"],
  ["2", {}, TypeError, "permits", "2"],
  [undefined, {}, TypeError, "permits", "undefined"],
  [0, {}, RangeError, "permits", "0"],
  [0, { max: 0 }, RangeError, "permits", "0"],
  [3, { max: 2 }, RangeError, "options.max", "2"],
  [3, { max: 3.5 }, RangeError, "options.max", "3.5"],
  [3, { max: "4" }, TypeError, "options.max", "4"],
  [3, null, TypeError, "options", "null"],
];

for (const [permits, options, kind, argument, shown] of WRONG) {
  test(`new Semaphore(${permits}, ${JSON.stringify(options)}) throws ${kind.name}`, () => {
    const make = () => new Semaphore(permits as number, options as { max: number });

    const error = assertThrows(make, kind);

    assertStringIncludes(error.message, argument);
    assertStringIncludes(error.message, shown);
  });
}
