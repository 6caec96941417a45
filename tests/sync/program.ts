/**
 * Programs for one primitive, as data: what is done to it, step by step.
 *
 * @module
 */
import fc from "fast-check";

/** The primitives; a condition comes with its mutex. */
export const KINDS = ["mutex", "semaphore", "counter", "event", "group", "barrier"] as const;
/** One of them. */
export type Kind = (typeof KINDS)[number];

/** What may end a wait. */
export interface Limits {
  readonly signal?: number;
  readonly timeout?: number;
}

/** One step. What waits is named by the number of its step. */
export type Step =
  | ({ readonly op: "wait" | "sleep" } & Limits)
  | { readonly op: "try" | "release" | "set" | "reset" }
  /** By the n-th permit that was handed out, or by the end of its `using` block. */
  | { readonly op: "permit" | "dispose"; readonly n: number }
  | { readonly op: "notify" | "add"; readonly n: number }
  | { readonly op: "abort"; readonly signal: number }
  | { readonly op: "advance"; readonly ms: number };

/** A program. */
export interface Program {
  readonly kind: Kind;
  readonly steps: readonly Step[];
  /** Steps between two runs of the microtasks; what is done meanwhile is done in one turn. */
  readonly every: number;
}

// Times are even and timeouts end at odd and even ones, so that no two of different length end together:
// which goes first is not promised.
const limits: fc.Arbitrary<Limits> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: fc.record({ signal: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ timeout: fc.constantFrom(0, 3, 8) }) },
  { weight: 1, arbitrary: fc.record({ signal: fc.nat(1), timeout: fc.constantFrom(0, 3, 8) }) },
);
const wait = limits.map((it): Step => ({ op: "wait", ...it }));
const sleep = limits.map((it): Step => ({ op: "sleep", ...it }));
const plain = (op: "try" | "release" | "set" | "reset") => fc.constant<Step>({ op });
const withPermit = fc.tuple(fc.constantFrom("permit" as const, "dispose" as const), fc.nat(9))
  .map(([op, n]): Step => ({ op, n }));
const counted = (op: "notify" | "add", ...n: number[]) =>
  fc.constantFrom(...n).map((n): Step => ({ op, n }));
const ends: readonly fc.Arbitrary<Step>[] = [
  fc.nat(1).map((signal): Step => ({ op: "abort", signal })),
  fc.constantFrom(2, 4).map((ms): Step => ({ op: "advance", ms })),
];

const permits = [wait, wait, wait, plain("try"), plain("release"), plain("release"), withPermit];
const STEPS: Record<Kind, readonly fc.Arbitrary<Step>[]> = {
  mutex: [...permits, sleep, sleep, sleep, counted("notify", 0, 1, 2, Infinity)],
  semaphore: permits,
  counter: permits,
  event: [wait, wait, wait, plain("set"), plain("reset")],
  group: [wait, wait, counted("add", -2, -1, -1, 0, 1, 2)],
  barrier: [wait],
};

/** Programs for any of these primitives. */
export function programsFor(kinds: readonly Kind[]): fc.Arbitrary<Program> {
  return fc.constantFrom(...kinds, "mutex" as const, "mutex" as const).chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      steps: fc.array(fc.oneof(...STEPS[kind], ...STEPS[kind], ...ends), {
        maxLength: 40,
        size: "max",
      }),
      every: fc.constantFrom(1, 2, 5, Infinity),
    })
  );
}

/** A program as it can be read. */
export function text({ kind, steps, every }: Program): string {
  const lines = steps.map((step, n) => `  ${n}. ${JSON.stringify(step)}`);
  return [`${kind}, microtasks after every ${every} steps:`, ...lines].join("\n");
}
