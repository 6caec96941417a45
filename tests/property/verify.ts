/**
 * Holds what was seen of a schedule against the model.
 *
 * @module
 */
import type { Counts } from "../../internal/case.ts";
import { execute, type Settlement, type Trace } from "./execution.ts";
import { Model } from "./model.ts";
import { type Schedule, type Step, text } from "./program.ts";

/** How an operation has to end. */
interface Verdict {
  readonly outcome: string;
  /** Nothing was done: the order is not promised. */
  readonly moot: boolean;
  /** The step that decides it, */
  readonly step: number;
  /** and as which of all that it decides. */
  readonly place: number;
}

/** What there is to say of a schedule that went as the model says. */
export interface Verified {
  /** How many operations that finished at once the guard of the event loop delayed. */
  readonly delayed: number;
}

/** Carries out a schedule. Rejects if anything is other than the model says. */
export async function verify(schedule: Schedule): Promise<Verified> {
  const trace = await execute(schedule);
  const verdicts = replay(schedule, trace);
  for (const { id, outcome } of trace.settlements) {
    compare(`operation ${id}`, outcome, verdicts.get(id)?.outcome ?? "waits");
  }
  const settled = new Set(trace.settlements.map(({ id }) => id));
  for (const [id, { outcome }] of verdicts) {
    if (!settled.has(id)) throw new Error(`operation ${id} waits, the model says "${outcome}"`);
  }
  const delayed: Settlement[] = [], inTime: Settlement[] = [];
  for (const settlement of trace.settlements) {
    const isDelayed = checkMoment(settlement, verdicts.get(settlement.id)!, trace);
    (isDelayed ? delayed : inTime).push(settlement);
  }
  checkOrder(inTime, verdicts, trace.steps);
  checkOrder(delayed, verdicts, trace.steps);
  return { delayed: delayed.length };
}

/** Lets the model take the same steps, and compares after each. */
function replay(schedule: Schedule, trace: Trace): Map<number, Verdict> {
  const reports = new Map(trace.settlements.map(({ id, outcome }) => [id, outcome]));
  const report = (id: number) => reports.get(id) ?? trace.answers.get(id) ?? "nothing";
  const model = new Model(schedule.channels, report);
  const verdicts = new Map<number, Verdict>();
  for (const [step, it] of trace.steps.entries()) {
    const at = `after step ${step}, ${text(it)}`;
    model.step(it, step);
    model.settled.forEach((it, place) => verdicts.set(it.id, { ...it, step, place }));
    compare(`${at}: answer`, trace.answers.get(step), answerOf(model, step, it.op));
    if (it.op === "try") verdicts.delete(step);
    compare(`${at}: dropped`, trace.dropped[step], model.dropped);
    for (const [on, counts] of trace.counts[step]!.entries()) {
      compare(`${at}: channel ${on}`, counts, countsOf(model, on));
      checkInvariants(`${at}: channel ${on}`, counts, model, on);
    }
  }
  const signals = model.pending.flatMap(({ places }) =>
    places.flatMap((place) => place.op === "signal" ? [place.signal] : [])
  );
  compare("number of signals with a listener", trace.listeners, new Set(signals).size);
  compare("number of timers that are set", trace.timers, 0);
  if (trace.mostListeners > 1) throw new Error(`a signal had ${trace.mostListeners} listeners`);
  return verdicts;
}

function answerOf(model: Model, step: number, op: string): string | undefined {
  return op === "try" ? model.settled.find(({ id }) => id === step)?.outcome : undefined;
}

function countsOf(model: Model, on: number): Counts {
  const { buffer, capacity, end } = model.channels[on]!;
  const senders = model.waiting(on, "send"), receivers = model.waiting(on, "recv");
  return { size: buffer.length, capacity, senders, receivers, closed: end !== undefined };
}

function checkInvariants(at: string, counts: Counts, model: Model, on: number): void {
  const { size, capacity, senders, receivers, closed } = counts;
  const parked = model.pending.filter(({ places }) =>
    places.some((it) => "on" in it && it.on === on)
  );
  const broken = size > 0 && receivers > 0 && "a value is in the buffer and a receiver is parked" ||
    size < capacity && senders > 0 && "there is room and a sender is parked" ||
    senders > 0 && receivers > 0 && parked.length > 1 && "both sides are parked" ||
    closed && receivers > 0 && "closed and a receiver is parked" ||
    (size < 0 || size > capacity) && `the size is ${size}`;
  if (broken) throw new Error(`${at}: ${broken}`);
}

/**
 * A promise settles when its operation is decided, not before, and as soon as microtasks run.
 *
 * @returns Whether it settled a turn of the event loop later: what finished at once may.
 */
function checkMoment({ id, step, turn }: Settlement, verdict: Verdict, trace: Trace): boolean {
  const first = verdict.step, last = trace.rests[first]!;
  if (step < first || step > last) {
    throw new Error(`operation ${id} settled after step ${step}, not ${first} to ${last}`);
  }
  const turns = turn - trace.turns[first]!;
  if (turns === 0 || turns === 1 && first === id) return turns > 0;
  throw new Error(`operation ${id} settled ${turns} turns after it was decided`);
}

/**
 * Promises settle in the order in which their operations were decided. Which comes first, the operation
 * that makes a step or the partners that it releases, is not promised; nor is the order of those that
 * one signal or one moment ends.
 */
function checkOrder(
  settlements: readonly Settlement[],
  verdicts: ReadonlyMap<number, Verdict>,
  steps: readonly Step[],
): void {
  let last = { step: -1, place: -1 };
  for (const { id } of settlements) {
    const { step, place, moot } = verdicts.get(id)!;
    if (moot) continue;
    const unordered = step === id || /abort|advance/.test(steps[step]!.op);
    if (step < last.step || step === last.step && !unordered && place < last.place) {
      throw new Error(`operation ${id} settled after one that was decided later`);
    }
    if (step > last.step || !unordered) last = { step, place: unordered ? -1 : place };
  }
}

function compare(what: string, actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new Error(
    `${what} is ${JSON.stringify(actual)}, the model says ${JSON.stringify(expected)}`,
  );
}
