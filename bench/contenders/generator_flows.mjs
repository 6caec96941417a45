/** What one writes by hand: an async generator for each stage, one inside the other. */
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
  work,
} from "./workload.mjs";

async function* map(values, fn) {
  for await (const value of values) yield fn(value);
}

async function* filter(values, predicate) {
  for await (const value of values) if (predicate(value)) yield value;
}

async function* tap(values, fn) {
  for await (const value of values) {
    fn(value);
    yield value;
  }
}

async function* scan(values, fn, state) {
  for await (const value of values) yield state = fn(state, value);
}

async function* take(values, n) {
  for await (const value of values) {
    yield value;
    if (--n === 0) return;
  }
}

const map3 = (n) => sumOf(map(map(map(generate(n), increment), double), halve));

const sync5 = (n) =>
  sumOf(
    take(
      scan(
        tap(filter(map(generate(n), increment), isPositive), look),
        decrement,
        0,
      ),
      n,
    ),
  );

const sumOfFirst = (count) => sumOfHalves(take(filter(map(numbers, increment), isOdd), count));

/** A race for each value, with one pending promise a source. */
async function* merge(sources) {
  const step = async (source) => ({ source, result: await source.next() });
  const pending = new Map(sources.map((source) => [source, step(source)]));
  while (pending.size > 0) {
    const { source, result } = await Promise.race(pending.values());
    if (result.done) pending.delete(source);
    else {
      pending.set(source, step(source));
      yield result.value;
    }
  }
}

async function* concurrent(values) {
  const window = [];
  for await (const value of values) {
    window.push(work(value));
    if (window.length === AT_ONCE) yield await window.shift();
  }
  yield* window;
}

async function* batch(values) {
  let full = [];
  for await (const value of values) {
    full.push(value);
    if (full.length < BATCH) continue;
    yield full;
    full = [];
  }
  if (full.length > 0) yield full;
}

export const flows = {
  pipe_map3: map3,
  pipe_sync1: (n) => sumOf(map(generate(n), same)),
  pipe_sync5: sync5,
  array_take: (n) => fromArrays(n, sumOfFirst),
  merge8: (n) => sumOf(merge(eighths(n))),
  map_async8: (n) => sumOf(concurrent(generate(n))),
  batch100: (n) => sumOfBatches(batch(generate(n))),
};
