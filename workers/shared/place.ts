/**
 * The place of a thread in its parent's memory, from before it starts until after it has ended.
 *
 * @module
 */
import { CAN_KILL } from "../runtime.ts";
import { Domain, type Inheritance } from "./domain.ts";

/** Taken before the thread is started, so that its parent knows whom to bury. */
export class Place {
  /** To be given to `startThread`. The thread joins only if it uses shared memory. */
  readonly inheritance: Inheritance;
  readonly #domain: Domain;

  constructor() {
    this.#domain = Domain.own;
    this.inheritance = this.#domain.reserve();
  }

  /** Takes one. Answers undefined if the system grants no memory to share: most threads need none. */
  static take(): Place | undefined {
    try {
      return new Place();
    } catch {
      return undefined;
    }
  }

  /**
   * The thread has ended.
   *
   * @param forced Whether it was ended by force: on some runtimes it runs on if it was busy.
   */
  ended(forced: boolean): void {
    const { seat } = this.inheritance;
    if (seat !== undefined) this.#domain.bury(seat, CAN_KILL || !forced);
  }
}
