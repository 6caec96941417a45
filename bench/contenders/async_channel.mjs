/** `async-channel`. */
import { handOvers } from "./hand_overs.mjs";
import { rival } from "./rival.mjs";

const { Channel } = (await rival("async-channel")).default;

export const leavesOut =
  "no trySend, no tryRecv, no select, no signals; a channel is a thenable; its queues are arrays";

async function produce(values, first, step, n) {
  for (let i = first; i < n; i += step) await values.push(i);
}

async function consume(values) {
  let sum = 0;
  for await (const value of values) sum += value;
  return sum;
}

/** At the end `get` throws. */
async function take(values) {
  try {
    return await values.get();
  } catch {
    return undefined;
  }
}

async function filter(input, output, prime) {
  for await (const value of input) {
    if (value % prime !== 0) await output.push(value);
  }
  output.close();
}

async function fillAndDrain(values, n) {
  await produce(values, 0, 1, n);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += await values.get();
  return sum;
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

const queue = {
  make: (capacity) => new Channel(capacity),
  produce,
  close: (values) => values.close(),
  consume,
  take,
  filter,
  fillAndDrain,
};

export const scenarios = { pingpong, ...handOvers(queue) };
