import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import process from "node:process";
import { test } from "node:test";
import { Ring } from "../../internal/ring.ts";
import { collected, NO_GC } from "../unit/gc.ts";
import { check } from "./check.ts";

/** Above 0 that many pushes, below 0 that many shifts. */
const waves = fc.array(fc.integer({ min: -3000, max: 3000 }), { maxLength: 12 });

test("Ring follows an array through waves of pushes and shifts", async () => {
  // deno-lint-ignore require-await -- a property may throw or reject
  await check(waves, 100, async (waves) => {
    const ring = new Ring<number>();
    const array: number[] = [];
    let pushed = 0;
    for (const wave of waves) {
      for (let i = 0; i < wave; i++, pushed++) {
        ring.push(pushed);
        array.push(pushed);
      }
      for (let i = 0; i > wave && array.length > 0; i--) {
        const [taken, expected] = [ring.shift(), array.shift()];
        if (taken !== expected) assertEquals(taken, expected);
      }
      assertEquals([ring.size, ring.first], [array.length, array[0]]);
    }
  });
});

test("Ring gives memory back when it has become nearly empty", { skip: NO_GC }, async () => {
  const rings: Ring<number>[] = [];
  const before = await heap();

  for (let n = 0; n < 40; n++) {
    const ring = new Ring<number>();
    for (let i = 0; i < 300_000; i++) ring.push(i);
    while (ring.size > 1) ring.shift();
    rings.push(ring);
  }

  // Kept, the slots would take 2 MB and more a ring.
  const grown = await heap() - before;
  assert(grown < 40_000_000, `${rings.length} rings hold ${grown} bytes`);
});

async function heap(): Promise<number> {
  await collected(new WeakRef({}));
  return process.memoryUsage().heapUsed;
}
