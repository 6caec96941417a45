/**
 * What the explorer runs: a few threads, each of which is a plain state and a function that says what comes
 * next. A state must hold everything that the future depends on, since equal states are explored once.
 *
 * @module
 */
import type { Ground, Recorder } from "./recorder.ts";

/** What a thread does next. */
export type Act<S> =
  /** Runs shipped code to its end, access by access, and goes on with what it answered. */
  | { readonly kind: "call"; run(memory: Recorder): unknown; then(outcome: never): S }
  /** Begins to wait on its bell, unless that no longer says what was heard. */
  | { readonly kind: "arm"; readonly wait: number; readonly heard: number; readonly then: S }
  /**
   * Rests until the wait is over, or until it takes one of the other ways: at any time, or only as long as it
   * sleeps.
   */
  | {
    readonly kind: "rest";
    readonly wait: number;
    readonly then: S;
    readonly or?: readonly S[];
    readonly asleep?: boolean;
  }
  /** Goes on once that is true of the states of all threads. */
  | { readonly kind: "when"; holds(threads: readonly unknown[]): boolean; readonly then: S }
  /** Takes one of several ways. */
  | { readonly kind: "choose"; readonly from: readonly S[] }
  /** Nothing more. A thread that is dead wakes nobody who rings it. */
  | { readonly kind: "end"; readonly dead?: boolean };

/** One thread. */
export interface Thread<S = unknown> {
  readonly name: string;
  /** Its slot in the memory. */
  readonly slot: number;
  readonly start: S;
  act(state: S): Act<S>;
}

/** A program for the explorer. */
export interface Program {
  readonly name: string;
  readonly ground: Ground;
  readonly threads: readonly Thread[];
  /** The index of the word that the thread in `slot` waits on. */
  bellOf(slot: number): number;
  /** What a word is called, for people. */
  wordName?(index: number): string;
  /** What is wrong with the states in which everything came to its end. */
  verify(ends: readonly unknown[]): string | undefined;
}

/** How many waits of one thread may be under way: the promise's and the blocking one. */
export const WAITS = 2;
