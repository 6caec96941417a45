/**
 * Checks of arguments. Misuse is an error at once, before anything has changed; its message names the
 * argument and the value.
 *
 * @module
 */

/** Throws unless `ok`. The rule names the argument: "capacity must be a number". */
export function check(ok: boolean, rule: string, value: unknown, Kind = TypeError): void {
  if (!ok) throw new Kind(`${rule}: ${show(value)}`);
}

/** Checks a number: its type first, so that text is a `TypeError` and -1 a `RangeError`. */
export function checkNumber(name: string, value: unknown, ok: boolean, rule: string): void {
  check(typeof value === "number", `${name} must be a number`, value);
  check(ok, `${name} must be ${rule}`, value, RangeError);
}

/** Checks a number of values: a whole number of at least `least`, or `Infinity`. */
export function checkCount(name: string, value: number, least: number): void {
  const ok = (Number.isInteger(value) || value === Infinity) && value >= least;
  checkNumber(name, value, ok, `a whole number of at least ${least}, or Infinity`);
}

/** Checks an option that is a function. */
export function checkFunction(name: string, value: unknown): void {
  check(typeof value === "function", `${name} must be a function`, value);
}

/** Checks an option that is true or false. */
export function checkBoolean(name: string, value: unknown): void {
  check(typeof value === "boolean", `${name} must be a boolean`, value);
}

/** Checks that `value` is an options object. */
export function checkOptions(value: unknown): void {
  check(typeof value === "object" && value !== null, "options must be an object", value);
}

/** Checks a signal among the options. */
export function checkSignal(value: unknown): void {
  check(value === undefined || isSignal(value), "options.signal must be an AbortSignal", value);
}

/** Checks how long an operation may wait. */
export function checkWait(
  options: { readonly signal?: unknown; readonly timeout?: unknown },
): void {
  checkOptions(options);
  const { signal, timeout } = options;
  checkSignal(signal);
  if (timeout !== undefined) {
    checkNumber("options.timeout", timeout, timeout as number >= 0, "0 ms or more");
  }
}

/** Whether `value` is an `AbortSignal`, of whatever realm. */
export function isSignal(value: unknown): value is AbortSignal {
  // Not read here: the getter checks its receiver, which takes as long as all the rest.
  const signal = value as AbortSignal | null | undefined;
  return typeof signal?.addEventListener === "function" && "aborted" in signal;
}

/** A value as it stands in a message. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  const name: unknown = value.constructor?.name;
  return typeof name === "string" ? `a value of type ${name}` : "an object";
}
