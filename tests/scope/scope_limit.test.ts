import { assertEquals, assertGreaterOrEqual, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { type Scope, scope } from "../../scope/mod.ts";
import { idle } from "../../testing/mod.ts";
import { rejection, settled } from "../unit/watch.ts";
import { type Gate, gate, obedient } from "./tasks.ts";

const boom = new Error("boom");

/** Starts as many tasks as there are gates; each notes that it began. */
function start(s: Scope, gates: readonly Gate[], began: number[]): Promise<void>[] {
  return gates.map((gate, n) =>
    s.go(() => {
      began.push(n);
      return gate.passed;
    })
  );
}

for (const limit of [1, 2, 5]) {
  test(`scope() with limit ${limit} runs at most so many tasks at once, and all of them`, async () => {
    let [running, most, runs] = [0, 0, 0];

    await settled(scope((s) => {
      for (let i = 0; i < 20; i++) {
        s.go(async () => {
          most = Math.max(most, ++running);
          for (let j = 0; j <= i % 4; j++) await undefined;
          running--;
          runs++;
        });
      }
    }, { limit }));

    assertEquals([most, runs], [limit, 20]);
  });
}

test("scope() with limit Infinity starts all tasks at once", async () => {
  const began: number[] = [];
  const gates = Array.from({ length: 100 }, gate);

  const run = scope((s) => {
    start(s, gates, began);
  }, { limit: Infinity });

  assertEquals(began.length, 100);
  for (const { open } of gates) open();
  await settled(run);
});

test("Scope.go() beyond the limit starts tasks in the order of the calls", async () => {
  const began: number[] = [];
  const gates = Array.from({ length: 5 }, gate);
  const run = scope((s) => {
    start(s, gates, began);
  }, { limit: 2 });
  const atFirst = [...began];

  gates[1]!.open();
  await idle();
  const afterOne = [...began];
  for (const { open } of gates) open();
  await settled(run);

  assertEquals([atFirst, afterOne, began], [[0, 1], [0, 1, 2], [0, 1, 2, 3, 4]]);
});

test("the body does not count for the limit", async () => {
  const result = await settled(scope(async (s) => await s.go(() => "result"), { limit: 1 }));

  assertEquals(result, "result");
});

test("tasks that wait their turn are started although the body has ended", async () => {
  const began: number[] = [];
  const gates = [gate(), gate()];
  const run = scope((s) => {
    start(s, gates, began);
  }, { limit: 1 });

  for (const { open } of gates) open();
  await settled(run);

  assertEquals(began, [0, 1]);
});

test("tasks that wait their turn are not started after a failure, and reject with its error", async () => {
  const began: number[] = [];
  const gates = Array.from({ length: 3 }, gate);
  let queued: Promise<void>[] = [];

  const thrown = await rejection(scope((s) => {
    s.go(() => gates[0]!.passed.then(() => Promise.reject(boom)));
    queued = start(s, gates, began);
    gates[0]!.open();
  }, { limit: 1 }));

  assertStrictEquals(thrown, boom);
  assertEquals([...await Promise.all(queued.map(rejection)), ...began], [boom, boom, boom]);
});

test("a task whose turn came in the turn of a failure is not started", async () => {
  const began: number[] = [];
  const first = gate();
  let fail = () => {};
  const run = scope((s) => {
    s.go(() => first.passed);
    s.go(() => new Promise<void>((_, reject) => fail = () => reject(boom)));
    start(s, [gate()], began);
  }, { limit: 2 });

  // The first passes its permit on, and the failure comes before the next can use it.
  first.open();
  fail();

  assertStrictEquals(await rejection(run), boom);
  assertEquals(began, []);
});

test("tasks that wait their turn are not started after an abort from outside", async () => {
  const began: number[] = [];
  const controller = new AbortController();
  const run = scope((s) => {
    s.go(obedient);
    start(s, [gate()], began);
  }, { limit: 1, signal: controller.signal });

  controller.abort("stop");

  assertEquals([await rejection(run), began], ["stop", []]);
});

test("a task that has failed makes no room for others", async () => {
  const began: number[] = [];

  await rejection(scope(async (s) => {
    await s.go(() => Promise.reject(boom)).catch(() => {});
    await Promise.allSettled(start(s, [gate()], began));
  }, { limit: 1 }));

  assertEquals(began, []);
});

/** Real time, because what is tested is whether the runtime's own timers get their turn. */
const PATIENCE = 4_000;

for (
  const [what, step] of [
    ["scope()", () => scope(() => 1)],
    ["Scope.go()", (s: Scope) => s.go(() => 1)],
  ] as const
) {
  test(`a hot loop of ${what} lets timers run`, async () => {
    let ticks = 0;
    const interval = setInterval(() => ticks++, 5);
    const end = performance.now() + PATIENCE;

    await scope(async (s) => {
      while (ticks < 10 && performance.now() < end) await step(s);
    });
    clearInterval(interval);

    assertGreaterOrEqual(ticks, 10);
  });
}

for (const limit of [1, Infinity]) {
  test(`a hot loop of Scope.go() after a failure lets timers run, limit ${limit}`, async () => {
    let ticks = 0;
    const interval = setInterval(() => ticks++, 5);
    const end = performance.now() + PATIENCE;

    const run = scope(async (s) => {
      await s.go(() => Promise.reject(boom)).catch(() => {});
      while (ticks < 10 && performance.now() < end) await s.go(() => 1).catch(() => {});
    }, { limit });
    await run.catch(() => {});
    clearInterval(interval);

    assertGreaterOrEqual(ticks, 10);
  });
}
