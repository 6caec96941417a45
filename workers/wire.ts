/**
 * What the two ends of a worker stage say to each other. Values and answers are frames: a sequence
 * number, flags and an item. How frames travel is another matter: today in batches, by messages over
 * a port.
 *
 * @module
 */
import type { EncodedError } from "./remote_error.ts";

/** Both ends must speak the same version. They may not, where a bundler or a cache mixes two copies. */
export const VERSION = 1;

/** Nothing else comes for this sequence number. */
export const LAST = 1;
/** The item is an error. */
export const ERROR = 2;
/** There is no item. */
export const BARE = 4;
/** To a thread: the input ends. From a thread: its generator has returned. */
export const END = 8;

/** Frames in a row: sequence number, flags, item, and again. Flat, since clones of arrays are dear. */
export type Frames = unknown[];

/** Adds a frame. */
export function putFrame(frames: Frames, sequence: number, flags: number, item: unknown): void {
  frames.push(sequence, flags, item);
}

/** Takes frames apart. */
export function eachFrame(
  frames: Frames,
  take: (sequence: number, flags: number, item: unknown) => void,
): void {
  for (let i = 0; i < frames.length; i += 3) {
    take(frames[i] as number, frames[i + 1] as number, frames[i + 2]);
  }
}

/** The notes of a thread, in shared memory. */
export type Cells = Int32Array<SharedArrayBuffer>;

/** What a thread is told first. */
export interface Opening {
  readonly type: "open";
  readonly version: number;
  /** The address of the user's module. */
  readonly module: string;
  /** The name of the export. */
  readonly export: string;
  /** For the context. */
  readonly data: unknown;
  /** For the context. */
  readonly thread: number;
  /** How many values of a generator may be on their way without having been taken. */
  readonly window: number;
  /** For its notes. */
  readonly cells: Cells | undefined;
}

/** What a thread is told. */
export type Order =
  | Opening
  | { readonly type: "values"; readonly frames: Frames }
  /** So many values of a generator were taken. */
  | { readonly type: "taken"; readonly count: number }
  /** Nobody wants anything any more, or a value has had its time: clean up and exit. */
  | { readonly type: "stop"; readonly overdue: boolean };

/** What a thread answers. */
export type Answer =
  | { readonly type: "ready"; readonly generator: boolean }
  /** `spent` is how long the thread has worked for it, in ms. */
  | { readonly type: "answers"; readonly frames: Frames; readonly spent: number }
  /** A note, where there is no shared memory. */
  | { readonly type: "noted"; readonly cell: number; readonly value: number }
  /** The module could not be imported, or nobody caught an error; the thread is about to exit. */
  | { readonly type: "failed"; readonly reason: string; readonly error: EncodedError };
