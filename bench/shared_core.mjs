/**
 * The bare core of shared channels: `node --import ./tests/fast_typescript.mjs bench/shared_core.mjs [ROUNDS]`, or Deno.
 * Numbers from worker to worker through a ring of 1024, as often as raw messages with as many under way; all
 * of them round by round in one run, so that what else the machine does falls on all alike. And what it
 * costs one thread to push and pop a number, by the time of the processor.
 */
import process from "node:process";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { createMemory, Domain } from "../workers/shared/domain.ts";
import { HEADER, OBJECT_WORDS, RECEIVERS, SENDERS } from "../workers/shared/layout.ts";
import { layRing } from "../workers/shared/ring.ts";
import { median } from "./statistics.mjs";

const CAPACITY = 1024;
const SLOT_BYTES = 128;
const BATCH = 256;
const TRIES = 300;

function ringIn(domain) {
  const header = OBJECT_WORDS * 4;
  const channel = domain.allocate(header + CAPACITY * SLOT_BYTES);
  domain.bytes.fill(0, channel, channel + header);
  const slots = channel + header;
  layRing(domain.words, channel, {
    capacity: CAPACITY,
    slotBytes: SLOT_BYTES,
    slots,
  });
  return channel;
}

/** Waits until `attempt` is done. */
function wait(domain, mask, attempt) {
  for (let i = 0; i < TRIES; i++) {
    const result = attempt();
    if (result !== -1) return result;
  }
  for (;;) {
    const heard = domain.bellValue();
    domain.enlist(mask);
    const result = attempt();
    if (result !== -1) {
      domain.delist(mask);
      return result;
    }
    domain.doze(heard);
    Atomics.wait(domain.words, domain.bell, heard);
  }
}

const roles = {
  send({ memory, core, channel, count }) {
    const domain = new Domain(memory, { core });
    const { floats, scratch, self } = domain;
    const push = () => domain.core.push(channel, scratch, 8, self, true);
    for (let i = 0; i < count; i++) {
      floats[scratch >> 3] = i;
      if (push() !== 0) wait(domain, (channel >> 2) + SENDERS, push);
    }
  },
  receive({ memory, core, channel, count }) {
    const domain = new Domain(memory, { core });
    const { floats, scratch, self } = domain;
    const pop = () => domain.core.pop(channel, scratch, self, true);
    for (let i = 0; i < count; i++) {
      if (pop() < 0) wait(domain, (channel >> 2) + RECEIVERS, pop);
      if (floats[scratch >> 3] !== i) throw new Error(`out of order at ${i}`);
    }
  },
  sendMany({ memory, core, channel, count }) {
    const domain = new Domain(memory, { core });
    const { words, floats, scratch, self } = domain;
    for (let first = 0; first < count; first += BATCH) {
      for (let i = 0; i < BATCH; i++) {
        words[(scratch >> 2) + i * 4 + HEADER] = 8;
        floats[(scratch >> 3) + i * 2 + 1] = first + i;
      }
      let done = 0;
      const push = () =>
        domain.core.pushMany(
          channel,
          scratch + done * 16,
          BATCH - done,
          self,
          true,
        );
      while (done < BATCH) done += wait(domain, (channel >> 2) + SENDERS, push);
    }
  },
  receiveMany({ memory, core, channel, count }) {
    const domain = new Domain(memory, { core });
    const { floats, scratch, self } = domain;
    const pop = () => domain.core.popMany(channel, scratch, BATCH, self, true);
    for (let i = 0; i < count;) {
      const popped = wait(domain, (channel >> 2) + RECEIVERS, pop);
      for (let j = 0; j < popped; j++, i++) {
        if (floats[(scratch >> 3) + j * 2 + 1] !== i) {
          throw new Error(`out of order at ${i}`);
        }
      }
    }
  },
  post({ port, count }) {
    return new Promise((resolve) => {
      let credits = CAPACITY;
      let i = 0;
      const go = () => {
        for (; credits > 0 && i < count; credits--) port.postMessage(i++);
        if (i === count) resolve();
      };
      port.onmessage = ({ data }) => {
        credits += data;
        go();
      };
      go();
    });
  },
  hear({ port, count }) {
    return new Promise((resolve) => {
      let i = 0;
      port.onmessage = () => {
        if (++i % (CAPACITY / 2) === 0) port.postMessage(CAPACITY / 2);
        if (i === count) resolve();
      };
    });
  },
};

