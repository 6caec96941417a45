/**
 * The signal of the task that a thread runs.
 *
 * @module
 */

/** Of the global object, so that two copies of the library in one thread mean the same signal. */
const KEY = Symbol.for("millrace.taskSignal");

const holder = globalThis as { [KEY]?: AbortSignal };

/**
 * The signal of the task that this thread was started for by `spawn`: aborted when the task is cancelled,
 * with the reason. In a thread that runs no task it never aborts, so the same function can be called
 * anywhere.
 *
 * Operations on channels that were given to the task need no signal: they are ended with it.
 *
 * @returns The same signal each time.
 *
 * @example
 * ```ts
 * import { taskSignal } from "millrace/workers";
 *
 * export async function poll(url: string): Promise<number> {
 *   const response = await fetch(url, { signal: taskSignal() });
 *   return response.status;
 * }
 * console.log(taskSignal().aborted); // false
 * ```
 */
export function taskSignal(): AbortSignal {
  return holder[KEY] ??= new AbortController().signal;
}

/** In a thread: this is the signal of its task. */
export function setTaskSignal(signal: AbortSignal): void {
  holder[KEY] = signal;
}
