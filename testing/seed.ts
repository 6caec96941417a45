/**
 * Repeatable chance.
 *
 * @module
 */
import { checkNumber } from "../internal/checks.ts";
import { seed } from "../internal/random.ts";

/**
 * Makes the choices of every later select repeatable.
 *
 * @param value A whole number; the same seed gives the same choices.
 * @throws {TypeError} If it is no number.
 * @throws {RangeError} If it is no whole number.
 *
 * @example
 * ```ts
 * import { setSeed } from "millrace/testing";
 *
 * setSeed(42);
 * ```
 */
export function setSeed(value: number): void {
  checkNumber("value", value, Number.isSafeInteger(value), "a whole number");
  seed(value);
}
