/**
 * Checks of arguments. Misuse is an error at once, before anything has changed; its message names the
 * argument and the value.
 *
 * @module
 */

/** A value as it stands in a message. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return value.name === "" ? "a function" : `function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" && name !== "Object" ? `a ${name}` : "an object";
}

/** Checks a number of values: a whole number of at least `least`, or `Infinity`. */
export function checkCount(name: string, value: unknown, least: number): void {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number: ${show(value)}`);
  if (value >= least && (Number.isInteger(value) || value === Infinity)) return;
  throw new RangeError(`${name} must be a whole number of at least ${least}, or Infinity: ${value}`);
}

/** Checks a time in milliseconds. */
export function checkTime(name: string, value: unknown): void {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number: ${show(value)}`);
  if (!(value >= 0)) throw new RangeError(`${name} must be 0 ms or more: ${value}`);
}

/** Checks that `value` is undefined or a function. */
export function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw new TypeError(`${name} must be a function: ${show(value)}`);
}

/** Whether `value` is an `AbortSignal`, of whatever realm. */
export function isSignal(value: unknown): value is AbortSignal {
  if (value instanceof AbortSignal) return true;
  const signal = value as Partial<AbortSignal> | null | undefined;
  return typeof signal === "object" && typeof signal?.aborted === "boolean" &&
    typeof signal.addEventListener === "function";
}

/** Checks that `value` is an options object. */
export function checkOptions(value: unknown): void {
  if (typeof value === "object" && value !== null) return;
  throw new TypeError(`options must be an object: ${show(value)}`);
}

/** Checks how long an operation may wait. */
export function checkWait(options: { readonly signal?: unknown; readonly timeout?: unknown }): void {
  checkOptions(options);
  const { signal, timeout } = options;
  if (signal !== undefined && !isSignal(signal)) {
    throw new TypeError(`options.signal must be an AbortSignal: ${show(signal)}`);
  }
  if (timeout !== undefined) checkTime("options.timeout", timeout);
}
