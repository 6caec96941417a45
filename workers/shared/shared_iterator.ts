/**
 * Loops over a shared channel.
 *
 * @module
 */
import { type Kind, ValueIterator } from "../../channel/base.ts";
import { EMPTY, END } from "../../internal/case.ts";
import { paced, refused } from "../../internal/pace.ts";
import { takeMany } from "./batches.ts";
import { linger } from "./blocking.ts";
import type { SharedEnd } from "./shared_end.ts";

/** As every loop over a receiver; but it looks a little before it parks, and takes a batch in one step. */
export class SharedIterator<T, R = T> extends ValueIterator<T, R> {
  readonly #end: SharedEnd<T>;
  readonly #max: number;
  #over = false;

  /** @param max The size of a batch; 0 to receive one by one. */
  constructor(from: Kind<T>, end: SharedEnd<T>, max = 0) {
    super(from, max);
    this.#end = end;
    this.#max = max;
  }

  override next(): Promise<IteratorResult<R, undefined>> {
    if (this.#over) return super.next();
    let value: unknown;
    try {
      value = this.#take();
      if (value === EMPTY && linger(this.#end)) value = this.#take();
    } catch (error) { // of a codec
      return refused(error);
    }
    // It parks, or says that this is the end.
    if (value === EMPTY || value === END) return super.next();
    this.forget();
    const result = { done: false, value } as IteratorResult<R, undefined>,
      promise = Promise.resolve(result);
    return paced(promise, result);
  }

  override return(): Promise<IteratorResult<R, undefined>> {
    this.#over = true;
    return super.return();
  }

  #take(): unknown {
    return this.#max > 0 ? takeMany(this.#end, this.#max) : this.#end.take();
  }
}
