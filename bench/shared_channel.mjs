/**
 * Shared channels against raw `postMessage`, between two threads and to the main thread. All in one process, in
 * turns; a ratio is the median of the ratios of paired rounds.
 *
 *     node bench/shared_channel.mjs [folder of the built library] [scenario or all] [wasm or fallback]
 */
import { resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { MessageChannel, Worker } from "node:worker_threads";
import { median } from "./statistics.mjs";

const root = pathToFileURL(`${resolve(process.argv[2] ?? "dist")}/`);
const only = process.argv[3] ?? "all";
const core = process.argv[4] ?? "wasm";
const library = new URL("workers/shared/", root).href;
const { makeIn } = await import(new URL("shared_channel.js", library));
const { createMemory, Domain } = await import(new URL("domain.js", library));
const { select } = await import(new URL("mod.js", root));
const CAPACITY = 1024;
const ROUNDS = 7;

const domain = new Domain(createMemory(), { core });
const [there, back] = [makeIn(domain, CAPACITY), makeIn(domain, CAPACITY)];
const handles = [there.handle, back.handle];
const { port1, port2 } = new MessageChannel();
const mine = new MessageChannel();

function start(peer) {
  const { port1: control, port2: its } = new MessageChannel();
  new Worker(new URL("contenders/shared_thread.mjs", import.meta.url), {
    workerData: { control: its, peer, handles, library, core },
    transferList: [its, peer],
  });
  const thread = { done: undefined, run: undefined };
  thread.run = (job, n) =>
    new Promise((done) => {
      control.onmessage = ({ data }) => done(data);
      if (job !== undefined) control.postMessage({ job, n });
    });
  return thread;
}

const threads = [start(port1), start(port2), start(mine.port2)];
await Promise.all(threads.map((thread) => thread.run()));
const [a, b, c] = threads;

let got;
mine.port1.onmessage = ({ data }) => got?.(data);

async function both(sends, receives, n) {
  const times = await Promise.all([b.run(receives, n), a.run(sends, n)]);
  return Math.max(...times) * 1e6 / n;
}

async function iterate(n) {
  const sending = c.run("sendSync", n);
  const start = performance.now();
  let left = n;
  for await (const _ of there) if (--left === 0) break;
  await sending;
  return (performance.now() - start) * 1e6 / n;
}

async function listen(n) {
  const start = performance.now();
  let seen = 0;
  const all = new Promise((resolve) => {
    got = () => {
      if (++seen % (CAPACITY / 2) === 0) mine.port1.postMessage(CAPACITY / 2);
      if (seen === n) resolve();
    };
  });
  await Promise.all([c.run("postSend", n), all]);
  return (performance.now() - start) * 1e6 / n;
}

function selecting(count) {
  const idle = Array.from({ length: count - 1 }, () => makeIn(domain, 1));
  return async (n) => {
    const answering = c.run("pong", n);
    const start = performance.now();
    for (let i = 0; i < n; i++) {
      there.trySend(i);
      await select([back, ...idle]);
    }
    await answering;
    return (performance.now() - start) * 1e6 / n;
  };
}

const SCENARIOS = {
  numbers: {
    n: 200_000,
    ours: (n) => both("sendSync", "recvSync", n),
    post: (n) => both("postSend", "postRecv", n),
  },
  batches256: {
    n: 256 * 2_000,
    ours: (n) => both("sendBatches", "recvBatches", n),
    post: (n) => both("postSend", "postRecv", n),
  },
  objects: {
    n: 100_000,
    ours: (n) => both("sendObjectsSync", "recvObjectsSync", n),
    post: (n) => both("postSendObjects", "postRecvObjects", n),
  },
  for_await_main: { n: 200_000, ours: iterate, post: listen },
  ping_pong: {
    n: 10_000,
    ours: (n) => both("ping", "pong", n),
    post: (n) => both("postPing", "postPong", n),
  },
  select_sync: {
    n: 10_000,
    ours: (n) => both("pingSelect", "pong", n),
    post: (n) => both("ping", "pong", n),
  },
  select64: { n: 3_000, ours: selecting(64), post: selecting(1) },
};

/** Nanoseconds for one of `n`, by the clock and of processor time. */
async function worked(run, n) {
  const before = process.cpuUsage();
  const time = await run(n);
  const { user, system } = process.cpuUsage(before);
  return [time, (user + system) * 1000 / n];
}

for (const [name, { n, ours, post }] of Object.entries(SCENARIOS)) {
  if (only !== "all" && only !== name) continue;
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [mine, myWork] = await worked(ours, n);
    const [its, itsWork] = await worked(post, n);
    rounds.push([mine, its, myWork, itsWork]);
  }
  const measured = rounds.slice(2);
  const column = (i) => Math.round(median(measured.map((round) => round[i])));
  const ratio = (i) => median(measured.map((round) => round[i + 1] / round[i])).toFixed(2);
  console.log(
    `${name}: ours ${column(0)} ns, other ${column(1)} ns, x${ratio(0)}; ` +
      `processor ${column(2)} ns, ${column(3)} ns, x${ratio(2)}`,
  );
}
process.exit(0);
