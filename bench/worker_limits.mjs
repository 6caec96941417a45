/** What must hold of worker stages besides speed, as checks for limits.mjs. */
import process from "node:process";
import { turn } from "./contenders/work.mjs";
import { median } from "./statistics.mjs";

const library = process.argv[3];
const { Channel, pipe } = await import(library);
const { gc } = globalThis;

const MIB = 1024 * 1024;
const VALUES = 1_000_000;
const WARM_UP = 200_000;
const EACH = 25_000;
const THREADS = 2;
const WINDOW = 64;
const CREDITS = THREADS * WINDOW;
/** One more: it is the consumer's already, who has not come to count it. */
const MOST_IN_FLIGHT = CREDITS + 1;
/** A thousand bytes a value. */
const WORDS = 125;
const SIZE = WORDS * 8;
const MOST_MORE = CREDITS * SIZE + 20 * MIB;
/** Some microseconds: longer than a thread takes to give a value back. */
const CONSUMER_LOOPS = 4_000;

/** The other checks have no workers, and are not to load them. */
async function stageOf(module, options) {
  const { inWorkers } = await import(
    library.replace(/mod(\.\w+)$/, "workers/mod$1")
  );
  return inWorkers(
    new URL(`./contenders/${module}.mjs`, import.meta.url),
    options,
  );
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const mib = (bytes) => `${(bytes / MIB).toFixed(1)} MiB`;

/** Values from when they are read until they come out. */
const inFlight = { now: 0, most: 0 };

function* records(n) {
  for (let i = 0; i < n; i++) {
    inFlight.most = Math.max(inFlight.most, ++inFlight.now);
    yield { i, words: new Array(WORDS).fill(i) };
  }
}

/**
 * What the process has of the system's memory, but for the room that the engine keeps for garbage: it doubles
 * that at one moment or another, by tens of MiB, whatever is alive.
 */
function memoryInUse() {
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - heapTotal + heapUsed;
}

/** What is in use before and after the collector has run. */
class Memory {
  #before = [];
  #after = [];

  look() {
    this.#before.push(memoryInUse());
    gc();
    this.#after.push(memoryInUse());
  }

  get more() {
    return Math.max(...this.#after) - this.#after[0];
  }

  get moreWithGarbage() {
    return Math.max(...this.#before) - this.#after[0];
  }
}

/** A GB passes. The first values pay for what an engine keeps: code, and room for garbage. */
async function slowConsumer() {
  const stage = await stageOf("work", {
    export: "trivial",
    threads: THREADS,
    window: WINDOW,
  });
  const memory = new Memory();
  let sum = 0, count = 0;
  for await (const { i } of pipe(records(WARM_UP + VALUES), stage)) {
    inFlight.now--;
    sum += turn(CONSUMER_LOOPS) === 0 ? NaN : i;
    // The answers of the threads come in: nothing but the credits holds them back.
    if (++count % 16 === 0) await nextTurn();
    if (count >= WARM_UP && count % EACH === 0) memory.look();
  }
  return {
    found:
      `${mib(memory.more)} more at most, ${mib(memory.moreWithGarbage)} before the collector ` +
      `runs, ${inFlight.most} values in flight at most`,
    wrong: (sum !== count * (count - 1) / 2 && "values are lost") ||
      (inFlight.most > MOST_IN_FLIGHT && `credits for ${CREDITS} in flight`) ||
      (memory.more > MOST_MORE && "the memory grows"),
  };
}

const STARTS = 15;
/** What the values do to the thread of `mortal.mjs`. */
const DEATHS = { exit: -1, "uncaught error": -2 };
const SLACK_MS = 20;

/** Milliseconds until a stage without a thread has its first result. */
async function startUp() {
  const stage = await stageOf("mortal", { threads: 1 });
  const start = performance.now(), results = pipe([1], stage);
  await results.recv();
  const ms = performance.now() - start;
  await results.recv();
  return ms;
}

/** Milliseconds from when a deadly value is sent until the next one has come out of another thread. */
async function replacements(deadly) {
  const input = new Channel(2), times = [];
  const stage = await stageOf("mortal", { threads: 1, onError: "skip" });
  const results = pipe(input, stage);
  await input.send(0);
  await results.recv();
  for (let i = 0; i < STARTS; i++) {
    const start = performance.now();
    await input.sendMany([deadly, 1]);
    await results.recv();
    times.push(performance.now() - start);
  }
  input.close();
  await results.recv();
  return times;
}

async function replacement() {
  const starts = [];
  for (let i = 0; i < STARTS; i++) starts.push(await startUp());
  const start = median(starts), found = [`a start ${start.toFixed(1)} ms`];
  const late = [];
  for (const [death, value] of Object.entries(DEATHS)) {
    const ms = median(await replacements(value));
    found.push(`after ${death} ${ms.toFixed(1)} ms`);
    if (ms > start + SLACK_MS) late.push(death);
  }
  return {
    found: found.join(", "),
    wrong: late.length > 0 && `late after ${late.join(", ")}`,
  };
}

export const WORKER_CHECKS = {
  workers_slow_consumer: slowConsumer,
  workers_replacement: replacement,
};
