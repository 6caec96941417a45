import { assert, assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import { test } from "node:test";
import { pipe } from "../../mod.ts";
import { inWorkers, ThreadError, type WorkerFailure } from "../../workers/mod.ts";
import { createChaos, numbers } from "./chaos_data.ts";
import { untilFailure } from "../flow/sources.ts";
import { gather } from "./flows.ts";
import type { Fault } from "./modules/chaos.ts";

const url = new URL("./modules/chaos.ts", import.meta.url);
type Chaos = (n: number) => number;

test("inWorkers() leaves out what has failed when it is told to skip", async () => {
  const faults: [number, Fault][] = [[1, "exit"], [2, "throw"], [4, "uncaught"], [
    5,
    "uncloneable",
  ]];
  const data = createChaos(8, faults);
  const options = { threads: 2, ordered: true, onError: "skip", data } as const;

  const results = await gather(pipe(numbers(8), inWorkers<Chaos>(url, options)));

  assertEquals(results, [0, 3, 6, 7]);
});

test("inWorkers() tells its handler what has failed, and why", async () => {
  const faults: [number, Fault][] = [[1, "exit"], [2, "throw"], [4, "uncaught"], [
    5,
    "uncloneable",
  ]];
  const data = createChaos(8, faults);
  const failures: WorkerFailure<number>[] = [];
  const onError = (failure: WorkerFailure<number>) => failures.push(failure);
  const stage = inWorkers<Chaos>(url, { threads: 1, retries: 1, onError, data, name: "chaos" });

  const results = await gather(pipe(numbers(8), stage));

  assertEquals(results.sort(), [0, 3, 6, 7]);
  const [exit, thrown, uncaught, uncloneable] = failures.sort((a, b) => a.sequence - b.sequence);
  assertEquals(failures.map(({ value }) => value), [1, 2, 4, 5]);
  assertEquals(failures.map(({ attempts }) => attempts), [2, 1, 2, 1]);
  // 2 for the one after thread 1; higher where that has not exited yet.
  assert(failures.every(({ thread }) => thread >= 1));
  assertInstanceOf(exit?.error, ThreadError);
  assertMatch(exit.error.message, /^Worker thread \d+ of "chaos" failed: it exited with code 3/);
  assertInstanceOf(thrown?.error, RangeError);
  assertInstanceOf(uncaught?.error, ThreadError);
  assertMatch(uncaught.error.message, /an error that nobody caught: nobody catches this/);
  assertEquals((uncloneable?.error as Error).name, "DataCloneError");
});

test("inWorkers() tells its handler of a value that cannot be sent", async () => {
  const failures: WorkerFailure[] = [];
  const module = new URL("data:text/javascript,export default (value) => typeof value");
  const onError = (failure: WorkerFailure) => failures.push(failure);
  const stage = inWorkers(module, { threads: 1, ordered: true, onError });
  const bad = { call: () => {} };

  const results = await gather(pipe([1, bad, "a"], stage));

  assertEquals(results, ["number", "string"]);
  assertEquals(failures.map(({ value, sequence }) => [value, sequence]), [[bad, 1]]);
  assertMatch((failures[0]?.error as Error).message, /value\.call is function call/);
});

test("inWorkers() tells its handler of a value, and of a result, that cannot be read", async () => {
  const source = `export default (n) => n !== 2 ? n : { get x() { throw new RangeError("no x") } }`;
  const module = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const unreadable = {
    get x(): never {
      throw new TypeError("no x");
    },
  };
  const failures: WorkerFailure[] = [];
  const onError = (failure: WorkerFailure) => failures.push(failure);
  const stage = inWorkers(module, { threads: 1, ordered: true, onError });

  const results = await gather(pipe([0, unreadable, 2, 3], stage));

  assertEquals(results, [0, 3]);
  assertEquals(
    failures.sort((a, b) => a.sequence - b.sequence).map(({ error }) => (error as Error).message),
    [
      "Cannot send a value to a thread: value.x cannot be read: no x",
      "Cannot send a result to the main thread: result.x cannot be read: no x",
    ],
  );
});

test("inWorkers() can be disposed of, and its flow left, by its handler", async () => {
  const data = createChaos(8, numbers(8).map((n) => [n, n % 2 === 0 ? "exit" : "throw"]));
  const disposes = inWorkers<Chaos>(url, {
    threads: 2,
    data,
    onError: () => void disposes[Symbol.asyncDispose](),
  });
  const leaves = inWorkers<Chaos>(url, { threads: 2, data, onError: () => flow.cancel() });
  const flow = pipe(numbers(8), leaves);

  const { error } = await untilFailure(pipe(numbers(8), disposes));
  const left = await gather(flow);

  assertEquals([(error as Error).name, left], ["AbortError", []]);
});

test("inWorkers() fails with what its handler throws", async () => {
  const thrown = new Error("enough");
  const data = createChaos(8, [[1, "throw"]]);
  const onError = () => {
    throw thrown;
  };

  const { error } = await untilFailure(
    pipe(numbers(8), inWorkers<Chaos>(url, { threads: 1, onError, data })),
  );

  assertEquals(error, thrown);
});

test("inWorkers() fails in the place of a value whose thread has died when ordered", async () => {
  const data = createChaos(8, [[5, "exit"]]);
  const options = { threads: 2, ordered: true, data };

  const { values, error } = await untilFailure(pipe(numbers(8), inWorkers<Chaos>(url, options)));

  assertEquals(values, [0, 1, 2, 3, 4]);
  assertInstanceOf(error, ThreadError);
});
