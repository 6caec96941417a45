/**
 * Flows of values that nobody asked for.
 *
 * @module
 */
import { watch } from "../internal/abort.ts";
import { type Failure, POLL } from "../internal/case.ts";
import { check, checkCount, checkSignal } from "../internal/checks.ts";
import { hook, type Waiter } from "../internal/waiter.ts";
import { FlowBase } from "./flow.ts";
import type { Flow } from "./types.ts";

/**
 * A flow whose values come whether it asks for them or not, with a policy for those that find no room.
 *
 * @typeParam T The values.
 */
export interface Subscription<out T> extends Flow<T> {
  /** How many values it missed: those that `overflow` dropped because the buffer was full. */
  readonly missed: number;
}

/** What becomes of a value that finds the buffer full; with "wait" whoever has it must not hand it over. */
export type Overflow = "wait" | "drop-oldest" | "drop-newest";

/** A buffer that others fill. It drops by its policy, counts, and ends when its signal is aborted. */
export abstract class SubscriptionFlow<T> extends FlowBase<T> implements Subscription<T> {
  readonly #overflow: Overflow;
  readonly #abortion: Waiter = hook((reason) => this.finish({ error: reason }));
  #missed = 0;

  constructor(capacity: number, overflow: Overflow) {
    super(capacity);
    this.#overflow = overflow;
  }

  get missed(): number {
    return this.#missed;
  }

  /** Ends when `signal` is aborted, which it may be already: fails with the reason, after the values. */
  endWith(signal: AbortSignal | undefined): void {
    if (signal?.aborted) this.finish({ error: signal.reason });
    else if (signal !== undefined) watch(signal, this.#abortion);
  }

  /** Hands over a value; with a full buffer one is dropped. */
  push(value: T): void {
    if (this.over) return;
    if (this.#overflow !== "wait" && !this.wanted) {
      this.#missed++;
      if (this.#overflow === "drop-newest") return;
      this[POLL]();
    }
    this.supply(value);
  }

  override finish(failure?: Failure): void {
    super.finish(failure);
  }

  /** Whoever fills it need not be waited for. */
  protected override get pending(): boolean {
    return false;
  }

  protected override demand(): void {}

  /** Tells those who fill it that nobody reads any more. */
  protected abstract unsubscribe(): void;

  protected override release(): undefined {
    this.#abortion.withdraw();
    this.unsubscribe();
  }
}

/** Checks what a subscription is made of. */
export function checkSubscription(
  options: { readonly capacity?: number | undefined; readonly signal?: unknown },
  overflow: string,
  policies: readonly string[],
): void {
  const { capacity, signal } = options;
  check(
    policies.includes(overflow),
    `options.overflow must be one of ${policies.join(", ")}`,
    overflow,
  );
  if (capacity !== undefined) {
    checkCount("options.capacity", capacity, 0);
    if (overflow !== "wait") checkCount(`options.capacity with ${overflow}`, capacity, 1);
  }
  checkSignal(signal);
}
