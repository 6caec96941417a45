/** Shared primitives between real threads. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { test } from "node:test";
import {
  inWorkers,
  SharedArray,
  SharedBarrier,
  SharedChannel,
  SharedCondition,
  SharedMutex,
  SharedResetEvent,
  SharedSemaphore,
  SharedValue,
  spawn,
} from "../../workers/mod.ts";
import type * as players from "./modules/primitive_players.ts";
import type { Way } from "./modules/primitive_players.ts";

const url = new URL("./modules/primitive_players.ts", import.meta.url);

/** The main thread cannot block, the others wait in both ways. */
const WAYS: readonly Way[] = ["sync", "async"];
const ROUNDS = 200;

test("SharedMutex is held by one task of one thread at a time", async () => {
  const mutex = new SharedMutex();
  const [inside, total] = [new SharedValue("i32"), new SharedArray("f64", 1)];
  const threads = WAYS.map((way) =>
    spawn<typeof players.increment>(url, {
      export: "increment",
      args: [mutex, inside, total, ROUNDS, way],
    })
  );
  const here = async (): Promise<number> => {
    let overlaps = 0;
    for (let i = 0; i < ROUNDS; i++) {
      const permit = await mutex.acquire();
      if (inside.add(1) !== 1) overlaps++;
      total.view[0]!++;
      await Promise.resolve();
      inside.add(-1);
      permit.release();
    }
    return overlaps;
  };

  const overlaps = await Promise.all([here(), here(), ...threads]);

  assertEquals(overlaps, [0, 0, 0, 0]);
  assertEquals([total.view[0], mutex.locked], [4 * ROUNDS, false]);
});

test("SharedSemaphore lets no more in than it has permits, of all threads together", async () => {
  for (const options of [{}, { max: 10 }]) {
    const semaphore = new SharedSemaphore(2, options);
    const inside = new SharedValue("i32");
    const threads = [...WAYS, "async" as const].map((way) =>
      spawn<typeof players.share>(url, {
        export: "share",
        args: [semaphore, inside, ROUNDS, way],
      })
    );

    const most = await Promise.all(threads);

    assert(most.every((n) => n >= 1 && n <= 2), `${most}`);
    assertEquals([semaphore.available, inside.get()], [2, 0]);
  }
});

test("SharedCondition wakes those in other threads who wait for a change", async () => {
  const mutex = new SharedMutex();
  const changed = new SharedCondition(mutex);
  const place = new SharedValue("i32");
  const takers = WAYS.map((way) =>
    spawn<typeof players.take>(url, { export: "take", args: [mutex, changed, place, way] })
  );
  const put = async (value: number): Promise<void> => {
    const permit = await mutex.acquire();
    while (place.get() !== 0) await changed.wait();
    place.set(value);
    changed.notifyAll();
    permit.release();
  };

  for (let value = 1; value <= ROUNDS; value++) await put(value);
  await put(-1);
  const taken = await Promise.all(takers);

  assertEquals(
    taken.flat().sort((a, b) => a - b),
    Array.from({ length: ROUNDS }, (_, i) => i + 1),
  );
  for (const some of taken) assertEquals(some, some.slice().sort((a, b) => a - b));
});

test("SharedBarrier lets nobody go on before all threads have come", async () => {
  const rounds = 50;
  const barrier = new SharedBarrier(3);
  const phase = new SharedValue("i32");
  const meeting = [...WAYS, "sync" as const].map((way) =>
    spawn<typeof players.meet>(url, { export: "meet", args: [barrier, phase, rounds, way] })
  );

  const seen = await Promise.all(meeting);

  for (let round = 0; round < rounds; round++) {
    const here = seen.map((each) => each[round]!);
    assertEquals(here.map(([place]) => place).sort(), [0, 1, 2]);
    assertEquals(here.map(([, phase]) => phase), [1, 1, 1].map((n) => n * 3 * (round + 1)));
  }
});

