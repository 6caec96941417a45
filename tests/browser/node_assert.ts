/**
 * Stands in for `node:assert/strict` and `node:util` in a browser: what `tests/std_assert` uses of them.
 *
 * @module
 */

/** Whether two values are deeply equal, as `assert.deepStrictEqual` sees it. */
export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  return sameContent(a, b) && sameProperties(a, b);
}

/** A value as text, for messages. */
export function inspect(value: unknown): string {
  if (value instanceof Error) return `[${value.name}: ${value.message}]`;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  const said = (_: string, inner: unknown) =>
    typeof inner === "bigint" || inner === undefined ? String(inner) : inner;
  try {
    return JSON.stringify(value, said) ?? String(value);
  } catch {
    return String(value);
  }
}

/** The text as it is: nothing here has colours. */
export function stripVTControlCharacters(text: string): string {
  return text;
}

function deepStrictEqual(a: unknown, b: unknown): void {
  if (!isDeepStrictEqual(a, b)) throw new Error(`${inspect(a)}\nshould be\n${inspect(b)}`);
}

export default { deepStrictEqual };

// What an object holds beside its properties.
function sameContent(a: object, b: object): boolean {
  if (Array.isArray(a)) return a.length === (b as unknown[]).length;
  if (a instanceof Error) return a.message === (b as Error).message && a.name === (b as Error).name;
  if (a instanceof Date || a instanceof RegExp) return String(a) === String(b);
  if (a instanceof Map) return isDeepStrictEqual([...a], [...(b as Map<unknown, unknown>)]);
  if (a instanceof Set) return isDeepStrictEqual([...a], [...(b as Set<unknown>)]);
  if (a instanceof ArrayBuffer) {
    return isDeepStrictEqual(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
  }
  // Nothing can be seen of these but which one it is.
  return !(a instanceof Promise || a instanceof WeakMap || a instanceof WeakSet);
}

function sameProperties(a: object, b: object): boolean {
  const keys = shown(a);
  return keys.length === shown(b).length &&
    keys.every((key) =>
      Object.hasOwn(b, key) && isDeepStrictEqual(Reflect.get(a, key), Reflect.get(b, key))
    );
}

function shown(object: object): PropertyKey[] {
  return Reflect.ownKeys(object)
    .filter((key) => Object.prototype.propertyIsEnumerable.call(object, key));
}
