/**
 * A stage that lets its input run ahead.
 *
 * @module
 */
import { check, checkCount } from "../internal/checks.ts";
import { Ring } from "../internal/ring.ts";
import { HeldFlow } from "./held_flow.ts";
import type { Source, Stage } from "./types.ts";

/** What happens to values for which there is no room. */
type Overflow = "wait" | "drop-oldest" | "drop-newest";

const POLICIES: readonly unknown[] = ["wait", "drop-oldest", "drop-newest"] satisfies Overflow[];

/**
 * A stage that lets its input run ahead of the receives by up to `capacity` values.
 *
 * When that many wait, the input waits, too; or, with a dropping `overflow`, it is read on, as fast as
 * values come, and the oldest or the newest value is dropped for each that is too many. All that waits is
 * given when the input ends, and before an error of the input.
 *
 * @typeParam T The values.
 * @param capacity How many values may wait; a dropping buffer needs 1 or more.
 * @param overflow As for a channel: `"wait"`, the default, `"drop-oldest"` or `"drop-newest"`.
 * @returns A stage for `pipe`.
 * @throws {TypeError} If an argument is of the wrong type, or `overflow` is no such policy.
 * @throws {RangeError} If `capacity` is no whole number, or too small.
 *
 * @example The last two of what came meanwhile
 * ```ts
 * import { buffer, pipe } from "millrace";
 *
 * const flow = pipe([1, 2, 3, 4, 5], buffer(2, "drop-oldest"));
 * console.log(await flow.recv()); // { done: false, value: 1 }
 * console.log(await flow.recv()); // { done: false, value: 4 }
 * ```
 */
export function buffer<T>(
  capacity: number,
  overflow: "wait" | "drop-oldest" | "drop-newest" = "wait",
): Stage<T, T> {
  check(POLICIES.includes(overflow), `overflow must be one of ${POLICIES.join(", ")}`, overflow);
  if (overflow === "wait") checkCount("capacity", capacity, 0);
  else checkCount(`capacity with ${overflow}`, capacity, 1);
  return (input) => new BufferFlow(input, capacity, overflow);
}

class BufferFlow<T> extends HeldFlow<T, T> {
  readonly #values = new Ring<T>();
  readonly #overflow: Overflow;

  constructor(input: Source<T>, capacity: number, overflow: Overflow) {
    super(input, capacity);
    this.#overflow = overflow;
  }

  protected override get room(): number {
    if (this.#overflow !== "wait") return Infinity;
    return this.capacity - this.#values.size + (this.awaited ? 1 : 0);
  }

  protected override get ready(): number {
    return this.#values.size;
  }

  protected override accept(values: T[]): void {
    for (const value of values) {
      if (this.awaited) this.supply(value);
      else if (this.#overflow === "wait" || this.#values.size < this.capacity) {
        this.#values.push(value);
      } else if (this.#overflow === "drop-oldest") {
        this.#values.shift();
        this.#values.push(value);
      }
    }
  }

  protected override pick(): T {
    return this.#values.shift();
  }

  protected override rest(): T[] {
    return this.#values.clear();
  }
}
