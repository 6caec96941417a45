/** What all contenders at flows have in common: where values come from, what is done to them, who sums up. */

import { ARRAY_LENGTH } from "../scenarios.mjs";

export const SOURCES = 8;
export const AT_ONCE = 8;
export const BATCH = 100;

export async function* generate(n) {
  for (let i = 0; i < n; i++) yield i;
}

async function* everyEighth(first, n) {
  for (let i = first; i < n; i += SOURCES) yield i;
}

/** Eight generators that give the numbers below `n` together. */
export function eighths(n) {
  return Array.from({ length: SOURCES }, (_, first) => everyEighth(first, n));
}

export async function sumOf(values) {
  let sum = 0;
  for await (const value of values) sum += value;
  return sum;
}

export async function sumOfBatches(batches) {
  let sum = 0;
  for await (const batch of batches) sum += total(batch);
  return sum;
}

export function total(batch) {
  let sum = 0;
  for (let i = 0; i < batch.length; i++) sum += batch[i];
  return sum;
}

export const add = (sum, value) => sum + value;

/** Three functions that are the identity together, and different ones, as in a program. */
export const increment = (value) => value + 1;
export const double = (value) => value * 2;
export const halve = (value) => value / 2 - 1;

/** With `increment` before them and `take` behind the five of `pipe_sync5`: the identity, too. */
export const isPositive = (value) => value > 0;
export const decrement = (_last, value) => value - 1;
export const look = (value) => {
  looked = value;
};
export let looked = 0;

export const same = (value) => value;

const settled = Promise.resolve();

/** Work that takes two microtasks and gives its value back. */
export async function work(value) {
  await settled;
  return value;
}

const LENGTH = ARRAY_LENGTH;
export const numbers = Array.from({ length: LENGTH }, (_, i) => i);
export const isOdd = (value) => (value & 1) === 1;

/**
 * The scenario array_take: of `numbers`, each incremented, the odd ones, and of those the first so many,
 * until `n` have arrived. The i-th of each array is 2 i + 1.
 *
 * @param take Answers the sum of the first `count`, each halved and rounded down.
 */
export async function fromArrays(n, take) {
  let sum = 0;
  for (let start = 0; start < n; start += LENGTH / 2) {
    const count = Math.min(LENGTH / 2, n - start);
    sum += start * count + await take(count);
  }
  return sum;
}

/**
 * The scenario array_loop: `numbers` again and again, until `n` have arrived.
 *
 * @param read Answers the sum of an array.
 */
export async function readArrays(n, read) {
  let sum = 0;
  for (let seen = 0; seen < n; seen += LENGTH) sum += await read(numbers);
  return sum;
}

export async function sumOfHalves(values) {
  let sum = 0;
  for await (const value of values) sum += value >> 1;
  return sum;
}

export async function sumOfHalvesIn(batches) {
  let sum = 0;
  for await (const batch of batches) {
    for (let i = 0; i < batch.length; i++) sum += batch[i] >> 1;
  }
  return sum;
}

export const addHalf = (sum, value) => sum + (value >> 1);
