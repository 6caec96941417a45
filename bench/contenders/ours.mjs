/** The library. The module to measure is the third argument of the process. */
import process from "node:process";
import { handOvers } from "./hand_overs.mjs";
import { flows } from "./ours_flows.mjs";
import { shared } from "./ours_shared.mjs";
import { workers } from "./ours_workers.mjs";
import { readArrays } from "./workload.mjs";

const { Channel, select, after, from } = await import(process.argv[4]);

const PARTIES = 4;

const make = (capacity) => new Channel(capacity);
const close = (channel) => channel.close();

async function produce(channel, first, step, n) {
  for (let i = first; i < n; i += step) await channel.send(i);
}

async function consume(values) {
  let sum = 0;
  for await (const value of values) sum += value;
  return sum;
}

async function take(channel) {
  const result = await channel.recv();
  return result.done ? undefined : result.value;
}

async function filter(input, output, prime) {
  for await (const value of input) {
    if (value % prime !== 0) await output.send(value);
  }
  output.close();
}

async function fillAndDrain(channel, n) {
  await produce(channel, 0, 1, n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const result = await channel.recv();
    if (!result.done) sum += result.value;
  }
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

function selectReceive(capacityOf) {
  return async (n) => {
    const channels = [], producers = [];
    for (let i = 0; i < PARTIES; i++) {
      channels.push(new Channel(capacityOf(n)));
      producers.push(produce(channels[i], i, PARTIES, n));
    }
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const result = await select(channels);
      if (!result.done) sum += result.value;
    }
    await Promise.all(producers);
    return sum;
  };
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
  const producer = produce(channel, 0, 1, n).then(() => channel.close());
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
  pingpong,
  ...handOvers({ make, produce, close, consume, take, filter, fillAndDrain }),
  batches,
  sendmany,
  sendmany_spsc: sendmanySpsc,
  select_ready2: selectReady,
  select_parked2: selectParked,
  select_idle: selectIdle,
  select_timeout: selectTimeout,
  bounded0_select_rx: selectReceive(() => 0),
  bounded_select_rx: selectReceive((n) => n),
  bounded0_select_both: selectBoth,
  abort_recv: abortRecv,
  abort_parked: abortParked,
  from_gen: fromGenerator,
  array_loop: (n) => readArrays(n, (array) => consume(from(array))),
  ...flows,
  ...workers,
  ...shared,
};
