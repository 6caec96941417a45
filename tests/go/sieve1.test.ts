/** After Go's test/chan/sieve1.go: the classic prime sieve, a chain of filters. */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, type Receiver, type Sender } from "../../mod.ts";
import { type Go, run, take } from "./program.ts";
import { PRIMES } from "./primes.ts";

async function generate(to: Sender<number>): Promise<void> {
  for (let n = 2;; n++) await to.send(n);
}

async function filter(from: Receiver<number>, to: Sender<number>, prime: number): Promise<void> {
  for await (const n of from) if (n % prime !== 0) await to.send(n);
}

async function sieve(go: Go, primes: Sender<number>): Promise<void> {
  let left = new Channel<number>();
  const first = left;
  go(() => generate(first));
  for (;;) {
    const prime = await take(left);
    await primes.send(prime);
    const [from, to] = [left, new Channel<number>()];
    go(() => filter(from, to, prime));
    left = to;
  }
}

test("Channel passes numbers through a chain of filters: the primes up to 100 (sieve1.go)", () =>
  run(async (go) => {
    const primes = new Channel<number>();
    go(() => sieve(go, primes));

    for (const prime of PRIMES) assertEquals(await take(primes), prime);
  }));
