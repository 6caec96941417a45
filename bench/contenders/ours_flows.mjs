/** The library's flows. The module to measure is the third argument of the process. */
import process from "node:process";
import {
  AT_ONCE,
  BATCH,
  decrement,
  double,
  eighths,
  fromArrays,
  generate,
  halve,
  increment,
  isOdd,
  isPositive,
  look,
  numbers,
  same,
  sumOf,
  sumOfBatches,
  sumOfHalves,
  sumOfHalvesIn,
  work,
} from "./workload.mjs";

const { batch, filter, map, merge, pipe, scan, take, tap } = await import(
  process.argv[4]
);

const map3 = (n) => sumOf(pipe(generate(n), map(increment), map(double), map(halve)));

const sync1 = (n) => sumOf(pipe(generate(n), map(same)));

const sync5 = (n) =>
  sumOf(pipe(
    generate(n),
    map(increment),
    filter(isPositive),
    tap(look),
    scan(decrement, 0),
    take(n),
  ));

const firstOdd = (count) => pipe(numbers, map(increment), filter(isOdd), take(count));

const sumOfFirst = (count) => sumOfHalves(firstOdd(count));

const sumInBatches = (count) => sumOfHalvesIn(firstOdd(count).batches(BATCH));

const concurrent = (n) => sumOf(pipe(generate(n), map(work, { concurrency: AT_ONCE })));

export const flows = {
  pipe_map3: map3,
  pipe_sync1: sync1,
  pipe_sync5: sync5,
  array_take: (n) => fromArrays(n, sumOfFirst),
  array_batches: (n) => fromArrays(n, sumInBatches),
  merge8: (n) => sumOf(merge(...eighths(n))),
  map_async8: concurrent,
  batch100: (n) => sumOfBatches(pipe(generate(n), batch({ size: BATCH }))),
};
