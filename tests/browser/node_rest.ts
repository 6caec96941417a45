/**
 * Stands in for `node:process`, `node:timers`, `node:v8` and `node:vm` in a browser: what the tests use of
 * them to find out what they cannot have here.
 *
 * @module
 */

/** No settings come from outside. */
export default { env: {} };

/** A turn of its own, in the same queue as those of the library: as the global of Node. */
export { nextTurn as setImmediate } from "../../internal/turn.ts";

/** A page cannot have the garbage collector; tests that need it are skipped. */
export function setFlagsFromString(): never {
  throw new Error("No flags in a browser");
}

/** As `setFlagsFromString`. */
export const runInNewContext = setFlagsFromString;
