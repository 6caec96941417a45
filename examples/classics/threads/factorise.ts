/**
 * The stage of ../prime_factors.ts: trial division.
 *
 * @module
 */

/** A number and its prime factors, in ascending order. */
export interface Factors {
  readonly n: bigint;
  readonly primes: bigint[];
}

export default function factorise(n: bigint): Factors {
  const primes: bigint[] = [];
  let rest = n;
  for (let p = 2n; p * p <= rest; p += p === 2n ? 1n : 2n) {
    for (; rest % p === 0n; rest /= p) primes.push(p);
  }
  if (rest > 1n) primes.push(rest);
  return { n, primes };
}
