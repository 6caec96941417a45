/**
 * What `parked()` tells of operations that wait.
 *
 * @module
 */
import { test } from "node:test";
import { assertEquals, assertMatch } from "@std/assert";
import { after, Channel, Condition, Mutex, scope, select } from "../../mod.ts";
import { parked, recordStacks } from "../../testing/mod.ts";

const lines = () => parked().map(({ operation, on }) => `${operation} on ${on}`);

test("parked() lists what waits, with the operation and the name, in order", () => {
  const [jobs, other] = [new Channel<number>(0, { name: "jobs" }), new Channel<number>()];
  void jobs.send(1);
  void other.recv();

  assertEquals(lines(), ['send on Channel "jobs"', "recv on Channel"]);

  jobs.cancel();
  other.cancel();
});

test("parked() lists a select at each of its channels, and nothing of it once it is decided", async () => {
  const [a, b] = [new Channel<number>(0, { name: "a" }), new Channel<number>(0, { name: "b" })];
  const chosen = select({ a, b: b.sendCase(1), late: after(60_000) });
  assertEquals(lines(), ['recv on Channel "a"', 'send on Channel "b"']);

  b.tryRecv();

  assertEquals(lines(), []);
  assertEquals((await chosen).key, "b");
});

test("parked() leaves out what was aborted", async () => {
  const [jobs, controller] = [new Channel<number>(), new AbortController()];
  const waiting = jobs.recv({ signal: controller.signal, timeout: 60_000 }).catch((e) => e);

  controller.abort("enough");

  assertEquals([lines(), await waiting], [[], "enough"]);
});

test("parked() lists those who wait for a mutex", async () => {
  const mutex = new Mutex();
  const permit = await mutex.acquire();
  const second = mutex.acquire();

  assertEquals(lines(), ["acquire on Mutex"]);

  permit.release();
  (await second).release();
});

test("parked() tells where an operation was called after recordStacks(true)", () => {
  const jobs = new Channel<number>();
  recordStacks(true);
  void jobs.recv();
  recordStacks(false);

  assertMatch(parked()[0]?.stack ?? "", /parked\.test/);

  jobs.cancel();
});

test("parked() does not keep count of what has long been settled", () => {
  const jobs = new Channel<number>();
  for (let i = 0; i < 5_000; i++) {
    void jobs.recv();
    jobs.trySend(i);
  }
  void jobs.recv();

  assertEquals(lines(), ["recv on Channel"]);

  jobs.cancel();
});

test("parked() lists who was notified of a condition where it waits now: at the mutex", async () => {
  const mutex = new Mutex({ name: "store" });
  const changed = new Condition(mutex, { name: "changed" });
  const permit = await mutex.acquire();
  const wait = changed.wait();
  const notifier = await mutex.acquire();
  const before = lines();

  changed.notify();

  assertEquals([before, lines()], [['wait on Condition "changed"'], ['acquire on Mutex "store"']]);
  notifier.release();
  await wait;
  permit.release();
});

test("parked() tells what a scope waits for: its tasks, and their turn", async () => {
  const end = new Channel<number>(0, { name: "end" });
  const run = scope((s) => {
    for (let i = 0; i < 2; i++) s.go(() => end.recv());
  }, { limit: 1 });

  const seen = lines();

  end.close();
  await run;
  assertEquals(seen, [
    'recv on Channel "end"',
    'acquire on Semaphore "limit of a scope"',
    'wait on WaitGroup "work of a scope"',
  ]);
});
