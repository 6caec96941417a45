/** The `it-…` packages: one for each stage. */
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

const load = async (name) => (await rival(name)).default;
const batch = await load("it-batch");
const filter = await load("it-filter");
const map = await load("it-map");
const merge = await load("it-merge");
const parallel = await load("it-parallel");
const take = await load("it-take");
const { pipe } = await rival("it-pipe");

export const leavesOut =
  "flows only: an array stays synchronous up to the loop; merge does not wait for the clean-up of its " +
  "sources; no guard";

const mapped = (fn) => (values) => map(values, fn);

const map3 = (n) => sumOf(pipe(generate(n), mapped(increment), mapped(double), mapped(halve)));

const sumOfFirst = (count) =>
  sumOfHalves(pipe(
    numbers,
    mapped(increment),
    (values) => filter(values, isOdd),
    (values) => take(values, count),
  ));

const concurrent = (n) =>
  sumOf(parallel(map(generate(n), (value) => () => work(value)), {
    concurrency: AT_ONCE,
    ordered: true,
  }));

export const scenarios = {
  pipe_map3: map3,
  pipe_sync1: (n) => sumOf(map(generate(n), same)),
  array_take: (n) => fromArrays(n, sumOfFirst),
  merge8: (n) => sumOf(merge(...eighths(n))),
  map_async8: concurrent,
  batch100: (n) => sumOfBatches(batch(generate(n), BATCH)),
};
