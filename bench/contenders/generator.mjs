/** The runtime's own async generator: the producer is the generator, the consumer `for await`. */
import { flows } from "./generator_flows.mjs";
import { readArrays } from "./workload.mjs";

export const leavesOut =
  "a generator has one consumer, no buffer, no send, no select; nested ones do not run at the same time; " +
  "the merge by hand does not close its sources";

async function* generate(n) {
  for (let i = 0; i < n; i++) yield i;
}

async function spsc(n) {
  let sum = 0;
  for await (const value of generate(n)) sum += value;
  return sum;
}

/** The loop itself: `for await` over an array. */
async function loop(array) {
  let sum = 0;
  for await (const value of array) sum += value;
  return sum;
}

export const scenarios = {
  bounded0_spsc: spsc,
  bounded1_spsc: spsc,
  bounded16_spsc: spsc,
  bounded16_spsc_rxfirst: spsc,
  array_loop: (n) => readArrays(n, loop),
  from_gen: spsc,
  ...flows,
};
