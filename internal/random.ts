/**
 * The one source of chance in the library: xorshift32 (G. Marsaglia, "Xorshift RNGs", 2003). Fast,
 * seedable, and good enough to be fair; not for secrets.
 *
 * @module
 */

let state = (Math.random() * 0xffffffff) | 1;

/** Makes every later choice repeatable. A seed of 0 would stay 0 for ever, so it is replaced. */
export function seed(value: number): void {
  state = (value | 0) || 0x9e3779b9;
}

/** A whole number from 0 to `n - 1`, each with equal chance. */
export function below(n: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  // Multiply and shift: `%` costs a division.
  return Math.floor((state >>> 0) * n / 0x100000000);
}
