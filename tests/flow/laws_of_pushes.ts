/**
 * What those flows owe whose values are pushed: they cannot ask for less, so they have a bound and a policy,
 * and whoever pushes must be rid of them in the call that ends them.
 *
 * An operator is a row, as in the suite of what every operator owes: how it is made, its bound, which laws it
 * does not keep, and why. After each law nobody may be parked and no timer set.
 *
 * @module
 */
import { assertEquals, assertLess, assertNotEquals, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import type { Flow, Subscription } from "../../mod.ts";
import { idle, parked, useFakeClock } from "../../testing/mod.ts";
import { DONE, rejection, settled, watch } from "../unit/watch.ts";
import { heap, NO_GC } from "./heap.ts";
import type { Publisher } from "./laws_publishers.ts";
import type { Deviation } from "./operator.ts";
import { takeAndLeave } from "./sources.ts";

/** What the laws have to know of a flow that is pushed into. */
export interface PushOptions {
  /** How many values may wait. */
  readonly capacity: number;
  /** What becomes of the others. */
  readonly overflow: "wait" | "drop-oldest" | "drop-newest";
  readonly deviations?: readonly Deviation[];
}

interface PushLaw {
  /** Completes the sentence that begins with the name of the operator. */
  readonly name: string;
  readonly skip?: string | false;
  readonly body: (publisher: Publisher, options: PushOptions) => Promise<void>;
}

type End = (flow: Flow<unknown>, stop: AbortController) => unknown;

/** Ends that are done when the call is. */
const ENDS_BY_CALL: { readonly [way: string]: End } = {
  "cancel()": (flow) => flow.cancel("enough"),
  "[Symbol.dispose]()": (flow) => (flow as unknown as Disposable)[Symbol.dispose](),
  "[Symbol.asyncDispose]()": (flow) => flow[Symbol.asyncDispose](),
  "return()": (flow) => flow[Symbol.asyncIterator]().return(),
  "return() of a loop over batches": (flow) =>
    flow.batches(2)[Symbol.asyncIterator]().return?.(undefined),
  "its signal": (_, stop) => stop.abort("stop"),
};

/** Ends of loops, which come after a value. */
const ENDS_OF_LOOPS: { readonly [way: string]: End } = {
  "break": (flow) => takeAndLeave(flow, 1),
  "break in a loop over batches": (flow) => takeAndLeave(flow.batches(1), 1),
  "a throw in the loop": async (flow) => {
    const loop = async () => {
      for await (const _ of flow) throw "consumer";
    };
    assertEquals(await loop().catch((error) => error), "consumer");
  },
};

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** The numbers that are there now. */
function atHand(flow: Subscription<unknown>, publisher: Publisher): number[] {
  const values: number[] = [];
  while (flow.size > 0 || !flow.closed) {
    const received = flow.tryRecv();
    if (received === undefined || received.done) break;
    values.push(publisher.read(received.value));
  }
  return values;
}

/** Which of the numbers 1 to `n` are kept, if nobody receives in between. */
function kept(n: number, { capacity, overflow }: PushOptions): number[] {
  if (overflow === "wait") return numbers(n);
  const most = Math.min(n, capacity);
  return overflow === "drop-newest" ? numbers(most) : numbers(n).slice(n - most);
}

/** Whoever ended is not heard of again, whatever follows. */
async function isRid(publisher: Publisher, flow: Subscription<unknown>, stop: AbortController) {
  flow.cancel();
  stop.abort();
  await settled(flow[Symbol.asyncDispose]());
  await settled(publisher.push(9));
  assertEquals([publisher.listeners, flow.size, flow.closed, flow.missed], [0, 0, true, 0]);
}

const ending: readonly PushLaw[] = [
  ...Object.entries(ENDS_BY_CALL).map(([way, end]): PushLaw => ({
    name: `stops listening once, in the same call, at ${way}`,
    async body(publisher) {
      const stop = new AbortController();
      const flow = publisher.subscribe(stop.signal);
      assertNotEquals(publisher.listeners, 0);
      const pushed = watch(publisher.push(1));

      const ended = end(flow, stop);

      assertEquals(publisher.listeners, 0);
      await settled(Promise.resolve(ended));
      assertEquals(pushed.state, "fulfilled");
      await isRid(publisher, flow, stop);
      assertEquals(await settled(flow.recv()), DONE);
    },
  })),
  ...Object.entries(ENDS_OF_LOOPS).map(([way, end]): PushLaw => ({
    name: `stops listening once at ${way}`,
    async body(publisher) {
      const stop = new AbortController();
      const flow = publisher.subscribe(stop.signal);
      const pushed = watch(publisher.push(1));

      await settled(Promise.resolve(end(flow, stop)));

      assertEquals([publisher.listeners, pushed.state], [0, "fulfilled"]);
      await isRid(publisher, flow, stop);
      assertEquals(await settled(flow.recv()), DONE);
    },
  })),
];

const values: readonly PushLaw[] = [
  {
    name: "listens from the call on, so that nothing is missed before the first receive",
    async body(publisher) {
      const flow = publisher.subscribe();
      const pushed = watch(publisher.push(1));
      await idle();

      assertEquals(publisher.read((await settled(flow.recv())).value), 1);
      await idle();
      assertEquals(pushed.state, "fulfilled");
    },
  },
  {
    name: "holds as many as its capacity, and counts what it misses by its policy",
    async body(publisher, options) {
      const flow = publisher.subscribe();
      const n = Math.min(options.capacity, 3) + 3;
      const pushes = numbers(n).map((i) => watch(publisher.push(i)));
      await idle();

      const size = Math.min(options.capacity, n);
      const waits = options.overflow === "wait" ? n - size : 0;
      const waiting = pushes.filter(({ state }) => state === "waiting");
      const missed = n - size - waits;
      assertEquals([flow.size, waiting.length, flow.missed], [size, waits, missed]);

      assertEquals(atHand(flow, publisher), kept(n, options));
      await idle();
      assertEquals(pushes.map(({ state }) => state), pushes.map(() => "fulfilled"));
      assertEquals([flow.size, flow.missed], [0, missed]);
    },
  },
  {
    name: "misses nothing while receives wait",
    async body(publisher) {
      const flow = publisher.subscribe();
      const receives = numbers(5).map(() => watch(flow.recv()));
      await idle();

      for (const n of numbers(5)) await settled(publisher.push(n));
      await idle();

      assertEquals(receives.map(({ value }) => publisher.read(value?.value)), numbers(5));
      assertEquals([flow.size, flow.missed], [0, 0]);
    },
  },
  {
    name: "gives each who subscribed all values, and holds none up for who left",
    async body(publisher) {
      const [flow, other] = [publisher.subscribe(), publisher.subscribe()];
      const first = [watch(flow.recv()), watch(other.recv())];
      await settled(publisher.push(1));
      other.cancel();
      const second = watch(flow.recv());
      await settled(publisher.push(2));

      const received = [...first, second].map(({ value }) => publisher.read(value?.value));
      assertEquals([received, await settled(other.recv())], [[1, 1, 2], DONE]);
    },
  },
];

const sources: readonly PushLaw[] = [
  {
    name: "fails with the error itself after what came before it, and stops listening",
    async body(publisher) {
      const error = new Error("broken");
      const flow = publisher.subscribe();
      const pushed = watch(publisher.push(1));

      publisher.fail(error);

      assertEquals(publisher.read((await settled(flow.recv())).value), 1);
      for (let i = 0; i < 2; i++) assertStrictEquals(await rejection(flow.recv()), error);
      assertEquals([pushed.state, publisher.listeners], ["fulfilled", 0]);
    },
  },
  {
    name: "ends after what came before the end",
    async body(publisher) {
      const flow = publisher.subscribe();
      const pushed = watch(publisher.push(1));

      publisher.end();

      assertEquals(publisher.read((await settled(flow.recv())).value), 1);
      assertEquals([await settled(flow.recv()), flow.closed], [DONE, true]);
      assertEquals([pushed.state, publisher.listeners], ["fulfilled", 0]);
    },
  },
  {
    name: "takes nothing of a push in which it is ended",
    async body(publisher) {
      const stop = new AbortController();
      const flow = publisher.subscribe(stop.signal);
      publisher.before = (n) => n === 2 && stop.abort("stop");

      for (const n of numbers(3)) void publisher.push(n);

      assertEquals([atHand(flow, publisher), publisher.listeners], [[1], 0]);
      assertEquals(await rejection(flow.recv()), "stop");
    },
  },
  {
    name: "takes a push that is made in a push",
    async body(publisher) {
      const flow = publisher.subscribe();
      const receives = [watch(flow.recv()), watch(flow.recv())];
      publisher.before = (n) => n === 1 && void publisher.push(2);

      void publisher.push(1);
      await idle();

      // The inner push is over before the outer one goes on.
      assertEquals(receives.map(({ value }) => publisher.read(value?.value)), [2, 1]);
    },
  },
];

const signals: readonly PushLaw[] = [
  {
    name: "gives what it has, and then the reason of its signal",
    async body(publisher, { capacity }) {
      const stop = new AbortController();
      const flow = publisher.subscribe(stop.signal);
      void publisher.push(1);

      stop.abort("stop");
      await settled(publisher.push(2));

      assertEquals(atHand(flow, publisher), capacity === 0 ? [] : [1]);
      assertEquals([await rejection(flow.recv()), await rejection(flow.recv())], ["stop", "stop"]);
    },
  },
  {
    name: "ends receives that wait, at its signal",
    async body(publisher) {
      const stop = new AbortController();
      const flow = publisher.subscribe(stop.signal);
      const receives = [watch(flow.recv()), watch(flow.recv())];
      await idle();

      stop.abort("stop");
      await idle();

      assertEquals(receives.map(({ reason }) => reason), ["stop", "stop"]);
    },
  },
  {
    name: "never listens with a signal that is aborted",
    async body(publisher) {
      const flow = publisher.subscribe(AbortSignal.abort("stop"));
      await settled(publisher.push(1));

      assertEquals([publisher.listeners, flow.size], [0, 0]);
      assertEquals(await rejection(flow.recv()), "stop");
    },
  },
];

const memory: PushLaw = {
  name: "leaves the heap flat and nobody behind after many that began and ended",
  skip: NO_GC,
  async body(publisher) {
    const { signal } = new AbortController();
    const cycle = async () => {
      const flow = publisher.subscribe(signal);
      const receive = flow.recv();
      await publisher.push(1);
      await receive;
      void publisher.push(2);
      flow.cancel();
    };
    for (let i = 0; i < 500; i++) await cycle();
    const before = await heap();

    for (let i = 0; i < 2_000; i++) await cycle();
    const grown = await heap() - before;

    assertLess(grown, 1);
    assertEquals(publisher.listeners, 0);
  },
};

export const PUSH_LAWS: readonly PushLaw[] = [...values, ...sources, ...ending, ...signals, memory];

/** Tries all laws of pushes on an operator. What deviates is skipped, with the reason. */
export function pushLaws(name: string, make: () => Publisher, options: PushOptions): void {
  const { deviations = [] } = options;

  test(`${name}: each deviation names laws of pushes, and why`, () => {
    const known = new Set(PUSH_LAWS.map((law) => law.name));
    assertEquals(deviations.flatMap(({ laws }) => laws).filter((law) => !known.has(law)), []);
    for (const { reason } of deviations) assertNotEquals(reason.trim(), "");
  });

  for (const law of PUSH_LAWS) {
    const deviation = deviations.find(({ laws }) => laws.includes(law.name));
    const skip = deviation?.reason ?? law.skip ?? false;
    test(`${name} ${law.name}`, { skip }, () => tried(law, make(), options));
  }
}

/** Tries one law, and looks for what it left behind. */
async function tried(law: PushLaw, publisher: Publisher, options: PushOptions): Promise<void> {
  const clock = useFakeClock();
  let open: Subscription<unknown>[] = [];
  const subscribe = publisher.subscribe.bind(publisher);
  publisher.subscribe = (signal) => {
    const flow = subscribe(signal);
    open = [...open.filter(({ closed }) => !closed), flow];
    return flow;
  };
  try {
    await law.body(publisher, options);
    for (const flow of open) flow.cancel();
    await clock.advance(0);
    assertEquals([parked(), clock.timers, publisher.listeners], [[], 0, 0]);
  } finally {
    clock.restore();
  }
}
