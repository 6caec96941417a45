/**
 * Made-up programs, carried out with real primitives and with the model.
 *
 * @module
 */
import fc from "fast-check";
import process from "node:process";
import { setImmediate } from "node:timers";
import { SyncClock } from "../support/sync_clock.ts";
import type { Model } from "./model.ts";
import { modelOf } from "./models.ts";
import { overheat } from "./overheat.ts";
import { type Kind, type Program, programsFor, type Step, text } from "./program.ts";
import { type Real, World } from "./world.ts";

/** A failure tells its seed; with `SEED=…` in the environment it comes again. */
const { SEED, FAIL_FAST } = process.env;
const seed = SEED === undefined ? Date.now() & 0x7fffffff : Number(SEED);

/** What a promise came to, and whether the event loop had to turn first. */
interface Note {
  readonly id: number;
  readonly outcome: string;
  readonly late: boolean;
}

/**
 * Carries out a program with the real thing and with the model, and compares after each step.
 *
 * @param make Makes the real thing.
 * @param hot Whether it begins in a turn in which the guard of the event loop holds promises back.
 * @returns How many promises it held back.
 */
async function verify(
  { kind, steps, every }: Program,
  make: () => Real,
  hot: boolean,
): Promise<number> {
  const clock = new SyncClock();
  const notes: Note[] = [];
  let late = false;
  const expected = modelOf(kind);
  const world = new World(make(), clock, (id, outcome) => notes.push({ id, outcome, late }));
  if (hot) overheat();
  try {
    for (const [n, step] of [...steps, ...ending()].entries()) {
      const made = await handed(step, expected, world);
      if (made === undefined) continue;
      compare(`step ${n}: answer`, world.step(made, n), expected.step(made, n));
      compare(`step ${n}: state`, world.state(), expected.state());
      if ((n + 1) % every === 0) await microtasks();
    }
    await microtasks();
    late = true;
    await new Promise((resolve) => setImmediate(resolve));
    await microtasks();
  } finally {
    clock.restore();
  }
  compareOutcomes(notes, expected);
  if (!hot) compareOrder(notes, expected);
  return notes.filter((note) => note.late).length;
}

/** Ends all that can be ended, so that nothing that waits with a limit is left behind. */
function ending(): Step[] {
  return [{ op: "advance", ms: 1_000 }, { op: "abort", signal: 0 }, { op: "abort", signal: 1 }];
}

/** Names the permit of a step by the operation that was given it; undefined if there is none. */
async function handed(step: Step, { settled }: Model, world: World): Promise<Step | undefined> {
  if (step.op !== "permit" && step.op !== "dispose") return step;
  const given = settled.filter(({ outcome }) => outcome === "permit");
  const { id } = given[step.n % given.length] ?? {};
  if (id === undefined) return undefined;
  await microtasks();
  // The guard of the event loop may hold the promise back for a turn.
  if (!world.holds(id)) await new Promise((resolve) => setImmediate(resolve));
  return { ...step, n: id };
}

/** Everything has the outcome that the model says. */
function compareOutcomes(notes: readonly Note[], { settled }: Model): void {
  const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
  const outcomes = notes.map(({ id, outcome }) => ({ id, outcome }));
  compare("outcomes", outcomes.sort(byId), [...settled].sort(byId));
}

/** What was not held back came in commit order. */
function compareOrder(notes: readonly Note[], { settled }: Model): void {
  const inTime = new Set(notes.filter((it) => !it.late).map(({ id }) => id));
  compare("order", [...inTime], settled.map(({ id }) => id).filter((id) => inTime.has(id)));
}

async function microtasks(): Promise<void> {
  for (let i = 0; i < 8; i++) await undefined;
}

function compare(what: string, actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  const [is, should] = [actual, expected].map((it) => JSON.stringify(it));
  throw new Error(`${what} is ${is}, the model says ${should}`);
}

/**
 * Carries out many programs.
 *
 * @param reals How the primitives that are tried are made.
 * @param hot See `verify`.
 * @returns How many promises the guard of the event loop has held back.
 */
export async function check(
  reals: Partial<Record<Kind, () => Real>>,
  numRuns: number,
  hot: boolean,
): Promise<number> {
  let late = 0;
  const programs = programsFor(Object.keys(reals) as Kind[]);
  const property = fc.asyncProperty(programs, async (program) => {
    late += await verify(program, reals[program.kind]!, hot);
  });
  const options = { seed, numRuns, interruptAfterTimeLimit: 8000 };
  const run = await fc.check(property, { ...options, endOnFailure: FAIL_FAST !== undefined });
  if (!run.failed || run.counterexample === null) return late;
  const { message } = run.errorInstance as Error;
  throw new Error(`SEED=${seed}: ${message}\n${text(run.counterexample[0])}`);
}
