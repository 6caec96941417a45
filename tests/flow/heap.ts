/**
 * How much memory is in use, for tests of what must not grow.
 *
 * @module
 */
import process from "node:process";
import { collect } from "../unit/gc.ts";

export { NO_GC } from "../unit/gc.ts";

/** Megabytes that are alive. */
export async function heap(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect?.();
  }
  return process.memoryUsage().heapUsed / 1e6;
}
