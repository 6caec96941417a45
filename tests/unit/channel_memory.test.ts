import { assert, assertEquals, assertLess } from "@std/assert";
import { setImmediate } from "node:timers";
import process from "node:process";
import { test } from "node:test";
import { Channel, once, select } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { waiting } from "./counts.ts";
import { collected, NO_GC } from "./gc.ts";
import { settled } from "./watch.ts";

/** Counts the abort listeners of a signal as they come and go. */
class Listeners {
  now = 0;
  most = 0;

  constructor(signal: AbortSignal) {
    const add = signal.addEventListener.bind(signal) as (...args: unknown[]) => void;
    const remove = signal.removeEventListener.bind(signal) as (...args: unknown[]) => void;
    signal.addEventListener = (...args: unknown[]) => {
      this.most = Math.max(this.most, ++this.now);
      add(...args);
    };
    signal.removeEventListener = (...args: unknown[]) => {
      this.now--;
      remove(...args);
    };
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(() => resolve()));

test("one signal has one listener however many operations wait on it", () => {
  const { signal } = new AbortController();
  const listeners = new Listeners(signal);
  const channels = [new Channel<number>(), new Channel<number>()];

  for (let i = 0; i < 100; i++) {
    for (const channel of channels) channel.recv({ signal });
    select({ a: channels[0], b: channels[1] }, { signal });
    select({ a: channels[0], stop: signal });
  }

  assertEquals([listeners.now, listeners.most], [1, 1]);
});

test("a signal loses its listener within a turn when nobody waits on it any more", async () => {
  const { signal } = new AbortController();
  const listeners = new Listeners(signal);
  const channel = new Channel<number>();
  for (let i = 0; i < 3; i++) channel.recv({ signal });
  select({ in: channel, stop: signal });

  for (let i = 0; i < 4; i++) channel.trySend(i);
  await turn();

  assertEquals(listeners.now, 0);
});

test("a signal is given no listener by an operation that went at once", async () => {
  const { signal } = new AbortController();
  const listeners = new Listeners(signal);
  const channel = new Channel<number>(1);

  await settled(channel.send(1, { signal }));
  await settled(channel.recv({ signal }));

  assertEquals(listeners.most, 0);
});

test("100,000 waits on one signal, one after the other, never have more than one listener", async () => {
  const { signal } = new AbortController();
  const listeners = new Listeners(signal);
  const channel = new Channel<number>();

  for (let i = 0; i < 100_000; i++) {
    const receive = channel.recv({ signal });
    channel.trySend(i);
    await receive;
  }
  await turn();

  assertEquals([listeners.most, listeners.now], [1, 0]);
});

// Constant time each takes a fraction of a second; a search through the queue takes minutes.
const GENEROUS = 20_000;

test("100,000 parked receives are aborted in scattered order", async () => {
  const channel = new Channel<number>();
  const controllers = Array.from({ length: 1_000 }, () => new AbortController());
  let rejected = 0;
  for (let i = 0; i < 100_000; i++) {
    channel.recv({ signal: controllers[i % 1_000]?.signal }).catch(() => rejected++);
  }
  const begun = performance.now();

  for (let i = 0; i < 1_000; i++) controllers[(i * 617) % 1_000]?.abort("stop");
  const took = performance.now() - begun;
  await idle();

  assertEquals([waiting(channel), rejected], [0, 100_000]);
  assertLess(took, GENEROUS);
});

test("100,000 parked steps of loops are returned in scattered order", async () => {
  const channel = new Channel<number>();
  const iterators = Array.from({ length: 100_000 }, () => channel[Symbol.asyncIterator]());
  let done = 0;
  for (const iterator of iterators) iterator.next().then((step) => done += Number(step.done));
  const begun = performance.now();

  for (let i = 0; i < iterators.length; i++) iterators[(i * 61_803) % iterators.length]?.return();
  const took = performance.now() - begun;
  await idle();

  assertEquals([waiting(channel), done], [0, 100_000]);
  assertLess(took, GENEROUS);
});

test("100,000 selects with an idle channel leave nothing in its queue", async () => {
  const [busy, quiet] = [new Channel<number>(), new Channel<number>()];
  let most = 0;

  for (let i = 0; i < 100_000; i++) {
    const selected = select({ busy, quiet });
    busy.trySend(i);
    await selected;
    most = Math.max(most, waiting(quiet));
  }

  assertEquals(most, 0);
});

test("a capacity is not allocated before it is used", () => {
  const before = process.memoryUsage().rss;

  const channels = [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER].map((n) => new Channel<number>(n));
  for (const channel of channels) channel.trySend(1);

  assertLess(process.memoryUsage().rss - before, 100e6);
});

/** Gives its value inside `then`, as a promise cannot. */
function resolvesAtOnce(value: object): PromiseLike<object> {
  return {
    then(onfulfilled) {
      onfulfilled?.(value);
      return new Promise(() => {});
    },
  };
}

/** What a channel must not keep alive: each puts `value` through and gives back what stays alive. */
const ENDS: Record<string, (value: object) => unknown> = {
  "was received from the buffer": (value) => {
    const channel = new Channel<object>(4);
    channel.trySend(value);
    channel.tryRecv();
    return channel;
  },
  "was received by recvMany()": (value) => {
    const channel = new Channel<object>(4);
    channel.trySend(value);
    channel.recvMany(2);
    return channel;
  },
  "was handed to a parked receiver": (value) => {
    const channel = new Channel<object>(4);
    channel.recv();
    channel.trySend(value);
    return channel;
  },
  "came from a parked sender": (value) => {
    const channel = new Channel<object>();
    channel.send(value);
    channel.tryRecv();
    return channel;
  },
  "belongs to an aborted send": (value) => {
    const channel = new Channel<object>();
    const controller = new AbortController();
    channel.send(value, { signal: controller.signal }).catch(() => {});
    controller.abort();
    return [channel, controller];
  },
  "was dropped by overflow": (value) => {
    const channel = new Channel<object>(1, { overflow: "drop-oldest" });
    channel.trySend(value);
    channel.trySend({});
    return channel;
  },
  "was refused by a full dropping channel": (value) => {
    const channel = new Channel<object>(1, { overflow: "drop-newest" });
    channel.trySend({});
    channel.trySend(value);
    return channel;
  },
  "was in the buffer at cancel()": (value) => {
    const channel = new Channel<object>(4);
    channel.trySend(value);
    channel.cancel();
    return channel;
  },
  "was parked at cancel()": (value) => {
    const channel = new Channel<object>();
    channel.send(value).catch(() => {});
    channel.cancel();
    return channel;
  },
  "was offered by a select that chose something else": (value) => {
    const [out, other] = [new Channel<object>(), new Channel<number>()];
    select({ out: out.sendCase(value), other });
    other.trySend(1);
    return [out, other];
  },
  "was given by once() and received": (value) => {
    const receiver = once(resolvesAtOnce(value));
    receiver.tryRecv();
    return receiver;
  },
};

for (const [what, pass] of Object.entries(ENDS)) {
  test(`a channel does not keep a value alive that ${what}`, { skip: NO_GC }, async () => {
    const keep: unknown[] = [];
    const ref = (() => {
      const value = { big: new Array(1_000).fill(0) };
      keep.push(pass(value));
      return new WeakRef(value);
    })();
    await idle();

    const gone = await collected(ref);

    assert(gone);
    assertEquals(keep.length, 1);
  });
}

test(
  "a channel keeps nothing alive of a select that was decided elsewhere",
  { skip: NO_GC },
  async () => {
    const quiet = new Channel<number>();
    const ref = await (async () => {
      const busy = new Channel<number>(1);
      const selected = select({ busy, quiet });
      busy.trySend(1);
      await selected;
      return new WeakRef(busy);
    })();
    await idle();

    const gone = await collected(ref);

    assert(gone);
    assertEquals(waiting(quiet), 0);
  },
);

test("a signal keeps nothing alive of a wait that is over", { skip: NO_GC }, async () => {
  const { signal } = new AbortController();
  const ref = await (async () => {
    const channel = new Channel<number>();
    const receive = channel.recv({ signal });
    channel.trySend(1);
    await receive;
    return new WeakRef(channel);
  })();
  await idle();

  const gone = await collected(ref);

  assert(gone);
  assertEquals(signal.aborted, false);
});

/** A big value that only the result of a receive holds. */
async function takeBig(
  loop: AsyncIterator<object>,
  channel: Channel<object>,
): Promise<WeakRef<object>> {
  const value = { big: new Array(1_000).fill(0) };
  const step = loop.next();
  channel.trySend(value);
  await step;
  return new WeakRef(value);
}

test(
  "a loop does not keep a value alive that it waited for, once it has taken the next",
  { skip: NO_GC },
  async () => {
    const channel = new Channel<object>(1);
    const loop = channel[Symbol.asyncIterator]();
    const ref = await takeBig(loop, channel);
    channel.trySend({});

    await loop.next();

    assert(await collected(ref));
    assertEquals(typeof loop.next, "function");
  },
);

test("a loop that was left keeps nothing of its channel alive", { skip: NO_GC }, async () => {
  const channel = () => new Channel<object>(1);
  const [loop, ref] = await (async (jobs) => {
    const loop = jobs[Symbol.asyncIterator]();
    await takeBig(loop, jobs);
    await loop.return?.();
    return [loop, new WeakRef(jobs)] as const;
  })(channel());

  const gone = await collected(ref);

  assert(gone);
  assertEquals(await settled(loop.next()), { done: true, value: undefined });
});
