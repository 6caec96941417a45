/**
 * Values that go together.
 *
 * @module
 */

/** A value with its place in the input. */
export interface Numbered {
  readonly sequence: number;
  readonly value: unknown;
}

/** Stands where a value was that is answered. */
const ANSWERED = Symbol("answered");
/** Stands for the value that is no value: the end of the input. */
export const INPUT_END: unique symbol = Symbol("end of the input");

/** Values with consecutive numbers that a thread was given together, and which of them are not answered. */
export class Batch {
  /** The number of the first. */
  readonly first: number;
  readonly #values: unknown[];
  #unanswered: number;

  /** @param values From now on they belong to the batch. */
  constructor(first: number, values: unknown[]) {
    this.first = first;
    this.#values = values;
    this.#unanswered = values.length;
  }

  /** How many have no answer. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** All of them, also those that are answered, of which nothing is left. */
  get values(): readonly unknown[] {
    return this.#values;
  }

  /** Whether the value `sequence` is among them and has no answer. */
  has(sequence: number): boolean {
    const at = sequence - this.first;
    return at >= 0 && at < this.#values.length && this.#values[at] !== ANSWERED;
  }

  /** The value `sequence`, which it has, is answered: answers what it was, and does not keep it. */
  answer(sequence: number): unknown {
    const at = sequence - this.first, value = this.#values[at];
    this.#values[at] = ANSWERED;
    this.#unanswered--;
    return value;
  }

  /** What has no answer. */
  get left(): Numbered[] {
    const all = this.#values.map((value, i) => ({ sequence: this.first + i, value }));
    return all.filter(({ value }) => value !== ANSWERED);
  }
}
