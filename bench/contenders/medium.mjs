/** `medium`. */
import { rival } from "./rival.mjs";

const { chan, put, take, any, close, CLOSED } = (await rival("medium")).default;

export const leavesOut =
  "no trySend, no tryRecv, no iterator, no errors, no signals; close abandons waiting puts; " +
  "any can lose values; a channel is a thenable; its queues are arrays";

const PARTIES = 4;

async function produce(values, first, step, n) {
  for (let i = first; i < n; i += step) await put(values, i);
}

async function consume(values) {
  let sum = 0;
  for (;;) {
    const value = await take(values);
    if (value === CLOSED) return sum;
    sum += value;
  }
}

async function produceAll(values, n) {
  await produce(values, 0, 1, n);
  close(values);
}

function make(capacity) {
  return capacity === 0 ? chan() : chan(capacity);
}

function spsc(capacity) {
  return async (n) => {
    const values = make(capacity);
    const producer = produceAll(values, n);
    const sum = await consume(values);
    await producer;
    return sum;
  };
}

async function consumerFirst(n) {
  const values = chan(16);
  const consumer = consume(values);
  await produceAll(values, n);
  return await consumer;
}

async function serve(requests, answers) {
  for (;;) {
    const value = await take(requests);
    if (value === CLOSED) return;
    await put(answers, value);
  }
}

async function pingpong(n) {
  const requests = chan(), answers = chan();
  const server = serve(requests, answers);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    await put(requests, i);
    sum += await take(answers);
  }
  close(requests);
  await server;
  return sum;
}

async function mpmc(n) {
  const values = chan(16);
  const producers = [], consumers = [];
  for (let i = 0; i < PARTIES; i++) {
    producers.push(produce(values, i, PARTIES, n));
  }
  for (let i = 0; i < PARTIES; i++) consumers.push(consume(values));
  await Promise.all(producers);
  close(values);
  return (await Promise.all(consumers)).reduce((a, b) => a + b, 0);
}

async function selectReady(n) {
  const a = chan(16), b = chan(16);
  if (n > 0) put(a, 0);
  if (n > 1) put(b, 1);
  let sum = 0, next = 2;
  for (let i = 0; i < n; i++) {
    const [value, from] = await any(a, b);
    sum += value;
    if (next < n) put(from, next++);
  }
  return sum;
}

async function selectParked(n) {
  const a = chan(), b = chan();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = any(a, b);
    put(i & 1 ? b : a, i);
    sum += (await promise)[0];
  }
  return sum;
}

async function selectIdle(n) {
  const busy = chan(), idle = chan();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = any(busy, idle);
    put(busy, i);
    sum += (await promise)[0];
  }
  return sum;
}

export const scenarios = {
  bounded0_spsc: spsc(0),
  bounded1_spsc: spsc(1),
  bounded16_spsc: spsc(16),
  bounded16_spsc_rxfirst: consumerFirst,
  pingpong,
  bounded16_mpmc: mpmc,
  select_ready2: selectReady,
  select_parked2: selectParked,
  select_idle: selectIdle,
};
