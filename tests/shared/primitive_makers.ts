/**
 * How the shared primitives are made, for the tests of those of one thread.
 *
 * @module
 */
import {
  SharedBarrier,
  SharedCondition,
  SharedMutex,
  type SharedPrimitive,
  SharedResetEvent,
  SharedSemaphore,
} from "../../workers/mod.ts";
import type { Makers } from "../sync/makers.ts";

/** Those of all threads. */
export const SHARED: Makers = {
  prefix: "Shared",
  mutex: () => free(new SharedMutex()),
  condition() {
    const mutex = free(new SharedMutex());
    return { mutex, condition: free(new SharedCondition(mutex)) };
  },
  semaphore: (permits, options) => free(new SharedSemaphore(permits, options)),
  event: () => free(new SharedResetEvent()),
  barrier: (parties) => free(new SharedBarrier(parties)),
};

/** What still waits at the end of a test is not to hold the process. */
function free<P extends SharedPrimitive>(primitive: P): P {
  primitive.unref();
  return primitive;
}
