/**
 * Values that cannot be sent.
 *
 * @module
 */
import { show } from "../../../internal/checks.ts";
import { uncloneable } from "../../remote_error.ts";

const ACTION = "Cannot send to a shared channel";

/** Thrown where a part of a value turns out to be one that cannot be sent. Never leaves the codec. */
export class Refusal extends Error {
  readonly culprit: unknown;

  constructor(culprit: unknown, reason: string) {
    super(reason);
    this.culprit = culprit;
  }
}

/** Thrown where the room ends. Never leaves the codec; made once, for it is a way to say no, not a failure. */
export class Misfit extends Error {
  needed = 0;
}

/** The error for `value`, whose encoding has failed with `error`: its message has the path of the culprit. */
export function refused(value: unknown, error: unknown): Error {
  if (!(error instanceof Refusal)) return uncloneable(ACTION, "value", value, error);
  const path = pathTo(error.culprit, value) ?? "a part of the value";
  return refusedFor(`${path} ${error.message}`);
}

/** The error for a value that cannot be sent, for a reason that names the part. */
export function refusedFor(reason: string): Error {
  return new DOMException(`${ACTION}: ${reason}`, "DataCloneError");
}

/** The shortest path to `part` in `value`. */
function pathTo(part: unknown, value: unknown): string | undefined {
  const paths = new Map<unknown, string>([[value, "value"]]);
  // Grows while it is walked: each object is looked into once.
  for (const [each, path] of paths) {
    if (Object.is(each, part)) return path;
    for (const [step, inner] of parts(each)) {
      if (!paths.has(inner)) paths.set(inner, path + step);
    }
  }
  return undefined;
}

function parts(value: unknown): [step: string, part: unknown][] {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  try {
    if (value instanceof Map) {
      return [...value].flatMap(([key, each]) => [[" key", key], [`.get(${show(key)})`, each]]);
    }
    if (value instanceof Set) return [...value].map((each, i) => [` value ${i}`, each]);
    return Object.entries(value).map(([key, each]) => [step(value, key), each]);
  } catch {
    return [];
  }
}

/** How a path goes on to the property `key` of `value`. */
export function step(value: object, key: string): string {
  if (Array.isArray(value)) return `[${key}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
