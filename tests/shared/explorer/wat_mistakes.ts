/**
 * Mistakes that one could make in ring.wat, and the program in which each must be found.
 *
 * @module
 */
import type { Mistake } from "./shipped.ts";

/** A mistake, and where it must be found. */
export interface WatMistake extends Mistake {
  readonly program: string;
  /** How often a thread may be interrupted that could have gone on. */
  readonly interrupts: number;
}

const file = "workers/shared/ring.wat";

/** All of them. */
export const WAT_MISTAKES: readonly WatMistake[] = [
  {
    file,
    what: "who is rung but woke nobody counts as woken",
    find: "(i32.const -1))\n            (i32.const 0)))))",
    replace: "(i32.const -1))\n            (i32.const -1)))))",
    program: "a receiver dies in its sleep",
    interrupts: 2,
  },
  {
    file,
    what: "who publishes into a closed channel wakes one receiver",
    find:
      ";; Published.\n\n    (if (i32.and (i32.atomic.load offset=64 (local.get $channel)) (i32.const 1))",
    replace: ";; Published.\n\n    (if (i32.const 0)",
    program: "two places, two receivers, close at any time",
    interrupts: 3,
  },
  {
    file,
    what: "a send publishes before the payload is there",
    find: ";; Claimed.\n    (i32.store offset=4 (local.get $slot) (local.get $header))",
    replace:
      "(i32.atomic.store (local.get $slot) (i32.add (local.get $position) (i32.const 1)))\n    (i32.store offset=4 (local.get $slot) (local.get $header))",
    program: "two values through one place",
    interrupts: 2,
  },
  {
    file,
    what: "a batch wakes one receiver, however many values it has",
    find: "        (if (local.get $wake)\n          (then\n            (call $wakeSome",
    replace:
      "        (if (local.get $wake)\n          (then\n            (local.set $done (i32.const 1))\n            (call $wakeSome",
    program: "a batch for two receivers",
    interrupts: 1,
  },
  {
    file,
    what: "a batch takes four places without looking whether the last one is free",
    find:
      "(i32.ne (i32.atomic.load (local.get $s3)) (i32.add (local.get $position) (i32.const 3))))",
    replace: "(i32.const 0))",
    program: "two batches of four in the same places",
    interrupts: 2,
  },
  {
    file,
    what: "a batch that was received releases a place for the round before",
    find: "(i32.atomic.store (local.get $s3) (i32.add (local.get $released) (i32.const 3)))",
    replace: "(i32.atomic.store (local.get $s3) (i32.add (local.get $position) (i32.const 3)))",
    program: "two batches of four in the same places",
    interrupts: 2,
  },
];
