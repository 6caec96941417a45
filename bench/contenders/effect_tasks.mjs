/** Effect at the scenarios of many fibers. */
import { PARKED, PRIMES_BELOW } from "../scenarios.mjs";
import { rival } from "./rival.mjs";

const { Effect, Fiber, Queue } = await rival("effect");

const fork = (program, ...args) => Effect.forkChild(Effect.gen(() => program(...args)));
/** Ends what flows through the sieve: the end of a queue is a failure, which a loop would have to catch. */
const END = 0;

function* count(output) {
  for (let i = 2; i < PRIMES_BELOW.limit; i++) yield* Queue.offer(output, i);
  yield* Queue.offer(output, END);
}

function* filter(input, output, prime) {
  for (;;) {
    const value = yield* Queue.take(input);
    if (value === END || value % prime !== 0) yield* Queue.offer(output, value);
    if (value === END) return;
  }
}

function* sieve() {
  let values = yield* Queue.bounded(0), sum = 0;
  const tasks = [yield* fork(count, values)];
  for (;;) {
    const prime = yield* Queue.take(values);
    if (prime === END) break;
    sum += prime;
    const next = yield* Queue.bounded(0);
    tasks.push(yield* fork(filter, values, next, prime));
    values = next;
  }
  for (const task of tasks) yield* Fiber.join(task);
  return sum;
}

function sieves(n) {
  return Effect.runPromise(Effect.gen(function* () {
    let sum = 0;
    for (let seen = 0; seen < n; seen += PRIMES_BELOW.values) {
      sum += yield* sieve();
    }
    return sum;
  }));
}

function park(n, parked) {
  return Effect.runPromise(Effect.gen(function* () {
    let sum = 0;
    for (let seen = 0; seen < n; seen += PARKED) {
      const queue = yield* Queue.bounded(0), tasks = [];
      for (let i = 0; i < PARKED; i++) {
        tasks.push(yield* Effect.forkChild(Queue.take(queue)));
      }
      if (parked !== undefined) yield* Effect.promise(parked);
      for (let i = 0; i < PARKED; i++) yield* Queue.offer(queue, i);
      for (const task of tasks) sum += yield* Fiber.join(task);
    }
    return sum;
  }));
}

export const tasks = { sieve500: sieves, parked100k: park };
