/**
 * What tests of programs with channels need: repeatable choices, a clock that is moved by hand, and the
 * moment at which nothing can move any more.
 *
 * @module
 */
export { useFakeClock } from "./fake_clock.ts";
export type { FakeClock } from "./fake_clock.ts";
export { idle } from "./idle.ts";
export { parked, recordStacks } from "./parked.ts";
export type { Parked } from "./parked.ts";
export { setSeed } from "./seed.ts";
export { failStuckScopes } from "./stuck_scopes.ts";
export type { StuckScopes, StuckScopesOptions } from "./stuck_scopes.ts";
