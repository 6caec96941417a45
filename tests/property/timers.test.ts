import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { setImmediate } from "node:timers";
import { test } from "node:test";
import { after, select } from "../../mod.ts";
import { SyncClock } from "../support/sync_clock.ts";
import { check } from "./check.ts";

/** A timer that is made at one time and waited for at another, by several selects. */
interface Plan {
  readonly made: number;
  readonly parked: number;
  readonly ms: number;
  readonly selects: number;
}

const plans: fc.Arbitrary<Plan[]> = fc.array(
  fc.record({
    made: fc.nat(20),
    wait: fc.nat(20),
    ms: fc.constantFrom(0, 5, 10, 2 ** 31 + 5),
    selects: fc.integer({ min: 1, max: 2 }),
  }).map(({ wait, ...plan }) => ({ ...plan, parked: plan.made + wait })),
  { minLength: 1, maxLength: 6 },
);

/** Before and at each moment at which something may happen. */
function moments(plans: readonly Plan[]): number[] {
  const times = plans.flatMap(({ made, parked, ms }) => [made, parked, made + ms]);
  return [...new Set(times.flatMap((time) => [time - 1, time]))].sort((a, b) => a - b);
}

test("after() fires once and at its time, in whatever order timers are made and waited for", async () => {
  await check(plans, 1000, async (plans) => {
    const clock = new SyncClock();
    const fired = plans.map(() => 0);
    const timers = plans.map(() => after(0));
    for (const now of moments(plans)) {
      clock.advance(now - clock.now());
      for (const [n, { made, parked, ms, selects }] of plans.entries()) {
        if (now === made) timers[n] = after(ms);
        for (let i = 0; now === parked && i < selects; i++) {
          void select([timers[n]!]).then(() => fired[n]!++);
        }
      }
      for (let i = 0; i < 4; i++) await undefined;
      const due = plans.map(({ made, parked, ms }) => parked <= now && made + ms <= now ? 1 : 0);
      assertEquals(fired, due, `${now} ms`);
    }
    await new Promise(setImmediate);
    assertEquals(clock.timers, 0);
    clock.restore();
  });
});
