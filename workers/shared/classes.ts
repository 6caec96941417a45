/**
 * The classes of all things that live in shared memory. A thread loads them when it is given a handle: whoever
 * has only plain data does not pay for them when it starts.
 *
 * @module
 */
export { SharedArray } from "./shared_array.ts";
export { SharedBarrier } from "./shared_barrier.ts";
export { SharedChannel } from "./shared_channel.ts";
export { SharedCondition } from "./shared_condition.ts";
export { SharedMutex } from "./shared_mutex.ts";
export { SharedResetEvent } from "./shared_reset_event.ts";
export { SharedSemaphore } from "./shared_semaphore.ts";
export { SharedValue } from "./shared_value.ts";
