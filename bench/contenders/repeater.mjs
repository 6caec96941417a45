/** `@repeaterjs/repeater`. */
import { rival } from "./rival.mjs";
import { eighths, sumOf } from "./workload.mjs";

const { FixedBuffer, Repeater } = await rival("@repeaterjs/repeater");

export const leavesOut = "one consumer; at most 1,024 pending pushes; no select, no stages";

function make(capacity, n) {
  return new Repeater(async (push, stop) => {
    for (let i = 0; i < n; i++) await push(i);
    stop();
  }, capacity === 0 ? undefined : new FixedBuffer(capacity));
}

function spsc(capacity) {
  return async (n) => {
    let sum = 0;
    for await (const value of make(capacity, n)) sum += value;
    return sum;
  };
}

async function* generate(n) {
  for (let i = 0; i < n; i++) yield i;
}

async function fromGenerator(n) {
  let sum = 0;
  for await (const value of Repeater.merge([generate(n)])) sum += value;
  return sum;
}

export const scenarios = {
  bounded0_spsc: spsc(0),
  bounded1_spsc: spsc(1),
  bounded16_spsc: spsc(16),
  bounded1024_spsc: spsc(1024),
  from_gen: fromGenerator,
  merge8: (n) => sumOf(Repeater.merge(eighths(n))),
};
