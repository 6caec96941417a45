/**
 * Repeatable chance.
 *
 * @module
 */
import { seed } from "../internal/random.ts";

/**
 * Makes the choices of every later select repeatable.
 *
 * @param value A whole number; the same seed gives the same choices.
 *
 * @example
 * ```ts
 * import { setSeed } from "millrace/testing";
 *
 * setSeed(42);
 * ```
 */
export function setSeed(value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`value must be a whole number: ${value}`);
  seed(value);
}
