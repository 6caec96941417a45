/**
 * The floor of the shared scenarios: `postMessage` over a bare port, with as many messages on the way as the
 * channel has places.
 */
import { MessageChannel } from "node:worker_threads";
import { ping, Port, receive } from "./floor_shared_jobs.mjs";
import { startThread } from "./threads.mjs";

const JOBS = "./floor_shared_jobs.mjs";
let opened;

async function open() {
  const between = new MessageChannel(), mine = new MessageChannel();
  const [sender, receiver, far] = await Promise.all(
    [between.port1, between.port2, mine.port1].map((port) => startThread(JOBS, { port }, [port])),
  );
  return { sender, receiver, far, port: new Port(mine.port2) };
}

function both(sends, receives) {
  return async (n) => {
    const { sender, receiver } = await (opened ??= open());
    const [sum] = await Promise.all([receiver(receives, n), sender(sends, n)]);
    return sum;
  };
}

async function toMain(n) {
  const { far, port } = await (opened ??= open());
  const sending = far("send", n);
  const sum = await receive(port, n);
  await sending;
  return sum;
}

async function ask(n) {
  const { far, port } = await (opened ??= open());
  const answering = far("pong", n);
  const sum = await ping(port, n);
  await answering;
  return sum;
}

async function pingpong(n) {
  const { sender, receiver } = await (opened ??= open());
  const [sum] = await Promise.all([sender("ping", n), receiver("pong", n)]);
  return sum;
}

export const shared = {
  shared_spsc: both("send", "receive"),
  shared_batches: both("send", "receive"),
  shared_main: toMain,
  shared_objects: both("sendRecords", "receiveRecords"),
  shared_pingpong: pingpong,
  shared_select1: ask,
  shared_select64: ask,
};
