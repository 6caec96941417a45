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
    what: "a batch takes eight places without looking whether the last one is free",
    find:
      "(if (i32.lt_u (local.get $nth) (i32.const 8))\n              (then\n                (local.set $slot (i32.add (local.get $slot) (local.get $stride)))\n                (br $look))))\n          (br_if $next\n            (i32.ne\n              (i32.atomic.rmw.cmpxchg offset=64",
    replace:
      "(if (i32.lt_u (local.get $nth) (i32.const 7))\n              (then\n                (local.set $slot (i32.add (local.get $slot) (local.get $stride)))\n                (br $look)))\n            (local.set $slot (i32.add (local.get $slot) (local.get $stride))))\n          (br_if $next\n            (i32.ne\n              (i32.atomic.rmw.cmpxchg offset=64",
    program: "two batches of eight, of which a receiver takes seven",
    interrupts: 1,
  },
  {
    file,
    what: "a batch publishes its first place before the others",
    find: "(i32.store offset=4 (local.get $slot) (i32.load offset=116 (local.get $from)))",
    replace:
      "(i32.atomic.store (i32.sub (local.get $slot) (i32.mul (local.get $stride) (i32.const 7))) (i32.add (local.get $position) (i32.const 1)))\n(i32.store offset=4 (local.get $slot) (i32.load offset=116 (local.get $from)))",
    program: "a batch of nine, close at any time",
    interrupts: 2,
  },
  {
    file,
    what: "a batch that is received releases its first place before the others",
    find: "(i32.store (local.get $slot) (i32.add (local.get $released) (i32.const 7)))",
    replace:
      "(i32.atomic.store (i32.sub (local.get $slot) (i32.mul (local.get $stride) (i32.const 7))) (local.get $released))\n(i32.store (local.get $slot) (i32.add (local.get $released) (i32.const 7)))",
    program: "two batches of eight in the same places",
    interrupts: 2,
  },
  {
    file,
    what: "a batch that was received releases a place for the round before",
    find: "(i32.store (local.get $slot) (i32.add (local.get $released) (i32.const 3)))",
    replace: "(i32.store (local.get $slot) (i32.add (local.get $position) (i32.const 3)))",
    program: "two batches of eight in the same places",
    interrupts: 2,
  },
];
