/** Effect's `Stream`, summed up by its own fold. */
import { rival } from "./rival.mjs";
import {
  add,
  addHalf,
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
  readArrays,
  same,
  SOURCES,
  total,
  work,
} from "./workload.mjs";

const { Effect, Stream } = await rival("effect");

const streamOf = (values) => Stream.fromAsyncIterable(values, (error) => error);
const fold = (stream, fn) => Effect.runPromise(Stream.runFold(stream, () => 0, fn));

const map3 = (n) =>
  fold(
    streamOf(generate(n)).pipe(
      Stream.map(increment),
      Stream.map(double),
      Stream.map(halve),
    ),
    add,
  );

const sumOfFirst = (count) =>
  fold(
    Stream.fromArray(numbers).pipe(
      Stream.map(increment),
      Stream.filter(isOdd),
      Stream.take(count),
    ),
    addHalf,
  );

const merge = (n) =>
  fold(
    Stream.mergeAll(eighths(n).map(streamOf), { concurrency: SOURCES }),
    add,
  );

const concurrent = (n) =>
  fold(
    streamOf(generate(n)).pipe(
      Stream.mapEffect((value) => Effect.promise(() => work(value)), {
        concurrency: AT_ONCE,
      }),
    ),
    add,
  );

export const flows = {
  pipe_map3: map3,
  pipe_sync1: (n) => fold(Stream.map(streamOf(generate(n)), same), add),
  array_loop: (n) => readArrays(n, (array) => fold(Stream.fromArray(array), add)),
  array_take: (n) => fromArrays(n, sumOfFirst),
  merge8: merge,
  map_async8: concurrent,
  batch100: (n) =>
    fold(
      Stream.grouped(streamOf(generate(n)), BATCH),
      (sum, batch) => sum + total(batch),
    ),
};
