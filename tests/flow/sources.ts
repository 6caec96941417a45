/**
 * Sources and stages that tell what is done to them.
 *
 * @module
 */
import { idle } from "../../testing/mod.ts";

/** A promise that never settles. */
export const NEVER: Promise<never> = new Promise(() => {});

/** Counts up from 1, and notes what is done to it. */
export class Producer {
  /** Whether its code ran at all. */
  started = false;
  /** The last number that was made. */
  made = 0;
  /** How often its `finally` ran to its end. */
  closed = 0;

  /** Yields up to `last`; then returns. */
  async *values(last = Infinity): AsyncGenerator<number, void> {
    this.started = true;
    try {
      while (this.made < last) yield ++this.made;
    } finally {
      this.closed++;
    }
  }

  /** Yields up to `last`; then never answers. */
  async *stuckAfter(last: number): AsyncGenerator<number, void> {
    try {
      yield* this.values(last);
      await NEVER;
    } finally {
      this.closed++;
    }
  }

  /** Yields up to `last`; then throws. */
  async *failingAfter(last: number, error: unknown): AsyncGenerator<number, void> {
    yield* this.values(last);
    throw error;
  }

  /** Its `finally` takes a while. */
  async *closingSlowly(): AsyncGenerator<number, void> {
    try {
      for (;;) yield ++this.made;
    } finally {
      await idle();
      this.closed++;
    }
  }

  /** Its `finally` throws. */
  async *closingBadly(error: unknown, last = Infinity): AsyncGenerator<number, void> {
    try {
      while (this.made < last) yield ++this.made;
    } finally {
      this.closed++;
      // deno-lint-ignore no-unsafe-finally
      throw error;
    }
  }

  /** As `values`, without a promise. */
  *now(last = Infinity): Generator<number, void> {
    this.started = true;
    try {
      while (this.made < last) yield ++this.made;
    } finally {
      this.closed++;
    }
  }
}

/** An async iterable made of the methods of its iterator. */
export function scripted<T>(
  methods: { readonly next: () => unknown; readonly return?: (() => unknown) | undefined },
): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => methods as AsyncIterator<T> };
}

/** A stage that passes everything on. */
export async function* same<T>(input: AsyncIterable<T>): AsyncGenerator<T, void> {
  for await (const value of input) yield value;
}

/** A promise with its handles. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Takes `n` values and leaves the loop. */
export async function takeAndLeave<T>(flow: AsyncIterable<T>, n: number): Promise<T[]> {
  const values: T[] = [];
  for await (const value of flow) {
    values.push(value);
    if (values.length === n) break;
  }
  return values;
}

/** The values before an iteration failed, and what it failed with. */
export async function untilFailure<T>(
  flow: AsyncIterable<T>,
): Promise<{ readonly values: T[]; readonly error: unknown }> {
  const values: T[] = [];
  try {
    for await (const value of flow) values.push(value);
  } catch (error) {
    return { values, error };
  }
  throw new Error(`The flow did not fail: ${values.length} values`);
}
