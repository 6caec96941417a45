/**
 * The case of a select that sends.
 *
 * @module
 */
import {
  EMPTY,
  END,
  FAILURE,
  type Failure,
  PARK,
  PARK_SEND,
  POLL,
  READY,
  SEND_READY,
} from "../internal/case.ts";
import type { Waiter } from "../internal/waiter.ts";

/** What a send case needs of a channel. */
export interface SendPort<T> {
  readonly closed: boolean;
  trySend(value: T): boolean;
  [SEND_READY](): boolean;
  [PARK_SEND](waiter: Waiter, shuffle: boolean): void;
  /** Why `value` cannot be sent. */
  refusal(value: T): unknown;
}

/** A send that happens if the select chooses it. Made by `sendCase`. */
export class SendCase {
  readonly #port: SendPort<unknown>;
  readonly #value: unknown;

  /** @internal */
  constructor(port: SendPort<unknown>, value: unknown) {
    this.#port = port;
    this.#value = value;
  }

  /** @internal */
  [READY](): boolean {
    return this.#port[SEND_READY]();
  }

  /** @internal */
  [POLL](): unknown {
    if (this.#port.closed) return END;
    return this.#port.trySend(this.#value) ? undefined : EMPTY;
  }

  /** @internal */
  [FAILURE](): Failure {
    return { error: this.#port.refusal(this.#value) };
  }

  /** @internal */
  [PARK](waiter: Waiter, shuffle: boolean): void {
    waiter.value = this.#value;
    this.#port[PARK_SEND](waiter, shuffle);
  }
}
