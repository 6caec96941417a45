/**
 * Synchronization of tasks that share state.
 *
 * Each primitive is a few words of state and one first-in, first-out queue of those who wait. Every
 * operation takes effect inside the call, before it returns: it either happens or parks. Whoever lets a
 * waiting task go on hands it what it waits for in the same step, so nobody can come in between, and an
 * abort or a timeout that comes later changes nothing.
 *
 * @module
 */
export { Barrier } from "./barrier.ts";
export { Condition } from "./condition.ts";
export { Mutex } from "./mutex.ts";
export type { PrimitiveOptions } from "./name.ts";
export type { Permit } from "./permit.ts";
export { ResetEvent } from "./reset_event.ts";
export { Semaphore } from "./semaphore.ts";
export type { SemaphoreOptions } from "./semaphore.ts";
export { WaitGroup } from "./wait_group.ts";
