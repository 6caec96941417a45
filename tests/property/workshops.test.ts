import fc from "fast-check";
import { test } from "node:test";
import { check } from "./check.ts";
import { type Plan, RECEIVING, SENDING, verify } from "./workshop.ts";

const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(),
  capacities: fc.array(fc.constantFrom(0, 0, 1, 2, 5, Infinity), { minLength: 1, maxLength: 3 }),
  producers: fc.array(
    fc.record({ ways: fc.array(fc.constantFrom(...SENDING), { maxLength: 12, size: "max" }) }),
    { minLength: 1, maxLength: 4 },
  ),
  consumers: fc.array(
    fc.record({ ways: fc.array(fc.constantFrom(...RECEIVING), { minLength: 1, maxLength: 6 }) }),
    { minLength: 1, maxLength: 4 },
  ),
  permits: fc.integer({ min: 1, max: 3 }),
  shut: fc.tuple(fc.nat(5), fc.integer({ min: 6, max: 12 })),
  end: fc.tuple(
    fc.constantFrom("close", "cancel", "fail", "abort", "throw"),
    fc.oneof(fc.nat(12), fc.constant(60)),
  ),
});

test("Channels, select, scope and primitives lose, double, overtake and forget nothing", async () => {
  await check(plans, 1500, verify);
});
