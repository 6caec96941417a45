/**
 * Counters in shared memory, by which a test and its threads tell each other where they are, without
 * a sleep.
 *
 * @module
 */

/** The counters. */
export type Cells = Int32Array<SharedArrayBuffer>;

const NAMES = ["started", "open", "beats", "aborted", "finally"] as const;
type Name = (typeof NAMES)[number];

/** New counters, all 0. */
export function createCells(): Cells {
  return new Int32Array(new SharedArrayBuffer(4 * NAMES.length));
}

/** Reads a counter. */
export function count(cells: Cells, name: Name): number {
  return Atomics.load(cells, NAMES.indexOf(name));
}

/** Adds 1 to a counter. */
export function signal(cells: Cells, name: Name): void {
  Atomics.add(cells, NAMES.indexOf(name), 1);
  Atomics.notify(cells, NAMES.indexOf(name));
}

/** Resolves when a counter has reached `least`. */
export async function until(cells: Cells, name: Name, least: number): Promise<void> {
  while (count(cells, name) < least) await new Promise<void>((resolve) => setTimeout(resolve, 1));
}

/** Whether a counter stands still: 50 of its beats were missed. Blocks the calling thread. */
export function still(cells: Cells, name: Name): boolean {
  return Atomics.wait(cells, NAMES.indexOf(name), count(cells, name), 50) === "timed-out";
}

/** Whether a counter goes on, within 10 seconds. Blocks the calling thread. */
export function moving(cells: Cells, name: Name): boolean {
  return Atomics.wait(cells, NAMES.indexOf(name), count(cells, name), 10_000) !== "timed-out";
}
