/**
 * A wait queue that holds something of the runtime's while somebody waits: a timer, a listener.
 *
 * @module
 */
import { nextTurn } from "./turn.ts";
import { WaitQueue } from "./waiter.ts";

/** Lets go in the next turn of the event loop, unless somebody waits again by then. */
export abstract class ArmedQueue extends WaitQueue {
  #disarming = false;

  /** Takes the timer or the listener away, if there is one. */
  protected abstract disarm(): void;

  override emptied(): void {
    if (this.#disarming) return;
    this.#disarming = true;
    // Taking it away at once, to set the same again a microsecond later, makes a wait 3 to 5 times
    // slower (measured, Node and Deno).
    if (idle.push(this) === 1) nextTurn(disarmIdle);
  }

  /** The turn has come. */
  settle(): void {
    this.#disarming = false;
    if (this.empty) this.disarm();
  }
}

let idle: { settle(): void }[] = [];

function disarmIdle(): void {
  const queues = idle;
  idle = [];
  for (const queue of queues) queue.settle();
}
