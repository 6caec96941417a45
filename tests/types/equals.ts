/**
 * Assertions about types, for files that are compiled and never run.
 *
 * @module
 */

/** True only if `A` and `B` are the same type, `any` and `readonly` included. */
export type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2)
  ? true
  : false;

/** Does not compile unless `T` is `true`. */
export function assertType<_T extends true>(): void {}

/** Does not compile unless `value` is of the type that was written out. */
export function assertIs<T>(_value: T): void {}
