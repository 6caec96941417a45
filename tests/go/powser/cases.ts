/**
 * The series that both programs compute, with their first coefficients.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { run } from "../program.ts";
import type { Demand } from "./demand.ts";
import type { Field } from "./rational.ts";
import { Algebra } from "./series.ts";

/** What a case works with. */
interface Tools<R> {
  readonly of: Field<R>["of"];
  readonly algebra: Algebra<R>;
  readonly ones: Demand<R>;
  readonly twos: Demand<R>;
}

type Make = <R>(tools: Tools<R>) => Demand<R>;

/** What is checked in Go. */
const CHECKED: Record<string, readonly [Make, string]> = {
  "ones": [({ ones }) => ones, "1 1 1 1 1 1 1 1 1 1"],
  "ones and twos added": [
    ({ algebra, ones, twos }) => algebra.add(ones, twos),
    "3 3 3 3 3 3 3 3 3 3",
  ],
  "ones differentiated": [
    ({ algebra, ones }) => algebra.differentiate(ones),
    "1 2 3 4 5 6 7 8 9 10",
  ],
  "ones integrated": [
    ({ algebra, of, ones }) => algebra.integrate(of(0, 1), ones),
    "0 1 1/2 1/3 1/4 1/5 1/6 1/7 1/8 1/9",
  ],
  "twos times -1": [
    ({ algebra, of, twos }) => algebra.scale(of(-1, 1), twos),
    "-2 -2 -2 -2 -2 -2 -2 -2 -2 -2",
  ],
  "twos subtracted from ones": [
    ({ algebra, ones, twos }) => algebra.subtract(ones, twos),
    "-1 -1 -1 -1 -1 -1 -1 -1 -1 -1",
  ],
  "ones times ones": [
    ({ algebra, of, ones }) => algebra.multiply(ones, algebra.repeat(of(1, 1))),
    "1 2 3 4 5 6 7 8 9 10",
  ],
  "exp of ones": [
    ({ algebra, ones }) => algebra.exp(ones),
    "1 1 3/2 13/6 73/24 167/40 4051/720 37633/5040 43817/4480 4596553/362880",
  ],
  "arc tangent": [
    ({ algebra, of, ones }) =>
      algebra.integrate(of(0, 1), algebra.substituteMonomial(ones, of(-1, 1), 2)),
    "0 1 0 -1/3 0 1/5 0 -1/7 0 1/9",
  ],
};

/** What Go's programs define and do not check. */
const UNCHECKED: Record<string, readonly [Make, string]> = {
  "one plus x, cubed": [({ algebra, of }) => algebra.binomial(of(3, 1)), "1 3 3 1 end"],
  "root of one plus x": [({ algebra, of }) => algebra.binomial(of(1, 2)), "1 1/2 -1/8 1/16 -5/128"],
  "one divided by ones": [({ algebra, ones }) => algebra.reciprocal(ones), "1 -1 0 0 0 0 0 0"],
  "x squared times 5, shifted": [
    ({ algebra, of }) => algebra.shift(of(7, 1), algebra.monomial(of(5, 1), 2)),
    "7 0 0 5 end",
  ],
  "a finite series and ones added": [
    ({ algebra, of, ones }) => algebra.add(algebra.monomial(of(1, 2), 1), ones),
    "1 3/2 1 1 1",
  ],
  "ones of x plus x squared: Fibonacci's numbers": [
    ({ algebra, of, ones }) => {
      const squared = algebra.monomial(of(1, 1), 2);
      return algebra.substitute(ones, algebra.add(algebra.monomial(of(1, 1), 1), squared));
    },
    "1 1 2 3 5 8 13 21 34 55",
  ],
};

/** The first coefficients, as text; up to the end mark, if it is among them. */
async function coefficients<R>(series: Demand<R>, field: Field<R>, n: number): Promise<string> {
  const shown: string[] = [];
  while (shown.length < n) {
    const coefficient = await series.get();
    shown.push(field.isEnd(coefficient) ? "end" : field.show(coefficient));
    if (field.isEnd(coefficient)) break;
  }
  return shown.join(" ");
}

/** Tests all series in one representation of the rationals. */
export function powerSeries<R>(field: Field<R>, source: string): void {
  for (const [name, [make, expected]] of Object.entries({ ...CHECKED, ...UNCHECKED })) {
    test(`select() drives power series on demand: ${name} (${source})`, () =>
      run(async (go) => {
        const algebra = new Algebra(go, field);
        const [ones, twos] = [1, 2].map((c) => algebra.repeat(field.of(c, 1)));
        const series = make({ algebra, of: field.of, ones: ones!, twos: twos! });

        const n = expected.split(" ").length;

        assertEquals(await coefficients(series, field, n), expected);
      }));
  }
}
