/** What the threads of floor_shared.mjs do. */
import { CAPACITY, record } from "./threads.mjs";

const same = (value) => value;

/** A port that keeps what comes while nobody listens, so that a run may begin before its other end does. */
export class Port {
  #port;
  #kept = [];
  #take;

  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data }) => {
      if (this.#take === undefined) this.#kept.push(data);
      else this.#take(data);
    };
  }

  post(value) {
    this.#port.postMessage(value);
  }

  /** Gives every message to `take`, until it is undefined. */
  listen(take) {
    this.#take = take;
    while (this.#take !== undefined && this.#kept.length > 0) {
      this.#take(this.#kept.shift());
    }
  }
}

/** Tells the sender of every half of the places that it has read. */
export function receive(port, n, numberOf = same) {
  let seen = 0, sum = 0;
  return new Promise((resolve) => {
    port.listen((value) => {
      sum += numberOf(value);
      if (++seen % (CAPACITY / 2) === 0) port.post(CAPACITY / 2);
      if (seen < n) return;
      port.listen(undefined);
      resolve(sum);
    });
  });
}

async function send(port, n, make = same) {
  let free = CAPACITY, wake;
  port.listen((places) => {
    free += places;
    wake?.();
  });
  for (let i = 0; i < n; i++) {
    while (free === 0) await new Promise((resolve) => wake = resolve);
    port.post(make(i));
    free--;
  }
  // All of its places are told back, but for those of the last half: the next run begins with none on the way.
  while (free < CAPACITY - n % (CAPACITY / 2)) {
    await new Promise((resolve) => wake = resolve);
  }
  port.listen(undefined);
}

export async function ping(port, n) {
  let sum = 0, wake;
  port.listen((value) => wake(value));
  for (let i = 0; i < n; i++) {
    const answer = new Promise((resolve) => wake = resolve);
    port.post(i);
    sum += await answer;
  }
  port.listen(undefined);
  return sum;
}

function pong(port, n) {
  let left = n;
  return new Promise((resolve) => {
    port.listen((value) => {
      port.post(value);
      if (--left > 0) return;
      port.listen(undefined);
      resolve();
    });
  });
}

export function open(args) {
  const port = new Port(args.port);
  return {
    send: (n) => send(port, n),
    receive: (n) => receive(port, n),
    sendRecords: (n) => send(port, n, record),
    receiveRecords: (n) => receive(port, n, ({ id }) => id),
    ping: (n) => ping(port, n),
    pong: (n) => pong(port, n),
  };
}
