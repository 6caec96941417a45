/**
 * Rational numbers, twice: as the two power series programs carry them. A denominator of 0 is the end of
 * a series.
 *
 * @module
 */

/** The arithmetic of one representation. */
export interface Field<R> {
  /** `numerator / denominator`, in lowest terms; the end mark if the denominator is 0. */
  of(numerator: number, denominator: number): R;
  add(a: R, b: R): R;
  multiply(a: R, b: R): R;
  negate(a: R): R;
  invert(a: R): R;
  isZero(a: R): boolean;
  isEnd(a: R): boolean;
  show(a: R): string;
}

/** A pair of numbers: numerator and denominator. */
export type Pair = readonly [numerator: number, denominator: number];

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

function pair(numerator: number, denominator: number): Pair {
  const divisor = (gcd(numerator, denominator) || 1) * (denominator < 0 ? -1 : 1);
  const reduced: Pair = [numerator / divisor, denominator / divisor];
  if (!reduced.every(Number.isSafeInteger)) throw new RangeError(`too large: ${reduced}`);
  return reduced;
}

/** Rationals as plain pairs. */
export const pairs: Field<Pair> = {
  of: pair,
  add: ([a, b], [c, d]) => pair(a * d + c * b, b * d),
  multiply: ([a, b], [c, d]) => pair(a * c, b * d),
  negate: ([a, b]) => pair(-a, b),
  invert: ([a, b]) => pair(b, a),
  isZero: ([a]) => a === 0,
  isEnd: ([, b]) => b === 0,
  show: ([a, b]) => b === 1 ? `${a}` : `${a}/${b}`,
};

/** What may flow in the channels of the second program: rationals, and an end mark of another class. */
export interface Item {
  toString(): string;
}

class Rational implements Item {
  readonly numerator: bigint;
  readonly denominator: bigint;

  constructor(numerator: bigint, denominator: bigint) {
    let [a, b] = [numerator, denominator];
    while (b !== 0n) [a, b] = [b, a % b];
    const divisor = (a < 0n) === (denominator < 0n) ? a : -a;
    this.numerator = numerator / divisor;
    this.denominator = denominator / divisor;
  }

  toString(): string {
    return this.denominator === 1n ? `${this.numerator}` : `${this.numerator}/${this.denominator}`;
  }
}

const END: Item = { toString: () => "end" };

/** Does arithmetic with what came out of a channel, which must be a rational. */
function using<R>(items: Item[], compute: (...rationals: Rational[]) => R): R {
  return compute(...items.map((item) => {
    if (item instanceof Rational) return item;
    throw new TypeError(`no rational: ${item}`);
  }));
}

/** Rationals as objects behind an interface. */
export const items: Field<Item> = {
  of: (a, b) => b === 0 ? END : new Rational(BigInt(a), BigInt(b)),
  add: (...both) =>
    using(both, (a, b) =>
      new Rational(
        a!.numerator * b!.denominator + b!.numerator * a!.denominator,
        a!.denominator * b!.denominator,
      )),
  multiply: (...both) =>
    using(
      both,
      (a, b) => new Rational(a!.numerator * b!.numerator, a!.denominator * b!.denominator),
    ),
  negate: (item) => using([item], (a) => new Rational(-a!.numerator, a!.denominator)),
  invert: (item) => using([item], (a) => new Rational(a!.denominator, a!.numerator)),
  isZero: (item) => using([item], (a) => a!.numerator === 0n),
  isEnd: (item) => item === END,
  show: (item) => `${item}`,
};
