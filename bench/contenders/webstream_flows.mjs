/** The runtime's own Web Streams: a `TransformStream` for each stage. */
import {
  BATCH,
  decrement,
  double,
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
} from "./workload.mjs";

const map = (fn) =>
  new TransformStream({
    transform: (value, controller) => controller.enqueue(fn(value)),
  });

const filter = (predicate) =>
  new TransformStream({
    transform(value, controller) {
      if (predicate(value)) controller.enqueue(value);
    },
  });

const scan = (fn, state) => map((value) => state = fn(state, value));

const take = (n) =>
  new TransformStream({
    transform(value, controller) {
      controller.enqueue(value);
      if (--n === 0) controller.terminate();
    },
  });

function tap(fn) {
  return map((value) => {
    fn(value);
    return value;
  });
}

function batch(values = []) {
  return new TransformStream({
    transform(value, controller) {
      values.push(value);
      if (values.length < BATCH) return;
      controller.enqueue(values);
      values = [];
    },
    flush(controller) {
      if (values.length > 0) controller.enqueue(values);
    },
  });
}

function pipe(source, ...stages) {
  return stages.reduce(
    (values, stage) => values.pipeThrough(stage),
    ReadableStream.from(source),
  );
}

const map3 = (n) => sumOf(pipe(generate(n), map(increment), map(double), map(halve)));

const sync5 = (n) =>
  sumOf(pipe(
    generate(n),
    map(increment),
    filter(isPositive),
    tap(look),
    scan(decrement, 0),
    take(n),
  ));

const sumOfFirst = (count) =>
  sumOfHalves(pipe(numbers, map(increment), filter(isOdd), take(count)));

export const flows = {
  pipe_map3: map3,
  pipe_sync1: (n) => sumOf(pipe(generate(n), map(same))),
  pipe_sync5: sync5,
  array_take: (n) => fromArrays(n, sumOfFirst),
  batch100: (n) => sumOfBatches(pipe(generate(n), batch())),
};
