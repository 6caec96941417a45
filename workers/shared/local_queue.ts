/**
 * Those of this thread who wait for one thing in shared memory: for a value of a channel, for room in it, for
 * a lock.
 *
 * @module
 */
import { type Waiter, WaitQueue } from "../../internal/waiter.ts";
import type { Pump, Pumped } from "./pump.ts";

/** What a queue needs to know of what it waits for. */
export interface Awaited {
  /** Serves those who wait, first come first; at most `most`. Answers how many were served. */
  serve(most: number): number;
  /** Whether somebody could be served now. */
  ready(): boolean;
}

/**
 * A queue whose thread has a bit in shared memory while somebody waits in it. Whoever makes a change claims
 * the bit of one thread and rings its bell.
 */
export class LocalQueue extends WaitQueue implements Pumped {
  readonly #pump: Pump;
  /** Index of the first of the two words with a bit for each thread. */
  readonly #mask: number;
  readonly #awaited: Awaited;
  #holds = true;

  constructor(pump: Pump, mask: number, awaited: Awaited, operation: string, owner: object) {
    super(operation, owner);
    this.#pump = pump;
    this.#mask = mask;
    this.#awaited = awaited;
  }

  /** Whether waiting here holds the process. */
  get holds(): boolean {
    return this.#holds;
  }

  set holds(holds: boolean) {
    if (holds === this.#holds) return;
    this.#holds = holds;
    if (this.#pump.has(this)) this.#pump.hold(holds ? 1 : -1);
  }

  /** Whether the bit is set; otherwise it was claimed, and there may be something for those who wait. */
  get enlisted(): boolean {
    return this.#pump.domain.isEnlisted(this.#mask);
  }

  /** Parks an operation. Follow with `serve` in the same turn, once the whole operation is parked. */
  park(entry: Waiter, shuffle = false): void {
    const first = this.empty;
    this.push(entry, shuffle);
    if (first) this.#pump.join(this);
  }

  /** Whether exactly one operation waits. */
  get hasOne(): boolean {
    return !this.empty && this.next === this.prev;
  }

  /** Sets the bit. */
  enlist(): void {
    this.#pump.domain.enlist(this.#mask);
  }

  /**
   * Clears the bit. If it was claimed, somebody counts on this thread to see to what has changed: another
   * thread is woken in its place if there is still something to be had.
   */
  delist(): void {
    const { domain } = this.#pump;
    if (domain.delist(this.#mask) || !this.#awaited.ready()) return;
    domain.core.wakeOne(this.#mask, domain.self);
  }

  /** Serves those who wait, and no longer listens if that were all. */
  serve(most = Infinity): number {
    const served = this.empty ? 0 : this.#awaited.serve(most);
    this.rest();
    return served;
  }

  /** Listens no longer if nobody waits. */
  rest(): void {
    if (this.empty) this.#pump.leave(this);
  }

  /** Serves who waits longest. */
  settleFirst(value: unknown): void {
    (this.shift() as Waiter).settle(false, value);
  }

  override emptied(): void {
    this.#pump.leave(this);
  }
}
