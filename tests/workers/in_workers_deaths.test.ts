import { assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import { test } from "node:test";
import { pipe } from "../../mod.ts";
import { inWorkers, ThreadError, transfer, type WorkerFailure } from "../../workers/mod.ts";
import { createChaos, numbers } from "./chaos_data.ts";
import { untilFailure } from "../flow/sources.ts";
import { gather } from "./flows.ts";

const url = new URL("./modules/chaos.ts", import.meta.url);
type Chaos = (n: number) => number;

/** The address of a module. */
function script(code: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

for (const fault of ["exit", "uncaught"] as const) {
  test(`inWorkers() tries a value again whose thread has died: ${fault}`, async () => {
    const data = createChaos(10, [[3, `${fault} once`]]);
    const stage = inWorkers<Chaos>(url, { threads: 1, ordered: true, retries: 1, data });

    const results = await gather(pipe(numbers(10), stage));

    assertEquals(results, numbers(10));
    assertEquals(data.begun[3], 2);
  });

  test(`inWorkers() tries a value as often as it may, and no more: ${fault}`, async () => {
    const data = createChaos(10, [[3, fault]]);
    const options = { threads: 1, ordered: true, retries: 2, data };

    const { values, error } = await untilFailure(
      pipe(numbers(10), inWorkers<Chaos>(url, options)),
    );

    assertEquals(values, [0, 1, 2]);
    assertInstanceOf(error, ThreadError);
    assertEquals(data.begun[3], 3);
  });
}

test("inWorkers() does what is done only once when a thread exits", async () => {
  const data = createChaos(10, [[5, "exit once"]]);
  const stage = inWorkers<Chaos>(url, { threads: 1, ordered: true, retries: 1, data });
  await gather(pipe(numbers(10), stage));

  assertEquals([...data.begun], [1, 1, 1, 1, 1, 2, 1, 1, 1, 1]);
});

test("inWorkers() fails when a thread dies between two values, unless it is to go on", async () => {
  const create = () => createChaos(2, [[0, "floating once"]]);
  // The thread has nothing to do when it dies, so that it does not hold the process.
  const hold = setInterval(() => {}, 10_000);
  async function* source(): AsyncGenerator<number> {
    yield 0;
    await new Promise(() => {});
  }

  const flow = pipe(source(), inWorkers<Chaos>(url, { threads: 1, data: create() }));
  const { error } = await untilFailure(flow);
  clearInterval(hold);
  const skip = { threads: 1, onError: "skip", data: create() } as const;
  const results = await gather(pipe(numbers(2), inWorkers<Chaos>(url, skip)));

  assertInstanceOf(error, ThreadError);
  assertMatch(error.message, /nobody catches this either/);
  assertEquals(results, [0, 1]);
});

test("inWorkers() gives up when all that threads do is die", async () => {
  const size = 1_000;
  const data = createChaos(size, numbers(size).map((n) => [n, "exit"]));
  const options = { threads: 1, onError: "skip", data } as const;

  const { values, error } = await untilFailure(
    pipe(numbers(size), inWorkers<Chaos>(url, options)),
  );

  assertEquals(values, []);
  assertInstanceOf(error, ThreadError);
  assertMatch(error.message, /^Cannot go on: 10 threads in a row were lost/);
  assertInstanceOf(error.cause, ThreadError);
});

test("inWorkers() does not try again what cannot be imported", async () => {
  const broken = new URL("./modules/broken.ts", import.meta.url);
  const leaves = script("process.exit(4)");
  const options = { threads: 1, retries: 100, onError: "skip" } as const;

  const failed = await untilFailure(pipe([1, 2, 3], inWorkers(broken, options)));
  const exited = await untilFailure(pipe([1, 2, 3], inWorkers(leaves, options)));

  assertInstanceOf(failed.error, ThreadError);
  assertInstanceOf(failed.error.cause, RangeError);
  assertInstanceOf(exited.error, ThreadError);
  assertEquals([failed.error.thread, exited.error.thread, exited.error.exitCode], [1, 1, 4]);
});

for (const fault of ["exit", "uncaught", "throw"] as const) {
  test(`inWorkers() fails when a generator is lost, whatever the options: ${fault}`, async () => {
    const data = createChaos(8, [[5, fault]]);
    const options = { export: "chaosGenerator", retries: 3, onError: "skip", data } as const;
    type Generator = (input: AsyncIterable<number>) => AsyncIterable<number>;

    const { error } = await untilFailure(
      pipe(numbers(8), inWorkers<Generator>(url, { ...options, threads: 1 })),
    );

    assertInstanceOf(error, fault === "throw" ? RangeError : ThreadError);
    assertEquals(data.begun[5], 1);
  });
}

test("inWorkers() cannot try again what was moved to a thread, and says so", async () => {
  const module = script("export default (b) => b[0] === 1 ? process.exit(1) : b[0]");
  const values = [0, 1, 2, 3].map((n) => new Uint8Array([n]));
  const failures: WorkerFailure<Uint8Array>[] = [];
  const stage = inWorkers<(bytes: Uint8Array) => number>(module, {
    threads: 1,
    retries: 1,
    onError: (failure) => failures.push(failure),
  });

  const results = await gather(pipe(values.map((each) => transfer(each, [each.buffer])), stage));

  assertEquals(results.length + failures.length, 4);
  const error = failures.find(({ sequence }) => sequence === 1)?.error;
  assertInstanceOf(error, ThreadError);
  assertMatch(error.message, /it was moved, and lost with its thread/);
  assertInstanceOf(error.cause, ThreadError);
});

test("inWorkers() survives threads without memory", {
  skip: "Deno" in globalThis && "Deno has no resource limits",
}, async () => {
  const data = createChaos(20, [[7, "memory"]]);
  const failures: WorkerFailure<number>[] = [];
  const stage = inWorkers<Chaos>(url, {
    threads: 1,
    data,
    resourceLimits: { maxOldGenerationSizeMb: 32 },
    onError: (failure) => failures.push(failure),
  });

  const results = await gather(pipe(numbers(20), stage));

  assertEquals(results.sort((a, b) => a - b), numbers(20).filter((n) => n !== 7));
  assertEquals(failures.map(({ value }) => value), [7]);
  const { cause } = failures[0]?.error as ThreadError;
  assertEquals((cause as { code?: unknown }).code, "ERR_WORKER_OUT_OF_MEMORY");
});

test("inWorkers() knows whom to blame also without shared memory", async () => {
  const shared = globalThis.SharedArrayBuffer;
  const module = script("export default (n) => n === 5 ? process.exit(1) : n");
  const failures: WorkerFailure<number>[] = [];
  const onError = (failure: WorkerFailure<number>) => failures.push(failure);
  const stage = inWorkers<Chaos>(module, { threads: 1, onError });
  let results: number[];
  try {
    Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
    results = await gather(pipe(numbers(10), stage));
  } finally {
    globalThis.SharedArrayBuffer = shared;
  }

  assertEquals(results.sort((a, b) => a - b), numbers(10).filter((n) => n !== 5));
  assertEquals(failures.map(({ value, attempts }) => [value, attempts]), [[5, 1]]);
});
