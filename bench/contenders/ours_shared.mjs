/** The library's shared channels. The module to measure is the third argument of the process. */
import process from "node:process";
import { CAPACITY, startThread } from "./threads.mjs";

const library = process.argv[4];
const workers = library.replace(/mod(\.\w+)$/, "workers/mod$1");
const IDLE = 63;
let opened;

async function open() {
  const { select } = await import(library);
  const { SharedChannel } = await import(workers);
  const there = new SharedChannel(CAPACITY), back = new SharedChannel(CAPACITY);
  const args = { workers, there: there.handle, back: back.handle };
  const [a, b] = await Promise.all(
    Array.from(
      { length: 2 },
      () => startThread("./ours_shared_jobs.mjs", args),
    ),
  );
  const idle = Array.from({ length: IDLE }, () => new SharedChannel(1));
  return { a, b, there, back, idle, select };
}

function both(sends, receives) {
  return async (n) => {
    const { a, b } = await (opened ??= open());
    const [sum] = await Promise.all([b(receives, n), a(sends, n)]);
    return sum;
  };
}

async function toMain(n) {
  const { a, there } = await (opened ??= open());
  const sending = a("send", n);
  let sum = 0, left = n;
  for await (const value of there) {
    sum += value;
    if (--left === 0) break;
  }
  await sending;
  return sum;
}

function selecting(count) {
  return async (n) => {
    const { a, there, back, idle, select } = await (opened ??= open());
    const channels = [back, ...idle.slice(0, count - 1)],
      answering = a("pong", n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (!there.trySend(i)) throw new Error("full");
      const result = await select(channels);
      if (!result.done) sum += result.value;
    }
    await answering;
    return sum;
  };
}

export const shared = {
  shared_spsc: both("send", "receive"),
  shared_batches: both("sendBatches", "receiveBatches"),
  shared_main: toMain,
  shared_objects: both("sendRecords", "receiveRecords"),
  shared_pingpong: both("pong", "ping"),
  shared_select1: selecting(1),
  shared_select64: selecting(1 + IDLE),
};
