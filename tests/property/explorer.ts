/**
 * All interleavings of small programs. What channels and selects do is determined by the order of the
 * steps, by whether promises settle between them, and by the random choices of select: these are all
 * tried, the choices with a few seeds.
 *
 * @module
 */
import { failFast } from "./check.ts";
import { type ChannelKind, type Schedule, type Step, text } from "./program.ts";
import { verify } from "./verify.ts";

/** Tasks whose steps may come in any order, except that each task's own stay in theirs. */
export interface Program {
  readonly name: string;
  readonly channels: readonly ChannelKind[];
  readonly tasks: readonly (readonly Step[])[];
  /** How many seeds to try. One will do where nothing is left to chance. */
  readonly seeds?: number;
}

/** Tries a program in every order, and tells how many those were. Rejects with a shortest failure. */
export async function explore({ channels, tasks, seeds = 1 }: Program): Promise<number> {
  let runs = 0;
  let delayed = 0;
  for (const steps of interleavings(tasks)) {
    for (const every of [1, Infinity]) {
      for (let seed = 1; seed <= seeds; seed++) {
        const schedule = { channels, steps, every, seed };
        const run = await verify(schedule).catch((error: Error) => reject(schedule, error));
        if (run.delayed > 0) delayed++;
        runs++;
      }
    }
  }
  // These runs are short: the guard of the event loop may hit one that the machine has interrupted.
  if (delayed > runs / 10) {
    throw new Error(`the guard delayed operations in ${delayed} of ${runs} runs`);
  }
  return runs;
}

function* interleavings(tasks: readonly (readonly Step[])[]): Generator<Step[]> {
  if (tasks.every((task) => task.length === 0)) yield [];
  for (const [n, [first, ...rest]] of tasks.entries()) {
    if (first === undefined) continue;
    for (const steps of interleavings(tasks.with(n, rest))) yield [first, ...steps];
  }
}

/** More steps than that tell nothing. */
const LONGEST = 100;

/** Leaves out steps as long as it still fails. */
async function reject(schedule: Schedule, error: Error): Promise<never> {
  if (failFast) throw error;
  for (let n = schedule.steps.length - 1; n >= 0; n--) {
    const shorter = { ...schedule, steps: schedule.steps.toSpliced(n, 1) };
    await verify(shorter).catch((cause: Error) => {
      schedule = shorter;
      error = cause;
    });
  }
  throw new Error(`${error.message}\n${scheduleText(schedule)}`, { cause: error });
}

/** As it can be pasted into a test, for `verify`. */
export function scheduleText({ channels, steps, ...rest }: Schedule): string {
  const kinds = JSON.stringify(channels).replaceAll("null", "Infinity");
  const lines = steps.slice(0, LONGEST).map((step) => `    ${text(step)},\n`);
  if (steps.length > LONGEST) lines.push(`    // … ${steps.length - LONGEST} more\n`);
  const entries = Object.entries(rest).filter(([, value]) => value !== undefined);
  const others = entries.map(([key, value]) => `  ${key}: ${value},\n`);
  return `{\n  channels: ${kinds},\n  steps: [\n${lines.join("")}  ],\n${others.join("")}}`;
}
