/** States that were seen, by a hash of 53 bits: two that fall together would be taken for one. */
export class Visited {
  #keys = new Float64Array(1 << 16);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns Whether the state is new. */
  add(state: Int32Array, from: number, length: number): boolean {
    const key = hash(state, from, length);
    if (!insert(this.#keys, key)) return false;
    if (++this.#size * 2 > this.#keys.length) this.#grow();
    return true;
  }

  #grow(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    for (const key of this.#keys) if (key !== 0) insert(keys, key);
    this.#keys = keys;
  }
}

function insert(keys: Float64Array, key: number): boolean {
  const mask = keys.length - 1;
  let place = key & mask;
  for (; keys[place] !== 0; place = (place + 1) & mask) {
    if (keys[place] === key) return false;
  }
  keys[place] = key;
  return true;
}

function hash(state: Int32Array, from: number, length: number): number {
  let a = 0x9e3779b9 | 0, b = 0x85ebca6b | 0;
  for (let i = from; i < from + length; i++) {
    const word = state[i]!;
    a = Math.imul(a ^ word, 0x01000193) ^ (a >>> 13);
    b = Math.imul(b + word, 0xcc9e2d51 | 0) ^ (b >>> 15);
  }
  a = Math.imul(a ^ (a >>> 16), 0x7feb352d);
  b = Math.imul(b ^ (b >>> 15), 0x846ca68b | 0);
  a ^= a >>> 15;
  // The low bits choose the place in the table; 0 is for free places.
  return ((b ^ b >>> 13) >>> 11) * 0x100000000 + ((a >>> 0) || 1);
}
