/** `streaming-iterables`. Its `parallelMerge`: `merge` asks its sources one after the other. */
import { rival } from "./rival.mjs";
import {
  AT_ONCE,
  BATCH,
  double,
  eighths,
  fromArrays,
  generate,
  halve,
  increment,
  isOdd,
  numbers,
  same,
  sumOf,
  sumOfBatches,
  sumOfHalves,
  work,
} from "./workload.mjs";

const { batch, filter, map, parallelMap, parallelMerge, pipeline, take } = await rival(
  "streaming-iterables",
);

export const leavesOut = "flows only: no scan; parallelMerge does not close its sources; no guard";

const map3 = (n) => sumOf(pipeline(() => generate(n), map(increment), map(double), map(halve)));

const sumOfFirst = (count) =>
  sumOfHalves(
    pipeline(() => numbers, map(increment), filter(isOdd), take(count)),
  );

export const scenarios = {
  pipe_map3: map3,
  pipe_sync1: (n) => sumOf(map(same, generate(n))),
  array_take: (n) => fromArrays(n, sumOfFirst),
  merge8: (n) => sumOf(parallelMerge(...eighths(n))),
  map_async8: (n) => sumOf(parallelMap(AT_ONCE, work, generate(n))),
  batch100: (n) => sumOfBatches(batch(BATCH, generate(n))),
};
