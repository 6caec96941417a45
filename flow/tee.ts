/**
 * Each value to several flows.
 *
 * @module
 */
import type { Failure } from "../internal/case.ts";
import { type Branches, Fork } from "./fork.ts";
import type { Source } from "./types.ts";

/**
 * Gives each value of the source to `n` flows. The slowest governs: the fastest is at most one value ahead
 * of it, so a flow that nobody reads holds the others up after one value, until it is cancelled.
 *
 * A value is read only while one of the flows is waited for. The end and an error of the source come to
 * each of them, after its values. A flow that is cancelled holds the others up no longer; the last one
 * closes the source.
 *
 * @typeParam T The values. All flows get the same object.
 * @typeParam N How many flows; a literal gives a tuple.
 * @param source What to read: an array, a generator, a stream, a channel, a flow.
 * @param n How many flows; 1 or more.
 * @returns The flows. A value takes O(n) time.
 * @throws {TypeError} If the source cannot be iterated, or `n` is no number.
 * @throws {RangeError} If `n` is no whole number of at least 1.
 *
 * @example
 * ```ts
 * import { scope, tee } from "millrace";
 *
 * const [forSum, forMax] = tee([3, 9, 5], 2);
 * let [sum, max] = [0, 0];
 * await scope((s) => {
 *   s.go(async () => {
 *     for await (const n of forSum) sum += n;
 *   });
 *   s.go(async () => {
 *     for await (const n of forMax) max = Math.max(max, n);
 *   });
 * });
 * console.log(sum, max); // 17 9
 * ```
 */
export function tee<T, N extends number = number>(
  source: Source<T>,
  n: N,
): Branches<T, N> {
  return [...new Tee(source, n).branches] as unknown as Branches<T, N>;
}

class Tee<T> extends Fork<T> {
  protected override get open(): boolean {
    for (const branch of this.live) if (!branch.hasRoom) return false;
    return true;
  }

  protected override place(value: T): void {
    for (const branch of this.live) branch.give(value);
  }

  protected override ended(failure: Failure | undefined): void {
    this.close(failure);
  }

  /** The others have had theirs. */
  override takeBack(): void {}
}
