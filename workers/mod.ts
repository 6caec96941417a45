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
export type { SyncOptions } from "./shared/blocking.ts";
export type { CodecOption } from "./shared/codec/choice.ts";
export type { OwnCodec } from "./shared/codec/own.ts";
export type {
  ArrayOf,
  Field,
  FieldOf,
  FieldType,
  Schema,
  SchemaOf,
} from "./shared/codec/schema.ts";
export type { SharedMemory } from "./shared/handle.ts";
export type { Loan } from "./shared/loan.ts";
export type { ElementType, ViewOf } from "./shared/number_types.ts";
export {
  selectSync,
  type SelectSyncOptions,
  type SharedCases,
  type SharedSelectable,
} from "./shared/select_sync.ts";
export { SharedArray, type SharedArrayHandle } from "./shared/shared_array.ts";
export { SharedBarrier } from "./shared/shared_barrier.ts";
export {
  SharedChannel,
  type SharedChannelHandle,
  type SharedChannelOptions,
} from "./shared/shared_channel.ts";
export { SharedCondition } from "./shared/shared_condition.ts";
export type { SharedLockable } from "./shared/shared_lockable.ts";
export { SharedMutex } from "./shared/shared_mutex.ts";
export { SharedPermit } from "./shared/shared_permit.ts";
export type { SharedPrimitive } from "./shared/shared_primitive.ts";
export { SharedResetEvent } from "./shared/shared_reset_event.ts";
export { SharedSemaphore, type SharedSemaphoreOptions } from "./shared/shared_semaphore.ts";
export type { SharedSendCase } from "./shared/shared_send_case.ts";
export {
  SharedValue,
  type SharedValueHandle,
  type ValueOf,
  type ValueType,
} from "./shared/shared_value.ts";
export type { PrimitiveHandle } from "./shared/site.ts";
export type { PrimitiveOptions } from "../sync/name.ts";
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
