/**
 * Chance that repeats: a linear congruential generator, with the constants of "Numerical Recipes".
 *
 * @param seed The same seed rolls the same numbers.
 * @returns A roll: a whole number from 0 to `sides - 1`.
 */
export function dice(seed: number): (sides: number) => number {
  return (sides) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(seed / 2 ** 32 * sides);
  };
}
