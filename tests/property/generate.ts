/**
 * Schedules made up by fast-check.
 *
 * @module
 */
import fc from "fast-check";
import {
  abort,
  advance,
  after,
  attempt,
  cancel,
  type Case,
  type ChannelKind,
  close,
  fail,
  leave,
  type Limits,
  next,
  off,
  recv,
  recvMany,
  type Schedule,
  select,
  send,
  signal,
  spin,
  type Step,
} from "./program.ts";

const kinds: fc.Arbitrary<ChannelKind> = oneof<ChannelKind>([
  [6, fc.record({ capacity: fc.nat(2) })],
  [1, fc.constant({ capacity: Infinity })],
  [1, fc.record({ capacity: fc.nat(1).map((n) => n + 1), overflow: fc.constant("drop-oldest") })],
  [1, fc.record({ capacity: fc.nat(1).map((n) => n + 1), overflow: fc.constant("drop-newest") })],
]);

const on = fc.nat(2);
// Limits and cases have other signals and times: which of two that end at one moment wins is not promised.
const limits: fc.Arbitrary<Limits> = oneof<Limits>([
  [6, fc.constant({})],
  [1, fc.record({ signal: fc.nat(1) })],
  [1, fc.record({ timeout: fc.constantFrom(0, 3, 11) })],
]);
const sends = fc.tuple(on, limits).map(([on, limits]) => send(on, 0, limits));
const recvs = fc.tuple(on, limits).map(([on, limits]) => recv(on, limits));
const cases: fc.Arbitrary<Case[]> = fc.array(
  oneof<Case>([
    [5, on.map((on) => recv(on))],
    [5, on.map((on) => send(on, 0))],
    [1, fc.constantFrom(signal(2), after(2), after(7), off)],
  ]),
  { minLength: 1, maxLength: 4 },
);
const selects = fc.tuple(cases, limits, fc.nat(3)).map(([cases, limits, n]) =>
  select(cases, n === 3 ? { ...limits, priority: true } : limits)
);

/** Steps that move values. */
const moves: readonly Weighted<Step>[] = [
  [6, sends],
  [6, recvs],
  [6, selects],
  [
    2,
    fc.tuple(on, fc.integer({ min: 1, max: 3 }), limits).map(([on, max, it]) =>
      recvMany(on, max, it)
    ),
  ],
  [2, fc.tuple(on, fc.nat(1)).map(([on, loop]) => next(on, loop))],
  [2, on.map((on) => attempt(send(on, 0)))],
  [2, on.map((on) => attempt(recv(on)))],
  [
    1,
    fc.tuple(cases, fc.boolean()).map(([cases, first]) =>
      attempt(select(cases, first ? { priority: true } : {}))
    ),
  ],
];

/** Steps that end something. */
const ends: readonly Weighted<Step>[] = [
  [2, on.map(close)],
  [1, on.map(fail)],
  [1, on.map(cancel)],
  [2, fc.nat(2).map(abort)],
  [1, fc.tuple(on, fc.nat(1)).map(([on, loop]) => leave(on, loop))],
  [2, fc.constantFrom(2, 5).map(advance)],
];

const seeds = fc.integer({ min: 1, max: 0x7fffffff });

/** A few steps of all kinds. */
export const short: fc.Arbitrary<Schedule> = fc.record({
  channels: fc.array(kinds, { minLength: 1, maxLength: 3 }),
  steps: fc.array(oneof([...moves, ...ends]), { maxLength: 10 }),
  every: fc.constantFrom(1, 2, 3, Infinity),
  seed: seeds,
}).map(numbered);

const many = { minLength: 1000, maxLength: 4000, size: "max" } as const;

/** Thousands of steps that end nothing, in turns of the event loop so long that its guard acts. */
export const longTurns: fc.Arbitrary<Schedule> = fc.record({
  channels: fc.array(kinds, { minLength: 1, maxLength: 2 }),
  steps: fc.array(oneof<Step>([[400, oneof(moves)], [1, fc.constant(spin)]]), many),
  every: fc.constantFrom(1, 2, 50, Infinity),
  ticks: fc.integer({ min: 1, max: 3 }),
  turn: fc.constantFrom(100, 1000, 10_000),
  seed: seeds,
}).map(numbered);

/** Thousands of steps on channels with a buffer, in short turns: the guard leaves room for hops. */
export const shortTurns: fc.Arbitrary<Schedule> = fc.record({
  channels: fc.array(fc.record({ capacity: fc.integer({ min: 1, max: 2 }) }), {
    minLength: 1,
    maxLength: 2,
  }),
  steps: fc.array(oneof(moves), many),
  every: fc.constantFrom(1, 2, 5, Infinity),
  ticks: fc.integer({ min: 1, max: 3 }),
  turn: fc.constantFrom(16, 64),
  seed: seeds,
}).map(numbered);

/** Gives each value a number of its own, and each loop a channel. */
function numbered(schedule: Schedule): Schedule {
  const { length } = schedule.channels;
  let values = 0;
  function fit<S extends object>(it: S): S {
    if (!("on" in it)) return it;
    const on = it.on as number % length;
    const loop = "loop" in it ? { loop: on * 2 + (it.loop as number) % 2 } : {};
    return { ...it, on, ...loop, ...("value" in it ? { value: values++ } : {}) };
  }
  const steps = schedule.steps.map((step): Step => {
    if (step.op === "select") return { ...step, cases: step.cases.map(fit) };
    if (step.op !== "try") return fit(step);
    const { of } = step;
    return { op: "try", of: of.op === "select" ? { ...of, cases: of.cases.map(fit) } : fit(of) };
  });
  return { ...schedule, steps };
}

type Weighted<T> = readonly [weight: number, arbitrary: fc.Arbitrary<T>];

function oneof<T>(options: readonly Weighted<T>[]): fc.Arbitrary<T> {
  return fc.oneof(...options.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}
