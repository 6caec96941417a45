/**
 * One thing that every operator owes.
 *
 * @module
 */
import type { Rig, Timing } from "./operator.ts";

/** A law, and how it is tried. */
export interface Law {
  /** Completes the sentence that begins with the name of the operator. */
  readonly name: string;
  /** With which sources. */
  readonly timings: readonly Timing[];
  /** Whether it is about the function of an operator. */
  readonly ofFunctions?: boolean;
  readonly body: (rig: Rig) => Promise<void>;
}

/** Sources that answer later, and those that answer at once. */
export const BOTH: readonly Timing[] = ["later", "now"];
/** Where the source has to answer later. */
export const LATER: readonly Timing[] = ["later"];
