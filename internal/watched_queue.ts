/**
 * A wait queue whose owner is told when nobody waits any more.
 *
 * @module
 */
import { WaitQueue } from "./waiter.ts";

/** Calls its owner when the last of those who wait is withdrawn. */
export class WatchedQueue extends WaitQueue {
  readonly #onEmptied: () => void;

  constructor(onEmptied: () => void, operation?: string, owner?: object) {
    super(operation, owner);
    this.#onEmptied = onEmptied;
  }

  override emptied(): void {
    this.#onEmptied();
  }
}
