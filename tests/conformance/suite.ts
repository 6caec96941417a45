/**
 * What every kind of channel owes: the conformance suite.
 *
 * A kind is a row: how it is made, its capacities, what it cannot do and why. Nothing is used of a
 * channel but the contract of `Sender`, `Receiver` and `select`, and the hooks of the row.
 *
 * @module
 */
import { assertEquals, assertNotEquals } from "@std/assert";
import { test } from "node:test";
import { abort } from "./abort.ts";
import type { Behaviour } from "./behaviour.ts";
import { cancel } from "./cancel.ts";
import { close } from "./close.ts";
import { disposal } from "./disposal.ts";
import { errors } from "./errors.ts";
import { fail } from "./fail.ts";
import { handOff } from "./hand_off.ts";
import { iteration } from "./iteration.ts";
import type { Deviation, Kind } from "./kind.ts";
import { order } from "./order.ts";
import { overflow } from "./overflow.ts";
import { receive } from "./receive.ts";
import { Rig } from "./rig.ts";
import { select } from "./select.ts";
import { selectSeveral } from "./select_several.ts";
import { send } from "./send.ts";
import { timeout } from "./timeout.ts";

export type { Deviation, Ends, Kind } from "./kind.ts";

/** All behaviours, area by area. */
export const BEHAVIOURS: readonly Behaviour[] = [
  ...send,
  ...receive,
  ...close,
  ...fail,
  ...cancel,
  ...abort,
  ...timeout,
  ...order,
  ...handOff,
  ...select,
  ...selectSeveral,
  ...iteration,
  ...overflow,
  ...disposal,
  ...errors,
];

/** Tests a kind of channel at all its capacities. What deviates is skipped, with the reason. */
export function conformance(kind: Kind): void {
  test(`${kind.name}: each deviation names behaviours of the suite, and why`, () => {
    assertEquals(unknownNames(kind.deviations), []);
    for (const { reason } of kind.deviations) assertNotEquals(reason.trim(), "");
  });

  for (const capacity of kind.capacities) {
    for (const behaviour of BEHAVIOURS) {
      if (!behaviour.shows(capacity)) continue;
      const deviation = kind.deviations.find(({ tests }) => tests.includes(behaviour.name));
      const options = deviation === undefined ? {} : { skip: deviation.reason };
      test(`${kind.name}(${capacity}): ${behaviour.name}`, options, async () => {
        const rig = new Rig(kind, capacity);
        try {
          await behaviour.body(rig);
          await rig.quiet();
        } finally {
          await rig.end();
        }
      });
    }
  }
}

/** The names in `deviations` that are no behaviours. */
export function unknownNames(deviations: readonly Deviation[]): string[] {
  const known = new Set(BEHAVIOURS.map(({ name }) => name));
  return deviations.flatMap(({ tests }) => tests.filter((name) => !known.has(name)));
}
