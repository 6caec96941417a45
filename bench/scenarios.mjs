/**
 * What is measured: one name, one sentence, one floor each. A scenario moves `n` values, the numbers
 * 0 to n - 1, and gives back the sum of what arrived. Names follow the benchmarks of Rust's crossbeam
 * where the scenario is the same: `bounded16_` is the capacity, spsc one producer and one consumer,
 * mpmc four and four.
 */
export const SCENARIOS = {
  seq: "trySend, then tryRecv, in one loop, capacity 16; floor: a ring without a check",
  bounded0_spsc: "await send, for await, capacity 0; floor: one pending promise a value",
  bounded1_spsc: "await send, for await, capacity 1; floor: two settled promises a value",
  bounded16_spsc: "the same, capacity 16, the producer starts",
  bounded16_spsc_rxfirst: "the same, the consumer starts and waits",
  pingpong: "there and back over two channels of capacity 0; floor: a pair of pending promises",
  bounded16_mpmc: "4 producers, 4 consumers, capacity 16; floor: eight loops, settled promises",
  batches: "trySend until it must wait, then await send; batches of 256; floor: arrays of 256",
  sendmany: "sendMany(generator), batches of 256; floor: the generator into arrays of 256",
  sendmany_spsc: "sendMany(generator), for await, capacity 16; floor: for await over the generator",
  select_ready2: "await select of two receives, both ready; floor: one settled promise",
  select_parked2: "select of two receives parks, then a send; floor: one pending promise",
  select_idle: "the same, but one channel is never used",
  select_timeout:
    "select of a receive and after(1 s) parks, then a send; floor: one pending promise",
  bounded0_select_both: "4 tasks select among 4 sends, 4 among 4 receives; floor: bare rendezvous",
  abort_recv: "await recv with a signal, one side waits seldom; floor: two settled promises",
  abort_parked: "recv with a signal parks, then a send; floor: one pending promise",
  from_gen: "for await over from(async generator), capacity 1; floor: the bare generator",
  pipe_map3: "async generator, three maps; floor: the bare generator, the functions in the loop",
  pipe_sync1: "async generator, one map; floor: the same",
  pipe_sync5: "async generator, map, filter, tap, scan, take; floor: the same",
  array_take: "arrays of 10,000, map, filter, take of half; floor: one settled promise a value",
  array_batches: "the same, read by batches(100); floor: a promise for each array of 100",
  merge8: "merge of 8 async generators; floor: one generator after the other",
  map_async8: "map, 8 at once, two microtasks each; floor: 8 loops over one generator",
  batch100: "async generator, batches of 100; floor: the bare generator into arrays",
  workers_calls: "2 threads, 256 calls at once, no work; floor: a settled promise a call",
  workers_lone: "2 threads, one value after the other; floor: a bare message there and back",
  workers_0: "2 threads, no work; floor: no thread, for await",
  workers_10us: "2 threads, 10 microseconds of work; floor: no thread, a loop",
  workers_100us: "the same, 100 microseconds",
  workers_1ms: "the same, 1 ms",
};

/** The sum of the numbers 0 to n - 1, which every contender must have seen. */
export function expectedSum(n) {
  return (n * (n - 1)) / 2;
}
