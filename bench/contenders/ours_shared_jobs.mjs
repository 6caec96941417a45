/** What the threads of ours_shared.mjs do, in the forms that wait in place. */
import { record } from "./threads.mjs";

function send(channel, n) {
  for (let i = 0; i < n; i++) channel.sendSync(i);
}

function receive(channel, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += channel.recvSync().value;
  return sum;
}

const BATCH = 256;
const numbers = Array.from({ length: BATCH }, (_, i) => i);

async function sendBatches(channel, n) {
  for (let first = 0; first < n; first += BATCH) {
    const batch = numbers.slice(0, n - first);
    for (let i = 0; i < batch.length; i++) batch[i] = first + i;
    await channel.sendMany(batch);
  }
}

async function receiveBatches(channel, n) {
  let sum = 0;
  for (let left = n; left > 0;) {
    const batch = await channel.recvMany(Math.min(BATCH, left));
    for (let i = 0; i < batch.length; i++) sum += batch[i];
    left -= batch.length;
  }
  return sum;
}

function sendRecords(channel, n) {
  for (let i = 0; i < n; i++) channel.sendSync(record(i));
}

function receiveRecords(channel, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += channel.recvSync().value.id;
  return sum;
}

function ping(there, back, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    there.sendSync(i);
    sum += back.recvSync().value;
  }
  return sum;
}

function pong(there, back, n) {
  for (let i = 0; i < n; i++) back.sendSync(there.recvSync().value);
}

export async function open({ workers, there, back }) {
  const { SharedChannel } = await import(workers);
  const [first, second] = [SharedChannel.from(there), SharedChannel.from(back)];
  return {
    send: (n) => send(first, n),
    receive: (n) => receive(first, n),
    sendBatches: (n) => sendBatches(first, n),
    receiveBatches: (n) => receiveBatches(first, n),
    sendRecords: (n) => sendRecords(first, n),
    receiveRecords: (n) => receiveRecords(first, n),
    ping: (n) => ping(first, second, n),
    pong: (n) => pong(first, second, n),
  };
}