for (const way of WAYS) {
  test(`SharedResetEvent wakes to and fro between threads (${way})`, async () => {
    const [there, back] = [new SharedResetEvent(), new SharedResetEvent()];
    const passing = spawn<typeof players.pass>(url, {
      export: "pass",
      args: [there, back, ROUNDS, way],
    });

    for (let round = 0; round < ROUNDS; round++) {
      there.set();
      await back.wait();
      back.reset();
    }

    assertEquals([await passing, there.isSet, back.isSet], [ROUNDS, false, false]);
  });
}

test("SharedValue.add() and update() lose nothing among threads", async () => {
  const [hits, sum] = [new SharedValue("i32"), new SharedValue("f64")];
  const counting = [1, 2, 3].map(() =>
    spawn<typeof players.count>(url, { export: "count", args: [hits, sum, 10_000] })
  );

  await Promise.all(counting);

  assertEquals([hits.get(), sum.get()], [30_000, 15_000]);
});

test("the blocking forms end as their promises would", async () => {
  const mutex = new SharedMutex();
  const semaphore = new SharedSemaphore(0, { max: 1 });
  const condition = new SharedCondition(mutex);
  const [event, barrier] = [new SharedResetEvent(), new SharedBarrier(2)];

  const ends = await spawn<typeof players.outcomes>(url, {
    export: "outcomes",
    args: [mutex, semaphore, condition, event, barrier],
  });

  assertEquals(ends, [
    ...Array<string>(9).fill("TimeoutError"),
    0,
    true,
    "done",
    "TypeError",
    "done",
    "done",
    "done",
    false,
    "RangeError",
  ]);
});

for (const how of ["returns", "exits", "waits"] as const) {
  test(`what a thread holds comes back when it ends: it ${how}`, async () => {
    const [mutex, semaphore] = [new SharedMutex(), new SharedSemaphore(3)];
    const barrier = new SharedBarrier(2);
    const [held, end] = [new SharedChannel<string>(1), new SharedChannel<string>(1)];
    const hoarding = spawn<typeof players.hoard>(url, {
      export: "hoard",
      args: [[mutex, semaphore, semaphore], barrier, [held, end], how],
    });
    await held.recv();
    assertEquals([mutex.tryAcquire(), semaphore.available, barrier.arrived], [undefined, 1, 1]);
    const waiting = [mutex.acquire(), semaphore.acquire(), semaphore.acquire()];

    const ended = Promise.resolve(hoarding).catch(() => {});
    if (how === "waits") hoarding.cancel();
    else await end.send("end");
    await ended;
    const permits = await Promise.all(waiting);

    assertEquals(permits.map(({ abandoned }) => abandoned), [true, false, true]);
    assertEquals([semaphore.available, barrier.arrived], [1, 0]);
    permits[0]!.release();
    assertEquals(mutex.tryAcquire()!.abandoned, false);
  });
}

test("primitives travel in the data of a stage", async () => {
  const total = new SharedValue("f64");
  const lock = new SharedMutex();
  await using stage = inWorkers<(value: number) => number>(
    new URL("./modules/totals.ts", import.meta.url),
    { threads: 2, data: { places: [{ total, lock }] } },
  );

  for await (const _ of stage(numbers(20)));

  assertEquals(total.get(), 210);
});

async function* numbers(last: number): AsyncGenerator<number> {
  for (let n = 1; n <= last; n++) yield n;
}

test("the main thread must not be blocked", async () => {
  const mutex = new SharedMutex();
  using _permit = await mutex.acquire();
  const forms = [
    () => mutex.acquireSync(),
    () => new SharedSemaphore(1).acquireSync(),
    () => new SharedCondition(mutex).waitSync(),
    () => new SharedResetEvent().waitSync(),
    () => new SharedBarrier(1).waitSync(),
    () => new SharedValue("f64").lockSync(),
    () => new SharedArray("u8", 1).lockSync(),
  ];

  for (const form of forms) {
    await assertRejects(() => new Promise(() => form()), Error, "Cannot block the main thread");
  }
});
