/** The library. The module to measure is the third argument of the process. */
import process from "node:process";
import { flows } from "./ours_flows.mjs";
import { workers } from "./ours_workers.mjs";

const { Channel, select, after, from } = await import(process.argv[4]);

const PARTIES = 4;

async function produce(channel, first, step, n) {
  for (let i = first; i < n; i += step) await channel.send(i);
}

async function produceAll(channel, n) {
  await produce(channel, 0, 1, n);
  channel.close();
}

async function consume(values) {
  let sum = 0;
  for await (const value of values) sum += value;
  return sum;
}

async function sum(results) {
  return (await Promise.all(results)).reduce((a, b) => a + b, 0);
}

function seq(n) {
  const channel = new Channel(16);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (!channel.trySend(i)) throw new Error("full");
    const result = channel.tryRecv();
    if (result !== undefined && !result.done) sum += result.value;
  }
  return sum;
}

function spsc(capacity) {
  return async (n) => {
    const channel = new Channel(capacity);
    const producer = produceAll(channel, n);
    const sum = await consume(channel);
    await producer;
    return sum;
  };
}

async function consumerFirst(n) {
  const channel = new Channel(16);
  const consumer = consume(channel);
  await produceAll(channel, n);
  return await consumer;
}

async function serve(requests, answers) {
  for await (const value of requests) await answers.send(value);
}

async function pingpong(n) {
  const requests = new Channel(), answers = new Channel();
  const server = serve(requests, answers);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    await requests.send(i);
    const result = await answers.recv();
    if (!result.done) sum += result.value;
  }
  requests.close();
  await server;
  return sum;
}

async function mpmc(n) {
  const channel = new Channel(16);
  const producers = [], consumers = [];
  for (let i = 0; i < PARTIES; i++) {
    producers.push(produce(channel, i, PARTIES, n));
  }
  for (let i = 0; i < PARTIES; i++) consumers.push(consume(channel));
  await Promise.all(producers);
  channel.close();
  return await sum(consumers);
}

async function produceByTrying(channel, n) {
  for (let i = 0; i < n; i++) {
    if (!channel.trySend(i)) await channel.send(i);
  }
  channel.close();
}

async function consumeBatches(channel) {
  let sum = 0;
  for await (const batch of channel.batches(256)) {
    for (const value of batch) sum += value;
  }
  return sum;
}

async function batches(n) {
  const channel = new Channel(1024);
  const producer = produceByTrying(channel, n);
  const sum = await consumeBatches(channel);
  await producer;
  return sum;
}

function* numbers(n) {
  for (let i = 0; i < n; i++) yield i;
}

async function sendAll(channel, n) {
  await channel.sendMany(numbers(n));
  channel.close();
}

async function sendmany(n) {
  const channel = new Channel(1024);
  const producer = sendAll(channel, n);
  const sum = await consumeBatches(channel);
  await producer;
  return sum;
}

async function sendmanySpsc(n) {
  const channel = new Channel(16);
  const producer = sendAll(channel, n);
  const sum = await consume(channel);
  await producer;
  return sum;
}

async function selectReady(n) {
  const a = new Channel(16), b = new Channel(16);
  if (n > 0) a.trySend(0);
  if (n > 1) b.trySend(1);
  let sum = 0, next = 2;
  for (let i = 0; i < n; i++) {
    const result = await select({ a, b });
    if (!result.done) sum += result.value;
    if (next < n) (result.key === "a" ? a : b).trySend(next++);
  }
  return sum;
}

async function selectParked(n) {
  const a = new Channel(), b = new Channel();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = select({ a, b });
    (i & 1 ? b : a).trySend(i);
    const result = await promise;
    if (!result.done) sum += result.value;
  }
  return sum;
}

async function selectIdle(n) {
  const busy = new Channel(), idle = new Channel();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = select({ busy, idle });
    busy.trySend(i);
    const result = await promise;
    if (!result.done) sum += result.value;
  }
  return sum;
}

async function selectTimeout(n) {
  const values = new Channel();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = select({ values, late: after(1_000) });
    values.trySend(i);
    const result = await promise;
    if (result.key === "values" && !result.done) sum += result.value;
  }
  return sum;
}

async function selectSends([a, b, c, d], first, n) {
  for (let i = first; i < n; i += PARTIES) {
    await select([a.sendCase(i), b.sendCase(i), c.sendCase(i), d.sendCase(i)]);
  }
}

async function selectReceives([a, b, c, d]) {
  let sum = 0;
  for (;;) {
    const result = await select([a, b, c, d]);
    if (result.done) return sum;
    sum += result.value;
  }
}

async function selectBoth(n) {
  const channels = [new Channel(), new Channel(), new Channel(), new Channel()];
  const producers = [], consumers = [];
  for (let i = 0; i < PARTIES; i++) producers.push(selectSends(channels, i, n));
  for (let i = 0; i < PARTIES; i++) consumers.push(selectReceives(channels));
  await Promise.all(producers);
  for (const channel of channels) channel.close();
  return await sum(consumers);
}

async function abortRecv(n) {
  const channel = new Channel(16), { signal } = new AbortController();
  const producer = produceAll(channel, n);
  let sum = 0;
  for (;;) {
    const result = await channel.recv({ signal });
    if (result.done) break;
    sum += result.value;
  }
  await producer;
  return sum;
}

async function abortParked(n) {
  const channel = new Channel(), { signal } = new AbortController();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = channel.recv({ signal });
    channel.trySend(i);
    const result = await promise;
    if (!result.done) sum += result.value;
  }
  return sum;
}

async function* generate(n) {
  for (let i = 0; i < n; i++) yield i;
}

function fromGenerator(n) {
  return consume(from(generate(n), { capacity: 1 }));
}

export const scenarios = {
  seq,
  bounded0_spsc: spsc(0),
  bounded1_spsc: spsc(1),
  bounded16_spsc: spsc(16),
  bounded16_spsc_rxfirst: consumerFirst,
  pingpong,
  bounded16_mpmc: mpmc,
  batches,
  sendmany,
  sendmany_spsc: sendmanySpsc,
  select_ready2: selectReady,
  select_parked2: selectParked,
  select_idle: selectIdle,
  select_timeout: selectTimeout,
  bounded0_select_both: selectBoth,
  abort_recv: abortRecv,
  abort_parked: abortParked,
  from_gen: fromGenerator,
  ...flows,
  ...workers,
};
