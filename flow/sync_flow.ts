/**
 * A flow from a source that answers at once.
 *
 * @module
 */
import type { Polled } from "../channel/mod.ts";
import { EMPTY, END, POLL, READY } from "../internal/case.ts";
import { check } from "../internal/checks.ts";
import { FlowBase } from "./flow.ts";
import { isObject } from "./step.ts";

/**
 * Asks its source when a value is taken, so nothing runs ahead and no receive waits, except one that the
 * source's own code makes: that one is served when the code has answered.
 */
export class SyncFlow<T> extends FlowBase<T> {
  readonly #open: () => Iterator<T>;
  readonly #allowed: number;
  #source: Iterator<T> | undefined;
  /** Whether the source's code is running. */
  #running = false;
  #spent = false;

  constructor(open: () => Iterator<T>, capacity: number, upstream?: FlowBase<unknown>) {
    super(0, upstream);
    this.#open = open;
    this.#allowed = capacity;
  }

  override get capacity(): number {
    return this.#allowed;
  }

  protected override get pending(): boolean {
    return false;
  }

  /** Somebody waits, because the source was running. */
  protected override demand(): void {
    if (this.awaited) void Promise.resolve().then(this.#serve);
  }

  /** At once, unless the source's own code is what ended the flow. */
  protected override release(): Promise<void> | undefined {
    if (this.#spent) return undefined;
    if (this.#running) return Promise.resolve().then(() => this.#close());
    try {
      return this.#close();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #close(): undefined {
    if (this.#spent) return;
    this.#source ??= this.#open();
    this.#source.return?.();
  }

  override [READY](): boolean {
    return this.closed || !(this.over || this.#running || this.awaited);
  }

  override [POLL](): Polled<T> {
    return this[READY]() ? this.#step() : EMPTY;
  }

  #step(): Polled<T> {
    if (this.closed) return END;
    this.#running = true;
    try {
      this.#source ??= this.#open();
      const step = this.#source.next();
      check(isObject(step), "what an iterator answers must be an object", step);
      if (!step.done) {
        const { value } = step;
        return this.closed ? END : value;
      }
      this.#spent = true;
      this.finish();
    } catch (error) {
      this.#spent = true;
      this.fail(error);
    } finally {
      this.#running = false;
    }
    return this.closed ? END : EMPTY;
  }

  /** Serves one of those who wait; each of them asked. */
  readonly #serve = (): void => {
    if (this.over || !this.awaited) return;
    const value = this.#step();
    if (value !== EMPTY && value !== END) this.supply(value);
  };
}
