/**
 * Waiting until nothing moves.
 *
 * @module
 */
import { settledCount } from "../internal/pace.ts";
import { nextTurn } from "../internal/turn.ts";

/** Turns without any operation, after which nothing can come that does not wait for a timer or for I/O. */
const QUIET_TURNS = 3;

/**
 * Resolves when nothing can move any more without a timer or I/O: no operation of a channel has settled
 * for some turns of the event loop. Use it instead of a sleep, to show that something waits.
 *
 * @example
 * ```ts
 * import { Channel } from "millrace";
 * import { idle } from "millrace/testing";
 *
 * const channel = new Channel<number>();
 * let sent = false;
 * channel.send(1).then(() => sent = true);
 * await idle();
 * console.log(sent); // false
 * ```
 */
export async function idle(): Promise<void> {
  for (let quiet = 0, seen = settledCount(); quiet < QUIET_TURNS; quiet++) {
    await new Promise<void>(nextTurn);
    if (settledCount() !== seen) quiet = -1;
    seen = settledCount();
  }
}
