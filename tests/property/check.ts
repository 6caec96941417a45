/**
 * Properties of made-up cases, checked with fast-check.
 *
 * @module
 */
import fc from "fast-check";
import process from "node:process";

const { SEED, FAIL_FAST } = process.env;

/** The same cases come again with `SEED=…` in the environment; a failure tells which. */
const seed = SEED === undefined ? Date.now() & 0x7fffffff : Number(SEED);

/** Whether a failure will do that is not the shortest: for the trial of mutants. */
export const failFast: boolean = FAIL_FAST !== undefined;

/** Checks `holds` for many cases. Rejects with the shortest that was found for which it does not. */
export async function check<T>(
  cases: fc.Arbitrary<T>,
  runs: number,
  holds: (value: T) => Promise<unknown>,
  show: (value: T) => string = JSON.stringify,
): Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const property = fc.asyncProperty(cases, async (value) => void await (running = holds(value)));
  const result = await fc.check(property, {
    seed,
    numRuns: runs,
    endOnFailure: failFast,
    interruptAfterTimeLimit: 8000,
  });
  // What the time limit has interrupted goes on, and must not meddle with the next check.
  await running.catch(() => {});
  if (!result.failed || result.counterexample === null) return;
  const { message } = result.errorInstance as Error;
  throw new Error(`SEED=${seed}: ${message}\n${show(result.counterexample[0])}`);
}
