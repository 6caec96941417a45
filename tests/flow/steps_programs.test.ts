/** Made-up pipes of stages that fold do what plain code with arrays does. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { type Flow, from, pipe, select } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { check } from "../property/check.ts";
import { Producer } from "./sources.ts";
import { type Expected, expected, type Part, stagesOf } from "./steps_model.ts";

/** How results are asked for. */
type Receive = "recv" | "tryRecv" | "select" | "recvMany" | "together" | "aborted" | "idle";

interface Program {
  readonly parts: Part[];
  readonly source: "array" | "now" | "later" | "flow" | "ahead";
  readonly length: number;
  readonly receives: Receive[];
  /** Whether the flow is left then, or drained. */
  readonly leaves: boolean;
}

const later = fc.boolean();
const parts: fc.Arbitrary<Part> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom("map", "tap", "scan"), later }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("filter"),
      by: fc.integer({ min: 2, max: 4 }),
      later,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("fail"), at: fc.integer({ min: 3, max: 30 }), later }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("take", "drop"), n: fc.nat(8) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("batch"), size: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("same") }) },
) as fc.Arbitrary<Part>;

const programs: fc.Arbitrary<Program> = fc.record({
  parts: fc.array(parts, { maxLength: 7 }),
  source: fc.constantFrom("array", "now", "later", "flow", "ahead"),
  length: fc.nat(20),
  receives: fc.array(
    fc.constantFrom("recv", "tryRecv", "select", "recvMany", "together", "aborted", "idle"),
    { maxLength: 12 },
  ),
  leaves: fc.boolean(),
});

function flowOf({ parts, source, length }: Program, producer: Producer, calls: string[]) {
  const sources = {
    array: () => Array.from({ length }, (_, i) => i + 1),
    now: () => producer.now(length),
    later: () => producer.values(length),
    flow: () => from(producer.values(length)),
    ahead: () => from(producer.values(length), { capacity: 2 }),
  };
  const pipeAll = pipe as (source: unknown, ...stages: unknown[]) => Flow<number>;
  return pipeAll(sources[source](), ...stagesOf(parts, calls));
}

/** Receives once. Adds to `values` what comes. Answers whether the flow is over. */
async function receive(flow: Flow<number>, how: Receive, values: number[]): Promise<boolean> {
  switch (how) {
    case "idle":
      await idle();
      return false;
    case "tryRecv": {
      const received = flow.tryRecv();
      if (received?.done === false) values.push(received.value);
      return received?.done === true;
    }
    case "recvMany": {
      const batch = await flow.recvMany(3);
      values.push(...batch);
      return batch.length === 0;
    }
    case "aborted": {
      const controller = new AbortController();
      const receive = flow.recv({ signal: controller.signal });
      controller.abort("enough");
      return await receive.then(({ done, value }) => {
        if (!done) values.push(value);
        return done;
      }, (reason) => {
        if (reason !== "enough") throw reason;
        return false;
      });
    }
    case "select": {
      const { done, value } = await select({ flow });
      if (!done) values.push(value);
      return done;
    }
    case "recv":
    case "together": {
      const count = how === "together" ? 3 : 1;
      const receives = await Promise.allSettled(Array.from({ length: count }, () => flow.recv()));
      for (const one of receives) {
        if (one.status === "rejected") throw one.reason;
        if (!one.value.done) values.push(one.value.value);
      }
      return receives.some((one) => one.status === "fulfilled" && one.value.done);
    }
  }
}

/** What a program received, and what the source had made and the functions had seen when nothing moved. */
async function run(program: Program, producer: Producer) {
  const [values, calls]: [number[], string[]] = [[], []];
  const flow = flowOf(program, producer, calls);
  let error: unknown;
  let over = false;
  try {
    for (const how of program.receives) over = await receive(flow, how, values) || over;
    await idle();
    const made = producer.made;
    if (program.leaves) await flow[Symbol.asyncDispose]();
    else for await (const value of flow) values.push(value);
    return { values, calls, made, over, error };
  } catch (reason) {
    error = reason;
    await idle();
    return { values, calls, made: producer.made, over, error };
  }
}

async function holds(program: Program): Promise<void> {
  const producer = new Producer();
  const { values, calls, made, over, error } = await run(program, producer);
  await idle();
  const model = expected(program.parts, program.length);

  assertEquals(values, model.values.slice(0, values.length), "values, in order");
  if (over || !program.leaves) assertEquals(values.length, model.values.length, "all values");
  assertEquals(error, model.failed && (over || !program.leaves) ? "broken" : error, "the error");
  if (error !== undefined) assertEquals([error, model.failed], ["broken", true]);
  // A stage that does not fold lets those before it run ahead.
  const folds = program.parts.every(({ kind }) => kind !== "same");
  if (folds) assertEquals(calls, model.calls.slice(0, calls.length), "calls");
  if (program.source !== "array") assertEquals(producer.closed, producer.started ? 1 : 0);
  const total = model.taken.at(-1) ?? 0;
  // While a step waited for its promise, the source ran ahead, also of the last value.
  const limit = over || error !== undefined ? total + AHEAD[program.source] : 0;
  if (program.leaves && folds) assert(made <= Math.max(limit, most(program, model, values.length)));
  // A source that is not asked while a step waits is never asked for what nobody needs.
  const waits = program.parts.some((part) => "later" in part && part.later);
  if (folds && !waits && program.source !== "ahead") assert(made <= total);
}

/** How far each source may run ahead. */
const AHEAD = { array: 0, now: 0, later: 1, flow: 0, ahead: 2 } as const;

/** How many values the source may have made when so many results were received. */
function most({ source, receives }: Program, { taken }: Expected, received: number): number {
  // A receive that did not wait for its result, or learned of the end, has asked for one more.
  const further = receives.some((how) => how !== "recv" && how !== "idle") ? 1 : 0;
  return (taken[Math.min(received + further, taken.length) - 1] ?? 0) + AHEAD[source];
}

test("pipes of stages that fold give what plain code gives, and take no more of the source", () =>
  check(programs, 1500, holds));
