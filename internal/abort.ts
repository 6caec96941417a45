/**
 * Waiting for an `AbortSignal`: the only code that touches abort listeners. A signal has one listener
 * and a queue behind it, however many operations wait on it; the listener goes within a turn of the
 * event loop when nobody does.
 *
 * @module
 */
import { type Case, type Failure, FAILURE, PARK, POLL, READY } from "./case.ts";
import { type Armed, disarmLater } from "./turn.ts";
import { Entry, WaitQueue, type Waiter } from "./waiter.ts";

class SignalQueue extends WaitQueue<Entry> implements Case, Armed, EventListenerObject {
  readonly #signal: AbortSignal;
  #listening = false;
  #disarming = false;

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

  [FAILURE](): Failure | undefined {
    return undefined;
  }

  [PARK](entry: Entry, shuffle: boolean): void {
    if (shuffle) this.pushShuffled(entry);
    else this.push(entry);
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

  override emptied(): void {
    if (this.#disarming) return;
    this.#disarming = true;
    disarmLater(this);
  }

  disarm(): void {
    this.#disarming = false;
    if (!this.empty || !this.#listening) return;
    this.#listening = false;
    this.#signal.removeEventListener("abort", this);
  }
}

/** Ends an operation that waits for something else, with the signal's reason. */
class Abortion extends Entry {
  readonly #waiter: Waiter;

  constructor(waiter: Waiter) {
    super();
    this.#waiter = waiter;
    this.join(waiter);
  }

  override fire(reason: unknown): void {
    this.#waiter.refuse(reason);
  }
}

const queues = new WeakMap<AbortSignal, SignalQueue>();

/** The signal as something to select on. */
export function signalCase(signal: AbortSignal): Case {
  return queueOf(signal);
}

/** Lets `signal` end the operation that `waiter` stands for. */
export function abortable(waiter: Waiter, signal: AbortSignal): void {
  watch(signal, new Abortion(waiter));
}

/** Fires `entry` when the signal is aborted, unless it is withdrawn before. */
export function watch(signal: AbortSignal, entry: Entry): void {
  queueOf(signal)[PARK](entry, false);
}

function queueOf(signal: AbortSignal): SignalQueue {
  let queue = queues.get(signal);
  if (queue === undefined) queues.set(signal, queue = new SignalQueue(signal));
  return queue;
}
