/**
 * After Go's test/chanlinear.go: taking a waiter out of the middle of a long queue must not take time
 * in proportion to the queue.
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, select } from "../../mod.ts";
import { waiting } from "../unit/counts.ts";

const TRIES = 8;

/** Asserts that doubling the work does not take more than three times as long; four would be a square. */
async function isLinear(work: (n: number) => Promise<void>): Promise<void> {
  const time = async (n: number) => {
    const start = performance.now();
    await work(n);
    return performance.now() - start;
  };
  const ratios: number[] = [];
  for (let n = 10_000, tries = 0; tries < TRIES; tries++) {
    const once = await time(n);
    ratios.push(await time(2 * n) / once);
    if (ratios.at(-1)! < 3) return;
  }
  assert(false, `doubling takes ${ratios.map((ratio) => ratio.toFixed(1))} times as long`);
}

test("select() leaves long queues in linear time, whatever the order (chanlinear.go)", () =>
  isLinear(async (n) => {
    const queue = new Channel<number>();
    const own = Array.from({ length: n }, () => new Channel<number>());
    const selected = own.map((channel) => select({ queue, channel }));
    for (let i = 0; i < n; i++) own[i * 7_919 % n]!.trySend(i);

    await Promise.all(selected);

    assertEquals(waiting(queue), 0);
  }));

test("Channel.recv() that is aborted leaves a long queue in linear time (chanlinear.go)", () =>
  isLinear(async (n) => {
    const queue = new Channel<number>();
    const stops = Array.from({ length: n }, () => new AbortController());
    const receives = stops.map(({ signal }) => queue.recv({ signal }).catch(() => {}));
    for (let i = 0; i < n; i++) stops[i * 7_919 % n]!.abort();

    await Promise.all(receives);

    assertEquals(waiting(queue), 0);
  }));

test("Channel.send() and recv() go through long queues in linear time (chanlinear.go)", () =>
  isLinear(async (n) => {
    const channel = new Channel<number>();
    const sends = Array.from({ length: n }, (_, i) => channel.send(i));

    for (let i = 0; i < n; i++) assertEquals(channel.tryRecv()?.value, i);

    await Promise.all(sends);
  }));
