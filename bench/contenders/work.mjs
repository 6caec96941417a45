/** What the threads do. Each function gives its value back; so many loops as take the time in its name. */
import process from "node:process";

const LOOPS = Number(process.env.BENCH_LOOPS ?? 0);

/** Turns a number over and over, which no engine can leave out, or do faster by a better idea. */
export function turn(loops) {
  let x = 1;
  for (let i = 0; i < loops; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x;
}

/** It never comes to zero. */
function work(value, loops) {
  return turn(loops) === 0 ? -1 : value;
}

export const trivial = (value) => value;
export const us10 = (value) => work(value, LOOPS * 10);
export const us100 = (value) => work(value, LOOPS * 100);
export const ms1 = (value) => work(value, LOOPS * 1_000);

/** The same, by arrays. */
export const trivials = (values) => values.map(trivial);
export const us10s = (values) => values.map(us10);
export const us100s = (values) => values.map(us100);
export const ms1s = (values) => values.map(ms1);
