/**
 * Waiting for an `AbortSignal`: the only code that touches abort listeners. A signal has one listener
 * and a queue behind it, however many operations wait on it; the listener goes within a turn of the
 * event loop when nobody does.
 *
 * @module
 */
import { ArmedQueue } from "./armed_queue.ts";
import { type Case, PARK, POLL, READY } from "./case.ts";
import type { Waiter } from "./waiter.ts";

class SignalQueue extends ArmedQueue implements Case, EventListenerObject {
  readonly #signal: AbortSignal;
  #listening = false;

  constructor(signal: AbortSignal) {
    super();
    this.#signal = signal;
  }

  [READY](): boolean {
    return this.#signal.aborted;
  }

  [POLL](): unknown {
    return this.#signal.reason;
  }

  [PARK](entry: Waiter, shuffle: boolean): void {
    this.push(entry, shuffle);
    if (this.#listening) return;
    this.#listening = true;
    this.#signal.addEventListener("abort", this);
  }

  /** The signal is aborted. */
  handleEvent(): void {
    const { reason } = this.#signal;
    for (let entry = this.shift(); entry !== undefined; entry = this.shift()) entry.fire(reason);
    this.disarm();
  }

  protected override disarm(): void {
    this.#listening = false;
    this.#signal.removeEventListener("abort", this);
  }
}

const queues = new WeakMap<AbortSignal, SignalQueue>();

/** The signal as something to select on. */
export function signalCase(signal: AbortSignal): Case {
  let queue = queues.get(signal);
  if (queue === undefined) queues.set(signal, queue = new SignalQueue(signal));
  return queue;
}

/** Fires `entry` when the signal is aborted, unless it is withdrawn before. */
export function watch(signal: AbortSignal, entry: Waiter): void {
  signalCase(signal)[PARK](entry, false);
}
