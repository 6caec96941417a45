/**
 * Threads that nobody can end. Deno cannot stop one that spins: it takes a core until it looks up, or until
 * the process ends. They are counted, so that they do not take the whole machine.
 *
 * @module
 */
import { CAN_KILL } from "./runtime.ts";
import type { WorkerThread } from "./worker_thread.ts";

/** How many there may be in a process. */
const MOST = 4;

const zombies = new Set<WorkerThread>();

/**
 * Counts a thread that is told to end, or was to be ended by force, until it looks up.
 *
 * @returns Whether another one may be started.
 */
export function countZombie(thread: WorkerThread): boolean {
  if (!CAN_KILL) zombies.add(thread);
  return !areTooMany();
}

/** Whether no further thread may be started. */
export function areTooMany(): boolean {
  if (zombies.size <= MOST) return false;
  for (const each of zombies) if (!each.deaf) zombies.delete(each);
  return zombies.size > MOST;
}

/**
 * Why none is started.
 *
 * @param what What cannot be done.
 */
export function tooManyZombies(what: string, cause?: unknown): Error {
  const why =
    `${MOST} threads that nobody waits for any more are still running, and this runtime cannot stop them`;
  return new Error(`Cannot ${what}: more than ${why}`, cause === undefined ? {} : { cause });
}
