/** `ix`, the async iterables of the ReactiveX family. */
import { rival } from "./rival.mjs";
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
  readArrays,
  same,
  sumOf,
  sumOfBatches,
  sumOfHalves,
  work,
} from "./workload.mjs";

const { from, merge, of } = await rival("ix/asynciterable");
const { buffer, filter, flatMap, map, scan, take, tap } = await rival(
  "ix/asynciterable/operators",
);

export const leavesOut =
  "flows only: merge does not close its sources; concurrent map is flatMap, in no order; no guard";

const map3 = (n) => sumOf(from(generate(n)).pipe(map(increment), map(double), map(halve)));

const sync5 = (n) =>
  sumOf(
    from(generate(n)).pipe(
      map(increment),
      filter(isPositive),
      tap(look),
      scan({ seed: 0, callback: decrement }),
      take(n),
    ),
  );

const sumOfFirst = (count) =>
  sumOfHalves(from(numbers).pipe(map(increment), filter(isOdd), take(count)));

const concurrent = (n) =>
  sumOf(
    from(generate(n)).pipe(
      flatMap(async (value) => of(await work(value)), AT_ONCE),
    ),
  );

export const scenarios = {
  pipe_map3: map3,
  pipe_sync1: (n) => sumOf(from(generate(n)).pipe(map(same))),
  pipe_sync5: sync5,
  array_loop: (n) => readArrays(n, (array) => sumOf(from(array))),
  array_take: (n) => fromArrays(n, sumOfFirst),
  merge8: (n) => sumOf(merge(...eighths(n))),
  map_async8: concurrent,
  batch100: (n) => sumOfBatches(from(generate(n)).pipe(buffer(BATCH))),
};
