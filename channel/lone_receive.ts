/**
 * The parked receive of a loop that nobody else waits with.
 *
 * Nearly every receive from a flow is one: a loop has come back for the next value before there is one.
 * It needs no entry in a queue, for there is nobody before or behind it, and no way to word its outcome,
 * which is that of an iterator. A flow has one place for it, which is used again and again: 30 to 40 ns a
 * value less than a waiter in a queue (measured, Node 20, Node 26, Deno).
 *
 * @module
 */
import type { Failure } from "../internal/case.ts";
import { conclude } from "../internal/pace.ts";

/** What an iterator answers. */
export type Result<T> = IteratorResult<T, undefined>;

/** An answer of an iterator that nobody else has: it can be given on with another value. */
export interface Box {
  readonly done?: false;
  value: unknown;
}

/** The place before all that are in the queue of its receiver. At most one receive is in it. */
export class LonePlace {
  /** The loop whose receive is in it, or was. */
  #loop: object | undefined;
  // They lead to the promise and so to what it reports, and go when it is settled.
  #resolve: ((result: Result<unknown>) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  /** Whether a receive is in it. */
  get parked(): boolean {
    return this.#resolve !== undefined;
  }

  /** Whether one of `loop` is. */
  isOf(loop: object): boolean {
    return this.#resolve !== undefined && this.#loop === loop;
  }

  /** Parks a receive of `loop`. There must be none. */
  park(loop: object): Promise<Result<unknown>> {
    this.#loop = loop;
    // A closure, unlike in `Waiter`: engines take it and the constructor of the promise as one.
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /**
   * Settles the receive. There must be one.
   *
   * @param box Becomes the result, if there is one.
   */
  give(value: unknown, box: Box | undefined): void {
    const resolve = this.#resolve as (result: Result<unknown>) => void;
    this.#resolve = this.#reject = undefined;
    if (box === undefined) return conclude(resolve, { done: false, value });
    box.value = value;
    conclude(resolve, box as Result<unknown>);
  }

  /** Nothing will come, or something went wrong: settles the receive if there is one. */
  end(failure?: Failure): void {
    const resolve = this.#resolve, reject = this.#reject;
    this.#resolve = this.#reject = undefined;
    if (failure !== undefined) {
      if (reject !== undefined) conclude(reject, failure.error);
    } else if (resolve !== undefined) conclude(resolve, { done: true, value: undefined });
  }
}
