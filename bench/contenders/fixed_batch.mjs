/**
 * The library's worker stages where the user sends arrays, all of one size, and reads arrays. The size
 * stands behind the address of this module: `fixed_batch.mjs?64`.
 */
import process from "node:process";
import { openStage } from "./ours_workers.mjs";
import { numbers, WORK } from "./tasks.mjs";
import { sumOfBatches } from "./workload.mjs";

const size = Number(new URL(import.meta.url).search.slice(1));

function* arrays(n) {
  let batch = [];
  for (const value of numbers(n)) {
    if (batch.push(value) < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function inBatches(name) {
  let stage;
  return async (n) => {
    const { pipe } = await import(process.argv[4]);
    return sumOfBatches(pipe(arrays(n), await (stage ??= openStage(`${name}s`))));
  };
}

export const scenarios = {};
for (const [scenario, name] of Object.entries(WORK)) scenarios[scenario] = inBatches(name);
