/**
 * Which values mean the same however they are copied.
 *
 * @module
 */

/** Longer arrays are cloned about as fast as anything could. */
const LONGEST = 64;
const DEEPEST = 32;

/**
 * Whether `value` is made of numbers, strings, booleans, `undefined`, `null`, plain objects and short arrays. Of all
 * else a structured clone keeps what the codec of shared memory does not, or the other way round: which buffer bytes
 * are part of, properties of an array (the result of a match has some), what becomes of an error.
 */
export function isPlainData(value: unknown): boolean {
  return typeof value === "object" ? isPlain(value, 0) : isPlainPrimitive(value);
}

function isPlainPrimitive(value: unknown): boolean {
  const type = typeof value;
  return type === "number" || type === "string" || type === "boolean" || type === "undefined";
}

function isPlain(value: object | null, depth: number): boolean {
  if (value === null) return true;
  if (depth > DEEPEST) return false;
  if (Array.isArray(value)) return isPlainArray(value, depth);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) {
    if (!isPlainPart((value as Record<string, unknown>)[key], depth)) return false;
  }
  return true;
}

function isPlainArray(value: readonly unknown[], depth: number): boolean {
  const { length } = value;
  // The keys tell of holes and of other properties.
  if (length > LONGEST || Object.keys(value).length !== length) return false;
  for (let i = 0; i < length; i++) if (!isPlainPart(value[i], depth)) return false;
  return true;
}

function isPlainPart(part: unknown, depth: number): boolean {
  return typeof part === "object" ? isPlain(part, depth + 1) : isPlainPrimitive(part);
}
