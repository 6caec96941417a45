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
  const search = new DepthFirst(program, limits);
  try {
    search.begin();
    while (search.advance());
  } catch (error) {
    if (error instanceof Violation) return search.findings(error.message);
    throw error;
  }
  return search.findings(undefined);
}

/** A search that goes on from the state that it has seen last. */
class DepthFirst {
  readonly #world: World;
  readonly #interrupts: number;
  readonly #most: number;
  readonly #seen = new Visited();
  /** The states from the first to the last, and the steps that are still to be tried in each. */
  readonly #path: Int32Array[];
  readonly #open: number[][] = [];
  /** The step that was taken in each. */
  readonly #taken: number[] = [];
  #steps = 0;

  constructor(program: Program, { interrupts = Infinity, states = Infinity }: Limits) {
    this.#world = new World(program);
    this.#interrupts = interrupts;
    this.#most = states;
    this.#path = [new Int32Array(this.#world.start)];
  }

  begin(): void {
    this.#open.push(this.#world.steps(this.#path[0]!, this.#interrupts));
  }

  /** Tries one step; answers false when there is none left. */
  advance(): boolean {
    const depth = this.#open.length;
    if (depth === 0) return false;
    const step = this.#open[depth - 1]!.pop();
    this.#taken.length = depth - 1;
    if (step === undefined) {
      this.#open.pop();
      return true;
    }
    this.#taken.push(step);
    const state = this.#make(step, depth);
    if (!this.#seen.add(state, 0, this.#world.width)) return true;
    if (this.#seen.size > this.#most) throw new Error(`more than ${this.#most} states`);
    this.#open.push(this.#world.steps(state, this.#interrupts));
    return true;
  }

  findings(violation: string | undefined): Findings {
    const schedule = violation === undefined ? [] : this.#taken.slice();
    return { states: this.#seen.size, steps: this.#steps, violation, schedule };
  }

  #make(step: number, depth: number): Int32Array {
    const state = this.#path[depth] ??= new Int32Array(this.#world.width);
    state.set(this.#path[depth - 1]!);
    this.#world.step(state, step);
    if (this.#interrupts === Infinity) this.#world.forget(state);
    this.#steps++;
    return state;
  }
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
