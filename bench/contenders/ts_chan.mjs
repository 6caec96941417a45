/** `ts-chan`, with `unsafe`: as it comes, each operation takes a turn of the event loop, over 1 µs. */
import { rival } from "./rival.mjs";

const { Chan, recv, Select, send } = await rival("ts-chan");

export const leavesOut =
  "measured with unsafe: no starvation guard at all; no error close; an aborted select can lose a value";

const PARTIES = 4;

function make(capacity) {
  return new Chan(capacity).setUnsafe(true);
}

async function produce(values, first, step, n) {
  for (let i = first; i < n; i += step) await values.send(i);
}

async function produceAll(values, n) {
  await produce(values, 0, 1, n);
  values.close();
}

async function consume(values) {
  let sum = 0;
  for await (const value of values) sum += value;
  return sum;
}

function seq(n) {
  const values = make(16);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (!values.trySend(i)) throw new Error("full");
    sum += values.tryRecv().value;
  }
  return sum;
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
  const values = make(16);
  const consumer = consume(values);
  await produceAll(values, n);
  return await consumer;
}

async function serve(requests, answers) {
  for await (const value of requests) await answers.send(value);
}

async function pingpong(n) {
  const requests = make(0), answers = make(0);
  const server = serve(requests, answers);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    await requests.send(i);
    sum += (await answers.recv()).value;
  }
  requests.close();
  await server;
  return sum;
}

async function mpmc(n) {
  const values = make(16);
  const producers = [], consumers = [];
  for (let i = 0; i < PARTIES; i++) {
    producers.push(produce(values, i, PARTIES, n));
  }
  for (let i = 0; i < PARTIES; i++) consumers.push(consume(values));
  await Promise.all(producers);
  values.close();
  return (await Promise.all(consumers)).reduce((a, b) => a + b, 0);
}

/** A Select is made once and waited on again and again, as its documentation advises. */
function selector(cases) {
  const select = new Select(cases);
  select.setUnsafe(true);
  return select;
}

async function selectReady(n) {
  const channels = [make(16), make(16)];
  const select = selector(channels.map(recv));
  for (let i = 0; i < 2 && i < n; i++) channels[i].trySend(i);
  let sum = 0, next = 2;
  for (let i = 0; i < n; i++) {
    const index = await select.wait();
    sum += select.recv(select.cases[index]).value;
    if (next < n) channels[index].trySend(next++);
  }
  return sum;
}

/** Sends to `target(i)`; the send waits, because the select parks a microtask later. */
async function selectParked(n, channels, target) {
  const select = selector(channels.map(recv));
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = select.wait();
    const sent = channels[target(i)].send(i);
    sum += select.recv(select.cases[await promise]).value;
    await sent;
  }
  return sum;
}

async function selectSends(channels, first, n) {
  let next = first;
  const select = selector(channels.map((channel) => send(channel, () => next)));
  for (; next < n; next += PARTIES) await select.wait();
}

async function selectReceives(channels) {
  const select = selector(channels.map(recv));
  let sum = 0;
  for (;;) {
    const { value, done } = select.recv(select.cases[await select.wait()]);
    if (done) return sum;
    sum += value;
  }
}

async function selectBoth(n) {
  const channels = [make(0), make(0), make(0), make(0)];
  const producers = [], consumers = [];
  for (let i = 0; i < PARTIES; i++) producers.push(selectSends(channels, i, n));
  for (let i = 0; i < PARTIES; i++) consumers.push(selectReceives(channels));
  await Promise.all(producers);
  for (const channel of channels) channel.close();
  return (await Promise.all(consumers)).reduce((a, b) => a + b, 0);
}

async function abortRecv(n) {
  const values = make(16), { signal } = new AbortController();
  const producer = produceAll(values, n);
  let sum = 0;
  for (;;) {
    const { value, done } = await values.recv(signal);
    if (done) break;
    sum += value;
  }
  await producer;
  return sum;
}

async function abortParked(n) {
  const values = make(0), { signal } = new AbortController();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = values.recv(signal);
    values.trySend(i);
    sum += (await promise).value;
  }
  return sum;
}

export const scenarios = {
  seq,
  bounded0_spsc: spsc(0),
  bounded1_spsc: spsc(1),
  bounded16_spsc: spsc(16),
  bounded16_spsc_rxfirst: consumerFirst,
  pingpong,
  bounded16_mpmc: mpmc,
  select_ready2: selectReady,
  select_parked2: (n) => selectParked(n, [make(0), make(0)], (i) => i & 1),
  select_idle: (n) => selectParked(n, [make(0), make(0)], () => 0),
  bounded0_select_both: selectBoth,
  abort_recv: abortRecv,
  abort_parked: abortParked,
};
