/**
 * Tries every order of the steps of a program, or every one with few interruptions.
 *
 * @module
 */
import type { Program } from "./program.ts";
import { Visited } from "./visited.ts";
import { Violation, World } from "./world.ts";

/** What was found. */
export interface Findings {
  /** How many states were seen. */
  readonly states: number;
  readonly steps: number;
  /** What went wrong first. */
  readonly violation: string | undefined;
  /** The steps that lead there, for `replay`. */
  readonly schedule: readonly number[];
}

/** How far to look. */
export interface Limits {
  /** How often a thread may be interrupted that could have gone on; all orders without it. */
  readonly interrupts?: number;
  /** Gives up, with an error, beyond so many states. */
  readonly states?: number;
}

/** Explores a program until something is wrong, or nothing is left. */
export function explore(program: Program, limits: Limits = {}): Findings {
  const { interrupts = Infinity, states: most = Infinity } = limits;
  const world = new World(program);
  const seen = new Visited();
  const path = [new Int32Array(world.start)];
  const open: number[][] = [];
  const taken: number[] = [];
  let steps = 0;
  const end = (violation?: string): Findings => ({
    states: seen.size,
    steps,
    violation,
    schedule: violation === undefined ? [] : taken.slice(),
  });
  try {
    open.push(world.steps(path[0]!, interrupts));
    while (open.length > 0) {
      const step = open.at(-1)!.pop();
      if (step === undefined) {
        open.pop();
        taken.pop();
        continue;
      }
      const depth = open.length;
      const state = path[depth] ??= new Int32Array(world.width);
      state.set(path[depth - 1]!);
      taken[depth - 1] = step;
      taken.length = depth;
      world.step(state, step);
      if (interrupts === Infinity) world.forget(state);
      steps++;
      if (!seen.add(state, 0, world.width)) continue;
      if (seen.size > most) throw new Error(`${program.name}: more than ${most} states`);
      open.push(world.steps(state, interrupts));
    }
  } catch (error) {
    if (error instanceof Violation) return end(error.message);
    throw error;
  }
  return end();
}

/** Looks with few interruptions first, so that what is found is found soon and can be read. */
export function search(program: Program, limits: { readonly interrupts: number }): Findings {
  for (let interrupts = 0; interrupts < limits.interrupts; interrupts++) {
    const findings = explore(program, { interrupts });
    if (findings.violation !== undefined) return findings;
  }
  return explore(program, limits);
}

/**
 * Makes the steps of a schedule, and says what each did.
 *
 * @returns The lines; the last one says what is wrong, if anything is.
 */
export function replay(program: Program, schedule: readonly number[]): string[] {
  const world = new World(program);
  const state = new Int32Array(world.start);
  const lines: string[] = [];
  try {
    for (const step of schedule) {
      lines.push(world.name(state, step));
      world.step(state, step);
      world.steps(state, Infinity);
    }
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    lines.push(error.message);
  }
  return lines;
}
