/**
 * A stage that lets a value through now and then.
 *
 * @module
 */
import { checkNumber } from "../internal/checks.ts";
import { clock } from "../internal/clock.ts";
import { HeldFlow } from "./held_flow.ts";
import type { Source, Stage } from "./types.ts";

/**
 * A stage that gives the first value of each interval and drops the others. An interval begins with the
 * value that is given.
 *
 * From the first receive on it reads its input as fast as values come, whether or not anybody receives.
 * A value that nobody has received when the next interval begins is replaced by the first of that one. It
 * needs no timer. An error of the input is reported after the value before it.
 *
 * @typeParam T The values.
 * @param ms How long an interval lasts, in milliseconds, more than 0.
 * @returns A stage for `pipe`.
 * @throws {TypeError} If `ms` is no number.
 * @throws {RangeError} If `ms` is 0, less, NaN or infinite.
 *
 * @example
 * ```ts
 * import { pipe, throttle } from "millrace";
 *
 * const positions = ["a", "b", "c"]; // all in the same moment
 * for await (const position of pipe(positions, throttle(1_000))) console.log(position); // a
 * ```
 */
export function throttle<T>(ms: number): Stage<T, T> {
  checkNumber("ms", ms, ms > 0 && ms < Infinity, "finite and more than 0");
  return (input) => new ThrottleFlow(input, ms);
}

class ThrottleFlow<T> extends HeldFlow<T, T> {
  readonly #ms: number;
  /** The value that was let through last, unless it was taken. */
  #held: T[] = [];
  /** When the next interval may begin. */
  #next = -Infinity;

  constructor(input: Source<T>, ms: number) {
    super(input, 1);
    this.#ms = ms;
  }

  protected override get room(): number {
    return Infinity;
  }

  protected override get ready(): number {
    return this.#held.length;
  }

  protected override accept(values: T[]): void {
    const now = clock.now();
    if (now < this.#next) return;
    this.#held = values.slice(0, 1);
    this.#next = now + this.#ms;
  }

  protected override pick(): T {
    return this.rest()[0] as T;
  }

  protected override rest(): T[] {
    return this.#held.splice(0);
  }
}
