/**
 * Loops over a shared channel.
 *
 * @module
 */
import { type Kind, type Polled, ValueIterator } from "../../channel/base.ts";
import { EMPTY, END, POLL } from "../../internal/case.ts";
import { paced, refused } from "../../internal/pace.ts";
import { linger } from "./blocking.ts";
import type { AnyEnd } from "./shared_end.ts";

/** As every loop over a receiver; but it looks a little before it parks. */
export class SharedIterator<T> extends ValueIterator<T> {
  readonly #from: Kind<T>;
  readonly #end: AnyEnd;
  #over = false;

  /** @param from The channel of this end, or a `BatchCase` of it. */
  constructor(from: Kind<T>, end: AnyEnd) {
    super(from);
    this.#from = from;
    this.#end = end;
  }

  override next(): Promise<IteratorResult<T, undefined>> {
    if (this.#over) return super.next();
    let value: Polled<T>;
    try {
      value = this.#from[POLL]();
      if (value === EMPTY && linger(this.#end)) value = this.#from[POLL]();
    } catch (error) { // of a codec
      return refused(error);
    }
    // It parks, or says that this is the end.
    if (value === EMPTY || value === END) return super.next();
    this.forget();
    const result: IteratorResult<T, undefined> = { done: false, value },
      promise = Promise.resolve(result);
    return paced(promise, result);
  }

  override return(): Promise<IteratorResult<T, undefined>> {
    this.#over = true;
    return super.return();
  }
}
