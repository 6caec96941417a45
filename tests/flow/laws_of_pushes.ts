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
  for (let r = flow.tryRecv(); r !== undefined && !r.done; r = flow.tryRecv()) {
    values.push(publisher.read(r.value));
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
      assertEquals(await settled(flow.recv().catch((reason) => reason)), way === "its signal" ? "stop" : DONE);
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

const signals: readonly PushLaw[] = [
  {
    name: "gives what it has, and then the reason of its signal",
    async body(publisher, { capacity }) {
      const stop = new AbortController();
      const flow = publisher.subscribe(stop.signal);
      void publisher.push(1);

      stop.abort("stop");
      await settled(publisher.push(2));

      assertEquals(atHandOf(flow, publisher, 1), capacity === 0 ? [] : [1]);
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

export const PUSH_LAWS: readonly PushLaw[] = [...ending, ...signals];
