/** Effect's `Queue`, in programs of `Effect.gen`, one fiber a task. */
import { flows } from "./effect_flows.mjs";
import { tasks } from "./effect_tasks.mjs";
import { rival } from "./rival.mjs";

const { Effect, Fiber, Queue } = await rival("effect");

export const leavesOut =
  "no select: the select scenarios race two takes; fibers, not promises; its scheduler is its own guard; " +
  "an array and its folds take whole chunks, no promise a value";

const PARTIES = 4;

function* produce(queue, first, step, n) {
  for (let i = first; i < n; i += step) yield* Queue.offer(queue, i);
}

/** The consumer knows the count: an ended queue fails its takes, which a loop would have to catch. */
function* consume(queue, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* Queue.take(queue);
  return sum;
}

const fork = (program, ...args) => Effect.forkChild(Effect.gen(() => program(...args)));

const make = (capacity, n) =>
  capacity === Infinity ? Queue.unbounded() : Queue.bounded(capacity ?? n);

/** Without a capacity: room for all. */
function spsc(capacity) {
  return (n) =>
    Effect.runPromise(Effect.gen(function* () {
      const queue = yield* make(capacity, n);
      const producer = yield* fork(produce, queue, 0, 1, n);
      const sum = yield* consume(queue, n);
      yield* Fiber.join(producer);
      return sum;
    }));
}

function consumerFirst(n) {
  return Effect.runPromise(Effect.gen(function* () {
    const queue = yield* Queue.bounded(16);
    const consumer = yield* fork(consume, queue, n);
    yield* produce(queue, 0, 1, n);
    return yield* Fiber.join(consumer);
  }));
}

function seq(n) {
  return Effect.runPromise(Effect.gen(function* () {
    const queue = yield* Queue.bounded(16);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (!Queue.offerUnsafe(queue, i)) throw new Error("full");
      sum += Queue.takeUnsafe(queue).value;
    }
    return sum;
  }));
}

function* serve(requests, answers, n) {
  for (let i = 0; i < n; i++) {
    yield* Queue.offer(answers, yield* Queue.take(requests));
  }
}

function pingpong(n) {
  return Effect.runPromise(Effect.gen(function* () {
    const requests = yield* Queue.bounded(0), answers = yield* Queue.bounded(0);
    const server = yield* fork(serve, requests, answers, n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      yield* Queue.offer(requests, i);
      sum += yield* Queue.take(answers);
    }
    yield* Fiber.join(server);
    return sum;
  }));
}

/** As many values for each as a producer of the same number would make. */
const share = (i, n, consumers) => Math.ceil((n - i) / consumers);

function crowd(capacity, producers, consumers) {
  return (n) =>
    Effect.runPromise(Effect.gen(function* () {
      const queue = yield* make(capacity, n);
      const sending = [], receiving = [];
      for (let i = 0; i < producers; i++) {
        sending.push(yield* fork(produce, queue, i, producers, n));
      }
      for (let i = 0; i < consumers; i++) {
        receiving.push(yield* fork(consume, queue, share(i, n, consumers)));
      }
      for (const producer of sending) yield* Fiber.join(producer);
      let sum = 0;
      for (const consumer of receiving) sum += yield* Fiber.join(consumer);
      return sum;
    }));
}

function fillAndDrain(n) {
  return Effect.runPromise(Effect.gen(function* () {
    const queue = yield* Queue.bounded(n);
    yield* produce(queue, 0, 1, n);
    return yield* consume(queue, n);
  }));
}

function* takeAll(queue, n) {
  let sum = 0;
  for (let left = n; left > 0;) {
    const batch = yield* Queue.takeAll(queue);
    for (const value of batch) sum += value;
    left -= batch.length;
  }
  return sum;
}

function batches(n) {
  return Effect.runPromise(Effect.gen(function* () {
    const queue = yield* Queue.bounded(1024);
    const producer = yield* fork(produce, queue, 0, 1, n);
    const sum = yield* takeAll(queue, n);
    yield* Fiber.join(producer);
    return sum;
  }));
}

function* numbers(n) {
  for (let i = 0; i < n; i++) yield i;
}

function sendmany(n) {
  return Effect.runPromise(Effect.gen(function* () {
    const queue = yield* Queue.bounded(1024);
    const producer = yield* Effect.forkChild(Queue.offerAll(queue, numbers(n)));
    const sum = yield* takeAll(queue, n);
    yield* Fiber.join(producer);
    return sum;
  }));
}

function sendmanySpsc(n) {
  return Effect.runPromise(Effect.gen(function* () {
    const queue = yield* Queue.bounded(16);
    const producer = yield* Effect.forkChild(Queue.offerAll(queue, numbers(n)));
    const sum = yield* consume(queue, n);
    yield* Fiber.join(producer);
    return sum;
  }));
}

/** Races two takes, with the value sent by another fiber: an effect parks only when it runs. */
function raced(target) {
  return (n) =>
    Effect.runPromise(Effect.gen(function* () {
      const queues = [yield* Queue.bounded(1), yield* Queue.bounded(1)];
      const either = Effect.race(Queue.take(queues[0]), Queue.take(queues[1]));
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const fiber = yield* Effect.forkChild(either);
        yield* Effect.yieldNow;
        yield* Queue.offer(queues[target(i)], i);
        sum += yield* Fiber.join(fiber);
      }
      return sum;
    }));
}

export const scenarios = {
  seq,
  bounded0_spsc: spsc(0),
  bounded1_spsc: spsc(1),
  bounded16_spsc: spsc(16),
  bounded16_spsc_rxfirst: consumerFirst,
  pingpong,
  bounded_seq: fillAndDrain,
  bounded1024_spsc: spsc(1024),
  bounded_spsc: spsc(),
  unbounded_spsc: spsc(Infinity),
  bounded0_mpsc: crowd(0, PARTIES, 1),
  bounded16_mpsc8: crowd(16, 2 * PARTIES, 1),
  bounded_mpsc: crowd(undefined, PARTIES, 1),
  bounded0_mpmc: crowd(0, PARTIES, PARTIES),
  bounded16_mpmc: crowd(16, PARTIES, PARTIES),
  bounded_mpmc: crowd(undefined, PARTIES, PARTIES),
  batches,
  sendmany,
  sendmany_spsc: sendmanySpsc,
  select_parked2: raced((i) => i & 1),
  select_idle: raced(() => 0),
  ...tasks,
  ...flows,
};
