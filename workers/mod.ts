/**
 * Worker stages: a step of a pipe whose work is done in threads, on all cores, with the same
 * back-pressure, order, errors and cancellation as in one.
 *
 * ```ts
 * import { pipe } from "millrace";
 * import { inWorkers } from "millrace/workers";
 *
 * const module = new URL("data:text/javascript,export default (text) => text.length");
 * for await (const n of pipe(["a", "bb"], inWorkers(module, { ordered: true }))) console.log(n); // 1 2
 * ```
 *
 * @module
 */
export { ThreadError } from "./errors.ts";
export type { ResourceLimits } from "./runtime.ts";
export { spawn, type SpawnOptions, type SpawnSettings } from "./spawn.ts";
export { inWorkers, type WorkerStage } from "./stage.ts";
export type { Task } from "./task.ts";
export { taskSignal } from "./task_signal.ts";
export { transfer } from "./transfer.ts";
export type {
  AnyFunction,
  InputOf,
  OutputOf,
  WorkerContext,
  WorkerFailure,
  WorkerFunction,
  WorkerGenerator,
  WorkersOptions,
} from "./types.ts";
