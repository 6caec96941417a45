/** One of the two threads of bench/shared_channel.mjs: does what it is told, and tells when it is done. */
import { workerData } from "node:worker_threads";

const { control, peer, handles, library, core } = workerData;
const { openIn } = await import(new URL("shared_channel.js", library));
const { Domain } = await import(new URL("domain.js", library));
const { selectSync } = await import(new URL("select_sync.js", library));
const domain = new Domain(handles[0].memory, { core });
const [there, back] = handles.map((handle) => openIn(domain, handle));
const WINDOW = 1024;

const small = (i) => ({
  id: i,
  name: "item-12",
  values: [1, 2, 3, 4, 5, 6, 7, i],
});
let got;
peer.onmessage = ({ data }) => got?.(data);

const jobs = {
  sendSync(n) {
    for (let i = 0; i < n; i++) there.sendSync(i);
  },
  recvSync(n) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += there.recvSync().value;
    return sum;
  },
  sendObjectsSync(n) {
    for (let i = 0; i < n; i++) there.sendSync(small(i));
  },
  recvObjectsSync(n) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += there.recvSync().value.id;
    return sum;
  },
  async sendBatches(n) {
    const batch = Array.from({ length: 256 }, (_, i) => i);
    for (let i = 0; i < n; i += 256) await there.sendMany(batch);
  },
  async recvBatches(n) {
    let sum = 0;
    for (let i = 0; i < n;) {
      const batch = await there.recvMany(256);
      for (const value of batch) sum += value;
      i += batch.length;
    }
    return sum;
  },
  ping(n) {
    for (let i = 0; i < n; i++) {
      there.sendSync(i);
      back.recvSync();
    }
  },
  pong(n) {
    for (let i = 0; i < n; i++) back.sendSync(there.recvSync().value);
  },
  pingSelect(n) {
    for (let i = 0; i < n; i++) {
      there.sendSync(i);
      selectSync({ in: back });
    }
  },
  async postSend(n, make = (i) => i) {
    let credits = WINDOW;
    for (let i = 0; i < n; i++) {
      while (credits === 0) {
        credits += await new Promise((resolve) => got = resolve);
      }
      peer.postMessage(make(i));
      credits--;
    }
  },
  async postRecv(n, of = (value) => value) {
    let [seen, sum] = [0, 0];
    await new Promise((resolve) => {
      got = (value) => {
        sum += of(value);
        if (++seen % (WINDOW / 2) === 0) peer.postMessage(WINDOW / 2);
        if (seen === n) resolve();
      };
    });
    return sum;
  },
  postSendObjects: (n) => jobs.postSend(n, small),
  postRecvObjects: (n) => jobs.postRecv(n, ({ id }) => id),
  async postPing(n) {
    for (let i = 0; i < n; i++) {
      const answer = new Promise((resolve) => got = resolve);
      peer.postMessage(i);
      await answer;
    }
  },
  postPong(n) {
    let left = n;
    return new Promise((resolve) => {
      got = (value) => {
        peer.postMessage(value);
        if (--left === 0) resolve();
      };
    });
  },
};

control.onmessage = async ({ data: { job, n } }) => {
  const start = performance.now();
  await jobs[job](n);
  control.postMessage(performance.now() - start);
};
control.postMessage("ready");
