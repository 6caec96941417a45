/**
 * A flow from anything that can be iterated.
 *
 * @module
 */
import type { Polled } from "../channel/mod.ts";
import { END, POLL, READY } from "../internal/case.ts";
import { checkCount, checkOptions, show } from "../internal/checks.ts";
import { FlowBase } from "./flow.ts";
import type { Flow, FlowOptions, Source } from "./types.ts";

/**
 * Makes a flow of a source: an array, a generator, a stream, a channel. An async generator becomes a
 * producer that is advanced only when its value has somewhere to go: at most `capacity` values beyond
 * those received, and with 0 not before a receive waits. Its return closes the flow; its throw fails it,
 * after the values before.
 *
 * @typeParam T The values.
 * @param source What to iterate. It is opened at the first receive.
 * @param options How far the source may run ahead.
 * @returns The flow. It owns the source: `break` and `cancel` close it. A channel stays open.
 * @throws {TypeError} If `source` cannot be iterated.
 *
 * @example An async generator as producer
 * ```ts
 * import { from } from "millrace";
 *
 * async function* pages() {
 *   try {
 *     for (let page = 1;; page++) yield page;
 *   } finally {
 *     console.log("closed"); // once, when the loop below is left
 *   }
 * }
 *
 * for await (const page of from(pages(), { capacity: 2 })) {
 *   if (page === 3) break;
 * }
 * ```
 */
export function from<T>(source: Source<T>, options: FlowOptions = {}): Flow<T> {
  checkOptions(options);
  const { capacity } = options;
  if (capacity !== undefined) checkCount("options.capacity", capacity, 0);
  if (source instanceof FlowBase && capacity === undefined) return source;
  return flowOf(source, capacity ?? 0);
}

/** @param upstream A flow that the source reads, to be cancelled with it. */
export function flowOf<T>(
  source: Source<T>,
  capacity: number,
  upstream?: FlowBase<unknown>,
): FlowBase<T> {
  const { [Symbol.asyncIterator]: open, [Symbol.iterator]: openSync } = (source ?? {}) as Partial<
    AsyncIterable<T> & Iterable<T>
  >;
  if (typeof open === "function") {
    return new SourceFlow(() => open.call(source), capacity, upstream);
  }
  if (typeof openSync === "function") return new SyncFlow(() => openSync.call(source), capacity);
  throw new TypeError(`source must be iterable: ${show(source)}`);
}

/** A source that answers later. */
class SourceFlow<T> extends FlowBase<T> {
  readonly #open: () => AsyncIterator<T>;
  readonly #upstream: FlowBase<unknown> | undefined;
  #source: AsyncIterator<T> | undefined;
  /** Whether the source was asked for a value and has not answered. */
  #asked = false;
  /** Whether it has said or thrown its last. */
  #over = false;

  constructor(open: () => AsyncIterator<T>, capacity: number, upstream?: FlowBase<unknown>) {
    super(capacity);
    this.#open = open;
    this.#upstream = upstream;
  }

  protected override get pending(): boolean {
    return this.#asked;
  }

  protected override demand(): void {
    if (this.#asked || !this.wanted) return;
    this.#asked = true;
    try {
      this.#source ??= this.#open();
      Promise.resolve(this.#source.next()).then(this.#take, this.#fail);
    } catch (error) {
      this.#fail(error);
    }
  }

  protected override async release(): Promise<void> {
    const closing: Promise<unknown>[] = [];
    if (!this.#over) closing.push(this.#close());
    if (this.#upstream !== undefined) closing.push(this.#upstream[Symbol.asyncDispose]());
    await allSettled(closing);
  }

  /** A generator that was not started is closed without running. */
  async #close(): Promise<void> {
    this.#source ??= this.#open();
    await this.#source.return?.();
  }

  // One closure each for the life of the flow, not one a value.
  readonly #take = (step: IteratorResult<T>): void => {
    this.#asked = false;
    if (step.done) {
      this.#over = true;
      this.finish();
    } else {
      this.supply(step.value);
      this.demand();
    }
  };

  readonly #fail = (error: unknown): void => {
    this.#asked = false;
    this.#over = true;
    this.finish({ error });
  };
}

/** A source that answers at once: it is asked when a value is taken, and no receive ever waits. */
class SyncFlow<T> extends FlowBase<T> {
  readonly #open: () => Iterator<T>;
  #source: Iterator<T> | undefined;
  #over = false;

  constructor(open: () => Iterator<T>, capacity: number) {
    super(capacity);
    this.#open = open;
  }

  protected override get pending(): boolean {
    return false;
  }

  protected override demand(): void {}

  protected override release(): Promise<void> {
    if (!this.#over) (this.#source ??= this.#open()).return?.();
    return Promise.resolve();
  }

  override [READY](): boolean {
    return true;
  }

  override [POLL](): Polled<T> {
    if (this.closed) return END;
    try {
      this.#source ??= this.#open();
      const step = this.#source.next();
      if (!step.done) return step.value;
      this.#over = true;
      this.finish();
    } catch (error) {
      this.#over = true;
      this.finish({ error });
    }
    return END;
  }
}

/** Waits for all, and then reports what went wrong. */
async function allSettled(promises: Promise<unknown>[]): Promise<void> {
  const errors: unknown[] = [];
  for (const outcome of await Promise.allSettled(promises)) {
    if (outcome.status === "rejected") errors.push(outcome.reason);
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, "closing failed several times");
}
