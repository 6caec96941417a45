/**
 * What operators owe to their source, however the flow ends before it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Flow } from "../../mod.ts";
import { DONE, watch } from "../unit/watch.ts";
import { BOTH, LATER, type Law } from "./law.ts";
import type { Rig } from "./operator.ts";
import { deferred, takeAndLeave } from "./sources.ts";

/** Ends that wait for the source. */
const PATIENT_ENDS: Record<string, (flow: Flow<unknown>) => Promise<unknown>> = {
  "break": async (flow) => {
    for await (const _ of flow) break;
  },
  "a throw in the loop": async (flow) => {
    const error = new Error("consumer");
    const loop = async () => {
      for await (const _ of flow) throw error;
    };
    assertEquals(await loop().catch((e) => e), error);
  },
  "break in a loop over batches": (flow) => takeAndLeave(flow.batches(1), 1),
  "return()": async (flow) => {
    const loop = flow[Symbol.asyncIterator]();
    await loop.next();
    assertEquals([await loop.return(), await loop.next()], [DONE, DONE]);
  },
  "[Symbol.asyncDispose]()": async (flow) => {
    await flow.recv();
    await flow[Symbol.asyncDispose]();
  },
};

/** Ends that wait for nothing. */
const SUDDEN_ENDS: Record<string, (flow: Flow<unknown>) => Promise<unknown>> = {
  "cancel()": async (flow) => {
    await flow.recv();
    flow.cancel("enough");
    flow.cancel();
  },
  "[Symbol.dispose]()": async (flow) => {
    await flow.recv();
    (flow as unknown as Disposable)[Symbol.dispose]();
  },
};

/** A flow that has given something, with nothing under way. */
async function begun(rig: Rig, source: AsyncIterable<number>): Promise<Flow<unknown>> {
  const flow = rig.over(source);
  await rig.receive(flow);
  return flow;
}

const closing: readonly Law[] = Object.entries({ ...PATIENT_ENDS, ...SUDDEN_ENDS }).map((
  [name, end],
) => ({
  name: `closes its source once at ${name}`,
  timings: BOTH,
  async body(rig) {
    const flow = rig.over(rig.endless());

    await rig.outcome(end(flow));
    const { closed, made } = rig.producer;
    flow.cancel();
    await rig.outcome(flow[Symbol.asyncDispose]());

    assertEquals([closed, rig.producer.closed, rig.producer.made], [1, 1, made]);
    assertEquals([await rig.receive(flow), flow.tryRecv(), flow.size], [DONE, DONE, 0]);
  },
}));

export const endLaws: readonly Law[] = [
  ...closing,
  {
    name: "waits for the finally of its source when the loop is left",
    timings: LATER,
    async body(rig) {
      const flow = await begun(rig, rig.producer.closingSlowly());
      await flow[Symbol.asyncIterator]().return();
      assertEquals(rig.producer.closed, 1);
    },
  },
  {
    name: "waits for the finally of its source at disposal",
    timings: LATER,
    async body(rig) {
      const flow = await begun(rig, rig.producer.closingSlowly());
      await flow[Symbol.asyncDispose]();
      assertEquals(rig.producer.closed, 1);
    },
  },
  {
    name: "reports an error of a finally once, to the loop that is left",
    timings: LATER,
    async body(rig) {
      const flow = await begun(rig, rig.producer.closingBadly("not closed"));
      const seen = watch(flow[Symbol.asyncIterator]().return());
      await rig.quiet();
      assertEquals(seen.reason, "not closed");
      await rig.outcome(flow[Symbol.asyncDispose]());
    },
  },
  {
    name: "reports an error of a finally to disposal",
    timings: LATER,
    async body(rig) {
      const flow = await begun(rig, rig.producer.closingBadly("not closed"));
      const seen = watch(flow[Symbol.asyncDispose]());
      await rig.quiet();
      assertEquals(seen.reason, "not closed");
    },
  },
  {
    name: "can be left while its source does not answer",
    timings: LATER,
    async body(rig) {
      const flow = rig.over(rig.producer.stuckAfter(0));
      const loop = flow[Symbol.asyncIterator]();
      const steps = [loop.next(), loop.next()];
      await rig.quiet();
      assertEquals(await rig.outcome(Promise.all([...steps, loop.return()])), [DONE, DONE, DONE]);
    },
  },
  {
    name: "ends at cancel() for whoever waits, while its source does not answer",
    timings: LATER,
    async body(rig) {
      const flow = rig.over(rig.producer.stuckAfter(0));
      const receives = [flow.recv(), flow.recv()];
      await rig.quiet();
      flow.cancel();
      assertEquals(await rig.outcome(Promise.all(receives)), [DONE, DONE]);
    },
  },
  {
    name: "waits at disposal for a source that owes an answer",
    timings: LATER,
    async body(rig) {
      const { promise, resolve } = deferred<void>();
      const closed: string[] = [];
      async function* source() {
        try {
          await promise;
          yield 1;
        } finally {
          closed.push("closed");
        }
      }
      const flow = rig.over(source());
      const receive = watch(flow.recv());
      await rig.quiet();
      const disposal = watch(flow[Symbol.asyncDispose]());
      await rig.quiet();
      const before = [receive.value, disposal.state, [...closed]];

      resolve();
      await rig.quiet();

      assertEquals(before, [DONE, "waiting", []]);
      assertEquals([disposal.state, closed], ["fulfilled", ["closed"]]);
    },
  },
  {
    name: "does not start its source to cancel it",
    timings: BOTH,
    async body(rig) {
      const flow = rig.over(rig.numbers(3));

      await rig.outcome(flow[Symbol.asyncDispose]());

      assertEquals(await rig.receive(flow), DONE);
      assertEquals([rig.producer.started, rig.producer.closed], [false, 0]);
    },
  },
];
