/** Each assertion that stands in for `@std/assert` throws when it must: one that cannot fail is none. */
import { describe, test } from "node:test";
import * as std from "./mod.ts";

type Attempt = () => unknown;

class Special extends RangeError {}

const reject = (error: unknown) => () => Promise.reject(error);

/** What must pass, and what must throw. */
const CASES: Record<
  string,
  { readonly holds: Attempt[]; readonly fails: Attempt[] }
> = {
  "assert()": {
    holds: [() => std.assert(1)],
    fails: [() => std.assert(0), () => std.assert(undefined)],
  },
  "assertFalse()": {
    holds: [() => std.assertFalse("")],
    fails: [() => std.assertFalse("x")],
  },
  "assertEquals()": {
    holds: [
      () => std.assertEquals({ a: [1] }, { a: [1] }),
      () => std.assertEquals(NaN, NaN),
    ],
    fails: [
      () => std.assertEquals([1, 2], [2, 1]),
      () => std.assertEquals<unknown>({ a: undefined }, {}),
      () => std.assertEquals<unknown>(1, "1"),
    ],
  },
  "assertNotEquals()": {
    holds: [() => std.assertNotEquals([1], [2])],
    fails: [() => std.assertNotEquals([1], [1])],
  },
  "assertStrictEquals()": {
    holds: [() => std.assertStrictEquals(NaN, NaN)],
    fails: [
      () => std.assertStrictEquals([], []),
      () => std.assertStrictEquals(0, -0),
    ],
  },
  "assertNotStrictEquals()": {
    holds: [() => std.assertNotStrictEquals([], [])],
    fails: [() => std.assertNotStrictEquals(1, 1)],
  },
  "assertExists()": {
    holds: [() => std.assertExists(0), () => std.assertExists(false)],
    fails: [() => std.assertExists(null), () => std.assertExists(undefined)],
  },
  "assertInstanceOf()": {
    holds: [() => std.assertInstanceOf(new Special(), RangeError)],
    fails: [() => std.assertInstanceOf({}, RangeError)],
  },
  "assertGreater()": {
    holds: [() => std.assertGreater(2, 1)],
    fails: [() => std.assertGreater(1, 1)],
  },
  "assertGreaterOrEqual()": {
    holds: [() => std.assertGreaterOrEqual(1, 1)],
    fails: [
      () => std.assertGreaterOrEqual(0, 1),
      () => std.assertGreaterOrEqual(NaN, 1),
    ],
  },
  "assertLess()": {
    holds: [() => std.assertLess(1, 2)],
    fails: [() => std.assertLess(2, 2)],
  },
  "assertLessOrEqual()": {
    holds: [() => std.assertLessOrEqual(2, 2)],
    fails: [() => std.assertLessOrEqual(3, 2)],
  },
  "assertMatch()": {
    holds: [() => std.assertMatch("abc", /b/)],
    fails: [() => std.assertMatch("abc", /d/)],
  },
  "assertStringIncludes()": {
    holds: [() => std.assertStringIncludes("abc", "bc")],
    fails: [() => std.assertStringIncludes("abc", "cb")],
  },
  "assertArrayIncludes()": {
    holds: [() => std.assertArrayIncludes([1, { a: 1 }], [{ a: 1 }])],
    fails: [() => std.assertArrayIncludes([1], [1, 2])],
  },
  "assertIsError()": {
    holds: [() => std.assertIsError(new Special("far out"), RangeError, "out")],
    fails: [
      () => std.assertIsError("far out"),
      () => std.assertIsError(new TypeError(), RangeError),
      () => std.assertIsError(new Error("far out"), Error, /near/),
    ],
  },
  "assertThrows()": {
    holds: [() => std.assertThrows(() => std.fail(), std.AssertionError)],
    fails: [
      () => std.assertThrows(() => {}),
      () => std.assertThrows(() => std.fail(), RangeError),
      () => std.assertThrows(() => std.fail("far"), Error, "near"),
    ],
  },
  "assertRejects()": {
    holds: [
      () => std.assertRejects(reject(new Special("far")), RangeError, "far"),
    ],
    fails: [
      () => std.assertRejects(() => Promise.resolve()),
      () => std.assertRejects(reject("no error"), Error),
      () => std.assertRejects(reject(new Error("far")), RangeError),
      () => std.assertRejects(reject(new Error("far")), Error, "near"),
      // Thrown at once is no rejection.
      () => std.assertRejects(() => std.fail()),
    ],
  },
  "fail()": { holds: [], fails: [() => std.fail()] },
  "unreachable()": { holds: [], fails: [() => std.unreachable()] },
};

async function outcome(attempt: Attempt): Promise<unknown> {
  try {
    await attempt();
    return "holds";
  } catch (error) {
    return error instanceof std.AssertionError ? "fails" : error;
  }
}

describe("@std/assert", () => {
  for (const [name, { holds, fails }] of Object.entries(CASES)) {
    test(`${name} throws an AssertionError exactly when it does not hold`, async () => {
      const outcomes = await Promise.all([...holds, ...fails].map(outcome));

      const expected = [
        ...holds.map(() => "holds"),
        ...fails.map(() => "fails"),
      ];
      if (outcomes.join() !== expected.join()) {
        throw new Error(`${outcomes}, not ${expected}`);
      }
    });
  }

  test("every assertion is tried here", () => {
    const exported = Object.keys(std).filter((name) => /^(assert|fail|unreachable)/.test(name));

    const missing = exported.filter((name) => !(`${name}()` in CASES));
    if (missing.length > 0) throw new Error(`not tried: ${missing}`);
  });
});
