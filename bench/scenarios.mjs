/**
 * What is measured: one name, one sentence, one floor each. A scenario moves `n` values, the numbers
 * 0 to n - 1, and gives back the sum of what arrived. Names follow the benchmarks of Rust's crossbeam
 * where the scenario is the same: `bounded16_` is the capacity, `bounded_` room for all values, spsc one
 * producer and one consumer, mpsc four and one, mpmc four and four.
 */
export const SCENARIOS = {
  seq: "trySend, then tryRecv, in one loop, capacity 16; floor: a ring without a check",
  bounded_seq:
    "await all sends, then all receives, in one task, room for all; floor: two settled promises",
  bounded0_spsc: "await send, for await, capacity 0; floor: one pending promise a value",
  bounded1_spsc: "await send, for await, capacity 1; floor: two settled promises a value",
  bounded16_spsc: "the same, capacity 16, the producer starts",
  bounded16_spsc_rxfirst: "the same, the consumer starts and waits",
  bounded1024_spsc: "the same, capacity 1024, the producer starts",
  bounded_spsc: "the same, room for all",
  unbounded_spsc: "the same, without a bound",
  pingpong: "there and back over two channels of capacity 0; floor: a pair of pending promises",
  bounded0_mpsc: "4 producers, capacity 0; floor: one pending promise a value",
  bounded16_mpsc8:
    "8 producers, capacity 16; floor: the same, as one side must wait for each value",
  bounded_mpsc: "4 producers, room for all; floor: two settled promises a value",
  bounded0_mpmc: "4 producers, 4 consumers, capacity 0; floor: eight loops, pending promises",
  bounded16_mpmc: "4 producers, 4 consumers, capacity 16; floor: eight loops, settled promises",
  bounded_mpmc: "the same, room for all",
  batches: "trySend until it must wait, then await send; batches of 256; floor: arrays of 256",
  sendmany: "sendMany(generator), batches of 256; floor: the generator into arrays of 256",
  sendmany_spsc: "sendMany(generator), for await, capacity 16; floor: for await over the generator",
  select_ready2: "await select of two receives, both ready; floor: one settled promise",
  select_parked2: "select of two receives parks, then a send; floor: one pending promise",
  select_idle: "the same, but one channel is never used",
  select_timeout:
    "select of a receive and after(1 s) parks, then a send; floor: one pending promise",
  bounded0_select_rx:
    "4 producers with a channel each, select over the 4, capacity 0; floor: bare rendezvous",
  bounded_select_rx: "the same, room for all; floor: two settled promises a value",
  bounded0_select_both: "4 tasks select among 4 sends, 4 among 4 receives; floor: bare rendezvous",
  abort_recv: "await recv with a signal, one side waits seldom; floor: two settled promises",
  abort_parked: "recv with a signal parks, then a send; floor: one pending promise",
  from_gen: "for await over from(async generator), capacity 1; floor: the bare generator",
  array_loop:
    "for await over from(array of 10,000); floor: one settled promise a value; Go: capacity 16",
  pipe_map3: "async generator, three maps; floor: the bare generator, the functions in the loop",
  pipe_sync1: "async generator, one map; floor: the same",
  pipe_sync5: "async generator, map, filter, tap, scan, take; floor: the same",
  array_take: "arrays of 10,000, map, filter, take of half; floor: one settled promise a value",
  array_batches: "the same, read by batches(100); floor: a promise for each array of 100",
  merge8: "merge of 8 async generators; floor: one generator after the other",
  map_async8: "map, 8 at once, two microtasks each; floor: 8 loops over one generator",
  batch100: "async generator, batches of 100; floor: the bare generator into arrays",
  sieve500:
    "500 primes, a filter and a channel for each; a value is one hand-over; floor: bare cells",
  parked100k: "100,000 tasks wait in a receive, then 100,000 sends; floor: bare promises",
  workers_calls: "2 threads, 256 calls at once, no work; floor: a settled promise a call",
  workers_lone: "2 threads, one value after the other; floor: a bare message there and back",
  workers_0: "2 threads, no work; floor: no thread, for await",
  workers_10us: "2 threads, 10 microseconds of work; floor: no thread, a loop",
  workers_100us: "the same, 100 microseconds",
  workers_1ms: "the same, 1 ms",
  shared_spsc: "numbers from worker to worker, waiting forms, capacity 1024; floor: postMessage",
  shared_batches: "the same in batches of 256, forms that are awaited; floor and Go: one by one",
  shared_main: "numbers from a worker to for await on the main thread; floor: postMessage",
  shared_objects: "small objects from worker to worker; floor: postMessage",
  shared_pingpong: "worker to worker and back; floor: postMessage",
  shared_select1:
    "a worker answers, select over its channel on the main thread; floor: postMessage",
  shared_select64: "the same, and 63 channels that stay idle",
};

/** Tasks that wait at once. */
export const PARKED = 100_000;
/** The length of the array that is read again and again. */
export const ARRAY_LENGTH = 10_000;
const PRIMES = 500;

/** The sieve: below `limit` lie 500 primes; `values` are handed over; `sum` is the primes'. */
export const PRIMES_BELOW = countHandOvers();

/** A number passes the filters up to the one that it is a multiple of; a prime passes all. */
function countHandOvers() {
  const primes = [];
  let values = 0, limit = 2;
  for (; primes.length < PRIMES; limit++) {
    const at = primes.findIndex((prime) => limit % prime === 0);
    if (at < 0) primes.push(limit);
    values += at < 0 ? primes.length : at + 1;
  }
  return { limit, values, sum: primes.reduce((a, b) => a + b, 0) };
}

const sumBelow = (n) => (n * (n - 1)) / 2;

/** Scenarios that move so many values and no others, and the sum of those. */
const UNITS = {
  array_loop: { values: ARRAY_LENGTH, sum: sumBelow(ARRAY_LENGTH) },
  sieve500: PRIMES_BELOW,
  parked100k: { values: PARKED, sum: sumBelow(PARKED) },
};

/** Scenarios of which the memory is looked at, too: the bytes a value. */
export const COUNTS_BYTES = ["parked100k"];

/** The least number of values, `n` or more, that the scenario can move. */
export function whole(scenario, n) {
  const unit = UNITS[scenario]?.values ?? 1;
  return Math.ceil(n / unit) * unit;
}

/** What every contender must have seen: mostly the sum of the numbers 0 to n - 1. */
export function expectedSum(scenario, n) {
  const unit = UNITS[scenario];
  return unit === undefined ? sumBelow(n) : n / unit.values * unit.sum;
}
