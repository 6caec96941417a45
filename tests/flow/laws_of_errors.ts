/**
 * What operators owe when something goes wrong, or calls back.
 *
 * @module
 */
import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Flow, Received, Source } from "../../mod.ts";
import { DONE, gather, watch } from "../unit/watch.ts";
import { BOTH, LATER, type Law } from "./law.ts";
import type { Rig } from "./operator.ts";

/** Numbers; `beforeEach` is called with each before it is given. */
function tapped(rig: Rig, last: number, beforeEach: (n: number) => void): Source<number> {
  const numbers = rig.numbers(last);
  if (Symbol.iterator in numbers) {
    return (function* () {
      for (const n of numbers) {
        beforeEach(n);
        yield n;
      }
    })();
  }
  return (async function* () {
    for await (const n of numbers) {
      beforeEach(n);
      yield n;
    }
  })();
}

/** Takes all that comes before the flow fails, and checks that it stays failed. */
async function failsWith(rig: Rig, flow: Flow<unknown>, error: Error, values: unknown[]) {
  const received: unknown[] = [];
  const all = watch(gather(flow, received));
  await rig.quiet();
  assertStrictEquals(all.reason, error);
  assertEquals(received, values);
  const again = watch(flow.recv());
  await rig.quiet();
  assertStrictEquals(again.reason, error);
}

/** What all receives together have got, sorted; `DONE` left out. */
function valuesOf(received: readonly Received<unknown>[]): string[] {
  return received.filter(({ done }) => !done).map(({ value }) => String(value)).sort();
}

/** Somebody who is called in the middle of it receives, too: each value comes to one of both. */
async function sharesWithCaller(rig: Rig, make: (call: (n: number) => void) => Flow<unknown>) {
  const inside: Promise<Received<unknown>>[] = [];
  const flow = make((n) => {
    if (n % 2 === 0) inside.push(flow.recv());
  });

  const outside = await rig.outcome(gather(flow, []));

  const received = await rig.outcome(Promise.all(inside));
  const all = [...outside.map((value) => ({ done: false, value }) as const), ...received];
  assertEquals(valuesOf(all), rig.gives(6).map(String).sort());
  assertEquals(rig.producer.closed, 1);
}

/** Somebody who is called in the middle of it ends the flow. */
async function endsByCaller(rig: Rig, make: (call: (n: number) => void) => Flow<unknown>) {
  const flow = make((n) => {
    if (n === 3) flow.cancel();
  });
  const values: unknown[] = [];

  await rig.outcome(gather(flow, values));
  await rig.outcome(flow[Symbol.asyncDispose]());

  assertEquals(values, rig.gives(6).slice(0, values.length));
  assertEquals([await rig.receive(flow), flow.size, rig.producer.closed], [DONE, 0, 1]);
}

export const errorLaws: readonly Law[] = [
  {
    name: "reports an error of its source after what came before it",
    timings: BOTH,
    async body(rig) {
      for (const before of [5, 1, 0]) {
        const error = new Error("broken");
        rig.producer.made = 0;
        const source = tapped(rig, before + 1, (n) => {
          if (n > before) throw error;
        });
        await failsWith(rig, rig.over(source), error, rig.gives(before));
      }
      assertEquals(rig.producer.closed, 3);
    },
  },
  {
    name: "reports an error of opening its source",
    timings: LATER,
    async body(rig) {
      const error = new Error("broken");
      const open = () => {
        throw error;
      };
      const flow = rig.over({ [Symbol.asyncIterator]: open });
      await failsWith(rig, flow, error, []);
    },
  },
  {
    name: "reports an error of its function after what came before it, and closes its source",
    timings: BOTH,
    ofFunctions: true,
    async body(rig) {
      const error = new Error("broken");
      const flow = rig.over(rig.numbers(6), (n) => {
        if (n === 3) throw error;
      });
      await failsWith(rig, flow, error, rig.gives(2));
      assertEquals(rig.producer.closed, 1);
    },
  },
  {
    name: "serves a receive that its source makes",
    timings: BOTH,
    body: (rig) => sharesWithCaller(rig, (call) => rig.over(tapped(rig, 6, call))),
  },
  {
    name: "can be cancelled by its source",
    timings: BOTH,
    body: (rig) => endsByCaller(rig, (call) => rig.over(tapped(rig, 6, call))),
  },
  {
    name: "serves a receive that its function makes",
    timings: BOTH,
    ofFunctions: true,
    body: (rig) => sharesWithCaller(rig, (call) => rig.over(rig.numbers(6), call)),
  },
  {
    name: "can be cancelled by its function",
    timings: BOTH,
    ofFunctions: true,
    body: (rig) => endsByCaller(rig, (call) => rig.over(rig.numbers(6), call)),
  },
];
