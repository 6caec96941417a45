/** `async-channel`. */
import { rival } from "./rival.mjs";

const { Channel } = (await rival("async-channel")).default;

export const leavesOut =
  "no trySend, no tryRecv, no select, no signals; a channel is a thenable; its queues are arrays";

const PARTIES = 4;

async function produce(values, first, step, n) {
  for (let i = first; i < n; i += step) await values.push(i);
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

function spsc(capacity) {
  return async (n) => {
    const values = new Channel(capacity);
    const producer = produceAll(values, n);
    const sum = await consume(values);
    await producer;
    return sum;
  };
}

async function consumerFirst(n) {
  const values = new Channel(16);
  const consumer = consume(values);
  await produceAll(values, n);
  return await consumer;
}

async function serve(requests, answers) {
  for await (const value of requests) await answers.push(value);
}

async function pingpong(n) {
  const requests = new Channel(0), answers = new Channel(0);
  const server = serve(requests, answers);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    await requests.push(i);
    sum += await answers.get();
  }
  requests.close();
  await server;
  return sum;
}

async function mpmc(n) {
  const values = new Channel(16);
  const producers = [], consumers = [];
  for (let i = 0; i < PARTIES; i++) {
    producers.push(produce(values, i, PARTIES, n));
  }
  for (let i = 0; i < PARTIES; i++) consumers.push(consume(values));
  await Promise.all(producers);
  values.close();
  return (await Promise.all(consumers)).reduce((a, b) => a + b, 0);
}

export const scenarios = {
  bounded0_spsc: spsc(0),
  bounded1_spsc: spsc(1),
  bounded16_spsc: spsc(16),
  bounded16_spsc_rxfirst: consumerFirst,
  pingpong,
  bounded16_mpmc: mpmc,
};
