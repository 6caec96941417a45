/**
 * What a thread of `modules/ring_thread.ts` is given.
 *
 * @module
 */
import type { CoreKind } from "../../workers/shared/core.ts";
import type { SharedMemory } from "../../workers/shared/handle.ts";
import type { Seat } from "../../workers/shared/slots.ts";

/** What the thread is to do. */
export interface RingWork {
  readonly role: "send" | "receive";
  readonly memory: SharedMemory;
  readonly seat: Seat;
  readonly core: CoreKind;
  readonly channel: number;
  /** The number of the sender; of a receiver, any. */
  readonly id: number;
  /** How many values a sender sends. */
  readonly count: number;
  /** A byte for each value of each sender. */
  readonly table: Uint8Array;
  /** A word for each sender and one for the sum: how many of its values have come. */
  readonly progress: Int32Array;
}

/** Values of one sender that have room in the table. */
export const MOST = 1 << 18;
