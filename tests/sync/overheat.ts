/**
 * Bringing the guard of the event loop to act.
 *
 * @module
 */
import { settledCount } from "../../internal/pace.ts";
import { WaitGroup } from "../../sync/mod.ts";

/** Keeps this turn of the event loop busy until promises that are settled later in it are held back. */
export function overheat(): void {
  const nothing = new WaitGroup();
  // The count changes by itself while promises wait to be settled.
  while (settledCount() === settledCount()) nothing.wait();
}
