/**
 * Stages that are plain steps: what `pipe` folds into one.
 *
 * A stage that answers each value at once needs no flow of its own. It carries, under a symbol, how to
 * make its step, and `pipe` gives the steps of neighbours to one `FoldedFlow`, which calls them one after
 * the other: no promise and no buffer between. Used alone such a stage is a flow of one step.
 *
 * @module
 */
import { FoldedFlow } from "./folded_flow.ts";
import { asFlow } from "./from.ts";
import type { AnyStepMaker, Mapping, StepMaker } from "./step.ts";
import type { Stage } from "./types.ts";

const MAKERS: unique symbol = Symbol("makers");

/** A stage that is one step or more. */
interface Folded<A, B> extends Stage<A, B> {
  readonly [MAKERS]: readonly AnyStepMaker[];
}

/** A stage that is one step. */
export function foldable<A, B>(make: StepMaker<A, B> | Mapping<A, B>): Stage<A, B> {
  return folded([make]);
}

/** The same stages, with neighbours that are steps folded into one. */
export function fold(stages: readonly Stage<unknown, unknown>[]): Stage<unknown, unknown>[] {
  const list: Stage<unknown, unknown>[] = [];
  for (const stage of stages) {
    const [before, makers] = [makersOf(list.at(-1)), makersOf(stage)];
    if (before === undefined || makers === undefined) list.push(stage);
    else list[list.length - 1] = folded([...before, ...makers]);
  }
  return list;
}

function folded<A, B>(makers: readonly AnyStepMaker[]): Folded<A, B> {
  const stage = (input: AsyncIterable<A>): FoldedFlow<A, B> =>
    new FoldedFlow(asFlow(input), makers);
  return Object.assign(stage, { [MAKERS]: makers });
}

function makersOf(stage: unknown): readonly AnyStepMaker[] | undefined {
  return (stage as Partial<Folded<unknown, unknown>> | undefined)?.[MAKERS];
}
