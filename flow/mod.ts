/**
 * Flows: sources, stages, and what connects them.
 *
 * @module
 */
export { from } from "./from.ts";
export { map } from "./map.ts";
export type { MapOptions } from "./map.ts";
export { pipe } from "./pipe.ts";
export type { Flow, FlowOptions, Source, Stage } from "./types.ts";
