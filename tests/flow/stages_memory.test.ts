import { assertLess } from "@std/assert";
import { test } from "node:test";
import { batch, buffer, debounce, flatMap, pipe, throttle } from "../../mod.ts";
import { heap, NO_GC } from "./heap.ts";
import { Producer } from "./sources.ts";

/** Starts a pipe, leaves it while everything in it waits, and lets it go. */
async function startAndLeave(): Promise<void> {
  const flow = pipe(
    new Producer().stuckAfter(3),
    buffer(2),
    flatMap((n) => [n, n], { concurrency: 2 }),
    batch({ size: 4, ms: 1_000 }),
    debounce(1_000),
    throttle(1_000),
  );
  const loop = flow[Symbol.asyncIterator]();
  const step = loop.next();
  await Promise.resolve();
  await loop.return();
  await step;
}

test("stages that are started and left keep nothing", { skip: NO_GC }, async () => {
  for (let i = 0; i < 300; i++) await startAndLeave();
  const before = await heap();

  for (let i = 0; i < 1_000; i++) await startAndLeave();

  // A pipe that stays takes about 10 kB, so 10 MB in all.
  assertLess(await heap() - before, 4);
});

test("flatMap() and batch() take a long stream in constant memory", { skip: NO_GC }, async () => {
  let sum = 0;
  const run = async (n: number) => {
    const flow = pipe(
      new Producer().now(n),
      flatMap((n) => [n, n]),
      buffer(8),
      batch({ size: 64 }),
    );
    for await (const list of flow) sum += list.length;
  };
  await run(10_000);
  const before = await heap();

  await run(30_000);

  // One inner flow that stays takes more than 500 bytes, so 15 MB in all.
  assertLess(await heap() - before, 5);
});
