/** `rxjs`, read by `forEach`. */
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
  total,
  work,
} from "./workload.mjs";

const { bufferCount, filter, from, map, merge, mergeMap, scan, take, tap } = await rival("rxjs");

export const leavesOut =
  "flows only, and no back-pressure: it pushes, its consumer is a function that cannot wait, an array " +
  "comes in one go; concurrent map in no order; no guard";

async function sumOf(values, sumWith = (value) => value) {
  let sum = 0;
  await values.forEach((value) => {
    sum += sumWith(value);
  });
  return sum;
}

const map3 = (n) => sumOf(from(generate(n)).pipe(map(increment), map(double), map(halve)));

const sync5 = (n) =>
  sumOf(
    from(generate(n)).pipe(
      map(increment),
      filter(isPositive),
      tap(look),
      scan(decrement, 0),
      take(n),
    ),
  );

const sumOfFirst = (count) =>
  sumOf(
    from(numbers).pipe(map(increment), filter(isOdd), take(count)),
    (value) => value >> 1,
  );

export const scenarios = {
  pipe_map3: map3,
  pipe_sync1: (n) => sumOf(from(generate(n)).pipe(map(same))),
  pipe_sync5: sync5,
  array_loop: (n) => readArrays(n, (array) => sumOf(from(array))),
  array_take: (n) => fromArrays(n, sumOfFirst),
  merge8: (n) => sumOf(merge(...eighths(n).map((source) => from(source)))),
  map_async8: (n) => sumOf(from(generate(n)).pipe(mergeMap(work, AT_ONCE))),
  batch100: (n) => sumOf(from(generate(n)).pipe(bufferCount(BATCH)), total),
};
