/**
 * Select: exactly one of several operations.
 *
 * One pass over the cases finds which can go, and one of those is committed. Only if none can, all are
 * parked, as siblings that share one decision: whoever settles one of them withdraws the others in the
 * same step. Poll and park happen in one turn with nothing between, so a select never matches itself,
 * and two selects match each other.
 *
 * @module
 */
import { ended } from "../channel/base.ts";
import type { WaitOptions } from "../channel/types.ts";
import { ASK, type Case, EMPTY, END, FAILURE, PARK, POLL, READY } from "../internal/case.ts";
import { checkBoolean, checkOptions } from "../internal/checks.ts";
import { paced, refused, unpaced } from "../internal/pace.ts";
import { below } from "../internal/random.ts";
import { isAborted, limit } from "../internal/wait.ts";
import { asSelected, Waiter } from "../internal/waiter.ts";
import { caseOf, type Cases, checkCases, type Selectable, type Selected } from "./cases.ts";

/** Which of several ready cases is taken. */
export interface Priority {
  /** The first that is ready, in source order; without it each has an equal chance. */
  readonly priority?: boolean | undefined;
}

/** How a select chooses, and how long it may wait. */
export interface SelectOptions extends WaitOptions, Priority {}

type Named = Record<string, Selectable>;

/** The key that goes with what `choose` answered. */
let chosenKey: PropertyKey = "";

/**
 * Does exactly one of several operations, the first that can go; waits while none can. If several can
 * go, each has an equal chance. Losing cases leave no trace: nothing is taken, no entry stays.
 *
 * A closed channel is ready: its receive case answers `done`, and its send case, if it is chosen,
 * rejects the select with `ChannelClosedError`; so does the receive case of a failed channel, with the
 * error. A channel may stand in several cases, in both directions; it never matches itself. If all
 * cases are off, only the signal or the timeout ends the wait.
 *
 * The model is Go's select statement (https://go.dev/ref/spec#Select_statements).
 *
 * @typeParam C The cases.
 * @param cases By name, or in a list: receivers, `sendCase`s, `after`, signals; `null`, `undefined` and
 * `false` are off.
 * @param options Priority, signal and timeout. The signal's reason and a `TimeoutError` reject; to have
 * them as outcomes, make them cases.
 * @returns Which case happened (`key`), and its result. O(cases).
 * @throws {TypeError} At once and without effect, if there is no case, or one that is nothing to wait for.
 *
 * @example Whatever comes first
 * ```ts
 * import { after, Channel, select } from "millrace";
 *
 * const jobs = new Channel<string>(1);
 * const results = new Channel<number>(1);
 * await jobs.send("grind");
 *
 * const r = await select({ job: jobs, out: results.sendCase(1), late: after(1_000) }, { priority: true });
 * switch (r.key) {
 *   case "job":
 *     if (!r.done) console.log(r.value); // grind
 *     break;
 *   case "out":
 *   case "late":
 *     break;
 * }
 * ```
 */
export function select<const C extends Cases>(
  cases: C,
  options?: SelectOptions,
): Promise<Selected<C>>;
export function select(cases: Cases, options?: SelectOptions): Promise<unknown> {
  return selectStep(cases, options);
}

/**
 * A select that tells if it parks.
 *
 * @param onPark Called with a waiter of the decision: withdrawing it ends the select.
 */
export function selectStep(
  cases: Cases,
  options?: SelectOptions,
  onPark?: (waiter: Waiter) => void,
): Promise<unknown> {
  const aborted = options !== undefined && isAborted(options);
  const priority = isPriority(options);
  let chosen = choose(cases, priority);
  if (aborted) return refused(options.signal?.reason);
  for (; chosen !== undefined; chosen = choose(cases, priority)) {
    const key = chosenKey; // a poll may call an `onDrop`, which may select
    let value: unknown;
    try {
      value = chosen[POLL]();
    } catch (error) {
      return refused(error);
    }
    if (value === END) return ended(chosen, { key, done: true, value: undefined });
    if (value === EMPTY) continue; // another thread was faster
    const result = { key, done: false, value }, promise = Promise.resolve(result);
    return paced(promise, result);
  }
  return park(cases, priority, options, onPark);
}

