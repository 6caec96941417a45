/** The library's worker stages. The module to measure is the third argument of the process. */
import process from "node:process";
import { AT_ONCE, callAll, callEach, numbers, THREADS, WORK, workModule } from "./tasks.mjs";
import { sumOf } from "./workload.mjs";

const library = process.argv[4];

/**
 * What a program does not use is not to weigh upon the others: workers are loaded where they are
 * measured.
 */
export async function openStage(name, options) {
  const { inWorkers } = await import(library.replace(/mod(\.\w+)$/, "workers/mod$1"));
  const stage = inWorkers(workModule, { export: name, threads: THREADS, ...options });
  await stage.prewarm();
  return stage;
}

function streamed(name) {
  let stage;
  return async (n) => {
    const { pipe } = await import(library);
    return sumOf(pipe(numbers(n), await (stage ??= openStage(name))));
  };
}

/** What a pool is: calls that give promises. In order, so the first promise has the first result. */
async function openCalls() {
  const { Channel, pipe } = await import(library);
  const input = new Channel(AT_ONCE), stage = await openStage("trivial", { ordered: true });
  const waiting = new Array(AT_ONCE);
  let sent = 0;
  void settle(pipe(input, stage), waiting);
  return (value) =>
    new Promise((resolve) => {
      waiting[sent++ % AT_ONCE] = resolve;
      if (!input.trySend(value)) throw new Error("more calls than places");
    });
}

async function settle(results, waiting) {
  let settled = 0;
  for await (const batch of results.batches(AT_ONCE)) {
    for (const result of batch) waiting[settled++ % AT_ONCE](result);
  }
}

/** A value goes in, its result comes out, then the next. */
async function openLone() {
  const { Channel, pipe } = await import(library);
  const input = new Channel(1), results = pipe(input, await openStage("trivial"));
  return async (value) => {
    input.trySend(value);
    return (await results.recv()).value;
  };
}

let calls, lone;

export const workers = {
  workers_calls: async (n) => callAll(n, await (calls ??= openCalls())),
  workers_lone: async (n) => callEach(n, await (lone ??= openLone())),
};
for (const [scenario, name] of Object.entries(WORK)) workers[scenario] = streamed(name);
