/**
 * Puts results in order.
 *
 * @module
 */

interface Slot<T> {
  readonly results: T[];
  closed: boolean;
}

/** Hands results on in the order of their sequence numbers, which begin with 0. */
export class Sequencer<T> {
  readonly #deliver: (result: T) => void;
  readonly #slots = new Map<number, Slot<T>>();
  /** All before it were delivered. */
  #head = 0;
  #held = 0;

  constructor(deliver: (result: T) => void) {
    this.#deliver = deliver;
  }

  /** How many results wait for those before them. */
  get held(): number {
    return this.#held;
  }

  /** A result of the value `sequence`. */
  put(sequence: number, result: T): void {
    // A generator may give results between two values; these belong to the one before.
    if (sequence <= this.#head) return this.#deliver(result);
    this.#slot(sequence).results.push(result);
    this.#held++;
  }

  /** No more results of the value `sequence`. */
  close(sequence: number): void {
    if (sequence < this.#head) return;
    this.#slot(sequence).closed = true;
    while (this.#slots.get(this.#head)?.closed === true) {
      this.#slots.delete(this.#head++);
      const { results = [] } = this.#slots.get(this.#head) ?? {};
      this.#held -= results.length;
      for (const result of results.splice(0)) this.#deliver(result);
    }
  }

  #slot(sequence: number): Slot<T> {
    let slot = this.#slots.get(sequence);
    if (slot === undefined) this.#slots.set(sequence, slot = { results: [], closed: false });
    return slot;
  }
}
