/** `ts-chan`, with `unsafe`: as it comes, each operation takes a turn of the event loop, over 1 µs. */
import { BOUNDED, handOvers } from "./hand_overs.mjs";
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

async function consume(values) {
  let sum = 0;
  for await (const value of values) sum += value;
  return sum;
}

async function take(values) {
  const { value, done } = await values.recv();
  return done ? undefined : value;
}

async function filter(input, output, prime) {
  for await (const value of input) {
    if (value % prime !== 0) await output.send(value);
  }
  output.close();
}

async function fillAndDrain(values, n) {
  await produce(values, 0, 1, n);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (await values.recv()).value;
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

function selectReceive(capacityOf) {
  return async (n) => {
    const channels = [], producers = [];
    for (let i = 0; i < PARTIES; i++) {
      channels.push(make(capacityOf(n)));
      producers.push(produce(channels[i], i, PARTIES, n));
    }
    const select = selector(channels.map(recv));
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += select.recv(select.cases[await select.wait()]).value;
    }
    await Promise.all(producers);
    return sum;
  };
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
  const producer = produce(values, 0, 1, n).then(() => values.close());
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

const close = (values) => values.close();
const queue = { make, produce, close, consume, take, filter, fillAndDrain };

export const scenarios = {
  seq,
  pingpong,
  ...handOvers(queue, { largest: BOUNDED }),
  select_ready2: selectReady,
  select_parked2: (n) => selectParked(n, [make(0), make(0)], (i) => i & 1),
  select_idle: (n) => selectParked(n, [make(0), make(0)], () => 0),
  bounded0_select_rx: selectReceive(() => 0),
  bounded_select_rx: selectReceive((n) => n),
  bounded0_select_both: selectBoth,
  abort_recv: abortRecv,
  abort_parked: abortParked,
};