/**
 * Select with Go's `default`: does one of the operations that can go now, or none.
 *
 * @typeParam C The cases.
 * @param cases As for `select`.
 * @param options Priority.
 * @returns Which case happened, or undefined if none can go without waiting.
 * @throws {ChannelClosedError} If the send case of a closed channel is chosen; and the error of a failed
 * channel, if its receive case is.
 *
 * @example
 * ```ts
 * import { Channel, trySelect } from "millrace";
 *
 * const jobs = new Channel<string>(1);
 * console.log(trySelect({ job: jobs })); // undefined
 * ```
 */
export function trySelect<const C extends Cases>(
  cases: C,
  options?: Priority,
): Selected<C> | undefined;
export function trySelect(cases: Cases, options?: Priority): unknown {
  const priority = isPriority(options);
  let chosen: Case | undefined;
  while ((chosen = choose(cases, priority)) !== undefined) {
    const key = chosenKey;
    const value = chosen[POLL]();
    unpaced();
    if (value === EMPTY) continue;
    if (value !== END) return { key, done: false, value };
    const failure = chosen[FAILURE]?.();
    if (failure !== undefined) throw failure.error;
    return { key, done: true, value: undefined };
  }
  return undefined;
}

/**
 * Checks every case, and finds one that can go. Changes nothing. Lists have a loop of their own: `for in`
 * makes a string of each index, which took more than half the time of such a select (measured, Node and Deno).
 */
function choose(cases: Cases, priority: boolean): Case | undefined {
  let chosen: Case | undefined, seen = 0, ready = 0;
  if (Array.isArray(cases)) {
    for (let key = 0; key < cases.length; key++) {
      seen++;
      const candidate = caseOf(cases[key], key);
      if (!candidate?.[READY]() || staysBehind(++ready, priority)) continue;
      chosen = candidate;
      chosenKey = key;
    }
  } else {
    for (const key in cases) {
      seen++;
      const candidate = caseOf((cases as Named)[key], key);
      if (!candidate?.[READY]() || staysBehind(++ready, priority)) continue;
      chosen = candidate;
      chosenKey = key;
    }
  }
  checkCases(cases, seen);
  return chosen;
}

/** The n-th that is ready takes the place of those before it with chance 1/n: all are equal in the end. */
function staysBehind(n: number, priority: boolean): boolean {
  return n > 1 && (priority || below(n) > 0);
}

/** Parks every case, as one decision. */
function park(
  cases: Cases,
  priority: boolean,
  options: WaitOptions | undefined,
  onPark: ((waiter: Waiter) => void) | undefined,
): Promise<unknown> {
  const sources: Case[] = [];
  let leader: Waiter | undefined;
  if (Array.isArray(cases)) {
    for (let key = 0; key < cases.length; key++) {
      leader = parkCase(cases[key], key, leader, priority, sources);
    }
  } else {
    for (const key in cases) {
      leader = parkCase((cases as Named)[key], key, leader, priority, sources);
    }
  }
  leader ??= new Waiter(asSelected);
  const promise = options === undefined ? leader.promise : limit(leader, options);
  onPark?.(leader);
  for (const source of sources) source[ASK]?.();
  return promise;
}

/** @returns The leader of the decision. */
function parkCase(
  value: Selectable,
  key: PropertyKey,
  leader: Waiter | undefined,
  priority: boolean,
  sources: Case[],
): Waiter | undefined {
  const candidate = caseOf(value, key);
  if (candidate === undefined) return leader;
  const waiter = new Waiter(asSelected, key, leader);
  candidate[PARK](waiter, !priority);
  if (candidate[ASK] !== undefined) sources.push(candidate);
  return leader ?? waiter;
}

/** Checks the option. */
export function isPriority(options: Priority | undefined): boolean {
  if (options === undefined) return false;
  checkOptions(options);
  const { priority = false } = options;
  checkBoolean("options.priority", priority);
  return priority;
}
