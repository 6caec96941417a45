/**
 * One thing that every kind of channel does, and the capacities that can show it.
 *
 * @module
 */
import type { Rig } from "./rig.ts";

/** A test that each kind of channel passes, at each of its capacities that can show it. */
export interface Behaviour {
  /** The symbol, a verb, the condition. The same name for the same behaviour, in all suites. */
  readonly name: string;
  readonly shows: (capacity: number) => boolean;
  readonly body: (rig: Rig) => void | Promise<void>;
}

type Define = (name: string, body: Behaviour["body"]) => Behaviour;

function shownAt(shows: Behaviour["shows"]): Define {
  return (name, body) => ({ name, shows, body });
}

/** At every capacity. */
export const always: Define = shownAt(() => true);
/** Where a send waits for its receiver. */
export const rendezvous: Define = shownAt((capacity) => capacity === 0);
/** Where a channel can be full, so that a send waits. */
export const bounded: Define = shownAt((capacity) => capacity < Infinity);
/** Where no send ever waits. */
export const unbounded: Define = shownAt((capacity) => capacity === Infinity);
/** Where a value can be there without anybody waiting. */
export const buffered: Define = shownAt((capacity) => capacity >= 1);
/** Where a buffer can be full. */
export const boundedBuffer: Define = shownAt((capacity) => capacity >= 1 && capacity < Infinity);
