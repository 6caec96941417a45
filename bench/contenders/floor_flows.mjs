/**
 * The floor of flows: the source that the user gives, read by `for await`, and his functions called in
 * the loop: no stage, no queue, no clean-up.
 */
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
  sumOfHalvesIn,
  total,
  work,
} from "./workload.mjs";

async function map3(n) {
  let sum = 0;
  for await (const value of generate(n)) sum += halve(double(increment(value)));
  return sum;
}

async function sync1(n) {
  let sum = 0;
  for await (const value of generate(n)) sum += same(value);
  return sum;
}

async function sync5(n) {
  let sum = 0, left = n, last = 0;
  for await (const value of generate(n)) {
    const next = increment(value);
    if (!isPositive(next)) continue;
    look(next);
    last = decrement(last, next);
    sum += last;
    if (--left === 0) break;
  }
  return sum;
}

/** A settled promise a value. */
async function sumOfFirst(count) {
  let sum = 0;
  for (let i = 0; i < numbers.length && count > 0; i++) {
    const value = increment(numbers[i]);
    if (!isOdd(value)) continue;
    sum += (await Promise.resolve({ done: false, value })).value >> 1;
    count--;
  }
  return sum;
}

async function* oddBatches(count) {
  let batch = [];
  for (let i = 0; i < numbers.length && count > 0; i++) {
    const value = increment(numbers[i]);
    if (!isOdd(value)) continue;
    count--;
    batch.push(value);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function merge(n) {
  let sum = 0;
  for (const source of eighths(n)) sum += await sumOf(source);
  return sum;
}

async function workOn(values) {
  let sum = 0;
  for await (const value of values) sum += await work(value);
  return sum;
}

async function concurrent(n) {
  const values = generate(n);
  const loops = Array.from({ length: AT_ONCE }, () => workOn(values));
  return total(await Promise.all(loops));
}

async function batch(n) {
  let sum = 0, values = [];
  for await (const value of generate(n)) {
    values.push(value);
    if (values.length < BATCH) continue;
    sum += total(values);
    values = [];
  }
  return sum + total(values);
}

export const flows = {
  pipe_map3: map3,
  pipe_sync1: sync1,
  pipe_sync5: sync5,
  array_take: (n) => fromArrays(n, sumOfFirst),
  array_batches: (n) => fromArrays(n, (count) => sumOfHalvesIn(oddBatches(count))),
  merge8: merge,
  map_async8: concurrent,
  batch100: batch,
};
