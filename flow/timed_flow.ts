/**
 * What stages have in common that hold a result back until its time has come.
 *
 * @module
 */
import { alarm, arm } from "../internal/alarm.ts";
import { PARK } from "../internal/case.ts";
import { clock } from "../internal/clock.ts";
import { hook, type Waiter } from "../internal/waiter.ts";
import { WatchedQueue } from "../internal/watched_queue.ts";
import { HeldFlow } from "./held_flow.ts";
import type { Source } from "./types.ts";

/** A flow whose next result becomes ready at a moment. A real timer runs only while somebody waits. */
export abstract class TimedFlow<A, B> extends HeldFlow<A, B> {
  /** Milliseconds from a value to the moment. */
  protected readonly ms: number;
  #alarm: Waiter | undefined;
  /** One entry for each receive that is parked. */
  readonly #waiting = new WatchedQueue(() => this.#disarm());

  constructor(input: Source<A>, capacity: number, ms: number) {
    super(input, capacity);
    this.ms = ms;
  }

  /** When what is held becomes ready by itself; `Infinity` if it does not. Never earlier than it was. */
  protected abstract get due(): number;

  /** Whether the moment has come. */
  protected get isDue(): boolean {
    return this.due < Infinity && clock.now() >= this.due;
  }

  protected override serve(): void {
    super.serve();
    if (!this.awaited || this.#alarm !== undefined || this.due === Infinity) return;
    this.#alarm = alarm(this.due, this.#ring);
    arm(this.#alarm, this.ms);
  }

  override [PARK](waiter: Waiter, shuffle: boolean): void {
    super[PARK](waiter, shuffle);
    // Leaves its queue together with the waiter, so that the last one takes the alarm along.
    if (this.ms < Infinity) this.#waiting.push(hook(() => {}, waiter));
  }

  /** The moment may have moved since the alarm was set. */
  readonly #ring = (): void => {
    this.#alarm = undefined;
    this.demand();
  };

  #disarm(): void {
    this.#alarm?.withdraw();
    this.#alarm = undefined;
  }
}
