/** `medium`. */
import { BOUNDED, handOvers } from "./hand_overs.mjs";
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

function make(capacity) {
  return capacity === 0 ? chan() : chan(capacity);
}

async function takeOne(values) {
  const value = await take(values);
  return value === CLOSED ? undefined : value;
}

async function filter(input, output, prime) {
  for (;;) {
    const value = await take(input);
    if (value === CLOSED) break;
    if (value % prime !== 0) await put(output, value);
  }
  close(output);
}

async function fillAndDrain(values, n) {
  await produce(values, 0, 1, n);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += await take(values);
  return sum;
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

function selectReceive(capacityOf) {
  return async (n) => {
    const channels = [], producers = [];
    for (let i = 0; i < PARTIES; i++) {
      channels.push(make(capacityOf(n)));
      producers.push(produce(channels[i], i, PARTIES, n));
    }
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (await any(...channels))[0];
    await Promise.all(producers);
    return sum;
  };
}

const queue = {
  make,
  produce,
  close,
  consume,
  take: takeOne,
  filter,
  fillAndDrain,
};

export const scenarios = {
  pingpong,
  ...handOvers(queue, { largest: BOUNDED }),
  bounded0_select_rx: selectReceive(() => 0),
  bounded_select_rx: selectReceive((n) => n),
  select_ready2: selectReady,
  select_parked2: selectParked,
  select_idle: selectIdle,
};
