/**
 * Which of several places a key belongs to.
 *
 * @module
 */

/** Gives equal keys the same place. Keeps no key alive. */
export class Placement {
  readonly #places: number;
  /** Objects have nothing to hash: they get places in turn. */
  readonly #known = new WeakMap<object, number>();
  #next = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** The place of `key`, from 0 on. O(1), for text O(its length). */
  of(key: unknown): number {
    if (typeof key === "boolean") return this.#modulo(Number(key));
    if (Number.isInteger(key)) return this.#modulo(key as number);
    if (typeof key === "bigint") return this.#modulo(Number(key % BigInt(this.#places)));
    const isObject = typeof key === "object" && key !== null || typeof key === "function";
    return isObject ? this.#placeOf(key) : Math.floor(hash(String(key)) * this.#places / 2 ** 32);
  }

  #modulo(n: number): number {
    return (n % this.#places + this.#places) % this.#places;
  }

  #placeOf(key: object): number {
    let place = this.#known.get(key);
    if (place === undefined) {
      place = this.#next;
      this.#known.set(key, place);
      this.#next = (place + 1) % this.#places;
    }
    return place;
  }
}

/** FNV-1a (Fowler, Noll, Vo), then the end of MurmurHash3: texts that differ little go far apart. */
function hash(text: string): number {
  let mixed = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    mixed = Math.imul(mixed ^ text.charCodeAt(i), 0x01000193);
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
