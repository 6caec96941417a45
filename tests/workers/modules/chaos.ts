/** Values that bring their threads down, for the tests of worker stages. */
import process from "node:process";
import type { WorkerContext } from "./millrace.ts";

/**
 * What a value does to its thread. "exit", "uncaught", "memory" and "hang" end it while it works on the
 * value; "floating" ends it soon after the value was answered; "throw" and "uncloneable" are errors of the
 * value alone. One that ends with "once" does it the first time only.
 */
export type Fault =
  | "exit"
  | "exit once"
  | "uncaught"
  | "uncaught once"
  | "memory"
  | "hang"
  | "hang once"
  | "floating once"
  | "throw"
  | "uncloneable";

export interface ChaosData {
  readonly faults: ReadonlyMap<number, Fault>;
  /** How often each value was begun. */
  readonly begun: Int32Array<SharedArrayBuffer>;
  /** A cell; values that hang do so until it is 1, so that no thread does for ever. */
  readonly release: Int32Array<SharedArrayBuffer>;
}

const never = new Promise<never>(() => {});

const deeds: Record<string, (data: ChaosData) => unknown> = {
  exit: () => process.exit(3),
  uncaught() {
    setTimeout(() => {
      throw new RangeError("nobody catches this");
    });
    return never;
  },
  memory() {
    const all: unknown[] = [];
    for (;;) all.push({ values: [all.length, Math.random()] });
  },
  hang: ({ release }) => Atomics.wait(release, 0, 0),
  floating: () => void Promise.reject(new RangeError("nobody catches this either")),
  throw() {
    throw new RangeError("an error of the value");
  },
  uncloneable: () => () => {},
};

/** Gives back the value, unless there is a fault for it. */
export default function chaos(n: number, context: WorkerContext): unknown {
  const data = context.data as ChaosData;
  const before = Atomics.add(data.begun, n, 1);
  const [kind, once] = data.faults.get(n)?.split(" ") ?? [];
  if (kind === undefined || (once !== undefined && before > 0)) return n;
  return deeds[kind]?.(data) ?? n;
}

/** The same as a generator. */
export async function* chaosGenerator(
  input: AsyncIterable<number>,
  context: WorkerContext,
): AsyncIterable<unknown> {
  for await (const n of input) yield await chaos(n, context);
}
