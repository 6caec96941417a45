/**
 * The objects of one message, and where they stand: one that comes again arrives as the same.
 *
 * @module
 */

/** So many are compared one by one; a map pays only beyond. */
const FEW = 8;

/** What `Seen.note` answers for an object that has not been there. */
export const NEW = -1;

/** Tells whether an object has been there. */
export class Seen {
  #count = 0;
  readonly #few: (object | undefined)[] = new Array<undefined>(FEW).fill(undefined);
  readonly #placesOfFew: number[] = new Array<number>(FEW).fill(0);
  #places: Map<object, number> | undefined = undefined;

  /** Where `value` stands already; if it is NEW, it stands at `place` from now on. */
  note(value: object, place: number): number {
    const count = this.#count;
    if (count === FEW) return this.#noteMany(value, place);
    const few = this.#few;
    for (let i = 0; i < count; i++) if (few[i] === value) return this.#placesOfFew[i]!;
    few[count] = value;
    this.#placesOfFew[count] = place;
    this.#count = count + 1;
    return NEW;
  }

  #noteMany(value: object, place: number): number {
    let places = this.#places;
    if (places === undefined) {
      places = this.#places = new Map();
      for (let i = 0; i < FEW; i++) places.set(this.#few[i]!, this.#placesOfFew[i]!);
    }
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, place);
    return NEW;
  }

  /** Forgets all: nothing of the user's is held. */
  clear(): void {
    for (let i = 0; i < this.#count; i++) this.#few[i] = undefined;
    this.#count = 0;
    this.#places = undefined;
  }
}
