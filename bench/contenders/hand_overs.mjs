/**
 * The scenarios of one queue, made of a contender's own parts: the loops that send and receive are written in
 * its own terms, and who starts them is the same for all.
 */
import { PARKED, PRIMES_BELOW } from "../scenarios.mjs";

const PARTIES = 4;
const EIGHT = 8;

/**
 * @param parts What the contender has: `make(capacity)`; `produce(values, first, step, n)` sends every step-th
 * number below n; `close(values)`; `consume(values)` answers the sum of all. And for some scenarios `take(values)`,
 * one value or undefined at the end; `filter(input, output, prime)` of the sieve; `fillAndDrain(values, n)`.
 * @param abilities `smallest`: its smallest capacity, 0 if nothing is said; `largest`: the largest; `crowds`:
 * whether 100,000 may wait at once, true if nothing is said.
 */
export function handOvers(parts, abilities = {}) {
  const { make, fillAndDrain, filter, take } = parts;
  const { smallest = 0, largest = Infinity, crowds = true } = abilities;
  const scenarios = {};
  for (const [name, capacity, [producers, consumers], first] of QUEUES) {
    if (capacity >= smallest && capacity <= largest) {
      scenarios[name] = crowd(parts, capacity, producers, consumers, first);
    }
  }
  if (fillAndDrain) scenarios.bounded_seq = (n) => fillAndDrain(make(n), n);
  if (filter && smallest === 0) scenarios.sieve500 = (n) => sieves(parts, n);
  if (take && crowds) {
    scenarios.parked100k = (n, parked) => park(parts, smallest, n, parked);
  }
  return scenarios;
}

/** Stands for room for all values, and for the largest capacity of those that have bounded queues only. */
export const BOUNDED = 2 ** 31;

const QUEUES = [
  ["bounded0_spsc", 0, [1, 1]],
  ["bounded1_spsc", 1, [1, 1]],
  ["bounded16_spsc", 16, [1, 1]],
  ["bounded16_spsc_rxfirst", 16, [1, 1], "consumer"],
  ["bounded1024_spsc", 1024, [1, 1]],
  ["bounded_spsc", BOUNDED, [1, 1]],
  ["unbounded_spsc", Infinity, [1, 1]],
  ["bounded0_mpsc", 0, [PARTIES, 1]],
  ["bounded16_mpsc8", 16, [EIGHT, 1]],
  ["bounded_mpsc", BOUNDED, [PARTIES, 1]],
  ["bounded0_mpmc", 0, [PARTIES, PARTIES]],
  ["bounded16_mpmc", 16, [PARTIES, PARTIES]],
  ["bounded_mpmc", BOUNDED, [PARTIES, PARTIES]],
];

function crowd(parts, capacity, producers, consumers, first = "producer") {
  const { make, produce, consume, close } = parts;
  const one = producers === 1 && consumers === 1;
  const open = (n) => make(capacity === BOUNDED ? n : capacity);
  if (one) return first === "producer" ? producerFirst : consumerFirst;
  return async (n) => {
    const values = open(n), sending = [], receiving = [];
    for (let i = 0; i < producers; i++) {
      sending.push(produce(values, i, producers, n));
    }
    for (let i = 0; i < consumers; i++) receiving.push(consume(values));
    await Promise.all(sending);
    close(values);
    return (await Promise.all(receiving)).reduce((a, b) => a + b, 0);
  };

  async function produceAll(values, n) {
    await produce(values, 0, 1, n);
    close(values);
  }

  async function producerFirst(n) {
    const values = open(n);
    const sending = produceAll(values, n);
    const sum = await consume(values);
    await sending;
    return sum;
  }

  async function consumerFirst(n) {
    const values = open(n);
    const receiving = consume(values);
    await produceAll(values, n);
    return await receiving;
  }
}

async function sieves(parts, n) {
  let sum = 0;
  for (let seen = 0; seen < n; seen += PRIMES_BELOW.values) {
    sum += await sieve(parts);
  }
  return sum;
}

/** A filter for each prime, a channel between each two: the sum of the primes. */
async function sieve({ make, produce, close, take, filter }) {
  let values = make(0), sum = 0;
  const first = values;
  const tasks = [
    produce(first, 2, 1, PRIMES_BELOW.limit).then(() => close(first)),
  ];
  for (;;) {
    const prime = await take(values);
    if (prime === undefined) break;
    sum += prime;
    const next = make(0);
    tasks.push(filter(values, next, prime));
    values = next;
  }
  await Promise.all(tasks);
  return sum;
}

async function park({ make, produce, take }, smallest, n, parked) {
  let sum = 0;
  for (let seen = 0; seen < n; seen += PARKED) {
    const values = make(smallest), tasks = [];
    for (let i = 0; i < PARKED; i++) tasks.push(take(values));
    await parked?.();
    await produce(values, 0, 1, PARKED);
    for (const value of await Promise.all(tasks)) sum += value;
  }
  return sum;
}
