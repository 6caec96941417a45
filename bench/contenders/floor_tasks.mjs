/** The floor of many tasks: a cell between each two that hand over, and promises that wait. */
import { PARKED, PRIMES_BELOW } from "../scenarios.mjs";

const settled = Promise.resolve();
const END = { done: true, value: undefined };

/** A rendezvous of one sender and one receiver: no queue, no check. Whoever comes first waits. */
class Cell {
  #given;
  #wake;
  #taken;
  #keepWake = (resolve) => {
    this.#wake = resolve;
  };
  #keepTaken = (resolve) => {
    this.#taken = resolve;
  };

  give(result) {
    const wake = this.#wake;
    if (wake === undefined) {
      this.#given = result;
      return new Promise(this.#keepTaken);
    }
    this.#wake = undefined;
    wake(result);
    return settled;
  }

  next() {
    const taken = this.#taken;
    if (taken === undefined) return new Promise(this.#keepWake);
    this.#taken = undefined;
    taken();
    return Promise.resolve(this.#given);
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}

async function count(output) {
  for (let i = 2; i < PRIMES_BELOW.limit; i++) {
    await output.give({ done: false, value: i });
  }
  await output.give(END);
}

async function filter(input, output, prime) {
  for await (const value of input) {
    if (value % prime !== 0) await output.give({ done: false, value });
  }
  await output.give(END);
}

async function sieve() {
  let values = new Cell(), sum = 0;
  const tasks = [count(values)];
  for (;;) {
    const { done, value: prime } = await values.next();
    if (done) break;
    sum += prime;
    const next = new Cell();
    tasks.push(filter(values, next, prime));
    values = next;
  }
  await Promise.all(tasks);
  return sum;
}

async function sieves(n) {
  let sum = 0;
  for (let seen = 0; seen < n; seen += PRIMES_BELOW.values) {
    sum += await sieve();
  }
  return sum;
}

async function take(waiting) {
  return await new Promise((resolve) => waiting.push(resolve));
}

async function resolveAll(waiting) {
  for (let i = 0; i < waiting.length; i++) {
    waiting[i](i);
    await settled;
  }
}

async function park(n, parked) {
  let sum = 0;
  for (let seen = 0; seen < n; seen += PARKED) {
    const waiting = [], tasks = [];
    for (let i = 0; i < PARKED; i++) tasks.push(take(waiting));
    await parked?.();
    await resolveAll(waiting);
    for (const value of await Promise.all(tasks)) sum += value;
  }
  return sum;
}

export const tasks = { sieve500: sieves, parked100k: park };
