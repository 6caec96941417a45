/** `js-csp`: processes are generators, the library's own scheduler runs them. */
import { rival } from "./rival.mjs";

const { alts, chan, CLOSED, go, put, take } = (await rival("js-csp")).default;

export const leavesOut = "no promises, no for await, no errors, no signals; null means closed";

const PARTIES = 4;

/** A process as a promise. */
function run(process, ...args) {
  return new Promise((resolve) => {
    go(function* () {
      resolve(yield* process(...args));
    });
  });
}

function* produce(values, first, step, n) {
  for (let i = first; i < n; i += step) yield put(values, i);
}

function* produceAll(values, n) {
  yield* produce(values, 0, 1, n);
  values.close();
}

function* consume(values) {
  let sum = 0;
  for (;;) {
    const value = yield take(values);
    if (value === CLOSED) return sum;
    sum += value;
  }
}

function make(capacity) {
  return capacity === 0 ? chan() : chan(capacity);
}

function spsc(capacity) {
  return async (n) => {
    const values = make(capacity);
    const producer = run(produceAll, values, n);
    const sum = await run(consume, values);
    await producer;
    return sum;
  };
}

async function consumerFirst(n) {
  const values = chan(16);
  const consumer = run(consume, values);
  await run(produceAll, values, n);
  return await consumer;
}

function* serve(requests, answers) {
  for (;;) {
    const value = yield take(requests);
    if (value === CLOSED) return;
    yield put(answers, value);
  }
}

function* ask(requests, answers, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    yield put(requests, i);
    sum += yield take(answers);
  }
  requests.close();
  return sum;
}

async function pingpong(n) {
  const requests = chan(), answers = chan();
  const server = run(serve, requests, answers);
  const sum = await run(ask, requests, answers, n);
  await server;
  return sum;
}

async function mpmc(n) {
  const values = chan(16);
  const producers = [], consumers = [];
  for (let i = 0; i < PARTIES; i++) {
    producers.push(run(produce, values, i, PARTIES, n));
  }
  for (let i = 0; i < PARTIES; i++) consumers.push(run(consume, values));
  await Promise.all(producers);
  values.close();
  return (await Promise.all(consumers)).reduce((a, b) => a + b, 0);
}

function* selectSends(channels, first, n) {
  for (let i = first; i < n; i += PARTIES) {
    yield alts(channels.map((channel) => [channel, i]));
  }
}

function* selectReceives(channels) {
  let sum = 0;
  for (;;) {
    const { value } = yield alts(channels);
    if (value === CLOSED) return sum;
    sum += value;
  }
}

async function selectBoth(n) {
  const channels = [chan(), chan(), chan(), chan()];
  const producers = [], consumers = [];
  for (let i = 0; i < PARTIES; i++) {
    producers.push(run(selectSends, channels, i, n));
  }
  for (let i = 0; i < PARTIES; i++) {
    consumers.push(run(selectReceives, channels));
  }
  await Promise.all(producers);
  for (const channel of channels) channel.close();
  return (await Promise.all(consumers)).reduce((a, b) => a + b, 0);
}

export const scenarios = {
  bounded0_spsc: spsc(0),
  bounded1_spsc: spsc(1),
  bounded16_spsc: spsc(16),
  bounded16_spsc_rxfirst: consumerFirst,
  pingpong,
  bounded16_mpmc: mpmc,
  bounded0_select_both: selectBoth,
};
