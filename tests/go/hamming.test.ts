/**
 * After Go's test/235.go: the numbers that have no prime factors but 2, 3 and 5, in order, from a ring
 * of tasks that multiply and one that merges.
 */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, type Receiver, type Sender } from "../../mod.ts";
import { run, take } from "./program.ts";

const N = 100;

async function multiply(from: Receiver<number>, to: Sender<number>, factor: number): Promise<void> {
  for await (const n of from) await to.send(n * factor);
}

function hasSmallFactorsOnly(n: number): boolean {
  for (const factor of [2, 3, 5]) while (n % factor === 0) n /= factor;
  return n === 1;
}

test("Channel feeds a ring of tasks that merges products in order (235.go)", () =>
  run(async (go) => {
    const rings = [2, 3, 5].map((factor) => {
      // What waits here is never more than what was found.
      const [found, products] = [new Channel<number>(N), new Channel<number>(1)];
      go(() => multiply(found, products, factor));
      return { found, products, next: 0 };
    });
    const results: number[] = [];

    for (let n = 1; results.length < N; n = Math.min(...rings.map(({ next }) => next))) {
      results.push(n);
      for (const ring of rings) await ring.found.send(n);
      for (const ring of rings) if (ring.next <= n) ring.next = await take(ring.products);
    }

    const expected = Array.from({ length: results.at(-1)! }, (_, i) => i + 1);
    assertEquals(results, expected.filter(hasSmallFactorsOnly));
  }));
