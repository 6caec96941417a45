/** What goes wrong in threads, for the tests of worker stages. */
import { exit } from "node:process";

/** Throws an error with everything that an error can have. */
export function throws(n: number): number {
  if (n !== 3) return n;
  const cause = Object.assign(new SyntaxError("the cause"), { cause: "the end of the chain" });
  const error = new RangeError("three is out of range", { cause });
  throw Object.assign(error, { code: "ERR_THREE", detail: { n } });
}

export async function rejects(n: number): Promise<number> {
  await Promise.resolve();
  return throws(n);
}

export async function* yieldsThenThrows(input: AsyncIterable<number>): AsyncIterable<number> {
  for await (const n of input) yield throws(n);
}

export function throwsSeveral(n: number): never {
  throw new AggregateError(
    [new TypeError("first"), new DOMException("second", "TimeoutError")],
    `${n}`,
  );
}

export class CustomError extends Error {
  override readonly name = "CustomError";
}

export function throwsCustom(n: number): never {
  throw new CustomError(`${n}`);
}

/** Throws what is no error: a text, or something that cannot be cloned. */
export function throwsValue(n: number): never {
  throw n === 1 ? "one" : () => n;
}

export function exits(n: number): number {
  if (n === 3) exit(7);
  return n;
}

/** Needs more memory than there is. */
export function hoards(n: number): number {
  const all: unknown[] = [];
  while (n > 0) all.push({ values: [n, Math.random()] });
  return all.length;
}

/** An error outside of any call. */
export function throwsLater(n: number): Promise<number> {
  if (n === 3) setTimeout(() => throws(3), 1);
  return new Promise((resolve) => setTimeout(() => resolve(n), n === 3 ? 60_000 : 0));
}

export function rejectsUnseen(n: number): Promise<number> {
  if (n === 3) void rejects(3);
  return new Promise((resolve) => setTimeout(() => resolve(n), n === 3 ? 60_000 : 0));
}

/** Results that cannot be cloned, each for another reason. */
export function uncloneable(kind: string): unknown {
  if (kind === "function") return { rows: [{ n: 1 }, { n: 2, show: () => "two" }] };
  if (kind === "promise") return { "the value": Promise.resolve(1) };
  if (kind === "map") return new Map([["key", { symbol: Symbol("s") }]]);
  if (kind === "itself") return () => {};
  if (kind === "cycle") {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    cycle["fn"] = () => {};
    return cycle;
  }
  return kind;
}

export function plainIterable(): AsyncIterable<number> {
  return (async function* () {
    yield 1;
  })();
}

export const noFunction = 42;
