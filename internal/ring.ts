/**
 * A queue of values in a circular array whose length is a power of two. It grows when it is full and
 * shrinks when it is nearly empty, so a capacity costs nothing until it is used.
 *
 * @module
 */

const SMALLEST = 8;

/** First in, first out; a slot is cleared when it is read. */
export class Ring<T> {
  #slots: (T | undefined)[] = [];
  #mask = -1;
  #head = 0;
  #size = 0;

  /** How many values are in it. */
  get size(): number {
    return this.#size;
  }

  /** The value at the head. */
  get first(): T | undefined {
    return this.#slots[this.#head];
  }

  /** Adds a value at the tail. O(1), amortized. */
  push(value: T): void {
    if (this.#size > this.#mask) this.#resize(Math.max(SMALLEST, this.#size * 2));
    this.#slots[(this.#head + this.#size++) & this.#mask] = value;
  }

  /** Takes the value at the head. There must be one. O(1), amortized. */
  shift(): T {
    const head = this.#head;
    const value = this.#slots[head] as T;
    this.#slots[head] = undefined;
    this.#head = (head + 1) & this.#mask;
    // To a quarter at an eighth: so a size that goes up and down around a power of two does not resize each time.
    if (--this.#size * 8 < this.#mask && this.#mask > 1024) this.#resize((this.#mask + 1) / 4);
    return value;
  }

  /** Takes all values. */
  clear(): T[] {
    const values: T[] = [];
    while (this.#size > 0) values.push(this.shift());
    return values;
  }

  #resize(length: number): void {
    const slots = new Array<T | undefined>(length);
    let i = 0;
    for (; i < this.#size; i++) slots[i] = this.#slots[(this.#head + i) & this.#mask];
    slots.fill(undefined, i);
    this.#slots = slots;
    this.#mask = length - 1;
    this.#head = 0;
  }
}
