import type { Mistake } from "./shipped.ts";

/** A mistake of the list for `tools/mutants.mjs`. */
export interface Mutant extends Mistake {
  /** The program in which the explorer has to find it; none if it is left to other tests. */
  readonly program?: string;
  /** With how many interruptions. */
  readonly interrupts?: number;
}

// A list without types: the tools read it, too.
const list: { MUTANTS: readonly Mutant[] } = await import(
  new URL("../../mutants/shared.mjs", import.meta.url).href
);

/** The mistakes in shared memory. */
export const MUTANTS = list.MUTANTS;
