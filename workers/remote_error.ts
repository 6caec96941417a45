/**
 * Errors on their way between threads. A structured clone keeps only the message and the stack of an
 * error, and not its name, code and other properties; so an error travels as plain data and is built
 * anew.
 *
 * @module
 */
import { show } from "../internal/checks.ts";

/** Anything thrown, as plain data that can be cloned. */
export type EncodedError =
  /** It was no error. */
  | { readonly thrown: unknown }
  | ErrorData;

interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Whether it is a `DOMException`, whose name and code nobody can set. */
  readonly dom: boolean;
  /** What it has of its own: code, cause and whatever else the user has set. */
  readonly properties: [name: string, value: EncodedError][];
  /** The errors of an `AggregateError`. */
  readonly errors: EncodedError[] | undefined;
}

const OWN = ["name", "message", "stack", "errors"];

/** Takes apart what was thrown. An error stays the same one however often it stands in itself. */
export function encodeError(
  thrown: unknown,
  seen: Map<unknown, EncodedError> = new Map(),
): EncodedError {
  if (!(thrown instanceof Error)) return { thrown: cloneable(thrown) ? thrown : show(thrown) };
  const known = seen.get(thrown);
  if (known !== undefined) return known;
  const errors: unknown = (thrown as { errors?: unknown }).errors;
  const data: ErrorData = {
    name: String(thrown.name),
    message: String(thrown.message),
    stack: String(thrown.stack),
    dom: thrown instanceof DOMException,
    properties: [],
    errors: Array.isArray(errors) ? [] : undefined,
  };
  seen.set(thrown, data);
  for (const [name, value] of properties(thrown)) {
    data.properties.push([name, encodeError(value, seen)]);
  }
  if (Array.isArray(errors)) { for (const e of errors) data.errors?.push(encodeError(e, seen)); }
  return data;
}

/** Its own properties; `cause` is one too, though it is not enumerable. */
function properties(error: Error): [string, unknown][] {
  const names = Object.keys(error).filter((name) => !OWN.includes(name));
  if (Object.hasOwn(error, "cause") && !names.includes("cause")) names.push("cause");
  return names.map((name) => [name, (error as unknown as Record<string, unknown>)[name]]);
}

const CLASSES: Record<string, ErrorConstructor> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** Builds what was thrown: an error of the same built-in class, with the stack that it had there. */
export function decodeError(
  data: EncodedError,
  seen: Map<EncodedError, unknown> = new Map(),
): unknown {
  if ("thrown" in data) return data.thrown;
  const known = seen.get(data);
  if (known !== undefined) return known;
  const error = create(data);
  seen.set(data, error);
  define(error, "stack", data.stack);
  if (error.name !== data.name) define(error, "name", data.name);
  for (const [name, value] of data.properties) {
    const decoded = decodeError(value, seen);
    if (name === "cause") define(error, name, decoded);
    else (error as unknown as Record<string, unknown>)[name] = decoded;
  }
  if (data.errors !== undefined) {
    define(error, "errors", data.errors.map((each) => decodeError(each, seen)));
  }
  return error;
}

function create({ name, message, dom, errors }: ErrorData): Error {
  if (dom) return new DOMException(message, name);
  if (errors !== undefined) return new AggregateError([], message);
  return new (CLASSES[name] ?? Error)(message);
}

/** As the properties of errors are: not enumerable. */
function define(error: Error, name: string, value: unknown): void {
  Object.defineProperty(error, name, {
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

/** Whether a structured clone of `value` can be made. */
export function cloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * An error for a value that cannot be sent to another thread. Its message has the path of the part
 * that cannot be cloned.
 *
 * @param action What could not be done, for the message.
 * @param name What the value is called in the path.
 * @param error What `postMessage` has thrown: a part that can be cloned by itself is not to blame.
 */
export function uncloneable(action: string, name: string, value: unknown, error: unknown): Error {
  const seen = new Set<unknown>();
  let path = name;
  let culprit = value;
  for (;;) {
    seen.add(culprit);
    const part = parts(culprit).find(([, each]) => !seen.has(each) && !cloneable(each));
    if (part === undefined) break;
    path += part[0];
    culprit = part[1];
  }
  const state = cloneable(culprit)
    ? String((error as Error).message)
    : `${path} is ${show(culprit)}`;
  return new DOMException(`${action}: ${state}`, "DataCloneError");
}

/** The parts of `value` that a clone of it has, each with its step of the path. */
function parts(value: unknown): [step: string, part: unknown][] {
  if (typeof value !== "object" || value === null) return [];
  if (value instanceof Map) {
    return [...value].flatMap(([key, each]) => [[" key", key], [`.get(${show(key)})`, each]]);
  }
  if (value instanceof Set) return [...value].map((each, i) => [` value ${i}`, each]);
  return Object.keys(value).map((
    key,
  ) => [step(value, key), (value as Record<string, unknown>)[key]]);
}

function step(value: object, key: string): string {
  if (Array.isArray(value)) return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
