/**
 * Select, and what only a select can wait for.
 *
 * @module
 */
export { after } from "./after.ts";
export type { TimerCase } from "./after.ts";
export type { Cases, Off, Outcome, Selectable, Selected } from "./cases.ts";
export { every } from "./every.ts";
export type { EveryOptions } from "./every.ts";
export { once } from "./once.ts";
export { select, trySelect } from "./select.ts";
export type { Priority, SelectOptions } from "./select.ts";
export { selectEach } from "./select_each.ts";
