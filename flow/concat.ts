/**
 * Several sources, one after the other.
 *
 * @module
 */
import type { Received } from "../channel/mod.ts";
import { FlowBase } from "./flow.ts";
import { asFlow } from "./from.ts";
import type { Flow, Source } from "./types.ts";

/**
 * Gives the values of the first source, then those of the second, and so on. A source is opened when the
 * one before it has ended, and asked only when a receive waits.
 *
 * The first error fails the flow. When the flow ends early, for that or because nobody reads any more,
 * the sources that were not opened yet are closed, too; a generator among them is not started for that.
 *
 * @typeParam T The values of each source, as a tuple.
 * @param sources What to give: arrays, generators, streams, channels, flows. None at all is an empty flow.
 * @returns The flow. It owns the sources, except channels, which stay open.
 * @throws {TypeError} If a source cannot be iterated.
 *
 * @example
 * ```ts
 * import { concat } from "millrace";
 *
 * for await (const n of concat([1, 2], [3])) console.log(n); // 1 2 3
 * ```
 */
export function concat<T extends readonly unknown[]>(
  ...sources: { readonly [K in keyof T]: Source<T[K]> }
): Flow<T[number]> {
  const inputs = sources.map((source: Source<T[number]>) => asFlow(source));
  return new ConcatFlow<T[number]>(inputs);
}

class ConcatFlow<T> extends FlowBase<T> {
  readonly #inputs: readonly FlowBase<T>[];
  /** Which of them is read. */
  #current = 0;
  #asked = false;

  constructor(inputs: readonly FlowBase<T>[]) {
    super(0, inputs);
    this.#inputs = inputs;
    if (inputs.length === 0) this.finish();
  }

  /** What has to be closed are the inputs, which are flows themselves. */
  protected override get pending(): boolean {
    return false;
  }

  protected override release(): undefined {}

  protected override demand(): void {
    if (this.#asked || this.over || !this.wanted) return;
    this.#asked = true;
    this.#inputs[this.#current]?.recv().then(this.#take, this.#fail);
  }

  readonly #take = (received: Received<T>): void => {
    this.#asked = false;
    if (!received.done) this.supply(received.value);
    else if (++this.#current === this.#inputs.length) this.finish();
    this.demand();
  };

  readonly #fail = (error: unknown): void => this.finish({ error });
}
