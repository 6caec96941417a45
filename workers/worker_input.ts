/**
 * What a generator in a thread reads from.
 *
 * @module
 */
import { SuppliedReceiver } from "../channel/supplied.ts";
import { Ring } from "../internal/ring.ts";

/** Whoever wants to know what the generator does with its input. */
export interface InputEvents {
  /** A value was taken, or the end is there: what was taken before is done with. */
  taken(sequence: number): void;
  /** The generator asks, and there is nothing: what was taken before is done with. */
  idle(): void;
}

/**
 * The values that were dealt to one thread. It is a receiver like any other; the queue behind it is
 * filled by the main thread, which counts the credits, so nothing here is bounded.
 */
export class WorkerInput<In> extends SuppliedReceiver<In> {
  readonly #events: InputEvents;
  /** Of the values that were not taken. */
  readonly #sequences = new Ring<number>();

  constructor(events: InputEvents) {
    super(Infinity);
    this.#events = events;
  }

  /** Adds a value. */
  push(sequence: number, value: In): void {
    if (this.closed) return;
    this.#sequences.push(sequence);
    this.supply(value);
    this.#report();
  }

  /** Says that no more values will come. Called when all were taken and done with. */
  close(sequence: number): void {
    this.#events.taken(sequence);
    this.end();
  }

  /** The generator reads no more, or nobody wants it to. */
  override cancel(): void {
    this.discard();
  }

  protected override demand(): void {
    if (!this.#report() && this.size === 0) this.#events.idle();
  }

  /** Tells what was taken. */
  #report(): boolean {
    const taken = this.#sequences.size > this.size;
    while (this.#sequences.size > this.size) this.#events.taken(this.#sequences.shift());
    return taken;
  }
}
