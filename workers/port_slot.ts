/**
 * The place of one operation that waits at the far end of a bridge.
 *
 * @module
 */
import { below } from "../internal/random.ts";
import { type Failure, type Waiter, WaitQueue } from "../internal/waiter.ts";
import type { Outbox, Word } from "./outbox.ts";

/** What all channels of one far thread share. */
export interface Line {
  readonly out: Outbox;
  /** A number for the next operation. */
  next(): number;
  /** Forgets a channel that is drained, whose last operation has ended. */
  release(number: number): void;
}

/** How a slot is made. */
export interface SlotOptions {
  /** What is waited for: "recv", "send". */
  readonly operation: string;
  /** On what. */
  readonly owner: object;
  /** How many values it takes; 0 for one that is not put in an array. */
  readonly max?: number;
  /** Called when its waiter has been withdrawn: aborted, timed out, or decided by another case. */
  readonly left: (slot: Slot) => void;
}

/** A queue of one. It has a queue of its own so that it learns, in O(1), that its waiter was withdrawn. */
export class Slot extends WaitQueue {
  readonly id: number;
  readonly max: number;
  /** What was asked of the near end. */
  word: Word | undefined;
  /** The limits of a send, which is not withdrawn without asking. */
  limiter: Waiter | undefined;
  /** What a send has in common with those that it takes with it. */
  row: object | undefined;
  /** Why a send is to be withdrawn. */
  reason: Failure | undefined;
  readonly #left: (slot: Slot) => void;

  constructor(id: number, { operation, owner, max = 0, left }: SlotOptions) {
    super(operation, owner);
    this.id = id;
    this.max = max;
    this.#left = left;
  }

  override emptied(): void {
    this.#left(this);
  }

  /** Settles the operation. */
  settle(done: boolean, value: unknown): void {
    this.limiter?.withdraw();
    this.shift()?.settle(done, value);
  }

  /** Settles the operation with an error. */
  refuse(error: unknown): void {
    this.limiter?.withdraw();
    this.shift()?.refuse(error);
  }
}

/**
 * Gives each of the waiters of one select that stand on one channel an equal chance: if they kept their
 * order, the first would always be served.
 */
export class Draw {
  #slots: Slot[] = [];

  /** Adds the slot of the select that is being parked, and swaps its waiter with that of another. */
  add(slot: Slot): void {
    if (this.#slots[0]?.first?.promise !== slot.first?.promise) this.#slots = [];
    this.#slots.push(slot);
    const other = this.#slots[below(this.#slots.length)];
    if (other === undefined || other === slot) return;
    const [mine, its] = [slot.shift(), other.shift()];
    if (mine !== undefined) other.push(mine);
    if (its !== undefined) slot.push(its);
  }
}
