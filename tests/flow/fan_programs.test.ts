import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { type Flow, partition, tee } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { check } from "../property/check.ts";
import { ForkModel, type Policy, type Sight, type Step } from "./fork_model.ts";
import { mergeSteps, MergeWorld } from "./merge_world.ts";
import { Receives } from "./receives.ts";
import { Spout } from "./spout.ts";

// Receives of several branches are numbered as they are made, over all branches.
class ForkWorld implements Sight {
  readonly #flows: readonly Flow<number>[];
  readonly #receives: Receives[];
  readonly #order: Receives[] = [];
  readonly #spout = new Spout();

  constructor(policy: Policy, n: number) {
    if (policy === "all") this.#flows = tee(this.#spout, n);
    else this.#flows = partition(this.#spout, n, policy === "keys" ? (value) => value : undefined);
    this.#receives = this.#flows.map(() => new Receives());
  }

  get outcomes(): string[] {
    const next = new Map<Receives, number>();
    return this.#order.map((receives) => {
      const at = next.get(receives) ?? 0;
      next.set(receives, at + 1);
      return receives.outcomes[at] as string;
    });
  }

  get sizes(): number[] {
    return this.#flows.map(({ size }) => size);
  }

  get given(): number {
    return this.#spout.given;
  }

  get closed(): number {
    return this.#spout.closed;
  }

  step(step: Step): void {
    if (step.op === "say") return this.#spout.say(step.said);
    const at = step.at % this.#flows.length;
    const [flow, receives] = [this.#flows[at] as Flow<number>, this.#receives[at] as Receives];
    if (step.op === "cancel") flow.cancel();
    else if (step.op === "abort") receives.abort();
    else {
      this.#order.push(receives);
      receives.make(flow);
    }
  }
}

function sight({ outcomes, sizes, given, closed }: Sight): Sight {
  return { outcomes, sizes, given, closed };
}

const branch = fc.nat(3);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: branch.map((at): Step => ({ op: "recv", at })) },
    { weight: 10, arbitrary: fc.nat(20).map((said): Step => ({ op: "say", said })) },
    { weight: 1, arbitrary: branch.map((at): Step => ({ op: "cancel", at })) },
    { weight: 1, arbitrary: branch.map((at): Step => ({ op: "abort", at })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("end", "error").map((said): Step => ({ op: "say", said } as Step)),
    },
  ),
  { maxLength: 40, size: "max" },
);

for (const policy of ["all", "turns", "keys"] as const) {
  const name = policy === "all" ? "tee()" : `partition() by ${policy}`;
  test(`${name} follows the model in made-up programs`, async () => {
    await check(fc.tuple(fc.integer({ min: 1, max: 4 }), steps), 300, async ([n, program]) => {
      const [world, model] = [new ForkWorld(policy, n), new ForkModel(policy, n)];
      for (const [i, step] of program.entries()) {
        world.step(step);
        model.step(step);
        await idle();
        assertEquals(sight(world), sight(model), `after step ${i}, ${JSON.stringify(step)}`);
      }
      for (let at = 0; at < n; at++) world.step({ op: "cancel", at });
    });
  });
}

test("merge() keeps its promises in made-up programs", async () => {
  const sources = fc.integer({ min: 0, max: 3 });
  await check(fc.tuple(sources, sources, mergeSteps), 400, async ([spouts, channels, bursts]) => {
    const world = new MergeWorld(spouts, channels);
    for (const burst of bursts) {
      for (const step of burst) world.step(step);
      await idle();
      world.verify();
    }
    world.step({ op: "cancel", at: 0 });
    await idle();
    world.verify();
  });
});
