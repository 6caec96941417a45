/**
 * A number that all threads share.
 *
 * @module
 */
import { check, checkFunction } from "../../internal/checks.ts";
import type { PrimitiveOptions } from "../../sync/name.ts";
import { numberOf, typeOf, viewOf } from "./number_types.ts";
import { CELLS, PERMITS, TYPE, VALUE } from "./primitive_layout.ts";
import { SharedLockable } from "./shared_lockable.ts";
import { SITE } from "./shared_primitive.ts";
import { openSite, type Plan, type PrimitiveHandle, registerPrimitive } from "./site.ts";

/** What a `SharedValue` may be. */
export type ValueType = "i32" | "u32" | "i64" | "u64" | "f64";

/** What is got and set: a bigint for 64-bit integers, else a number. */
export type ValueOf<V extends ValueType> = V extends "i64" | "u64" ? bigint : number;

/** Words before the number: the cell of the lock, and one so that it lies at a multiple of 8 bytes. */
const NUMBER = CELLS + 2;
const TYPES = ["i32", "u32", "i64", "u64", "f64"] as const;

/**
 * A number in memory that all threads share: what Python's `multiprocessing.Value` is for. Each operation is one
 * step for all threads, also `add` and `update`, so most uses need no lock; there is one for what takes
 * several steps. Its handle is plain data, from which each thread opens it; among the arguments of `spawn` and in
 * the `data` of stages it travels by itself.
 *
 * Integers wrap around, as in a typed array. Its memory, less than a kilobyte, is not given back before the
 * process ends.
 *
 * @typeParam V The type of the number.
 *
 * @example
 * ```ts
 * import { SharedValue } from "millrace/workers";
 *
 * const hits = new SharedValue("i32");
 * const same = SharedValue.from(hits.handle); // in any thread
 * same.add(2);
 * hits.update((n) => n * 10);
 * console.log(same.get()); // 20
 * ```
 */
export class SharedValue<V extends ValueType> extends SharedLockable<SharedValueHandle<V>> {
  readonly #cell: Cell;

  /**
   * Makes a value.
   *
   * @param type Signed or unsigned integer, or floating-point number, and how many bits.
   * @param initial What it is at first; 0 by default.
   * @param options A name.
   * @throws {TypeError} If the type is none, `initial` is not of it, or the name is no string.
   * @throws {RangeError} If the shared memory is used up.
   */
  constructor(type: V, initial?: ValueOf<V>, options: PrimitiveOptions = {}) {
    super(options, () => planOf(type, initial));
    const { domain, at } = this[SITE];
    this.#cell = cellOf(typeOf(domain.words[at + TYPE]!) as ValueType, domain, at);
  }

  /**
   * Opens the value of a handle. One handle gives the same object every time within a thread.
   *
   * @typeParam V The type with which it was made; `type` tells.
   * @param handle The `handle` of a value, from whatever thread.
   * @throws {TypeError} If it is none.
   */
  static from<V extends ValueType>(handle: SharedValueHandle<V>): SharedValue<V> {
    const of = { kind: "value", title: "SharedValue", codes: [VALUE] };
    return openSite(handle, of, () => new SharedValue<ValueType>("i32")) as SharedValue<V>;
  }

  /** The type of the number. */
  get type(): V {
    return this.#cell.type as V;
  }

  /** What it is now. */
  get(): ValueOf<V> {
    return this.#cell.get() as ValueOf<V>;
  }

  /**
   * Makes it another one.
   *
   * @throws {TypeError} If `value` is not of its type.
   */
  set(value: ValueOf<V>): void {
    checkValue("value", value, this.type);
    this.#cell.set(value);
  }

  /**
   * Adds, in one step for all threads.
   *
   * @param amount How much; may be negative.
   * @returns What it is after that.
   * @throws {TypeError} If `amount` is not of its type.
   */
  add(amount: ValueOf<V>): ValueOf<V> {
    checkValue("amount", amount, this.type);
    return this.update((value) => (value as number) + (amount as number) as ValueOf<V>);
  }

  /**
   * Makes another one of what it is, in one step for all threads.
   *
   * @param change Answers the new value; called again if another thread was faster, so it should do nothing else.
   * @returns What it is after that.
   */
  update(change: (value: ValueOf<V>) => ValueOf<V>): ValueOf<V> {
    checkFunction("change", change);
    return this.#cell.update(change as never) as ValueOf<V>;
  }
}

/** The handle of a value of a type. */
export interface SharedValueHandle<V extends ValueType> extends PrimitiveHandle<"value"> {
  /** For the compiler; never there. */
  readonly type?: V;
}

type Bits = Int32Array | Uint32Array | BigInt64Array | BigUint64Array;
type Change = (value: number | bigint) => number | bigint;

/** Reads and writes the number. */
interface Cell {
  readonly type: ValueType;
  get(): number | bigint;
  set(value: number | bigint): void;
  update(change: Change): number | bigint;
}

function cellOf(type: ValueType, domain: { readonly words: Int32Array }, at: number): Cell {
  const { buffer } = domain.words;
  const bits = viewOf(
    type === "f64" ? "i64" : type,
    buffer,
    (at + NUMBER) * 4,
    1,
  ) as Bits as Int32Array;
  const [read, write] = type === "f64" ? [asFloat, asBits] : [asItIs, asItIs];
  const wrapped = WRAPPED[type];
  return {
    type,
    get: () => read(Atomics.load(bits, 0)),
    set: (value) => void Atomics.store(bits, 0, write(value) as number),
    update(change) {
      for (;;) {
        const now = Atomics.load(bits, 0);
        const value = change(read(now));
        const next = write(value) as number;
        if (Atomics.compareExchange(bits, 0, now, next) === now) return wrapped(value as never);
      }
    },
  };
}

/** What is in memory when a value of a type was written. */
const WRAPPED: { readonly [V in ValueType]: (value: never) => number | bigint } = {
  i32: (value: number) => value | 0,
  u32: (value: number) => value >>> 0,
  i64: (value: bigint) => BigInt.asIntN(64, value),
  u64: (value: bigint) => BigInt.asUintN(64, value),
  f64: (value: number) => value,
};

const float = new Float64Array(1);
const floatBits = new BigInt64Array(float.buffer);

function asFloat(bits: number | bigint): number {
  floatBits[0] = bits as bigint;
  return float[0]!;
}

function asBits(value: number | bigint): bigint {
  float[0] = value as number;
  return floatBits[0]!;
}

function asItIs(value: number | bigint): number | bigint {
  return value;
}

function checkValue(name: string, value: unknown, type: ValueType): void {
  const big = type === "i64" || type === "u64";
  const ok = big ? typeof value === "bigint" : typeof value === "number";
  check(ok, `${name} must be a ${big ? "bigint" : "number"}`, value);
}

function planOf(type: ValueType, initial: number | bigint | undefined): Plan<"value"> {
  const number = numberOf(type, TYPES);
  if (initial !== undefined) checkValue("initial", initial, type);
  return {
    kind: "value",
    code: VALUE,
    bytes: (NUMBER + 2) * 4,
    fill(words, at, domain) {
      words[at + PERMITS] = 1;
      words[at + TYPE] = number;
      if (initial !== undefined) cellOf(type, domain, at).set(initial);
    },
  };
}

registerPrimitive("value", SharedValue.from);
