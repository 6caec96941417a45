import { assertEquals } from "@std/assert";
import process from "node:process";
import { test } from "node:test";
import { pipe } from "../../mod.ts";
import { inWorkers, type WorkerFailure } from "../../workers/mod.ts";
import { createChaos, numbers, release } from "./chaos_data.ts";
import { gather } from "./flows.ts";
import type { Fault } from "./modules/chaos.ts";

const url = new URL("./modules/chaos.ts", import.meta.url);

/** Numbers that look random, the same for each seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Each fault once, for a value of its own. */
function scatter(faults: readonly Fault[], size: number, seed: number): Map<number, Fault> {
  const next = random(seed);
  const places = new Map<number, Fault>();
  for (const fault of faults) {
    let n = Math.floor(next() * size);
    while (places.has(n)) n = (n + 1) % size;
    places.set(n, fault);
  }
  return places;
}

/** Faults that end their value, if it is tried twice. */
const DEADLY: readonly Fault[] = ["exit", "uncaught", "memory", "throw", "uncloneable"];
const FAULTS: readonly Fault[] = [
  ...DEADLY.filter((fault) => fault !== "memory" || !("Deno" in globalThis)),
  "exit once",
  "uncaught once",
  "floating once",
  "floating once",
];

/** How many values; `npm run stress` has more. */
const SIZE = Number(process.env["VALUES"] ?? 1_000);

for (const ordered of [false, true]) {
  const name = ordered ? "ordered" : "not ordered";

  test(`inWorkers() settles each of ${SIZE} values once, whatever befalls its threads, ${name}`, async () => {
    const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    const faults = scatter(ordered ? FAULTS : [...FAULTS, "hang once"], SIZE, seed);
    const data = createChaos(SIZE, faults);
    const failures: WorkerFailure<number>[] = [];
    const stage = inWorkers<(n: number) => number>(url, {
      threads: 2,
      ordered,
      retries: 1,
      timeout: 1_500,
      data,
      resourceLimits: { maxOldGenerationSizeMb: 48 },
      onError: (failure) => failures.push(failure),
    });

    const results = await gather(pipe(numbers(SIZE), stage));
    release(data);

    const failed = failures.map(({ value }) => faults.get(value) ?? `innocent ${value}`);
    assertEquals(failed.sort(), FAULTS.filter((fault) => DEADLY.includes(fault)).sort(), `${seed}`);
    const innocent = numbers(SIZE).filter((n) => !DEADLY.includes(faults.get(n) ?? "exit once"));
    assertEquals(ordered ? results : results.sort((a, b) => a - b), innocent, `seed ${seed}`);
    for (const { value, sequence, attempts } of failures) {
      const fault = faults.get(value);
      const tries = fault === "throw" || fault === "uncloneable" ? 1 : 2;
      assertEquals([sequence, attempts], [value, tries], `${fault}, seed ${seed}`);
    }
  });
}
