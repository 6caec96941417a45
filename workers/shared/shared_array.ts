/**
 * Numbers that all threads share.
 *
 * @module
 */
import { checkNumber } from "../../internal/checks.ts";
import type { PrimitiveOptions } from "../../sync/name.ts";
import {
  bytesOf,
  type ElementType,
  numberOf,
  typeOf,
  type ViewOf,
  viewOf,
} from "./number_types.ts";
import { ARRAY, CELLS, DATA, ELEMENTS, PERMITS, TYPE } from "./primitive_layout.ts";
import { SharedLockable } from "./shared_lockable.ts";
import { SITE } from "./shared_primitive.ts";
import { openSite, type Plan, type PrimitiveHandle, registerPrimitive } from "./site.ts";

const MOST = 2 ** 30;

/**
 * A typed array in memory that all threads share, and a lock: what Python's `multiprocessing.Array` is for. The
 * elements are read and written in `view`, at the speed of any typed array; the lock keeps no one from them who does
 * not ask for it. Its handle is plain data, from which each thread opens it; among the arguments of `spawn` and in
 * the `data` of stages it travels by itself.
 *
 * Its memory is not given back before the process ends.
 *
 * @typeParam E The type of the elements.
 *
 * @example
 * ```ts
 * import { SharedArray } from "millrace/workers";
 *
 * const counts = new SharedArray("u32", 3);
 * const same = SharedArray.from(counts.handle); // in any thread
 * {
 *   using _permit = await same.lock(); // released at the end of the block
 *   for (const i of same.view.keys()) same.view[i]! += i;
 * }
 * console.log([...counts.view]); // [ 0, 1, 2 ]
 * ```
 */
export class SharedArray<E extends ElementType> extends SharedLockable<SharedArrayHandle<E>> {
  /** The type of the elements. */
  readonly type: E;
  /** The elements, where they are: what one thread writes there is there for all. */
  readonly view: ViewOf<E>;

  /**
   * Makes an array of zeros.
   *
   * @param type Of the elements: signed or unsigned integer or floating-point number, and how many bits.
   * @param length How many; 1 or more.
   * @param options A name.
   * @throws {TypeError} If the type is none, `length` no number, or the name no string.
   * @throws {RangeError} If `length` is less than 1 or no whole number, or the shared memory is used up.
   */
  constructor(type: E, length: number, options: PrimitiveOptions = {}) {
    super(options, () => planOf(type, length));
    const { domain: { words }, at } = this[SITE];
    this.type = typeOf(words[at + TYPE]!) as E;
    this.view = viewOf(this.type, words.buffer, words[at + DATA]!, words[at + ELEMENTS]!);
  }

  /**
   * Opens the array of a handle. One handle gives the same object every time within a thread.
   *
   * @typeParam E The type with which it was made; `type` tells.
   * @param handle The `handle` of an array, from whatever thread.
   * @throws {TypeError} If it is none.
   */
  static from<E extends ElementType>(handle: SharedArrayHandle<E>): SharedArray<E> {
    const of = { kind: "array", title: "SharedArray", codes: [ARRAY] };
    return openSite(handle, of, () => new SharedArray<ElementType>("u8", 1)) as SharedArray<E>;
  }

  /** How many elements it has. */
  get length(): number {
    return this.view.length;
  }
}

/** The handle of an array of elements of a type. */
export interface SharedArrayHandle<E extends ElementType> extends PrimitiveHandle<"array"> {
  /** For the compiler; never there. */
  readonly type?: E;
}

function planOf(type: ElementType, length: number): Plan<"array"> {
  const number = numberOf(type);
  const ok = Number.isInteger(length) && length >= 1 && length <= MOST;
  checkNumber("length", length, ok, `a whole number from 1 to ${MOST}`);
  const bytes = Math.ceil(bytesOf(type) * length / 4) * 4;
  // A line of its own, so that the lock and the elements do not take each other's away.
  const first = Math.ceil((CELLS + 1) * 4 / 64) * 64;
  return {
    kind: "array",
    code: ARRAY,
    bytes: first + bytes,
    fill(words, at) {
      words[at + PERMITS] = 1;
      words[at + TYPE] = number;
      words[at + DATA] = at * 4 + first;
      words[at + ELEMENTS] = length;
    },
  };
}

registerPrimitive("array", SharedArray.from);
