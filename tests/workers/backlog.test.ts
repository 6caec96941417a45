import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Backlog } from "../../workers/backlog.ts";
import type { Batch } from "../../workers/batch.ts";
import type { WorkerThread } from "../../workers/worker_thread.ts";

/** A thread with all that a backlog goes by; and what it was given. */
function createThread(batchSize: number, room = Infinity) {
  const given: [number, readonly unknown[]][] = [];
  const give = ({ first, values }: Batch): number => given.push([first, values]);
  return { thread: { batchSize, room, give } as unknown as WorkerThread, given };
}

test("Backlog.share() gives each thread its part, in order, and no more than it takes", () => {
  const backlog = new Backlog();
  const many = createThread(100), few = createThread(100, 1);
  backlog.push(0, ["a", "b", "c"]);
  backlog.push(3, ["d", "e"]);

  const shared = backlog.share([many.thread, few.thread]);

  assertEquals([shared, backlog.size], [true, 1]);
  assertEquals(many.given, [[0, ["a", "b", "c"]]]);
  assertEquals(few.given, [[3, ["d"]]]);
});

test("Backlog.putBack() puts values before all that wait, and loses none at the gaps", () => {
  const backlog = new Backlog();
  const { thread, given } = createThread(100);
  backlog.push(8, ["i", "j"]);
  backlog.putBack([
    { sequence: 2, value: "c" },
    { sequence: 3, value: "d" },
    { sequence: 7, value: "h" },
  ]);

  while (backlog.size > 0) backlog.share([thread]);

  assertEquals(given, [[2, ["c", "d"]], [7, ["h", "i", "j"]]]);
});

test("Backlog.share() answers false when nothing waits, or nobody has room", () => {
  const backlog = new Backlog();
  const empty = backlog.share([createThread(100).thread]);
  backlog.push(0, [1]);

  const full = backlog.share([createThread(100, 0).thread]);

  assertEquals([empty, full, backlog.size], [false, false, 1]);
});
