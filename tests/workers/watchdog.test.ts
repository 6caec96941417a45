import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Watchdog } from "../../workers/watchdog.ts";
import type { WorkerThread } from "../../workers/worker_thread.ts";

/** What a watchdog sees of a thread. */
interface Seen {
  stamp: string | undefined;
  unanswered: number;
}

/** Resolves with what `fits` returns, as soon as that is something. */
async function eventually<T>(fits: () => T | undefined): Promise<T> {
  for (;;) {
    const found = fits();
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
  }
}

test("Watchdog.wake() reports a thread that stays with a value, and not one that goes on", async () => {
  let looks = 0;
  const stuck: Seen = { stamp: "1 0", unanswered: 1 };
  const brisk: Seen = {
    get stamp() {
      return `${++looks} 0`;
    },
    unanswered: 1,
  };
  const waiting: Seen = { stamp: undefined, unanswered: 5 };
  const threads = [stuck, brisk, waiting] as unknown as WorkerThread[];
  const overdue: WorkerThread[] = [];
  const watchdog = new Watchdog(20, () => threads, (thread) => overdue.push(thread));

  watchdog.wake();
  await eventually(() => overdue.length >= 3 && looks >= 20 ? true : undefined);
  watchdog.stop();

  assert(overdue.every((thread) => thread === threads[0]));
});

test("Watchdog.wake() does not count a value together with what came before", async () => {
  // The same value after each pause: what a generator does that waits for its consumer.
  let looks = 0;
  const resumed: Seen = {
    get stamp() {
      return looks++ % 2 === 0 ? "1 0" : undefined;
    },
    unanswered: 1,
  };
  const overdue: WorkerThread[] = [];
  const watchdog = new Watchdog(
    5,
    () => [resumed as unknown as WorkerThread],
    (thread) => overdue.push(thread),
  );

  watchdog.wake();
  await eventually(() => looks >= 20 ? true : undefined);
  watchdog.stop();

  assertEquals(overdue, []);
});

test("Watchdog.wake() looks no more when nobody has anything to do", async () => {
  let looks = 0;
  const thread = {
    get unanswered() {
      looks++;
      return 0;
    },
    stamp: undefined,
  };
  const watchdog = new Watchdog(1, () => [thread as unknown as WorkerThread], () => {});

  watchdog.wake();
  await eventually(() => looks > 0 ? true : undefined);
  const before = looks;
  for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => setTimeout(resolve, 2));

  assertEquals(looks, before);
});

test("Watchdog.wake() does not take a machine that was asleep for a thread that hangs", async () => {
  let looks = 0;
  const stuck = {
    get stamp() {
      looks++;
      return "1 0";
    },
    unanswered: 1,
  };
  const overdue: WorkerThread[] = [];
  const watchdog = new Watchdog(
    1_000,
    () => [stuck as unknown as WorkerThread],
    (thread) => overdue.push(thread),
  );

  watchdog.wake();
  await eventually(() => looks > 0 ? true : undefined);
  const before = looks;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200);
  await eventually(() => looks > before ? true : undefined);
  const early = overdue.length;
  await eventually(() => overdue.length > 0 ? true : undefined);
  watchdog.stop();

  assertEquals(early, 0);
});
