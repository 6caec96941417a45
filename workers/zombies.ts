/**
 * Threads that nobody can end. Deno cannot stop one that spins: it takes a core until it looks up, or until
 * the process ends. They are replaced, and counted, so that they do not take the whole machine.
 *
 * @module
 */
import { CAN_KILL } from "./runtime.ts";
import type { WorkerThread } from "./worker_thread.ts";

/** How many there may be in a process. */
const MOST = 4;

const zombies = new Set<WorkerThread>();

/**
 * Counts a thread that is told to end.
 *
 * @returns Whether it may be replaced.
 */
export function countZombie(thread: WorkerThread): boolean {
  if (CAN_KILL) return true;
  for (const each of zombies) if (!each.deaf) zombies.delete(each);
  zombies.add(thread);
  return zombies.size <= MOST;
}

/** Why a thread is not replaced. */
export function tooManyZombies(cause: unknown): Error {
  const why =
    `${MOST} threads that took too long are still running, and this runtime cannot stop them`;
  return new Error(`Cannot replace a thread: ${why}`, { cause });
}
