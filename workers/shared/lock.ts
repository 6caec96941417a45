/**
 * Mutual exclusion across threads, under a mutex, a value and an array.
 *
 * @module
 */
import type { Waiter } from "../../internal/waiter.ts";
import { Gate } from "./gate.ts";
import { releaseError, type SharedPermit, TAKE_BACK } from "./shared_permit.ts";
import type { Site } from "./site.ts";
import { OwnedStock } from "./stock.ts";

/** The lock of a mutex, for its conditions. */
export const LOCK: unique symbol = Symbol("lock");

/** A gate that one task passes at a time, and that knows which of this thread has. */
export class Lock extends Gate {
  /** The permit of the holder, if it is of this thread. */
  holder: SharedPermit | undefined;

  constructor(site: Site, owner: object, operation?: string) {
    super(site, new OwnedStock(site.domain, site.at), owner, operation);
  }

  override permit(abandoned: boolean, before: SharedPermit | undefined): SharedPermit {
    return this.holder = super.permit(abandoned, before);
  }

  override release(): boolean {
    this.holder = undefined;
    return super.release();
  }

  /** Lets go without ending the permit, for a wait on a condition. Only while this thread holds it. */
  suspend(): SharedPermit {
    const holder = this.holder as SharedPermit;
    this.release();
    return holder;
  }

  /** Gives it back to a suspended permit, which stands in the waiter, in its turn. */
  resume(waiter: Waiter): void {
    this.queue.park(waiter);
    this.queue.serve();
  }

  /** @internal */
  override [TAKE_BACK](permit: SharedPermit): void {
    if (permit !== this.holder) throw releaseError(this, "its holder waits on a condition");
    if (!this.release()) throw releaseError(this, "this thread was given up");
  }
}
