/**
 * What every operator owes: the generic suite.
 *
 * An operator is a row: how it is made, what it gives of the numbers 1 to n, how far it runs ahead, which
 * laws it does not keep, and why. After each law nobody may be parked and no timer set.
 *
 * @module
 */
import { assertEquals, assertNotEquals } from "@std/assert";
import { test } from "node:test";
import type { Law } from "./law.ts";
import { endLaws } from "./laws_of_ends.ts";
import { errorLaws } from "./laws_of_errors.ts";
import { valueLaws } from "./laws_of_values.ts";
import { type Make, type OperatorOptions, Rig } from "./operator.ts";

/** All laws. */
export const LAWS: readonly Law[] = [...valueLaws, ...endLaws, ...errorLaws];

/** Tries all laws on an operator. What deviates is skipped, with the reason. */
export function laws(name: string, make: Make, options: OperatorOptions): void {
  const { deviations = [], calls = false } = options;

  test(`${name}: each deviation names laws of the suite, and why`, () => {
    const known = new Set(LAWS.map((law) => law.name));
    const named = deviations.flatMap((deviation) => deviation.laws);
    assertEquals(named.filter((law) => !known.has(law)), []);
    for (const { reason } of deviations) assertNotEquals(reason.trim(), "");
  });

  for (const law of LAWS) {
    if (law.ofFunctions === true && !calls) continue;
    const deviation = deviations.find((deviation) => deviation.laws.includes(law.name));
    const skip = deviation === undefined ? {} : { skip: deviation.reason };
    for (const timing of law.timings) {
      test(`${name} ${law.name}, source ${timing}`, skip, async () => {
        const rig = new Rig(make, options, timing);
        try {
          await law.body(rig);
        } catch (error) {
          rig.abandon();
          throw error;
        }
        await rig.end();
      });
    }
  }
}
