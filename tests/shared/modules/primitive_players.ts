/** What threads do with shared primitives, for tests. */
import { exit } from "node:process";
import type {
  SharedArray,
  SharedBarrier,
  SharedChannel,
  SharedCondition,
  SharedMutex,
  SharedPermit,
  SharedResetEvent,
  SharedSemaphore,
  SharedValue,
} from "../../../workers/mod.ts";

/** How a thread waits. */
export type Way = "async" | "sync";

interface Acquirable {
  acquire(): Promise<SharedPermit>;
  acquireSync(): SharedPermit;
}

function acquire(from: Acquirable, way: Way): SharedPermit | Promise<SharedPermit> {
  return way === "sync" ? from.acquireSync() : from.acquire();
}

/** Adds 1 so often, in steps that are only right under the lock; and what it found others doing. */
export async function increment(
  mutex: SharedMutex,
  inside: SharedValue<"i32">,
  total: SharedArray<"f64">,
  rounds: number,
  way: Way,
): Promise<number> {
  let overlaps = 0;
  for (let i = 0; i < rounds; i++) {
    const permit = await acquire(mutex, way);
    if (inside.add(1) !== 1) overlaps++;
    total.view[0]!++;
    if (i % 7 === 0) await Promise.resolve();
    inside.add(-1);
    permit.release();
  }
  return overlaps;
}

/** How many it saw at once. */
export async function share(
  semaphore: SharedSemaphore,
  inside: SharedValue<"i32">,
  rounds: number,
  way: Way,
): Promise<number> {
  let most = 0;
  for (let i = 0; i < rounds; i++) {
    const permit = await acquire(semaphore, way);
    most = Math.max(most, inside.add(1));
    if (i % 5 === 0) await Promise.resolve();
    inside.add(-1);
    permit.release();
  }
  return most;
}

/** A bounded buffer of one place, with a condition: takes until it gets a negative number. */
export async function take(
  mutex: SharedMutex,
  changed: SharedCondition,
  place: SharedValue<"i32">,
  way: Way,
): Promise<number[]> {
  const taken: number[] = [];
  for (;;) {
    const permit = await acquire(mutex, way);
    while (place.get() === 0) {
      if (way === "sync") changed.waitSync();
      else await changed.wait();
    }
    const value = place.get();
    // Whoever comes last leaves the sign for the others.
    if (value > 0) place.set(0);
    changed.notifyAll();
    permit.release();
    if (value < 0) return taken;
    taken.push(value);
  }
}

/** Arrives so often; answers its places. */
export async function meet(
  barrier: SharedBarrier,
  phase: SharedValue<"i32">,
  rounds: number,
  way: Way,
): Promise<number[][]> {
  const seen: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    phase.add(1);
    const place = way === "sync" ? barrier.waitSync() : await barrier.wait();
    seen.push([place, phase.get()]);
    if (way === "sync") barrier.waitSync();
    else await barrier.wait();
  }
  return seen;
}

/** Waits for one event after the other, and answers with the next. */
export async function pass(
  from: SharedResetEvent,
  to: SharedResetEvent,
  rounds: number,
  way: Way,
): Promise<number> {
  for (let round = 0; round < rounds; round++) {
    if (way === "sync") from.waitSync();
    else await from.wait();
    from.reset();
    to.set();
  }
  return rounds;
}

/** Takes what it is given, says so, and ends without giving it back. */
export async function hoard(
  locks: readonly Acquirable[],
  barrier: SharedBarrier,
  [held, end]: readonly [SharedChannel<string>, SharedChannel<string>],
  how: "returns" | "exits" | "waits",
): Promise<void> {
  for (const lock of locks) await lock.acquire();
  void barrier.wait().catch(() => {});
  await held.send("held");
  if (how === "waits") await new Promise(() => {});
  await end.recv();
  if (how === "exits") exit(3);
}

/** What blocking forms end with: a value, or the name of an error. */
export function outcomes(
  mutex: SharedMutex,
  semaphore: SharedSemaphore,
  condition: SharedCondition,
  event: SharedResetEvent,
  barrier: SharedBarrier,
): unknown[] {
  const permit = mutex.acquireSync();
  const attempts: (() => unknown)[] = [
    () => mutex.acquireSync({ timeout: 5 }),
    () => mutex.acquireSync({ timeout: 0 }),
    () => semaphore.acquireSync({ timeout: 5 }),
    () => condition.waitSync({ timeout: 5 }),
    () => condition.waitSync({ timeout: 0 }),
    () => event.waitSync({ timeout: 5 }),
    () => event.waitSync({ timeout: 0 }),
    () => barrier.waitSync({ timeout: 5 }),
    () => barrier.waitSync({ timeout: 0 }),
    () => barrier.arrived,
    () => mutex.locked,
    () => permit.release(),
    () => condition.waitSync(),
    () => event.set(),
    () => event.waitSync(),
    () => semaphore.release(),
    () => semaphore.acquireSync().released,
    () => mutex.acquireSync({ timeout: -1 }),
  ];
  return attempts.map((attempt) => {
    try {
      return attempt() ?? "done";
    } catch (error) {
      return (error as Error).name;
    }
  });
}

/** Adds to a value without a lock. */
export function count(hits: SharedValue<"i32">, sum: SharedValue<"f64">, times: number): void {
  for (let i = 0; i < times; i++) {
    hits.add(1);
    sum.update((n) => n + 0.5);
  }
}
