/**
 * The one source of chance in the library: xorshift32 (G. Marsaglia, "Xorshift RNGs", 2003). Fast,
 * seedable, and good enough to be fair; not for secrets.
 *
 * @module
 */

let state = (Math.random() * 2 ** 32) | 1;

/**
 * Makes every later choice repeatable. The seed is mixed (the end of MurmurHash3), since neighbouring
 * states give neighbouring choices; 0 would stay 0 for ever.
 */
export function seed(value: number): void {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  state = (mixed ^ (mixed >>> 16)) || 0x9e3779b9;
}

/** A whole number from 0 to `n - 1`, each with equal chance. */
export function below(n: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  // Multiply and shift: `%` costs a division.
  return Math.floor((state >>> 0) * n / 2 ** 32);
}
