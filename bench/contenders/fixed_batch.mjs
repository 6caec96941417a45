/**
 * The library's worker stages where the user makes batches by hand, all of one size: values are gathered into
 * arrays, the threads work on arrays, and the results are values again. It does what `ours` does: a flow of
 * values at both ends, and as many of them in flight. The size stands behind the address of this module:
 * `fixed_batch.mjs?64`.
 */
import process from "node:process";
import { openStage } from "./ours_workers.mjs";
import { numbers, WORK } from "./tasks.mjs";
import { same, sumOf } from "./workload.mjs";

const size = Number(new URL(import.meta.url).search.slice(1));
/** Values in flight for a thread, as the library has them at most. */
const IN_FLIGHT = 4096;
const window = IN_FLIGHT / size;

function inBatches(name) {
  let stage;
  return async (n) => {
    const { batch, flatMap, pipe } = await import(process.argv[4]);
    const arrays = await (stage ??= openStage(`${name}s`, { window }));
    return sumOf(pipe(numbers(n), batch({ size }), arrays, flatMap(same)));
  };
}

export const scenarios = {};
for (const [scenario, name] of Object.entries(WORK)) scenarios[scenario] = inBatches(name);
