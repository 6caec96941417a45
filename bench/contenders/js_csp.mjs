/** `js-csp`: processes are generators, the library's own scheduler runs them. */
import { BOUNDED, handOvers } from "./hand_overs.mjs";
import { rival } from "./rival.mjs";

const { alts, chan, CLOSED, go, put, take } = (await rival("js-csp")).default;

export const leavesOut =
  "no promises, no for await, no errors, no signals; null means closed; at most 1,024 takes wait on a channel";

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

function* takeOne(values) {
  const value = yield take(values);
  return value === CLOSED ? undefined : value;
}

function* filter(input, output, prime) {
  for (;;) {
    const value = yield take(input);
    if (value === CLOSED) break;
    if (value % prime !== 0) yield put(output, value);
  }
  output.close();
}

function* fillAndDrain(values, n) {
  yield* produce(values, 0, 1, n);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield take(values);
  return sum;
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

function* selectAndSum(channels, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (yield alts(channels)).value;
  return sum;
}

function selectReceive(capacityOf) {
  return async (n) => {
    const channels = [], producers = [];
    for (let i = 0; i < PARTIES; i++) {
      channels.push(make(capacityOf(n)));
      producers.push(run(produce, channels[i], i, PARTIES, n));
    }
    const sum = await run(selectAndSum, channels, n);
    await Promise.all(producers);
    return sum;
  };
}

const queue = {
  make,
  produce: (...args) => run(produce, ...args),
  close: (values) => values.close(),
  consume: (values) => run(consume, values),
  take: (values) => run(takeOne, values),
  filter: (...args) => run(filter, ...args),
  fillAndDrain: (...args) => run(fillAndDrain, ...args),
};

export const scenarios = {
  pingpong,
  ...handOvers(queue, { largest: BOUNDED, crowds: false }),
  bounded0_select_rx: selectReceive(() => 0),
  bounded_select_rx: selectReceive((n) => n),
  bounded0_select_both: selectBoth,
};
