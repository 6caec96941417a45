/**
 * After Go's test/chan/sieve2.go: the sieve of Eratosthenes. Multiples of each prime come from a task of
 * their own and are merged in order; a feedback loop brings the primes found back to the merger. The
 * loop would lock up with any bounded buffer, so a proxy stands in it whose select sends only while it
 * has something to send.
 */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, type Receiver, select, type Sender } from "../../mod.ts";
import { PRIMES } from "./primes.ts";
import { type Go, run, take } from "./program.ts";

/** Numbers from `first` on, with a step, from a task of their own. */
function count(go: Go, first: number, step: number, capacity: number): Receiver<number> {
  const numbers = new Channel<number>(capacity);
  go(async () => {
    for (let n = first;; n += step) await numbers.send(n);
  });
  return numbers;
}

/** Makes sending never wait, for a receiver that is slower: what is not yet taken is kept here. */
function proxy(go: Go, to: Sender<number>): Sender<number> {
  const incoming = new Channel<number>(10);
  go(async () => {
    const kept: number[] = [];
    for (;;) {
      const [next] = kept;
      const selected = await select({ in: incoming, out: next !== undefined && to.sendCase(next) });
      if (selected.key === "out") kept.shift();
      else if (!selected.done) kept.push(selected.value);
    }
  });
  return incoming;
}

/** The odd composites in increasing order: multiples of each prime, merged. */
async function merge(go: Go, primes: Receiver<number>, composites: Sender<number>): Promise<void> {
  const heads: { next: number; readonly from: Receiver<number> }[] = [];
  const advance = async () => {
    heads[0]!.next = await take(heads[0]!.from);
    heads.sort((a, b) => a.next - b.next);
  };
  for (;;) {
    const prime = await take(primes);
    const from = count(go, prime * prime, 2 * prime, 10);
    const first = await take(from);
    for (; heads.length > 0 && heads[0]!.next < first; await advance()) {
      await composites.send(heads[0]!.next);
    }
    heads.unshift({ next: first, from });
    await composites.send(first);
    while (heads[0]!.next <= first) await advance();
  }
}

/** Sends the primes that are left between the composites, here and into the loop. */
async function sift(
  candidates: Receiver<number>,
  composites: Receiver<number>,
  outs: readonly Sender<number>[],
): Promise<void> {
  for (let n = await take(candidates);;) {
    const composite = await take(composites);
    for (; n < composite; n = await take(candidates)) for (const out of outs) await out.send(n);
    while (n <= composite) n = await take(candidates);
  }
}

test("select() keeps a feedback loop from locking up: the primes up to 100 (sieve2.go)", () =>
  run(async (go) => {
    const [out, composites, loop] = [
      new Channel<number>(10),
      new Channel<number>(50),
      new Channel<number>(10),
    ];
    await out.sendMany([2, 3]);
    await loop.send(3);
    go(() => merge(go, loop, composites));
    go(() => sift(count(go, 5, 2, 50), composites, [proxy(go, loop), out]));

    for (const prime of PRIMES) assertEquals(await take(out), prime);
  }));
