/**
 * What a select can wait for, and what it answers: the types, and the check of each case.
 *
 * @module
 */
import type { Receiver } from "../channel/types.ts";
import type { SendCase } from "../channel/send_case.ts";
import { signalCase } from "../internal/abort.ts";
import { type Case, READY } from "../internal/case.ts";
import { check, isSignal, show } from "../internal/checks.ts";
import type { TimerCase } from "./after.ts";

/** Go's nil channel: the case is absent, and its key leaves the type of the result. */
export type Off = null | undefined | false;

/** What a select can wait for. A bare promise is not among it: wrap it with `once`. */
export type Selectable = Receiver<unknown> | SendCase | TimerCase | AbortSignal | Off;

/** The cases of a select, by name or in a list. */
export type Cases = { readonly [key: string]: Selectable } | readonly Selectable[];

/**
 * What one case answers: a receiver as `recv` does, with `done` when it is closed and drained; a send and
 * a timer without a value; a signal with its reason.
 *
 * @typeParam K The key of the case.
 * @typeParam C The case.
 */
export type Outcome<K, C> = C extends Off ? never
  : C extends AbortSignal ? { readonly key: K; readonly done: false; readonly value: unknown }
  : C extends SendCase | TimerCase
    ? { readonly key: K; readonly done: false; readonly value: undefined }
  : C extends Receiver<infer T> ?
      | { readonly key: K; readonly done: false; readonly value: T }
      | { readonly key: K; readonly done: true; readonly value: undefined }
  : never;

/**
 * What a select answers: a union over its cases, discriminated by `key`. The key of a list is the index.
 *
 * @typeParam C The cases.
 */
export type Selected<C extends Cases> = C extends readonly Selectable[]
  ? number extends C["length"] ? Outcome<number, C[number]>
  : {
    [I in keyof C]: I extends `${infer N extends number}` ? Outcome<N, C[I]> : never;
  }[number]
  : { [K in keyof C & string]: Outcome<K, C[K]> }[keyof C & string];

/** Whether a case is absent. */
export function isOff(value: Selectable): value is Off {
  return value === undefined || value === null || value === false;
}

/** The case that a value stands for; undefined if it is absent. */
export function caseOf(value: Selectable, key: PropertyKey): Case | undefined {
  if (isOff(value)) return undefined;
  if ((value as Partial<Case>)[READY] !== undefined) return value as unknown as Case;
  if (isSignal(value)) return signalCase(value);
  throw new TypeError(
    `case ${show(key)} must be a receiver, sendCase, timer, signal or once(promise): ${
      show(value)
    }`,
  );
}

/** Checks that there was something to select from. */
export function checkCases(cases: unknown, count: number): void {
  check(count > 0, "cases must be an object or array, not empty", cases);
}
