/**
 * A stage that calls a function.
 *
 * @module
 */
import type { Received } from "../channel/mod.ts";
import type { Failure } from "../internal/case.ts";
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
 * at once. An error of the input is reported after the results of the values before it.
 *
 * @typeParam A What it takes.
 * @typeParam B What it gives.
 * @param fn Called with each value, and with a signal that is aborted when the flow ends before all
 * results were taken. It may answer later.
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
  return (input) => {
    const flow = input instanceof FlowBase ? input : flowOf(input, 0);
    return new MapFlow(flow, fn, concurrency, ordered, capacity);
  };
}

type Outcome<B> = { readonly value: B } | Failure;

/** A call that is under way, or whose result waits for those before it. */
interface Slot<B> {
  outcome: Outcome<B> | undefined;
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
  #inputOver = false;
  #inputFailure: Failure | undefined;

  constructor(
    input: FlowBase<A>,
    fn: (value: A, signal: AbortSignal) => B | PromiseLike<B>,
    concurrency: number,
    ordered: boolean,
    capacity: number,
  ) {
    // One call at a time waits for its receiver, as a generator would; several must run ahead.
    super(concurrency === 1 ? capacity : concurrency + capacity, input);
    this.#input = input;
    this.#fn = fn;
    this.#concurrency = concurrency;
    this.#ordered = ordered;
  }

  /** What has to be closed is the input, which is a flow itself. */
  protected override get pending(): boolean {
    return false;
  }

  protected override demand(): void {
    if (this.#asked || this.#inputOver || this.over || !this.wanted) return;
    if (this.#running >= this.#concurrency) return;
    const held = this.size + (this.#ordered ? this.#slots.size : this.#running);
    if (held >= Math.max(this.capacity, 1)) return;
    this.#asked = true;
    this.#input.recv().then(this.#take, this.#failInput);
  }

  protected override discard(): void {
    const dropped = this.size > 0;
    super.discard();
    if (dropped) this.#abort.abort();
  }

  protected override release(): Promise<void> {
    if (this.#running > 0 || this.#slots.size > 0) this.#abort.abort();
    return Promise.resolve();
  }

  readonly #take = (received: Received<A>): void => {
    this.#asked = false;
    if (this.over || this.#inputOver) return this.#flush();
    if (received.done) {
      this.#inputOver = true;
      this.#flush();
    } else {
      this.#call(received.value);
      this.demand();
    }
  };

  /** The results of the values before come first. */
  readonly #failInput = (error: unknown): void => {
    this.#asked = false;
    this.#inputOver = true;
    this.#inputFailure = { error };
    this.#flush();
  };

  #call(value: A): void {
    const slot: Slot<B> = { outcome: undefined };
    if (this.#ordered) this.#slots.push(slot);
    this.#running++;
    let result: B | PromiseLike<B>;
    try {
      result = this.#fn(value, this.#abort.signal);
      if (isPromiseLike(result)) {
        // A promise of the runtime's, which settles once, whatever a thenable does.
        Promise.resolve(result).then(
          (value) => this.#settle(slot, { value }),
          (error) => this.#settle(slot, { error }),
        );
        return;
      }
    } catch (error) {
      return this.#settle(slot, { error });
    }
    this.#settle(slot, { value: result });
  }

  #settle(slot: Slot<B>, outcome: Outcome<B>): void {
    this.#running--;
    slot.outcome = outcome;
    if ("error" in outcome) this.#inputOver = true;
    if (!this.#ordered) this.#slots.push(slot);
    this.#flush();
    this.demand();
  }

  /** Hands over the results that are next. */
  #flush(): void {
    while (!this.over && this.#slots.first?.outcome !== undefined) {
      const { outcome } = this.#slots.shift();
      if (outcome === undefined) return;
      if ("error" in outcome) this.finish(outcome);
      else this.supply(outcome.value);
    }
    if (this.#inputOver && this.#running === 0) this.finish(this.#inputFailure);
  }
}

function isPromiseLike<B>(value: B | PromiseLike<B>): value is PromiseLike<B> {
  return typeof (value as Partial<PromiseLike<B>> | null | undefined)?.then === "function";
}
