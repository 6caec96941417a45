/**
 * What the tests of faults give to their threads, and read afterwards.
 *
 * @module
 */
import type { ChaosData, Fault } from "./modules/chaos.ts";

/** The whole numbers from 0, `size` of them. */
export function numbers(size: number): number[] {
  return Array.from({ length: size }, (_, n) => n);
}

/** Data for values below `size`. */
export function createChaos(size: number, faults: Iterable<readonly [number, Fault]>): ChaosData {
  return {
    faults: new Map(faults),
    begun: new Int32Array(new SharedArrayBuffer(4 * size)),
    release: new Int32Array(new SharedArrayBuffer(4)),
  };
}

/** Lets values go that hang: Deno cannot end their threads. */
export function release({ release }: ChaosData): void {
  Atomics.store(release, 0, 1);
  Atomics.notify(release, 0);
}
