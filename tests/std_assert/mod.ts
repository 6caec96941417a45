/**
 * Stands in for JSR's `@std/assert` where JSR can't be reached: the part of its API
 * that the tests use, written over node:assert, which Deno, Node and Bun all have.
 *
 * @module
 */
import nodeAssert from "node:assert/strict";
import { inspect, isDeepStrictEqual, stripVTControlCharacters } from "node:util";

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** What every assertion here throws. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

const end = (msg?: string) => (msg ? `: ${msg}` : ".");
const show = (v: unknown) => inspect(v, { depth: 6, sorted: true });

/** True for values that are deeply equal; unlike node:assert, 0 equals -0. */
export function equal(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

export function assertFalse(expr: unknown, msg = ""): asserts expr is false {
  if (expr) throw new AssertionError(msg);
}

export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  let diff: string;
  try {
    nodeAssert.deepStrictEqual(actual, expected);
    diff = `${show(actual)} and ${show(expected)}`;
  } catch (e) {
    diff = (e as Error).message;
  }
  throw new AssertionError(`Values are not equal${end(msg)}\n${diff}`);
}

export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) {
    throw new AssertionError(
      `Expected actual: ${show(actual)} not to be: ${show(expected)}${end(msg)}`,
    );
  }
}

export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(
    `Values are not strictly equal${end(msg)}\n${show(actual)}\n${show(expected)}`,
  );
}

export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (Object.is(actual, expected)) {
    throw new AssertionError(
      `Expected "actual" to not be strictly equal to: ${show(actual)}${end(msg)}`,
    );
  }
}

export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    throw new AssertionError(
      `Expected actual: "${String(actual)}" to not be null or undefined${end(msg)}`,
    );
  }
}

export function assertInstanceOf<
  T extends abstract new (...args: never[]) => unknown,
>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is InstanceType<T> {
  if (!(actual instanceof expected)) {
    throw new AssertionError(
      msg ??
        `Expected object to be an instance of "${expected.name}" but was ${show(actual)}.`,
    );
  }
}

export function assertGreater<T>(a: T, b: T, msg?: string): void {
  if (!(a > b)) {
    throw new AssertionError(msg ?? `Expect ${show(a)} > ${show(b)}`);
  }
}

export function assertGreaterOrEqual<T>(a: T, b: T, msg?: string): void {
  if (!(a >= b)) {
    throw new AssertionError(msg ?? `Expect ${show(a)} >= ${show(b)}`);
  }
}

export function assertLess<T>(a: T, b: T, msg?: string): void {
  if (!(a < b)) {
    throw new AssertionError(msg ?? `Expect ${show(a)} < ${show(b)}`);
  }
}

export function assertLessOrEqual<T>(a: T, b: T, msg?: string): void {
  if (!(a <= b)) {
    throw new AssertionError(msg ?? `Expect ${show(a)} <= ${show(b)}`);
  }
}

export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (!expected.test(actual)) {
    throw new AssertionError(
      `Expected actual: "${actual}" to match: "${String(expected)}"${end(msg)}`,
    );
  }
}

export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (!actual.includes(expected)) {
    throw new AssertionError(
      `Expected actual: "${actual}" to contain: "${expected}"${end(msg)}`,
    );
  }
}

export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  msg?: string,
): void {
  const have = Array.from(actual);
  const missing = Array.from(expected).filter((e) => !have.some((h) => equal(h, e)));
  if (missing.length > 0) {
    throw new AssertionError(
      `Expected actual: "${show(actual)}" to include: "${show(expected)}"${end(msg)}\nmissing: ${
        show(missing)
      }`,
    );
  }
}

export function assertIsError<E extends Error = Error>(
  error: unknown,
  errorClass?: ErrorClass<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw new AssertionError(
      `Expected "error" to be an Error object${end(msg)}`,
    );
  }
  if (errorClass && !(error instanceof errorClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${errorClass.name}", but was "${error.constructor.name}"${
        end(msg)
      }`,
    );
  }
  const text = stripVTControlCharacters(error.message);
  const ok = msgMatches instanceof RegExp
    ? msgMatches.test(text)
    : text.includes(stripVTControlCharacters(msgMatches ?? ""));
  if (!ok) {
    const want = msgMatches instanceof RegExp ? String(msgMatches) : JSON.stringify(msgMatches);
    throw new AssertionError(
      `Expected error message to include ${want}, but got ${JSON.stringify(error.message)}${
        end(msg)
      }`,
    );
  }
}

export function assertThrows(fn: () => unknown, msg?: string): unknown;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  errorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  classOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const cls = typeof classOrMsg === "function" ? classOrMsg : undefined;
  const note = typeof classOrMsg === "string" ? classOrMsg : msg;
  let error: unknown;
  try {
    fn();
  } catch (e) {
    error = e;
    if (cls) assertThrown(e, "thrown", cls, msgIncludes, note);
    return error;
  }
  throw new AssertionError(`Expected function to throw${end(note)}`);
}

export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const cls = typeof classOrMsg === "function" ? classOrMsg : undefined;
  const note = typeof classOrMsg === "string" ? classOrMsg : msg;
  let promise: unknown;
  try {
    promise = fn();
  } catch {
    promise = undefined;
  }
  if (
    typeof (promise as PromiseLike<unknown> | undefined)?.then !== "function"
  ) {
    throw new AssertionError(
      `Function throws when expected to reject${end(note)}`,
    );
  }
  try {
    await promise;
  } catch (e) {
    if (cls) assertThrown(e, "rejected", cls, msgIncludes, note);
    return e;
  }
  throw new AssertionError(`Expected function to reject${end(note)}`);
}

function assertThrown<E extends Error>(
  e: unknown,
  how: string,
  cls: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): void {
  if (!(e instanceof Error)) {
    throw new AssertionError(`A non-Error object was ${how}${end(msg)}`);
  }
  assertIsError(e, cls, msgIncludes, msg);
}

export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${end(msg)}`);
}

export function unreachable(reason?: string): never {
  throw new AssertionError(`Unreachable${end(reason)}`);
}
