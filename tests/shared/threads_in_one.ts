/**
 * Several threads' ends of shared memory in one thread: a domain each, with a slot and a bell of its own. All
 * that is true of threads that take turns can be seen without one.
 *
 * @module
 */
import { idle } from "../../testing/mod.ts";
import type { Domain } from "../../workers/shared/domain.ts";

/** Resolves when every bell that was rung was heard, and nothing moves. */
export async function settled(...domains: Domain[]): Promise<void> {
  for (let seen = ""; seen !== bells(domains);) {
    seen = bells(domains);
    await idle();
  }
}

function bells(domains: Domain[]): string {
  return domains.map((domain) => domain.bellValue()).join();
}
