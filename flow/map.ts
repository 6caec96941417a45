/**
 * A stage that calls a function.
 *
 * @module
 */
import type { Received } from "../channel/mod.ts";
import { checkBoolean, checkCount, checkFunction, checkOptions } from "../internal/checks.ts";
import { Ring } from "../internal/ring.ts";
import { FlowBase } from "./flow.ts";
import { flowOf } from "./from.ts";
import type { FlowOptions, Stage } from "./types.ts";

/** How a mapping runs. */
export interface MapOptions extends FlowOptions {
  /** How many calls may be under way, or finished with a result that is not taken; 1 by default. */
  readonly concurrency?: number | undefined;
  /** Whether results keep the order of their inputs, which is the default, or come as they are ready. */
  readonly ordered?: boolean | undefined;
}

/**
 * A stage that gives `fn` of each value. Up to `concurrency` calls are under way; an item counts until
 * its result is taken, so a slow consumer bounds the results too.
 *
 * An error of `fn` fails the flow in its place in the order and cancels what is upstream; without order,
 * at once. The end of the flow aborts the signal that calls under way were given.
 *
 * @typeParam A What it takes.
 * @typeParam B What it gives.
 * @param fn Called with each value, and with a signal that is aborted when its result is no longer
 * wanted. It may answer later.
 * @param options Concurrency, order, and how many further results may wait (`capacity`, 0 by default).
 * @returns A stage for `pipe`.
 *
 * @example Eight at a time
 * ```ts
 * import { map, pipe } from "millrace";
 *
 * const lengths = pipe(
 *   ["a", "bb", "ccc"],
 *   map(async (text: string) => await Promise.resolve(text.length), { concurrency: 8 }),
 * );
 * for await (const n of lengths) console.log(n); // 1 2 3
 * ```
 */
export function map<A, B>(
  fn: (value: A, signal: AbortSignal) => B | PromiseLike<B>,
  options: MapOptions = {},
): Stage<A, B> {
  checkFunction("fn", fn);
  checkOptions(options);
  const { concurrency = 1, ordered = true, capacity = 0 } = options;
  checkCount("options.concurrency", concurrency, 1);
  checkCount("options.capacity", capacity, 0);
  checkBoolean("options.ordered", ordered);
  return (input) => new MapFlow(input, fn, concurrency, ordered, capacity);
}

/** A call that is under way, or whose result waits for those before it. */
interface Slot<B> {
  outcome: { readonly value: B } | { readonly error: unknown } | undefined;
}

class MapFlow<A, B> extends FlowBase<B> {
  readonly #input: FlowBase<A>;
  readonly #fn: (value: A, signal: AbortSignal) => B | PromiseLike<B>;
  readonly #concurrency: number;
  readonly #ordered: boolean;
  readonly #abort = new AbortController();
  readonly #slots = new Ring<Slot<B>>();
  #running = 0;
  #asked = false;
  /** No more input: it is over, or a call has failed. */
  #over = false;

  constructor(
    input: AsyncIterable<A>,
    fn: (value: A, signal: AbortSignal) => B | PromiseLike<B>,
    concurrency: number,
    ordered: boolean,
    capacity: number,
  ) {
    // One call at a time waits for its receiver, as a generator would; several must run ahead.
    super(concurrency === 1 ? capacity : concurrency + capacity);
    this.#input = input instanceof FlowBase ? input : flowOf(input, 0);
    this.#fn = fn;
    this.#concurrency = concurrency;
    this.#ordered = ordered;
  }

  protected override get pending(): boolean {
    return this.#asked || this.#running > 0;
  }

  protected override demand(): void {
    if (this.#asked || this.#over || this.#running >= this.#concurrency || !this.wanted) return;
    const held = this.size + (this.#ordered ? this.#slots.size : this.#running);
    if (held >= Math.max(this.capacity, 1)) return;
    this.#asked = true;
    this.#input.recv().then(this.#take, this.#fail);
  }

  protected override release(): Promise<void> {
    this.#over = true;
    this.#abort.abort();
    return this.#input[Symbol.asyncDispose]();
  }

  readonly #take = (received: Received<A>): void => {
    this.#asked = false;
    if (this.closed) return;
    if (received.done) {
      this.#over = true;
      this.#flush();
    } else {
      this.#call(received.value);
      this.demand();
    }
  };

  readonly #fail = (error: unknown): void => {
    this.#asked = false;
    this.#over = true;
    this.#slots.push({ outcome: { error } });
    this.#flush();
  };

  #call(value: A): void {
    const slot: Slot<B> = { outcome: undefined };
    if (this.#ordered) this.#slots.push(slot);
    this.#running++;
    const settle = (outcome: NonNullable<Slot<B>["outcome"]>) => {
      this.#running--;
      slot.outcome = outcome;
      if ("error" in outcome) this.#over = true;
      if (!this.#ordered) this.#slots.push(slot);
      this.#flush();
      this.demand();
    };
    try {
      const result = this.#fn(value, this.#abort.signal);
      if (isPromiseLike(result)) {
        result.then((value) => settle({ value }), (error) => settle({ error }));
      } else settle({ value: result });
    } catch (error) {
      settle({ error });
    }
  }

  /** Hands over the results that are next. */
  #flush(): void {
    while (!this.closed && this.#slots.first?.outcome !== undefined) {
      const { outcome } = this.#slots.shift();
      if (outcome === undefined) return;
      if ("value" in outcome) this.supply(outcome.value);
      else this.finish(outcome);
    }
    if (this.#over && this.#slots.size === 0 && this.#running === 0) this.finish();
  }
}

function isPromiseLike<B>(value: B | PromiseLike<B>): value is PromiseLike<B> {
  return typeof (value as Partial<PromiseLike<B>> | null | undefined)?.then === "function";
}
