/**
 * What must hold besides speed: memory, listeners, timers, and the event loop. One check in a process
 * of its own, with the collector exposed. Arguments: the check and the library's main module. The
 * answer is one line of JSON: what was found, and what is wrong, if anything.
 */
import process from "node:process";
import { FLOW_CHECKS } from "./flow_limits.mjs";
import { growth } from "./heap.mjs";
import { WORKER_CHECKS } from "./worker_limits.mjs";

const [check, library] = process.argv.slice(2);
const { after, Channel, select } = await import(library);

/** The signal of a controller, whose listeners are counted. */
function countedSignal(controller) {
  const { signal } = controller, count = { now: 0, most: 0 };
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args) => {
    count.most = Math.max(count.most, ++count.now);
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args) => {
    count.now--;
    removeEventListener.apply(signal, args);
  };
  return { signal, count };
}

const selectBusy = (busy, others) => async (n) => {
  for (let i = 0; i < n; i++) {
    const promise = select({ busy, ...others() });
    if (!busy.trySend(i)) throw new Error("the select did not park");
    const { key, value } = await promise;
    if (key !== "busy" || value !== i) throw new Error(`${key} gave ${value}`);
  }
};

const CHECKS = {
  async idle_selects() {
    const busy = new Channel(), idle = new Channel();
    const result = await growth(200_000, selectBusy(busy, () => ({ idle })));
    return result.wrong || idle.trySend(0) === false
      ? result
      : { ...result, wrong: "an entry stays" };
  },

  async lost_timers() {
    const timers = () => {
      return process.getActiveResourcesInfo?.().filter((it) => it === "Timeout")
        .length ?? 0;
    };
    const before = timers();
    const result = await growth(
      200_000,
      selectBusy(new Channel(), () => ({ late: after(60_000) })),
    );
    const left = timers() - before;
    return left > 0 ? { found: result.found, wrong: `${left} timers are left` } : result;
  },

  async signal_waits() {
    const { signal, count } = countedSignal(new AbortController());
    const channel = new Channel();
    const result = await growth(100_000, async (n) => {
      for (let i = 0; i < n; i++) {
        const promise = channel.recv({ signal });
        channel.trySend(i);
        await promise;
      }
    });
    return listeners(result, count);
  },

  async signal_waits_at_once() {
    const { signal, count } = countedSignal(new AbortController());
    const channel = new Channel();
    const result = await growth(100_000, async (n) => {
      const parked = [];
      for (let i = 0; i < n; i++) parked.push(channel.recv({ signal }));
      for (let i = 0; i < n; i++) channel.trySend(i);
      await Promise.all(parked);
    });
    return listeners(result, count);
  },

  /** The best of three: the runtime's own part, without any library, is more than half of it. */
  async scattered_cancels() {
    const times = [
      await cancelScattered(),
      await cancelScattered(),
      await cancelScattered(),
    ];
    const bare = Math.round(await cancelScattered(bareReceive));
    const best = Math.round(Math.min(...times));
    const found = `${best} ms, bare promises ${bare} ms`;
    return { found, wrong: best >= 1_000 && "1 s or more" };
  },

  hot_rendezvous: () => hot(0),
  hot_buffer: () => hot(16),
  hot_sends: () => hot(Infinity, (channel) => channel.size > 1_000 && channel.recvMany(1_000)),

  ...FLOW_CHECKS,
  ...WORKER_CHECKS,
};

/** Milliseconds that it takes to abort 100,000 waits, each with its own signal, in scattered order. */
async function cancelScattered(wait) {
  const n = 100_000, step = 38_197; // no common factor: every one of them once
  const channel = new Channel(), parked = [], controllers = [];
  for (let i = 0; i < n; i++) {
    const controller = new AbortController(), { signal } = controller;
    controllers.push(controller);
    parked.push(wait === undefined ? channel.recv({ signal }) : wait(signal));
  }
  const settled = Promise.allSettled(parked), reason = new Error("enough");
  const start = performance.now();
  for (let i = 0, at = 0; i < n; i++, at = (at + step) % n) {
    controllers[at].abort(reason);
  }
  const ended = await settled;
  const ms = performance.now() - start;
  const rejected = ended.filter((it) => it.reason === reason).length;
  if (rejected !== n) {
    throw new Error(`${rejected} of ${n} rejected with the reason`);
  }
  return ms;
}

function bareReceive(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), {
      once: true,
    });
  });
}

function listeners(result, { now, most }) {
  if (most > 1) return { ...result, wrong: `${most} listeners at once` };
  if (now > 0) return { ...result, wrong: "a listener stays" };
  return { found: `${result.found}, 1 listener at most`, wrong: result.wrong };
}

/** How often a 10 ms interval ticks in 500 ms of operations that hardly wait. */
async function hot(capacity, drain) {
  const channel = new Channel(capacity);
  let ticks = 0, worst = 0, last = performance.now(), values = 0;
  const interval = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - 10);
    last = now;
    ticks++;
  }, 10);
  const end = performance.now() + 500;
  const consumer = drain === undefined ? consume(channel) : undefined;
  while (++values % 64 !== 0 || performance.now() < end) {
    await channel.send(values);
    drain?.(channel);
  }
  clearInterval(interval);
  worst = Math.max(worst, performance.now() - last - 10);
  channel.close();
  await consumer;
  const found = `${ticks} ticks, the latest ${worst.toFixed(0)} ms late, ${values} values`;
  return {
    found,
    wrong: (ticks < 20 && "fewer than 20 ticks") ||
      (worst > 25 && "over 25 ms late"),
  };
}

async function consume(channel) {
  let n = 0;
  for await (const _ of channel) n++;
  return n;
}

if (check === undefined) console.log(Object.keys(CHECKS).join("\n"));
else {
  const { found, wrong } = await CHECKS[check]();
  process.stdout.write(
    JSON.stringify({ found, wrong: wrong || undefined }) + "\n",
  );
}
