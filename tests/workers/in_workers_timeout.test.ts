import { assert, assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import { test } from "node:test";
import { pipe } from "../../mod.ts";
import { inWorkers, ThreadError, type WorkerFailure } from "../../workers/mod.ts";
import { count, createCells, signal, still, until } from "./cells.ts";
import { createChaos, numbers, release } from "./chaos_data.ts";
import { untilFailure } from "../flow/sources.ts";
import { gather } from "./flows.ts";
import type * as gates from "./modules/gates.ts";

const url = new URL("./modules/chaos.ts", import.meta.url);
const gatesUrl = new URL("./modules/gates.ts", import.meta.url);
const DENO = "Deno" in globalThis;
type Chaos = (n: number) => number;

// Far more than any of the values here needs that is to succeed, also on a machine that is busy.
const TIMEOUT = 1_500;
/** For values that never succeed, or are tried again. */
const SHORT = 200;

test("inWorkers() ends and replaces a thread whose value takes too long", async () => {
  const data = createChaos(20, [[3, "hang"]]);
  const failures: WorkerFailure<number>[] = [];
  const stage = inWorkers<Chaos>(url, {
    threads: 1,
    ordered: true,
    timeout: TIMEOUT,
    name: "chaos",
    data,
    onError: (failure) => failures.push(failure),
  });

  const results = await gather(pipe(numbers(20), stage));
  release(data);

  assertEquals(results, numbers(20).filter((n) => n !== 3));
  assertEquals(failures.map(({ value, attempts }) => [value, attempts]), [[3, 1]]);
  const error = failures[0]?.error;
  assertInstanceOf(error, DOMException);
  assertEquals(error.name, "TimeoutError");
  assertEquals(error.message, 'Worker thread 1 of "chaos" took more than 1500 ms for a value');
});

test("inWorkers() tries a value again that took too long", async () => {
  const data = createChaos(5, [[3, "hang once"]]);
  // Once is enough, unless the machine is so busy that another one takes too long.
  const options = { threads: 1, ordered: true, timeout: SHORT, retries: 10, data };

  const results = await gather(pipe(numbers(5), inWorkers<Chaos>(url, options)));
  release(data);

  assertEquals(results, numbers(5));
  assert((data.begun[3] ?? 0) >= 2);
});

test("inWorkers() fails when a value takes too long, also in a generator", async () => {
  const data = createChaos(5, [[0, "hang"]]);
  const options = { threads: 1, export: "chaosGenerator", timeout: SHORT, retries: 1, data };
  type Generator = (input: AsyncIterable<number>) => AsyncIterable<number>;

  const { error } = await untilFailure(
    pipe(numbers(5), inWorkers<Generator>(url, { ...options, onError: "skip" })),
  );
  release(data);

  assertEquals((error as Error).name, "TimeoutError");
  assertEquals(data.begun[0], 1);
});

test("inWorkers() does not count the time in the queue, nor that of a slow consumer", async () => {
  const module = new URL(
    "data:text/javascript," + encodeURIComponent(`
      export async function wait(n) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return n;
      }
      export async function* twice(input) {
        for await (const n of input) { yield n; yield n; yield n; }
      }`),
  );
  const options = { threads: 1, timeout: TIMEOUT } as const;
  const queued = gather(
    pipe(numbers(45), inWorkers<Chaos>(module, { ...options, export: "wait", ordered: true })),
  );
  const yielding = pipe(numbers(2), inWorkers(module, { ...options, export: "twice", window: 1 }));
  await yielding.recv();

  const results = await queued;
  const rest = await gather(yielding);

  assertEquals(results, numbers(45));
  assertEquals(rest.length, 5);
});

test("inWorkers() tells a function by its signal that its value takes too long", async () => {
  const data = createCells();
  const options = { threads: 1, export: "stuck", timeout: SHORT, data };

  const { error } = await untilFailure(
    pipe([-1], inWorkers<typeof gates.stuck>(gatesUrl, options)),
  );

  assertEquals((error as Error).name, "TimeoutError");
  assertEquals(count(data, "aborted"), 1);
  assert(still(data, "beats"));
});

test("inWorkers() tells a loop that does not look up, if it asks, that nobody wants it", async () => {
  const data = createCells();
  const options = { threads: 1, export: "spins", data };
  const flow = pipe([1], inWorkers<typeof gates.spins>(gatesUrl, options));
  const received = flow.recv();
  await until(data, "started", 1);

  await flow[Symbol.asyncDispose]();

  assertEquals(await received, { done: true, value: undefined });
  assertEquals(count(data, "aborted"), 1);
});

test("inWorkers() tells a loop that does not look up, if it asks, that it takes too long", async () => {
  const data = createCells();
  const options = { threads: 1, export: "spins", timeout: SHORT, data };

  const { error } = await untilFailure(
    pipe([1], inWorkers<typeof gates.spins>(gatesUrl, options)),
  );

  assertEquals((error as Error).name, "TimeoutError");
  assertEquals(count(data, "aborted"), 1);
});

test("inWorkers() begins nothing else in a thread that has left a loop", async () => {
  const data = createCells();
  const stage = inWorkers<typeof gates.spins>(gatesUrl, {
    threads: 1,
    export: "spins",
    timeout: TIMEOUT,
    onError: "skip",
    data,
  });

  const results = await gather(pipe([0, 0, 1, 0, 0], stage));

  assertEquals(results, [0, 0, 0, 0]);
  // 0 and 0, and then 1; the others are begun in the next thread, and only there.
  assertEquals(count(data, "started"), 5);
});

test(
  "inWorkers() does not replace more and more threads that cannot be ended",
  { skip: !DENO },
  async () => {
    const data = createChaos(10, numbers(10).map((n) => [n, "hang"]));
    const options = { threads: 2, timeout: 100, onError: "skip", data } as const;

    const { error } = await untilFailure(pipe(numbers(10), inWorkers<Chaos>(url, options)));
    const begun = data.begun.reduce((a, b) => a + b);
    release(data);
    // As soon as they have left, threads are replaced again.
    const again = await retry(() =>
      gather(pipe(numbers(10), inWorkers<Chaos>(url, { ...options, timeout: TIMEOUT })))
    );

    assertInstanceOf(error, Error);
    assertMatch(
      error.message,
      /^Cannot replace a thread: more than 4 threads .* still running, and this runtime cannot/,
    );
    assert(begun <= 6, `${begun} threads hang`);
    assertEquals(again.length, 10);
  },
);

test(
  "inWorkers() starts no thread while too many cannot be ended that a break has left",
  { skip: !DENO }, // Node ends them
  async () => {
    const data = createCells();
    const options = { threads: 1, export: "busy", data } as const;
    const stage = inWorkers<typeof gates.busy>(gatesUrl, options);
    const flows = numbers(5).map(() => pipe([Infinity], stage));
    const received = flows.map((flow) => flow.recv());
    await until(data, "started", 5);

    await Promise.all(flows.map((flow) => flow[Symbol.asyncDispose]()));
    const { error } = await untilFailure(pipe([0], stage));
    signal(data, "open");
    const again = await retry(() => gather(pipe([0], stage)));
    await Promise.all(received);
    await stage[Symbol.asyncDispose]();

    assertInstanceOf(error, Error);
    assertMatch(error.message, /^Cannot start a thread: more than 4 threads /);
    assertEquals(again, [0]);
  },
);

async function retry<T>(task: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (error instanceof ThreadError) throw error;
    }
  }
}
