/**
 * How the primitives are made: what holds for those of one thread holds for those of all, and is tried alike.
 *
 * @module
 */
import {
  Barrier,
  Condition,
  Mutex,
  ResetEvent,
  Semaphore,
  type SemaphoreOptions,
} from "../../sync/mod.ts";
import type {
  SharedBarrier,
  SharedCondition,
  SharedMutex,
  SharedResetEvent,
  SharedSemaphore,
} from "../../workers/mod.ts";

/** Makes the primitives of one thread, or those of all. */
export interface Makers {
  /** With what the names of their classes begin. */
  readonly prefix: "" | "Shared";
  mutex(): Mutex | SharedMutex;
  /** A condition, with its mutex. */
  condition(): { mutex: Mutex | SharedMutex; condition: Condition | SharedCondition };
  semaphore(permits: number, options?: SemaphoreOptions): Semaphore | SharedSemaphore;
  event(): ResetEvent | SharedResetEvent;
  barrier(parties: number): Barrier | SharedBarrier;
}

/** Those of one thread. */
export const LOCAL: Makers = {
  prefix: "",
  mutex: () => new Mutex(),
  condition() {
    const mutex = new Mutex();
    return { mutex, condition: new Condition(mutex) };
  },
  semaphore: (permits, options) => new Semaphore(permits, options),
  event: () => new ResetEvent(),
  barrier: (parties) => new Barrier(parties),
};
