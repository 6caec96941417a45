/**
 * How much memory is in use, for tests of what must not grow.
 *
 * @module
 */
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

function find(): (() => void) | undefined {
  try {
    setFlagsFromString("--expose-gc");
    return runInNewContext("gc") as (() => void) | undefined;
  } catch {
    return undefined;
  }
}

const collect = find();

/** Why a test that needs the garbage collector is skipped; false where it is at hand. */
export const NO_GC: string | false = collect === undefined
  ? "this runtime does not hand out its garbage collector"
  : false;

/** Megabytes that are alive. */
export async function heap(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect?.();
  }
  return process.memoryUsage().heapUsed / 1e6;
}
