/** `@thi.ng/csp`. */
import { BOUNDED, handOvers } from "./hand_overs.mjs";
import { rival } from "./rival.mjs";

const { Channel, channel, select } = await rival("@thi.ng/csp");

export const leavesOut =
  "no rendezvous, no error close, no signals; select reads only and can lose values; " +
  "a write resolves when it is read; undefined means closed; many reads that wait on one channel hang";

const PARTIES = 4;

async function produce(values, first, step, n) {
  for (let i = first; i < n; i += step) await values.write(i);
}

async function consume(values) {
  let sum = 0;
  for await (const value of values) sum += value;
  return sum;
}

function seq(n) {
  const values = new Channel(16);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (!values.offer(i)) throw new Error("full");
    sum += values.poll();
  }
  return sum;
}

async function selectReady(n) {
  const a = channel(16), b = channel(16);
  if (n > 0) a.offer(0);
  if (n > 1) b.offer(1);
  let sum = 0, next = 2;
  for (let i = 0; i < n; i++) {
    const [value, from] = await select(a, b);
    sum += value;
    if (next < n) from.offer(next++);
  }
  return sum;
}

async function selectParked(n) {
  const a = channel(1), b = channel(1);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = select(a, b);
    (i & 1 ? b : a).offer(i);
    sum += (await promise)[0];
  }
  return sum;
}

async function selectIdle(n) {
  const busy = channel(1), idle = channel(1);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const promise = select(busy, idle);
    busy.offer(i);
    sum += (await promise)[0];
  }
  return sum;
}

async function selectReceive(n) {
  const channels = [], producers = [];
  for (let i = 0; i < PARTIES; i++) {
    channels.push(channel(n));
    producers.push(produce(channels[i], i, PARTIES, n));
  }
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (await select(...channels))[0];
  await Promise.all(producers);
  return sum;
}

const queue = {
  make: channel,
  produce,
  close: (values) => values.close(),
  consume,
};

export const scenarios = {
  seq,
  ...handOvers(queue, { smallest: 1, largest: BOUNDED }),
  bounded_select_rx: selectReceive,
  select_ready2: selectReady,
  select_parked2: selectParked,
  select_idle: selectIdle,
};
