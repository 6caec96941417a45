/**
 * A stage that makes arrays of values.
 *
 * @module
 */
import { clock } from "../internal/clock.ts";
import { checkCount, checkNumber, checkOptions } from "../internal/checks.ts";
import { foldable } from "./fold.ts";
import { NONE } from "./step.ts";
import { TimedFlow } from "./timed_flow.ts";
import type { Source, Stage } from "./types.ts";

/** How large a batch is, and how old it may become. */
export interface BatchOptions {
  /** How many values are in a full batch. */
  readonly size: number;
  /** Milliseconds after which a batch is given although it is not full, counted from its first value. */
  readonly ms?: number | undefined;
}

/**
 * A stage that gives arrays of `size` values; the last may be shorter. With `ms`, also a batch whose first
 * value came so long ago is given as it is.
 *
 * Without `ms` nothing is taken from the input unless a receive waits. With it, the next batch is
 * collected while the consumer works, so that up to `size` values are taken ahead; one that is due and
 * that nobody has taken grows until it is full. An error of the input is reported after the values before
 * it.
 *
 * @typeParam T The values.
 * @param options Size and time.
 * @returns A stage for `pipe`.
 * @throws {TypeError} If `size` or `ms` is no number.
 * @throws {RangeError} If `size` is less than 1, or `ms` less than 0.
 *
 * @example Rows for a database
 * ```ts
 * import { batch, pipe } from "millrace";
 *
 * for await (const rows of pipe([1, 2, 3, 4, 5], batch({ size: 2, ms: 100 }))) {
 *   console.log(rows); // [ 1, 2 ], then [ 3, 4 ], then [ 5 ]
 * }
 * ```
 */
export function batch<T>(options: BatchOptions): Stage<T, T[]> {
  checkOptions(options);
  const { size, ms = Infinity } = options;
  checkCount("options.size", size, 1);
  checkNumber("options.ms", ms, ms >= 0, "0 ms or more");
  if (ms === Infinity) return untimed(size);
  return (input) => new BatchFlow(input, size, ms);
}

/** Nothing has to come by itself: a step, which is faster. */
function untimed<T>(size: number): Stage<T, T[]> {
  return foldable((fold, at) => {
    let batch: T[] = [];
    fold.keep(at, () => batch.length > 0 ? batch : NONE);
    return (value) => {
      batch.push(value);
      if (batch.length < size) return NONE;
      const full = batch;
      batch = [];
      return full;
    };
  });
}

class BatchFlow<T> extends TimedFlow<T, T[]> {
  readonly #length: number;
  #batch: T[] = [];
  #due = Infinity;

  constructor(input: Source<T>, length: number, ms: number) {
    super(input, 1, ms);
    this.#length = length;
  }

  protected override get room(): number {
    return this.#length - this.#batch.length;
  }

  protected override get due(): number {
    return this.#due;
  }

  protected override get ready(): number {
    return this.#batch.length >= this.#length || this.isDue ? 1 : 0;
  }

  protected override accept(values: T[]): void {
    if (this.#batch.length === 0) this.#due = clock.now() + this.ms;
    this.#batch.push(...values);
  }

  protected override pick(): T[] {
    const batch = this.#batch;
    this.#batch = [];
    this.#due = Infinity;
    return batch;
  }

  protected override rest(): T[][] {
    return this.#batch.length > 0 ? [this.pick()] : [];
  }
}
