/** `multithreading`: its channel over shared memory, in the forms that wait in place; in the main thread `for await`. */
import { rival } from "./rival.mjs";
import { CAPACITY } from "./threads.mjs";

// Fails where it is not installed. It is loaded where it is used: it does not load on Node 20.
import.meta.resolve("multithreading");
let loaded;
const load = () => loaded ??= rival("multithreading");

export const leavesOut =
  "JSON values only; needs Node 21; no select, no timeout, no signal; no more objects under way than 64 KB hold: capacity 64";

/** What a thread runs is sent as text: it sees its arguments and nothing else. */
async function done(handle) {
  const { ok, value, error } = await handle.join();
  if (!ok) throw error;
  return value;
}

function send(end, n) {
  for (let i = 0; i < n; i++) end.blockingSend(i);
}

function receive(end, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += end.blockingRecv().value;
  return sum;
}

function sendRecords(end, n) {
  for (let i = 0; i < n; i++) {
    end.blockingSend({
      id: i,
      name: "item-12",
      values: [1, 2, 3, 4, 5, 6, 7, i],
    });
  }
}

function receiveRecords(end, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += end.blockingRecv().value.id;
  return sum;
}

function ping(there, back, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    there.blockingSend(i);
    sum += back.blockingRecv().value;
  }
  return sum;
}

function pong(there, back, n) {
  for (let i = 0; i < n; i++) back.blockingSend(there.blockingRecv().value);
}

function both(sends, receives, capacity = CAPACITY) {
  return async (n) => {
    const { channel, move, spawn } = await load();
    const [tx, rx] = channel(capacity);
    const receiving = done(spawn(move(rx, n), receives));
    await done(spawn(move(tx, n), sends));
    return await receiving;
  };
}

async function toMain(n) {
  const { channel, move, spawn } = await load();
  const [tx, rx] = channel(CAPACITY);
  const sending = done(spawn(move(tx, n), send));
  let sum = 0, left = n;
  for await (const value of rx) {
    sum += value;
    if (--left === 0) break;
  }
  await sending;
  return sum;
}

async function pingpong(n) {
  const { channel, move, spawn } = await load();
  const [there, requests] = channel(CAPACITY),
    [back, answers] = channel(CAPACITY);
  const answering = done(spawn(move(requests, back, n), pong));
  const sum = await done(spawn(move(there, answers, n), ping));
  await answering;
  return sum;
}

export const scenarios = {
  shared_spsc: both(send, receive),
  shared_main: toMain,
  shared_objects: both(sendRecords, receiveRecords, CAPACITY / 16),
  shared_pingpong: pingpong,
};
