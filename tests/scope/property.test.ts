import fc from "fast-check";
import process from "node:process";
import { test } from "node:test";
import { scope } from "../../scope/mod.ts";
import { Model, type Sight, type Step } from "./model.ts";
import { World } from "./world.ts";

/** A failure tells its seed; with `SEED=…` in the environment it comes again. */
const { SEED, FAIL_FAST } = process.env;
const seed = SEED === undefined ? Date.now() & 0x7fffffff : Number(SEED);

/** What is done with one scope. */
interface Program {
  readonly limit: number;
  /** Whether the body obeys an abort. */
  readonly obeys: boolean;
  readonly steps: readonly Step[];
}

const end = (op: "finish" | "fail") => fc.nat(9).map((n): Step => ({ op, n }));
const programs: fc.Arbitrary<Program> = fc.record({
  limit: fc.constantFrom(1, 2, 3, Infinity),
  obeys: fc.boolean(),
  steps: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.boolean().map((obeys): Step => ({ op: "go", obeys })) },
      { weight: 6, arbitrary: end("finish") },
      { weight: 1, arbitrary: end("fail") },
      { weight: 1, arbitrary: fc.constant<Step>({ op: "abort" }) },
    ),
    { maxLength: 30, size: "max" },
  ),
});

/** Carries out a program with the real thing and with the model, and compares after each step. */
async function verify({ limit, obeys, steps }: Program): Promise<void> {
  const model = new Model(limit, obeys);
  const world = new World(scope, limit, obeys);
  for (const [n, step] of steps.entries()) {
    world.step(step, model.running.map(({ id }) => id));
    model.step(step);
    await world.quiet();
    compare(n, step, world, model);
  }
  // Nothing outlives the scope, and the scope ends when nothing runs.
  for (let n = steps.length; model.running.length > 0; n++) {
    const step: Step = { op: "finish", n: 0 };
    world.step(step, model.running.map(({ id }) => id));
    model.step(step);
    await world.quiet();
    compare(n, step, world, model);
  }
}

function compare(n: number, step: Step, world: Sight, model: Sight): void {
  const [is, should] = [world, model].map(({ began, ends, reason, outcome }) =>
    JSON.stringify({ began, ends, reason, outcome })
  );
  if (is === should) return;
  throw new Error(`after step ${n}, ${JSON.stringify(step)}: ${is}, the model says ${should}`);
}

test("a scope follows the model in made-up programs", async () => {
  const property = fc.asyncProperty(programs, verify);
  const run = await fc.check(property, {
    seed,
    numRuns: 1500,
    interruptAfterTimeLimit: 8000,
    endOnFailure: FAIL_FAST !== undefined,
  });
  if (!run.failed || run.counterexample === null) return;
  const { message } = run.errorInstance as Error;
  throw new Error(`SEED=${seed}: ${message}\n${JSON.stringify(run.counterexample[0])}`);
});
