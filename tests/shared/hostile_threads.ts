/**
 * Threads of `modules/hostile_thread.ts`, and their deaths.
 *
 * @module
 */
import { startThread, type Thread } from "../../workers/runtime.ts";
import { Domain } from "../../workers/shared/domain.ts";
import type { HostileWork } from "./modules/hostile_thread.ts";
import type { Pair } from "./stress/hostile.ts";
import type { Ledger } from "./stress/mark.ts";

const ENTRY = new URL("./modules/hostile_thread.ts", import.meta.url);

/** One of them. */
export interface HostileThread {
  readonly thread: Thread;
  readonly role: HostileWork["role"];
  /** What it said last, once it is buried; undefined if it was killed or all was well. */
  readonly ended: Promise<string | undefined>;
}

/** Starts one, which is buried when it has ended. */
export function startHostile(
  both: Pair,
  ledger: Ledger,
  role: HostileWork["role"],
  id: number,
): HostileThread {
  const domain = Domain.own;
  const inheritance = domain.reserve();
  let said: string | undefined;
  let thread!: Thread;
  const ended = new Promise<string | undefined>((resolve) => {
    thread = startThread(ENTRY, { name: `${role} ${id}`, shared: inheritance }, {
      message: (message) => {
        said = message as string | undefined;
        thread.terminate();
      },
      failed: (error) => said ??= String(error),
      exited: () => {
        domain.bury(inheritance.seat!);
        resolve(said);
      },
    });
  });
  const handles = both.map(({ handle }) => handle) as unknown as HostileWork["handles"];
  thread.post({ handles, ledger, role, id });
  return { thread, role, ended };
}
