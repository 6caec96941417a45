/**
 * Several sources, row by row.
 *
 * @module
 */
import type { Received } from "../channel/mod.ts";
import { FlowBase } from "./flow.ts";
import { asFlow } from "./from.ts";
import type { Flow, Source } from "./types.ts";

/**
 * Joins sources into rows: the first values, the second values, and so on. For each row all sources are
 * asked at the same time, and only when a receive waits.
 *
 * The flow ends with the first source that ends, at once, and closes the others; the values of the row
 * that it leaves incomplete are dropped. The first error fails the flow, after the complete rows.
 *
 * @typeParam T The values of each source, as a tuple.
 * @param sources What to join: arrays, generators, streams, channels, flows. None at all is an empty flow.
 * @returns The flow. It owns the sources, except channels, which stay open.
 * @throws {TypeError} If a source cannot be iterated.
 *
 * @example
 * ```ts
 * import { zip } from "millrace";
 *
 * for await (const [name, age] of zip(["Ada", "Bob"], [36, 41, 7])) {
 *   console.log(name.toUpperCase(), age + 1); // ADA 37, then BOB 42
 * }
 * ```
 */
export function zip<T extends readonly unknown[]>(
  ...sources: { readonly [K in keyof T]: Source<T[K]> }
): Flow<T> {
  const inputs = sources.map((source: Source<unknown>) => asFlow(source));
  return new ZipFlow<T>(inputs);
}

class ZipFlow<T extends readonly unknown[]> extends FlowBase<T> {
  readonly #inputs: readonly FlowBase<unknown>[];
  /** One closure an input for the life of the flow, not one a value. */
  readonly #takers: readonly ((received: Received<unknown>) => void)[];
  /** The row that is being filled. */
  #row: unknown[] = [];
  #missing = 0;

  constructor(inputs: readonly FlowBase<unknown>[]) {
    super(0, inputs);
    this.#inputs = inputs;
    this.#takers = inputs.map((_, column) => (received) => this.#take(column, received));
    if (inputs.length === 0) this.finish();
  }

  /** What has to be closed are the inputs, which are flows themselves. */
  protected override get pending(): boolean {
    return false;
  }

  protected override release(): undefined {
    this.#row = [];
  }

  protected override demand(): void {
    if (this.#missing > 0 || this.over || !this.wanted) return;
    this.#missing = this.#inputs.length;
    this.#row = new Array(this.#missing);
    this.#inputs.forEach((input, column) => {
      input.recv().then(this.#takers[column], this.#fail);
    });
  }

  readonly #fail = (error: unknown): void => this.finish({ error });

  #take(column: number, received: Received<unknown>): void {
    if (received.done) return this.finish();
    this.#row[column] = received.value;
    if (--this.#missing > 0) return;
    const row = this.#row;
    this.#row = [];
    this.supply(row as readonly unknown[] as T);
    this.demand();
  }
}
