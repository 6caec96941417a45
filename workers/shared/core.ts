/**
 * What a channel in shared memory is made of: six operations that never wait. There are two cores, one in
 * WebAssembly and one in JavaScript; they share the layout exactly, and threads with different ones can
 * use the same channel.
 *
 * @module
 */

/** It is done. */
export const OK = 0;
/** There is no room: wait, and try again. */
export const FULL = -1;
/** Nothing is accepted any more. */
export const CLOSED = -2;
/** There is no value: wait, and try again. */
export const EMPTY = -1;
/** There is no value, and never will be. */
export const DRAINED = -2;

/** The operations on channels. A channel is the offset in bytes of its object. */
export interface Core {
  /** Which one it is. */
  readonly kind: CoreKind;

  /**
   * Puts a value into a channel. If the header says `IN_BLOCK`, what lies at `from` is the offset of the
   * block, and from then on the block is no longer in this thread's `HAND`.
   *
   * @param from Offset in bytes of the payload, a multiple of 8.
   * @param header Its length and flags; the receiver gets it.
   * @param self The slot of this thread.
   * @param wake Whether to wake a receiver of another thread.
   * @returns `OK`, `FULL` or `CLOSED`.
   */
  push(channel: number, from: number, header: number, self: number, wake: boolean): number;

  /**
   * Takes the next value out of a channel. If its header says `IN_BLOCK`, what is copied is the offset of
   * the block, and the block is then in this thread's `HAND` until it is freed.
   *
   * @param to Offset in bytes at which there is room for the payload of a slot, a multiple of 8.
   * @param self The slot of this thread.
   * @param wake Whether to wake a sender of another thread.
   * @returns The header of the value, `EMPTY` or `DRAINED`.
   */
  pop(channel: number, to: number, self: number, wake: boolean): number;

  /**
   * Puts values into a channel that lie one after the other, as **records**: 8 bytes, the second word of which
   * is the header, and the payload, rounded up to a multiple of 8. There is one hand: a record with a
   * block comes last.
   *
   * @param from Offset in bytes of the first record. Behind the last one 64 bytes more must be readable.
   * @param wake Whether to wake receivers of other threads, as many as there are values.
   * @returns How many went; or what `push` says to the first.
   */
  pushMany(channel: number, from: number, count: number, self: number, wake: boolean): number;

  /**
   * Takes values out of a channel, as records one after the other. One with a block is the last one.
   *
   * @param to Offset in bytes at which there is room for `count` records of the size of a slot.
   * @param wake Whether to wake senders of other threads, as many as there were values.
   * @returns How many came; or what `pop` says to the first.
   */
  popMany(channel: number, to: number, count: number, self: number, wake: boolean): number;

  /**
   * Accepts no more values, and wakes all who wait.
   *
   * @returns Whether it was open.
   */
  close(channel: number): boolean;

  /**
   * Wakes one of the threads that wait, another one than this.
   *
   * @param mask Index of the first word of the mask.
   * @returns Whether there was one.
   */
  wakeOne(mask: number, self: number): boolean;

  /** Wakes all threads that wait, this one too. */
  wakeAll(mask: number): void;
}

/** WebAssembly, or JavaScript. */
export type CoreKind = "wasm" | "fallback";
