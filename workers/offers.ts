/**
 * The selects of other threads that offer to send on one channel.
 *
 * @module
 */
import type { Tap } from "./tap.ts";

/** An offer. */
export interface Offer {
  /** It may be claimed, and counts as a value under way until it is withdrawn. */
  ready(): void;
}

/** Who is told that the channel was closed. */
export interface Closable {
  closed(): void;
}

const all = new WeakMap<Tap, Offers>();

/**
 * Who may send next, of all the threads that a channel was given to: first come, first served, and no
 * more at a time than there are receivers and room. Sends that wait go first. One that may send is a value
 * under way.
 */
export class Offers {
  readonly #tap: Tap;
  readonly #ends = new Set<Closable>();
  readonly #waiting = new Set<Offer>();
  readonly #ready = new Set<Offer>();
  #planned = false;

  /** Those of one channel. */
  static of(tap: Tap): Offers {
    let offers = all.get(tap);
    if (offers === undefined) all.set(tap, offers = new Offers(tap));
    return offers;
  }

  private constructor(tap: Tap) {
    this.#tap = tap;
  }

  /** From now on `end` is told. */
  join(end: Closable): void {
    if (this.#ends.size === 0) this.#tap.watch(() => this.#changed());
    this.#ends.add(end);
  }

  /** The end of a thread that is gone. */
  leave(end: Closable): void {
    this.#ends.delete(end);
    if (this.#ends.size === 0) this.#tap.watch(undefined);
  }

  /** An offer was made. */
  add(offer: Offer): void {
    this.#waiting.add(offer);
    this.#want();
    this.#look();
  }

  /** Whether it may not be claimed yet. */
  waits(offer: Offer): boolean {
    return this.#waiting.has(offer);
  }

  /** It was withdrawn, or claimed and sent. */
  remove(offer: Offer): void {
    const waited = this.#waiting.delete(offer);
    const ready = this.#ready.delete(offer);
    if (waited || ready) this.#want();
    if (!ready) return;
    this.#tap.hold(-1);
    this.#look();
  }

  #want(): void {
    this.#tap.relay?.want(this.#waiting.size + this.#ready.size);
  }

  /** Later: the channel tells it in the middle of a change. */
  #changed(): void {
    if (this.#planned || (this.#waiting.size === 0 && !this.#tap.closed)) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (this.#tap.closed) { for (const end of this.#ends) end.closed(); }
      else this.#look();
    });
  }

  #look(): void {
    if (this.#waiting.size === 0 || this.#tap.closed) return;
    let room = this.#tap.room() - this.#ready.size;
    for (const offer of this.#waiting) {
      if (room-- <= 0) break;
      this.#waiting.delete(offer);
      this.#ready.add(offer);
      this.#tap.hold(1);
      offer.ready();
    }
  }
}
