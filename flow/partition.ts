/**
 * Each value to one of several flows.
 *
 * @module
 */
import type { Failure } from "../internal/case.ts";
import { checkFunction } from "../internal/checks.ts";
import { type Branch, type Branches, Fork } from "./fork.ts";
import { Placement } from "./placement.ts";
import type { Source } from "./types.ts";

/**
 * Gives each value of the source to one of `n` flows: to one after the other, or, with `by`, equal keys to
 * the same flow. A whole number goes to the flow of that number, modulo `n`, so it can choose; false goes
 * to flow 0 and true to flow 1, modulo `n`; text and other primitive values are spread by a hash, objects
 * in turn as they first come. No key is kept alive.
 *
 * A value is read only while one of the flows is waited for. At most one value lies ready in each flow;
 * the next one for it holds up the source, and so the other flows, until there is room. The end and an
 * error of the source come to each flow, after its values. An error of `by` is one of the source.
 *
 * Without `by`, what a cancelled flow has not given goes to the others, unless they have learned of the end;
 * with `by`, it is dropped, and so is all that follows with its keys. The last flow that is cancelled closes
 * the source.
 *
 * @typeParam T The values.
 * @typeParam N How many flows; a literal gives a tuple.
 * @param source What to read: an array, a generator, a stream, a channel, a flow.
 * @param n How many flows; 1 or more.
 * @param by The key of a value.
 * @returns The flows. A value takes O(n) time.
 * @throws {TypeError} If the source cannot be iterated, `n` is no number, or `by` is no function.
 * @throws {RangeError} If `n` is no whole number of at least 1.
 *
 * @example
 * ```ts
 * import { partition, scope } from "millrace";
 *
 * const [even, odd] = partition([1, 2, 3, 4, 5], 2, (n) => n % 2);
 * const sums = { even: 0, odd: 0 };
 * await scope((s) => {
 *   s.go(async () => {
 *     for await (const n of even) sums.even += n;
 *   });
 *   s.go(async () => {
 *     for await (const n of odd) sums.odd += n;
 *   });
 * });
 * console.log(sums); // { even: 6, odd: 9 }
 * ```
 */
export function partition<T, N extends number = number>(
  source: Source<T>,
  n: N,
  by?: (value: T) => unknown,
): Branches<T, N> {
  if (by !== undefined) checkFunction("by", by);
  return [...new Partition(source, n, by).branches] as unknown as Branches<T, N>;
}

/** A value on its way. */
interface Parcel<T> {
  readonly value: T;
  /** Where its key leads. */
  readonly to: Branch<T> | undefined;
}

class Partition<T> extends Fork<T> {
  readonly #by: ((value: T) => unknown) | undefined;
  readonly #placement: Placement;
  /** In their order: one that was read, and what cancelled branches held. */
  #parcels: Parcel<T>[] = [];
  /** Whose turn it is, without keys. */
  #turn = 0;
  /** How the source ended, while there are parcels. */
  #end: { readonly failure: Failure | undefined } | undefined;

  constructor(source: Source<T>, n: number, by: ((value: T) => unknown) | undefined) {
    super(source, n);
    this.#by = by;
    this.#placement = new Placement(n);
  }

  protected override get open(): boolean {
    return this.#parcels.length === 0;
  }

  protected override place(value: T): void {
    try {
      const to = this.#by && this.branches[this.#placement.of(this.#by(value))];
      this.#parcels.push({ value, to });
    } catch (error) {
      this.#end = { failure: { error } };
    }
    this.#deliver();
  }

  protected override ended(failure: Failure | undefined): void {
    this.#end ??= { failure };
    this.#deliver();
  }

  override takeBack(values: T[]): void {
    if (this.#by !== undefined) return;
    this.#parcels.unshift(...values.map((value) => ({ value, to: undefined })));
  }

  override demand(): void {
    this.#deliver();
    super.demand();
  }

  /** Parcels go in their order: one that has to wait holds up those behind it. */
  #deliver(): void {
    for (let parcel = this.#parcels[0]; parcel !== undefined; parcel = this.#parcels[0]) {
      const to = parcel.to ?? this.#next();
      if (to !== undefined && this.live.has(to)) {
        if (!to.hasRoom) return;
        if (parcel.to === undefined) this.#turn = this.branches.indexOf(to) + 1;
        to.give(parcel.value);
      }
      this.#parcels.shift();
    }
    if (this.#end !== undefined) this.close(this.#end.failure);
  }

  /** The next branch in turn that is not over. */
  #next(): Branch<T> | undefined {
    const { branches, live } = this;
    for (let i = 0; i < branches.length; i++) {
      const branch = branches[(this.#turn + i) % branches.length];
      if (branch !== undefined && live.has(branch)) return branch;
    }
    return undefined;
  }
}