const clock = () => performance.timeOrigin + performance.now();

/** Runs one role in each of two threads; values in a microsecond. */
async function race(pair, count) {
  const threads = pair.map(({ role, port, ...work }) =>
    new Worker(new URL(import.meta.url), {
      execArgv: process.execArgv,
      workerData: { role, count, port, ...work },
      transferList: port ? [port] : [],
    })
  );
  const said = (thread) =>
    new Promise((resolve, reject) => {
      thread.once("error", reject);
      thread.once("message", resolve);
    });
  await Promise.all(threads.map(said));
  const ended = threads.map(said);
  for (const thread of threads) thread.postMessage("go");
  const times = await Promise.all(ended);
  for (const thread of threads) await thread.terminate();
  const from = Math.min(...times.map(([start]) => start));
  return count / (Math.max(...times.map(([, end]) => end)) - from) / 1000;
}

function ringRace(core, sender, receiver, count) {
  const domain = new Domain(createMemory(2 ** 24), { core });
  const work = { memory: domain.memory, core, channel: ringIn(domain) };
  return race([{ role: sender, ...work }, { role: receiver, ...work }], count);
}

function portRace(count) {
  const { port1, port2 } = new MessageChannel();
  return race(
    [{ role: "post", port: port1 }, { role: "hear", port: port2 }],
    count,
  );
}

/** Nanoseconds of the processor to push and pop one number. */
function alone(core, batch) {
  const domain = new Domain(createMemory(2 ** 24), { core });
  const channel = ringIn(domain);
  const { words, scratch, self, core: ring } = domain;
  const one = () => {
    ring.push(channel, scratch, 8, self, true);
    ring.pop(channel, scratch, self, true);
  };
  const many = () => {
    for (let i = 0; i < BATCH; i++) words[(scratch >> 2) + i * 4 + HEADER] = 8;
    ring.pushMany(channel, scratch, BATCH, self, true);
    ring.popMany(channel, scratch, BATCH, self, true);
  };
  const [step, values] = batch ? [many, BATCH] : [one, 1];
  const run = (n) => {
    for (let i = 0; i < n; i += values) step();
  };
  run(100_000);
  return median([1, 2, 3, 4, 5].map(() => {
    const before = process.cpuUsage();
    run(400_000);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 400;
  }));
}

async function main(rounds) {
  const contenders = {
    "ring, WebAssembly": () => ringRace("wasm", "send", "receive", 2 ** 22),
    "ring, JavaScript": () => ringRace("fallback", "send", "receive", 2 ** 21),
    "ring, WebAssembly, batches of 256": () => ringRace("wasm", "sendMany", "receiveMany", 2 ** 23),
    "raw postMessage": () => portRace(2 ** 17),
  };
  const rates = Object.keys(contenders).map((name) => ({ name, rounds: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const each of rates) each.rounds.push(await contenders[each.name]());
  }
  const base = rates.at(-1).rounds;
  for (const { name, rounds } of rates) {
    const ratio = median(rounds.map((rate, i) => rate / base[i]));
    console.log(
      `${name}: ${median(rounds).toFixed(2)} M/s, ${ratio.toFixed(1)} x postMessage`,
    );
  }
  for (const core of ["wasm", "fallback"]) {
    for (const batch of [false, true]) {
      console.log(
        `push and pop, ${core}${batch ? ", batches" : ""}: ${alone(core, batch).toFixed(0)} ns`,
      );
    }
  }
}

if (isMainThread) {
  await main(Number(process.argv[2] ?? 5));
} else {
  parentPort.postMessage("ready");
  parentPort.once("message", async () => {
    const start = clock();
    await roles[workerData.role](workerData);
    parentPort.postMessage([start, clock()]);
  });
}
