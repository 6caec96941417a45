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
  readonly kind: "error" | "aggregate" | "dom";
  /** What it has of its own: code, cause and whatever else the user has set. */
  readonly properties: [name: string, value: EncodedError][];
  /** The errors of an `AggregateError`, or of one that does as that does. */
  readonly errors: EncodedError[] | undefined;
}

const OWN = ["name", "message", "stack"];
/** How deep errors may stand in each other, and what cannot be cloned in a value; no stack holds any chain. */
const DEEPEST = 100;

/**
 * Takes apart what was thrown; never throws itself, whatever the user's getters do. An error stays the same
 * one however often it stands in itself.
 */
export function encodeError(
  thrown: unknown,
  seen: Map<unknown, EncodedError> = new Map(),
  depth = 0,
): EncodedError {
  if (!isError(thrown)) return { thrown: copyOrText(thrown) };
  const known = seen.get(thrown);
  if (known !== undefined) return known;
  if (depth > DEEPEST) return { thrown: text(thrown, "an error") };
  const encode = (value: unknown): EncodedError => encodeError(value, seen, depth + 1);
  const errors = property(thrown, "errors");
  const name = text(property(thrown, "name"), "Error");
  const message = text(property(thrown, "message"), "");
  const data: ErrorData = {
    name,
    message,
    stack: text(property(thrown, "stack"), `${name}: ${message}`),
    kind: kindOf(thrown),
    properties: [],
    errors: Array.isArray(errors) ? [] : undefined,
  };
  seen.set(thrown, data);
  for (const name of names(thrown, data)) {
    data.properties.push([name, encode(property(thrown, name))]);
  }
  if (Array.isArray(errors)) { for (const each of errors) data.errors?.push(encode(each)); }
  return data;
}

function isError(thrown: unknown): thrown is Error {
  return attempt(() => thrown instanceof Error, false);
}

function kindOf(error: Error): ErrorData["kind"] {
  if (error instanceof DOMException) return "dom";
  return error instanceof AggregateError ? "aggregate" : "error";
}

/** Its own properties; `cause` is one too, though it is not enumerable. */
function names(error: Error, { errors }: ErrorData): string[] {
  const own = attempt(() => Object.keys(error), []).filter((name) => !OWN.includes(name));
  if (attempt(() => Object.hasOwn(error, "cause"), false) && !own.includes("cause")) {
    own.push("cause");
  }
  return errors === undefined ? own : own.filter((name) => name !== "errors");
}

function property(error: Error, name: string): unknown {
  return attempt(() => (error as unknown as Record<string, unknown>)[name], undefined);
}

/** A copy: a getter of the user's might answer only once. */
function copyOrText(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return described(value);
  }
}

function text(value: unknown, otherwise: string): string {
  return value === undefined ? otherwise : attempt(() => String(value), otherwise);
}

/** As `show`, for anything at all: a proxy may refuse to answer. */
function described(value: unknown): string {
  return attempt(() => show(value), "an object");
}

/** What `read` answers, which may be code of the user's. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
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
    define(error, name, decodeError(value, seen), name !== "cause");
  }
  if (data.errors !== undefined) {
    define(error, "errors", data.errors.map((each) => decodeError(each, seen)));
  }
  return error;
}

function create({ name, message, kind }: ErrorData): Error {
  if (kind === "dom") return new DOMException(message, name);
  if (kind === "aggregate") return new AggregateError([], message);
  return new (CLASSES[name] ?? Error)(message);
}

/** By defining, never by assigning: some names have setters, or getters alone. */
function define(error: Error, name: string, value: unknown, enumerable = false): void {
  Object.defineProperty(error, name, {
    value,
    writable: true,
    enumerable,
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
  while (seen.size < DEEPEST) {
    seen.add(culprit);
    const wrong = attempt(() => parts(culprit), [])
      .filter(([, each]) => !seen.has(each) && !cloneable(each));
    // What was to be moved may be gone by now: that is the effect, not the cause.
    const part = wrong.find(([, each]) => !isBuffer(each)) ?? wrong[0];
    if (part === undefined) break;
    path += part[0];
    culprit = part[1];
  }
  const reason = isError(error) ? text(property(error, "message"), "") : described(error);
  if (culprit === UNREADABLE) path += ` cannot be read: ${reason}`;
  else if (!cloneable(culprit)) path += ` is ${described(culprit)}`;
  else path = reason;
  return new DOMException(`${action}: ${path}`, "DataCloneError");
}

function isBuffer(value: unknown): boolean {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** Stands for a part whose getter throws. Cannot be cloned, either. */
const UNREADABLE = Symbol("unreadable");

/** The parts of `value` that a clone of it has, each with its step of the path. */
function parts(value: unknown): [step: string, part: unknown][] {
  if (typeof value !== "object" || value === null) return [];
  if (value instanceof Map) {
    return [...value].flatMap(([key, each]) => [[" key", key], [`.get(${described(key)})`, each]]);
  }
  if (value instanceof Set) return [...value].map((each, i) => [` value ${i}`, each]);
  return Object.keys(value).map((key) => {
    const read = (): unknown => (value as Record<string, unknown>)[key];
    return [step(value, key), attempt(read, UNREADABLE)];
  });
}

function step(value: object, key: string): string {
  if (Array.isArray(value)) return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
