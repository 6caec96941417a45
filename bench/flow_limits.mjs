/** What must hold of flows besides speed, as checks for limits.mjs. */
import process from "node:process";
import { FLAT, growth, heapUsed, kib } from "./heap.mjs";

const { batch, filter, map, pipe, tap } = await import(process.argv[3]);

const VALUES = 10_000_000;
const EACH = 1_000_000;
/** A thousand bytes of the heap. */
const WORDS = 125;

async function* records(n) {
  for (let i = 0; i < n; i++) yield { i, words: new Array(WORDS).fill(i) };
}

/** Generators that were entered and not left. */
const open = { now: 0, ever: 0 };

async function* counted(values) {
  open.now++;
  open.ever++;
  try {
    for await (const value of values) yield value;
  } finally {
    open.now--;
  }
}

async function* numbers() {
  open.now++;
  open.ever++;
  try {
    for (let i = 0;; i++) yield i;
  } finally {
    open.now--;
  }
}

const isWhole = ({ i, words }) => words.length === WORDS && words[WORDS - 1] === i;
const numberOf = (record) => Promise.resolve(record.i);

/** 10 GB pass: what is alive is looked at while they do, every million values. */
async function tenMillionValues() {
  const flow = pipe(
    records(VALUES),
    tap(ignore),
    filter(isWhole),
    counted,
    map(numberOf, { concurrency: 4 }),
    batch({ size: 100 }),
  );
  const heap = [];
  let sum = 0, count = 0;
  for await (const values of flow) {
    for (const value of values) sum += value;
    count += values.length;
    if (count % EACH === 0) heap.push(await heapUsed());
  }
  const [first, ...later] = heap, most = Math.max(...later) - first;
  return {
    found: `${kib(first)} after the first million, ${kib(most)} more at most`,
    wrong: (sum !== VALUES * (VALUES - 1) / 2 && "values are lost") ||
      (most >= FLAT && "the heap grows"),
  };
}

function ignore() {}

function sixStages() {
  return pipe(
    numbers(),
    map((value) => value + 1),
    filter((value) => value > 0),
    counted,
    map((value) => Promise.resolve(value), { concurrency: 4 }),
    batch({ size: 2, ms: 60_000 }),
    tap(ignore),
  );
}

const forever = new AbortController();

/** The ways in which a flow is given up. */
const ENDS = [
  async function leaveTheLoop(flow) {
    for await (const _ of flow) break;
  },
  function cancelUnread(flow) {
    flow.cancel();
  },
  async function cancelWhileWaiting(flow) {
    const received = flow.recv({ signal: forever.signal });
    flow.cancel();
    await received;
  },
  async function disposeAfterOne(flow) {
    await flow.recv({ signal: forever.signal });
    await flow[Symbol.asyncDispose]();
  },
  async function abortThenCancel(flow) {
    const controller = new AbortController();
    const received = flow.recv({ signal: controller.signal, timeout: 60_000 })
      .catch(ignore);
    controller.abort();
    await received;
    flow.cancel();
  },
];

async function startsAndCancels() {
  const timers = countTimers(), listeners = countListeners();
  const result = await growth(100_000, async (n) => {
    for (let i = 0; i < n; i++) await ENDS[i % ENDS.length](sixStages());
  });
  const found = `${result.found}; of ${open.ever} generators, ${listeners.ever} listeners and ` +
    `${timers.ever} timers ${open.now}, ${listeners.now} and ${timers.now} left`;
  const left = open.now + listeners.now + timers.now;
  return { found, wrong: left > 0 ? found : result.wrong };
}

/** Counts the timers that are set from now on, and not cleared. */
function countTimers() {
  const { setTimeout, clearTimeout } = globalThis, set = new Set();
  const count = {
    ever: 0,
    get now() {
      return set.size;
    },
  };
  globalThis.setTimeout = (task, ms, ...args) => {
    const timer = setTimeout(() => {
      set.delete(timer);
      task(...args);
    }, ms);
    count.ever++;
    set.add(timer);
    return timer;
  };
  globalThis.clearTimeout = (timer) => {
    set.delete(timer);
    clearTimeout(timer);
  };
  return count;
}

/** Counts the listeners on any signal from now on. */
function countListeners() {
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const count = { ever: 0, now: 0 };
  AbortSignal.prototype.addEventListener = function (...args) {
    count.ever++;
    count.now++;
    return addEventListener.apply(this, args);
  };
  AbortSignal.prototype.removeEventListener = function (...args) {
    count.now--;
    return removeEventListener.apply(this, args);
  };
  return count;
}

export const FLOW_CHECKS = {
  flow_of_10_million: tenMillionValues,
  flow_starts_and_cancels: startsAndCancels,
};
