/**
 * Bringing the guard of the event loop to act.
 *
 * @module
 */
import { WaitGroup } from "../../sync/mod.ts";

/** Keeps this turn of the event loop busy until promises that are settled later in it are held back. */
export function overheat(): void {
  const nothing = new WaitGroup();
  const end = performance.now() + 5;
  while (performance.now() < end) nothing.wait();
  for (let i = 0; i < 100; i++) nothing.wait();
}
