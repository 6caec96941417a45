/**
 * Select that blocks the thread.
 *
 * @module
 */
import { ASK, type Case, EMPTY, END, FAILURE, PARK, POLL, READY } from "../../internal/case.ts";
import { check, checkBoolean, show } from "../../internal/checks.ts";
import { below } from "../../internal/random.ts";
import { Waiter } from "../../internal/waiter.ts";
import type { Off, Selected } from "../../select/cases.ts";
import { checkBlocking, sleepWhileParked, spin, type SyncOptions } from "./blocking.ts";
import { PUMP, type Pump } from "./pump.ts";
import { refusalOf } from "./shared_end.ts";
import type { Receiver } from "../../channel/types.ts";
import type { SharedChannelHandle } from "./shared_channel.ts";
import type { SharedSendCase } from "./shared_send_case.ts";

/** What a select that blocks can wait for: shared channels, for nothing else goes on in its thread. */
export type SharedSelectable =
  | Receiver<unknown> & { readonly handle: SharedChannelHandle }
  | SharedSendCase
  | Off;

/** The cases of a select that blocks, by name or in a list. */
export type SharedCases =
  | { readonly [key: string]: SharedSelectable }
  | readonly SharedSelectable[];

/** How a select that blocks chooses, and how long it may take. */
export interface SelectSyncOptions extends SyncOptions {
  /** The first that is ready, in source order; without it each has an equal chance. */
  readonly priority?: boolean | undefined;
}

interface SharedCase extends Case {
  [PUMP]: Pump;
}

interface Entry {
  readonly key: PropertyKey;
  readonly case: SharedCase;
}

type Outcome = { readonly key: PropertyKey; readonly done: boolean; readonly value: unknown };

/**
 * As `select`, in shared memory: does exactly one of several operations, the first that can go, and blocks the
 * thread while none can. If several can go, each has an equal chance. What else is parked in this thread is
 * served meanwhile, but nothing of it goes on before this has returned. For threads only.
 *
 * @typeParam C The cases.
 * @param cases By name, or in a list: shared channels and their `sendCase`s, all in one memory; `null`,
 * `undefined` and `false` are off.
 * @param options Priority and timeout.
 * @returns Which case happened (`key`), and its result. O(cases).
 * @throws {TypeError} If there is no case that is on, or something else in them.
 * @throws {ChannelClosedError} If the send case of a closed channel is chosen; and the error of a failed
 * channel, if its receive case is.
 * @throws {DOMException} A `TimeoutError`, when the time is over; nothing has happened.
 * @throws {Error} In the main thread of the process, which must not stand still.
 *
 * @example In a thread
 * ```ts
 * import { selectSync, type SharedChannel } from "millrace/workers";
 *
 * export function work(jobs: SharedChannel<number>, stop: SharedChannel<string>): number {
 *   for (let done = 0;; done++) {
 *     const r = selectSync({ job: jobs, stop });
 *     if (r.key === "stop" || r.done) return done;
 *     console.log(r.value);
 *   }
 * }
 * ```
 */
export function selectSync<const C extends SharedCases>(
  cases: C,
  options?: SelectSyncOptions,
): Selected<C>;
export function selectSync(cases: SharedCases, options: SelectSyncOptions = {}): unknown {
  const timeout = checkBlocking(options);
  const { priority = false } = options;
  checkBoolean("options.priority", priority);
  const entries = entriesOf(cases);
  const ready = () => entries.some((entry) => entry.case[READY]());
  for (;;) {
    let outcome = attempt(entries, priority);
    if (outcome === undefined && spin(ready)) outcome = attempt(entries, priority);
    outcome ??= wait(entries, priority, timeout);
    // Otherwise a channel has failed while it was waited for: the next attempt says so.
    if (outcome !== undefined) return outcome;
  }
}

/** Does one of those that can go now. */
function attempt(entries: readonly Entry[], priority: boolean): Outcome | undefined {
  for (;;) {
    let chosen: Entry | undefined;
    let ready = 0;
    for (const entry of entries) {
      // The n-th that is ready takes the place with chance 1/n: all are equal in the end.
      if (!entry.case[READY]() || ++ready > 1 && (priority || below(ready) > 0)) continue;
      chosen = entry;
    }
    if (chosen === undefined) return undefined;
    const value = chosen.case[POLL]();
    if (value === EMPTY) continue; // another thread was faster
    const { key } = chosen;
    if (value !== END) return { key, done: false, value };
    const failure = chosen.case[FAILURE]?.();
    if (failure !== undefined) throw failure.error;
    return { key, done: true, value: undefined };
  }
}

/** Parks all, as one decision, and blocks until one has happened. */
function wait(entries: readonly Entry[], priority: boolean, timeout: number): Outcome | undefined {
  let outcome: Outcome | undefined;
  let leader: Waiter | undefined;
  for (const entry of entries) {
    const report = (done: boolean, value: unknown, key: PropertyKey) =>
      outcome = { key, done, value };
    const waiter = new Waiter(report, entry.key, leader);
    leader ??= waiter;
    entry.case[PARK](waiter, !priority);
  }
  leader!.promise.catch(ignore);
  for (const entry of entries) entry.case[ASK]?.();
  sleepWhileParked(entries[0]!.case[PUMP], leader!, timeout);
  const refusal = refusalOf(leader!);
  if (refusal !== undefined) throw refusal.error;
  return outcome;
}

function entriesOf(cases: SharedCases): Entry[] {
  check(typeof cases === "object" && cases !== null, "cases must be an object or an array", cases);
  const entries: Entry[] = [];
  for (const [key, value] of Object.entries(cases)) {
    if (value === undefined || value === null || value === false) continue;
    entries.push({ key: Array.isArray(cases) ? Number(key) : key, case: sharedCase(value, key) });
  }
  check(entries.length > 0, "cases must not be empty: nothing could wake this thread", cases);
  const [first] = entries;
  const same = entries.every((entry) => entry.case[PUMP] === first!.case[PUMP]);
  check(same, "cases must be of channels in one memory", cases);
  return entries;
}

function sharedCase(value: object, key: string): SharedCase {
  if (PUMP in value) return value as SharedCase;
  throw new TypeError(
    `case ${
      show(key)
    } must be a SharedChannel or its sendCase, for nothing else goes on while the thread is blocked: ${
      show(value)
    }`,
  );
}

function ignore(): void {}
