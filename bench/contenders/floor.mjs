/**
 * The floor of each scenario: the promises, loops and iterations that nobody can save who offers the
 * same program to the user, without a channel: no queue, no check, no close.
 */
import { flows } from "./floor_flows.mjs";
import { shared } from "./floor_shared.mjs";
import { tasks } from "./floor_tasks.mjs";
import { workers } from "./floor_workers.mjs";
import { readArrays } from "./workload.mjs";

const settled = Promise.resolve();
const END = Object.freeze({ done: true, value: undefined });
const ended = Promise.resolve(END);

/** A place for one value; the two loops step in turn, so it is never overwritten unread. */
const slot = { value: 0 };

/** An iteration whose every step is a settled promise. */
class SettledSteps {
  #left;
  constructor(n) {
    this.#left = n;
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  next() {
    if (this.#left-- === 0) return ended;
    const result = { done: false, value: slot.value };
    return Promise.resolve(result);
  }
}

async function fillSlot(n) {
  for (let i = 0; i < n; i++) {
    slot.value = i;
    await settled;
  }
}

async function buffered(n) {
  const producer = fillSlot(n);
  let sum = 0;
  for await (const value of new SettledSteps(n)) sum += value;
  await producer;
  return sum;
}

let wake;
const keepResolve = (resolve) => {
  wake = resolve;
};

/** An iteration whose every step is a promise that somebody else resolves. */
class PendingSteps {
  #left;
  constructor(n) {
    this.#left = n;
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  next() {
    if (this.#left-- === 0) return ended;
    return new Promise(keepResolve);
  }
}

async function fillAndDrain(n) {
  await fillSlot(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const result = { done: false, value: i }, promise = Promise.resolve(result);
    sum += (await promise).value;
  }
  return sum;
}

async function resolveSteps(n) {
  for (let i = 0; i < n; i++) {
    wake({ done: false, value: i });
    await settled;
  }
}

async function sumOf(steps) {
  let sum = 0;
  for await (const value of steps) sum += value;
  return sum;
}

async function rendezvous(n) {
  const consumer = sumOf(new PendingSteps(n));
  await resolveSteps(n);
  return await consumer;
}

let wakeServer;
const keepServer = (resolve) => {
  wakeServer = resolve;
};

class ServerSteps {
  #left;
  constructor(n) {
    this.#left = n;
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  next() {
    if (this.#left-- === 0) return ended;
    return new Promise(keepServer);
  }
}

/** Answers each value: the answer lies ready, and the server waits until it is fetched. */
async function serve(n) {
  for await (const value of new ServerSteps(n)) {
    slot.value = value;
    await new Promise(keepResolve);
  }
}

async function pingpong(n) {
  const server = serve(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    wakeServer({ done: false, value: i });
    await settled;
    const result = { done: false, value: slot.value },
      promise = Promise.resolve(result);
    wake();
    const { done, value } = await promise;
    if (!done) sum += value;
  }
  await server;
  return sum;
}

const PARTIES = 4;
const ring = new Array(64).fill(0);
const ends = { head: 0, tail: 0, left: 0 };

class SharedSteps {
  [Symbol.asyncIterator]() {
    return this;
  }
  next() {
    if (ends.left === 0) return ended;
    ends.left--;
    const result = { done: false, value: ring[ends.head++ & 63] };
    return Promise.resolve(result);
  }
}

async function fillRing(from, n) {
  for (let i = from; i < n; i += PARTIES) {
    ring[ends.tail++ & 63] = i;
    await settled;
  }
}

async function mpmc(n) {
  ends.head = ends.tail = 0;
  ends.left = n;
  const producers = [], consumers = [];
  for (let i = 0; i < PARTIES; i++) producers.push(fillRing(i, n));
  for (let i = 0; i < PARTIES; i++) consumers.push(sumOf(new SharedSteps()));
  await Promise.all(producers);
  return (await Promise.all(consumers)).reduce((a, b) => a + b, 0);
}

const waiting = new Array(PARTIES).fill(undefined);
let parking = 0;
const keepWaiting = (resolve) => {
  waiting[parking++ & (PARTIES - 1)] = resolve;
};

async function takePending(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (await new Promise(keepWaiting)).value;
  return sum;
}

async function resolveWaiting(from, n) {
  for (let i = from; i < n; i += PARTIES) {
    waiting[ends.tail++ & (PARTIES - 1)]({ key: "a", done: false, value: i });
    await settled;
  }
}

/** As many values for each of the four as the producer of the same number makes. */
const share = (from, n) => Math.ceil((n - from) / PARTIES);

async function rendezvousOf4(n) {
  ends.tail = parking = 0;
  const consumers = [], producers = [];
  for (let i = 0; i < PARTIES; i++) consumers.push(takePending(share(i, n)));
  for (let i = 0; i < PARTIES; i++) producers.push(resolveWaiting(i, n));
  await Promise.all(producers);
  return (await Promise.all(consumers)).reduce((a, b) => a + b, 0);
}

function seq(n) {
  let sum = 0, head = 0, tail = 0;
  for (let i = 0; i < n; i++) {
    ring[tail++ & 15] = i;
    sum += ring[head++ & 15];
  }
  return sum;
}

const BATCH = 256;

async function* arrays(n) {
  for (let i = 0; i < n;) {
    const batch = [];
    while (batch.length < BATCH && i < n) batch.push(i++);
    yield batch;
  }
}

async function batches(n) {
  let sum = 0;
  for await (const batch of arrays(n)) {
    for (const value of batch) sum += value;
  }
  return sum;
}

function* numbers(n) {
  for (let i = 0; i < n; i++) yield i;
}

function loop(array) {
  return sumOf(new GeneratorSteps(array.values()));
}

async function* arraysOf(values) {
  let batch = [];
  for (const value of values) {
    batch.push(value);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

async function sendmany(n) {
  let sum = 0;
  for await (const batch of arraysOf(numbers(n))) {
    for (const value of batch) sum += value;
  }
  return sum;
}

class GeneratorSteps {
  #generator;
  constructor(generator) {
    this.#generator = generator;
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  next() {
    const step = this.#generator.next();
    if (step.done) return ended;
    const result = { done: false, value: step.value };
    return Promise.resolve(result);
  }
}

function sendmanySpsc(n) {
  return sumOf(new GeneratorSteps(numbers(n)));
}

async function ready(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const result = { key: "a", done: false, value: i },
      promise = Promise.resolve(result);
    sum += (await promise).value;
  }
  return sum;
}

async function parked(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = new Promise(keepResolve);
    wake({ key: "a", done: false, value: i });
    sum += (await promise).value;
  }
  return sum;
}

async function* generate(n) {
  for (let i = 0; i < n; i++) yield i;
}

function fromGenerator(n) {
  return sumOf(generate(n));
}

export const scenarios = {
  seq,
  bounded0_spsc: rendezvous,
  bounded1_spsc: buffered,
  bounded16_spsc: buffered,
  bounded16_spsc_rxfirst: buffered,
  bounded1024_spsc: buffered,
  bounded_spsc: buffered,
  unbounded_spsc: buffered,
  bounded_seq: fillAndDrain,
  bounded0_mpsc: rendezvous,
  bounded16_mpsc8: rendezvous,
  bounded_mpsc: buffered,
  bounded0_mpmc: rendezvousOf4,
  bounded_mpmc: mpmc,
  pingpong,
  bounded16_mpmc: mpmc,
  batches,
  sendmany,
  sendmany_spsc: sendmanySpsc,
  select_ready2: ready,
  select_parked2: parked,
  select_idle: parked,
  select_timeout: parked,
  bounded0_select_rx: rendezvous,
  bounded_select_rx: buffered,
  bounded0_select_both: rendezvousOf4,
  abort_recv: buffered,
  abort_parked: parked,
  from_gen: fromGenerator,
  array_loop: (n) => readArrays(n, loop),
  ...tasks,
  ...flows,
  ...workers,
  ...shared,
};
