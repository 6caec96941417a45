/**
 * A stage that waits for silence.
 *
 * @module
 */
import { checkNumber } from "../internal/checks.ts";
import { clock } from "../internal/clock.ts";
import { TimedFlow } from "./timed_flow.ts";
import type { Stage } from "./types.ts";

/**
 * A stage that gives a value when nothing else has come for `ms` milliseconds. If another comes before,
 * or before somebody receives it, that one takes its place. The last value is given when the input ends,
 * without delay, and before an error of the input.
 *
 * From the first receive on it reads its input as fast as values come, whether or not anybody receives,
 * and keeps only the last. A real timer runs only while somebody waits.
 *
 * @typeParam T The values.
 * @param ms How long the silence lasts, more than 0.
 * @returns A stage for `pipe`.
 * @throws {TypeError} If `ms` is no number.
 * @throws {RangeError} If `ms` is 0, less, NaN or infinite.
 *
 * @example What was typed, when the typing pauses
 * ```ts
 * import { Channel, debounce, pipe } from "millrace";
 *
 * const typed = new Channel<string>(8);
 * for (const text of ["m", "mi", "mil", "mill"]) typed.trySend(text);
 *
 * for await (const text of pipe(typed, debounce(20))) {
 *   console.log(text); // mill
 *   break;
 * }
 * ```
 */
export function debounce<T>(ms: number): Stage<T, T> {
  checkNumber("ms", ms, ms > 0 && ms < Infinity, "finite and more than 0");
  return (input) => new DebounceFlow(input, 1, ms);
}

class DebounceFlow<T> extends TimedFlow<T, T> {
  /** The last value, unless it was taken. */
  #held: T[] = [];
  #due = Infinity;

  protected override get room(): number {
    return Infinity;
  }

  protected override get due(): number {
    return this.#due;
  }

  protected override get ready(): number {
    return this.isDue ? 1 : 0;
  }

  protected override accept(values: T[]): void {
    this.#held = values.slice(-1);
    this.#due = clock.now() + this.ms;
  }

  protected override pick(): T {
    return this.rest()[0] as T;
  }

  protected override rest(): T[] {
    this.#due = Infinity;
    return this.#held.splice(0);
  }
}
