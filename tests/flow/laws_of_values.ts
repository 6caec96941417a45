/**
 * What operators owe to who receives: nothing too early, everything in order, nothing lost.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Channel, type Flow, select, selectEach } from "../../mod.ts";
import { DONE, gather, watch } from "../unit/watch.ts";
import { BOTH, LATER, type Law } from "./law.ts";
import type { Rig } from "./operator.ts";
import { deferred } from "./sources.ts";

/** All ways to take every value. */
const WAYS: Record<string, (flow: Flow<unknown>) => Promise<unknown[]>> = {
  "recv()": async (flow) => {
    const values: unknown[] = [];
    for (let r = await flow.recv(); !r.done; r = await flow.recv()) values.push(r.value);
    return values;
  },
  "recvMany()": async (flow) => {
    const values: unknown[] = [];
    for (let list = await flow.recvMany(3); list.length > 0; list = await flow.recvMany(3)) {
      values.push(...list);
    }
    return values;
  },
  "batches()": async (flow) => (await gather(flow.batches(2), [])).flat(1),
  "select()": async (flow) => {
    const [values, idle] = [[] as unknown[], new Channel<never>()];
    for (let r = await select({ flow, idle }); !r.done; r = await select({ flow, idle })) {
      values.push(r.value);
    }
    return values;
  },
  "selectEach()": async (flow) => {
    const values: unknown[] = [];
    for await (const r of selectEach({ flow })) if (!r.done) values.push(r.value);
    return values;
  },
};

/** Whether a receive that gives up takes nothing with it. */
async function losesNothing(rig: Rig, giveUp: (flow: Flow<unknown>) => Promise<() => unknown>) {
  const { promise: gate, resolve: open } = deferred<void>();
  async function* source() {
    await gate;
    yield* rig.numbers(6);
  }
  const flow = rig.over(source());
  const hurry = await giveUp(flow);
  await hurry();
  open();
  await rig.quiet();
  assertEquals(await rig.outcome(gather(flow, [])), rig.gives(6));
}

export const valueLaws: readonly Law[] = [
  {
    name: "does not touch its source before the first receive",
    timings: BOTH,
    async body(rig) {
      const flow = rig.over(rig.endless());

      flow[Symbol.asyncIterator]();
      flow.batches(2)[Symbol.asyncIterator]();
      const aborted = watch(flow.recv({ signal: AbortSignal.abort("early") }));
      await rig.quiet();

      assertEquals([aborted.reason, rig.producer.started, flow.size], ["early", false, 0]);
    },
  },
  {
    name: "runs ahead exactly as far as its row says",
    timings: BOTH,
    async body(rig) {
      const flow = rig.over(rig.endless());
      const { eager = Infinity, made } = rig.options;
      const receives = Array.from(rig.gives(Math.min(eager, 4)), (_, i) => i + 1);
      const seen: number[] = [];

      for (const _ of receives) {
        await rig.receive(flow);
        seen.push(rig.producer.made);
      }

      assertEquals(seen, receives.map((received) => made(received, rig.timing)));
    },
  },
  ...Object.entries(WAYS).map(([way, all]): Law => ({
    name: `gives all values in order and ends, by ${way}`,
    timings: BOTH,
    async body(rig) {
      for (const n of [6, 1, 0]) {
        rig.producer.made = 0;
        const flow = rig.over(rig.numbers(n));

        assertEquals(await rig.outcome(all(flow)), rig.gives(n));
        assertEquals([await rig.receive(flow), flow.tryRecv(), flow.closed], [DONE, DONE, true]);
      }
      assertEquals(rig.producer.closed, 3);
    },
  })),
  {
    name: "serves receives that wait together in order",
    timings: BOTH,
    async body(rig) {
      const [flow, order] = [rig.over(rig.numbers(6)), [] as number[]];
      const gives = rig.gives(6);

      const receives = Array.from({ length: gives.length + 2 }, (_, i) => {
        const receive = flow.recv();
        receive.then(() => order.push(i));
        return receive;
      });

      const received = await rig.outcome(Promise.all(receives));
      const results = gives.map((value) => ({ done: false, value }) as const);
      assertEquals(received, [...results, DONE, DONE]);
      assertEquals(order, receives.map((_, i) => i));
    },
  },
  {
    name: "shares its values among several loops",
    timings: BOTH,
    async body(rig) {
      const flow = rig.over(rig.numbers(6));

      const lists = await rig.outcome(Promise.all([gather(flow, []), gather(flow, [])]));

      const sorted = (values: unknown[]) => values.map(String).sort();
      assertEquals(sorted(lists.flat(1)), sorted(rig.gives(6)));
    },
  },
  {
    name: "loses nothing by a receive that is aborted",
    timings: LATER,
    body: (rig) =>
      losesNothing(rig, async (flow) => {
        const controller = new AbortController();
        const receive = watch(flow.recv({ signal: controller.signal }));
        await rig.quiet();
        controller.abort("enough");
        return () => rig.quiet().then(() => assertEquals(receive.reason, "enough"));
      }),
  },
  {
    name: "loses nothing by a select that is decided elsewhere",
    timings: LATER,
    body: (rig) =>
      losesNothing(rig, async (flow) => {
        const other = new Channel<string>(1);
        const selected = watch(select({ flow, other }));
        await rig.quiet();
        other.trySend("first");
        return () => rig.quiet().then(() => assertEquals(selected.value?.key, "other"));
      }),
  },
  {
    name: "loses nothing by a receive whose time is over",
    timings: LATER,
    body: (rig) =>
      losesNothing(rig, async (flow) => {
        const step = watch(flow.recv({ timeout: 0 }));
        await rig.quiet();
        return () => assertEquals((step.reason as DOMException).name, "TimeoutError");
      }),
  },
];
