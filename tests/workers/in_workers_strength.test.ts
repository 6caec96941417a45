import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pipe } from "../../mod.ts";
import { inWorkers, ThreadError } from "../../workers/mod.ts";
import { createCells, moving, signal, still, until } from "./cells.ts";
import { createChaos, numbers } from "./chaos_data.ts";
import { untilFailure } from "../flow/sources.ts";
import { gather } from "./flows.ts";
import type * as gates from "./modules/gates.ts";
import type * as numbersModule from "./modules/numbers.ts";

const gatesUrl = new URL("./modules/gates.ts", import.meta.url);
const numbersUrl = new URL("./modules/numbers.ts", import.meta.url);
const chaosUrl = new URL("./modules/chaos.ts", import.meta.url);

test("inWorkers() has all its threads again after some have died", async () => {
  const data = createCells();
  const stage = inWorkers<typeof gates.fragile>(gatesUrl, {
    threads: 3,
    export: "fragile",
    onError: "skip",
    data,
  });
  const results = gather(pipe([-1, -2, -3, -4, 1, 2, 3, 4], stage));

  // Each holds up its thread until the gate is open.
  await until(data, "started", 3);
  signal(data, "open");

  assertEquals((await results).sort(), [1, 2, 3, 4]);
});

test("inWorkers() has a new thread before the next value comes", async () => {
  const data = createChaos(3, [[0, "exit"]]);
  let give: (n: number) => void = () => {};
  async function* source(): AsyncGenerator<number> {
    yield 0;
    yield await new Promise<number>((resolve) => give = resolve);
  }
  const failed = new Promise<void>((resolve) => {
    const stage = inWorkers<(n: number) => number>(chaosUrl, {
      threads: 1,
      data,
      onError: () => resolve(),
    });
    void gather(pipe(source(), stage)).then((results) => finished(results));
  });
  let finished: (results: number[]) => void = () => {};
  const results = new Promise<number[]>((resolve) => finished = resolve);
  // Nothing but a dead thread's flow is there, which waits for its input.
  const hold = setInterval(() => {}, 10_000);

  await failed;
  give(1);

  assertEquals(await results, [1]);
  clearInterval(hold);
});

test("inWorkers() does not mind that a kept thread has just died", async () => {
  for (let i = 0; i < 2; i++) {
    const data = createCells();
    const options = { threads: 1, export: "exitsLater", data };
    const stage = inWorkers<typeof gates.exitsLater>(gatesUrl, options);
    await gather(pipe([1], stage));
    await gather(pipe([2], stage));

    signal(data, "open");
    await until(data, "finally", 1);
    const results = await gather(pipe([3], stage));
    await stage[Symbol.asyncDispose]();

    assertEquals(results, [3]);
  }
});

test("WorkerStage.prewarm() starts the threads and imports the module", async () => {
  const module = new URL(
    "data:text/javascript,const imported = Date.now(); export default () => imported",
  );
  const stage = inWorkers<() => number>(module, { threads: 2 });

  await stage.prewarm();
  const ready = Date.now();
  while (Date.now() === ready);
  const times = await gather(pipe(numbers(50), stage));
  await stage[Symbol.asyncDispose]();

  assert(times.every((time) => time <= ready), `${times} are not before ${ready}`);
});

test("WorkerStage.prewarm() keeps the threads until the stage is disposed of", async () => {
  const data = createCells();
  const options = { threads: 2, export: "beating", data };
  const stage = inWorkers<typeof gates.beating>(gatesUrl, options);

  await stage.prewarm();
  await gather(pipe([1, 2, 3], stage));
  const kept = moving(data, "beats");
  await stage[Symbol.asyncDispose]();

  assert(kept);
  assert(still(data, "beats"));
});

test("WorkerStage.prewarm() can be called while threads start, and while they are at work", async () => {
  const stage = inWorkers<typeof numbersModule.default>(numbersUrl, { threads: 2, ordered: true });

  const warm = Promise.all([stage.prewarm(), stage.prewarm()]);
  const flow = pipe(numbers(10), stage);
  const first = await flow.recv();
  await stage.prewarm();
  const rest = await gather(flow);
  await warm;
  await stage[Symbol.asyncDispose]();

  assertEquals([first.value, ...rest], numbers(10).map((n) => n * 2));
});

test("WorkerStage.prewarm() rejects when the module cannot be imported", async () => {
  const broken = new URL("./modules/broken.ts", import.meta.url);
  const stage = inWorkers(broken, { threads: 2 });

  const error = await stage.prewarm().catch((error: unknown) => error);
  const flow = await untilFailure(pipe([1], stage));
  await stage[Symbol.asyncDispose]();

  assertInstanceOf(error, ThreadError);
  assertInstanceOf(error.cause, RangeError);
  assertInstanceOf(flow.error, ThreadError);
});

test("WorkerStage.prewarm() rejects after disposal, and when the signal is aborted", async () => {
  const stage = inWorkers(numbersUrl, { threads: 1 });
  await stage[Symbol.asyncDispose]();
  const aborted = inWorkers(numbersUrl, { threads: 1, signal: AbortSignal.abort("too late") });

  await assertRejects(() => stage.prewarm(), TypeError, "it was disposed");
  assertEquals(await aborted.prewarm().catch((reason: unknown) => reason), "too late");
});

test("WorkerStage.prewarm() lets disposal end threads that are about to start", async () => {
  const stage = inWorkers<typeof numbersModule.default>(numbersUrl, { threads: 2 });

  const warm = stage.prewarm();
  await stage[Symbol.asyncDispose]();

  await warm;
});

test("inWorkers() makes progress while other processes take the cores", async () => {
  const burner = fileURLToPath(new URL("./burner.mjs", import.meta.url));
  const flags = "Deno" in globalThis ? ["run"] : [];
  const burners = [1, 2].map(() => spawn(process.execPath, [...flags, burner]));
  try {
    await Promise.all(burners.map(({ stdout }) => once(stdout, "data")));
    const stage = inWorkers<typeof numbersModule.default>(numbersUrl, {
      threads: 2,
      ordered: true,
    });

    const results = await gather(pipe(numbers(5_000), stage));

    assertEquals(results, numbers(5_000).map((n) => n * 2));
  } finally {
    for (const each of burners) each.kill("SIGKILL");
    await Promise.all(
      burners.map((each) => each.exitCode ?? each.signalCode ?? once(each, "exit")),
    );
  }
});
