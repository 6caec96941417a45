/**
 * Puts results in order.
 *
 * @module
 */

const SMALLEST = 64;

/** Of a value that may have any number of results. */
interface Slot<T> {
  readonly results: T[];
  closed: boolean;
}

const NONE = Symbol("no result");

/** One result for each of many consecutive numbers, in a circular array whose length is a power of two. */
class Places<T> {
  #places: (T | typeof NONE)[] = [];
  #size = 0;

  /** Keeps the result of `sequence`; none before `head` is kept. */
  put(head: number, sequence: number, result: T): void {
    if (sequence - head >= this.#places.length) this.#grow(head, sequence);
    this.#places[sequence & (this.#places.length - 1)] = result;
    this.#size++;
  }

  /** Takes the result of `sequence`, which is not before what is kept. */
  take(sequence: number): T | typeof NONE {
    if (this.#size === 0) return NONE;
    const at = sequence & (this.#places.length - 1), result = this.#places[at] as T | typeof NONE;
    if (result === NONE) return NONE;
    this.#places[at] = NONE;
    this.#size--;
    return result;
  }

  #grow(head: number, sequence: number): void {
    const before = this.#places, span = sequence - head + 1;
    const length = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(span)));
    this.#places = new Array<T | typeof NONE>(length).fill(NONE);
    for (let i = head; i < head + before.length; i++) {
      this.#places[i & (length - 1)] = before[i & (before.length - 1)] as T | typeof NONE;
    }
  }
}

/** Hands results on in the order of their sequence numbers, which begin with 0. */
export class Sequencer<T> {
  readonly #deliver: (result: T) => void;
  readonly #slots = new Map<number, Slot<T>>();
  /** Results of values that have one, and nothing else: most have. */
  readonly #lone = new Places<T>();
  /** All before it were delivered. */
  #head = 0;
  #held = 0;

  constructor(deliver: (result: T) => void) {
    this.#deliver = deliver;
  }

  /** How many results wait for those before them, and values that have none: these keep their place, too. */
  get held(): number {
    return this.#held;
  }

  /**
   * A result of the value `sequence`.
   *
   * @returns Whether it waits.
   */
  put(sequence: number, result: T): boolean {
    // A generator may give results between two values; these belong to the one before.
    if (sequence <= this.#head) {
      this.#deliver(result);
      return false;
    }
    this.#slot(sequence).results.push(result);
    this.#held++;
    return true;
  }

  /** No more results of the value `sequence`. */
  close(sequence: number): void {
    if (sequence > this.#head) {
      const slot = this.#slot(sequence);
      slot.closed = true;
      if (slot.results.length === 0) this.#held++;
    } else if (sequence === this.#head) this.#advance();
  }

  /** Tells of each of several results of a value that waits. */
  eachHeld(tell: (result: T) => void): void {
    for (const { results } of this.#slots.values()) results.forEach(tell);
  }

  /** What is missing will not come: delivers what waits, unless it is the only result of its value. */
  finish(): void {
    const slots = [...this.#slots].sort(([a], [b]) => a - b);
    this.#slots.clear();
    this.#held = 0;
    for (const [, { results }] of slots) results.forEach(this.#deliver);
  }

  /** The only result of the value `sequence`. */
  answer(sequence: number, result: T): void {
    if (sequence > this.#head) {
      this.#lone.put(this.#head, sequence, result);
      this.#held++;
    } else {
      this.#deliver(result);
      this.close(sequence);
    }
  }

  /** The value at the head is done with. */
  #advance(): void {
    for (let closed = true; closed;) {
      if (this.#slots.size > 0) this.#slots.delete(this.#head);
      this.#head++;
      closed = this.#deliverLone() || this.#deliverSlot();
    }
  }

  /** Whether there is nothing else of the value at the head. */
  #deliverLone(): boolean {
    const result = this.#lone.take(this.#head);
    if (result === NONE) return false;
    this.#held--;
    this.#deliver(result);
    return true;
  }

  #deliverSlot(): boolean {
    const slot = this.#slots.size > 0 ? this.#slots.get(this.#head) : undefined;
    if (slot === undefined) return false;
    this.#held -= slot.closed ? Math.max(slot.results.length, 1) : slot.results.length;
    for (const result of slot.results.splice(0)) this.#deliver(result);
    return slot.closed;
  }

  #slot(sequence: number): Slot<T> {
    let slot = this.#slots.get(sequence);
    if (slot === undefined) this.#slots.set(sequence, slot = { results: [], closed: false });
    return slot;
  }
}
