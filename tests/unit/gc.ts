/**
 * The garbage collector at hand, for tests of what a queue keeps alive.
 *
 * @module
 */
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

/** Runs the collector, where it is at hand. */
export const collect: (() => void) | undefined = find();

/** Why a test that needs the collector is skipped; false where it is at hand. */
export const NO_GC: string | false = collect === undefined
  ? "this runtime does not hand out its garbage collector"
  : false;

/** Collects until `ref` is empty; false if something still holds what it refers to. */
export async function collected(ref: WeakRef<object>): Promise<boolean> {
  for (let i = 0; i < 10; i++) {
    // A WeakRef that was read holds its object until the end of the turn.
    await new Promise((resolve) => setImmediate(resolve));
    collect?.();
    if (ref.deref() === undefined) return true;
  }
  return false;
}
