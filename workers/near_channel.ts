/**
 * The near end of a bridged channel: does for a far thread what it asks for.
 *
 * @module
 */
import type { Polled } from "../channel/base.ts";
import { ChannelClosedError } from "../channel/errors.ts";
import type { SendPort } from "../channel/send_case.ts";
import { ASK, type Case, EMPTY, END, FAILURE, PARK, PARK_SEND, POLL } from "../internal/case.ts";
import { Ring } from "../internal/ring.ts";
import { asSent, Waiter } from "../internal/waiter.ts";
import {
  type ChannelData,
  ENDED,
  EVERYONE,
  NONE,
  READY_NOW,
  REFUSED,
  SENT,
  STATE,
  VALUES,
  WITHDRAWN,
} from "./bridge_wire.ts";
import type { Refusal } from "./far_bridge.ts";
import { type Offer, Offers } from "./offers.ts";
import type { Outbox } from "./outbox.ts";
import { cloneable, encodeError, uncloneable } from "./remote_error.ts";
import type { Tap } from "./tap.ts";

/** What a channel must be able to do to be bridged. */
export interface BridgedChannel extends Case, SendPort<unknown> {
  readonly name?: string | undefined;
  readonly size: number;
  readonly capacity: number;
  readonly closed: boolean;
  close(): void;
  fail(error: unknown): void;
  cancel(reason?: unknown): void;
  [POLL](): Polled<unknown>;
}

/** Values that the far end has got with one word. */
interface Batch {
  readonly values: unknown[];
  /** How many of them it has said to be taken. */
  taken: number;
}

/** One channel, as one far thread uses it. */
export class NearChannel {
  readonly channel: BridgedChannel;
  readonly #tap: Tap;
  readonly #number: number;
  readonly #out: Outbox;
  readonly #offers: Offers;
  /** By the number of the operation. */
  readonly #receives = new Map<number, Waiter>();
  readonly #sends = new Map<number, Waiter>();
  readonly #offered = new Map<number, Offer>();
  /** What the far end has got and not said to be taken. */
  readonly #lent = new Ring<Batch>();
  /** How many values are under way between the far end and a thread that is further. */
  #further = 0;
  /** What the far end was told last. */
  #told: { readonly size: number; readonly closed: boolean };
  /** Whether it was told the end. */
  #over = false;
  /** How often it was given to the far end, since that has last forgotten it. */
  #given = 0;

  constructor(channel: BridgedChannel, tap: Tap, number: number, out: Outbox) {
    this.channel = channel;
    this.#tap = tap;
    this.#number = number;
    this.#out = out;
    this.#told = { size: channel.size, closed: channel.closed };
    this.#offers = Offers.of(tap);
    this.#offers.join(this);
    out.plan(); // it may be drained
  }

  /** What the far end is told whenever it is given the channel. */
  give(): ChannelData {
    this.#given++;
    const { name, capacity, size, closed } = this.channel;
    return { number: this.#number, name, capacity, size, closed };
  }

  /**
   * The far end has forgotten the channel, which it had got so many times. If it was given it once more
   * meanwhile, that is another one for it, which is to be told the end too.
   *
   * @returns Whether it has none.
   */
  forgotten(times: number): boolean {
    this.#given -= times;
    if (this.#given <= 0) return true;
    this.#over = false;
    this.#out.plan();
    return false;
  }

  /** The far end asks for a value; at most `max`. */
  receive(id: number, max: number, once: boolean): void {
    const first = this.channel[POLL]();
    if (first === END && !this.#tap.holding) this.#ended(id, this.channel[FAILURE]?.());
    else if (first !== EMPTY && first !== END) this.#lend(id, this.#more(first, max));
    else if (once) this.#put(NONE, id);
    else this.#park(id);
  }

  /** The far end sends. */
  send(id: number, value: unknown, once: boolean): void {
    if (this.channel.closed) return this.#refuse(id, undefined);
    try {
      // Where there is no bound, that would go without asking the channel.
      const asks = this.#tap.relay !== undefined && !once;
      if (!asks && this.channel.trySend(value)) return this.#put(SENT, id);
    } catch (error) {
      return this.#refuse(id, error);
    }
    if (once) return this.#put(NONE, id);
    const waiter = parkSend(this.channel, value, () => {
      this.#sends.delete(id);
      this.#put(SENT, id);
    });
    this.#sends.set(id, waiter);
    waiter.promise.then(undefined, (error) => {
      this.#sends.delete(id);
      this.#refuse(id, error);
    });
  }

  /** A select of the far end offers to send. */
  offer(id: number): void {
    if (this.channel.closed) return this.#refuse(id, undefined);
    const offer = { ready: () => this.#put(READY_NOW, id) };
    this.#offered.set(id, offer);
    this.#offers.add(offer);
  }

  /** It has decided to: the value is sent even if the channel was closed in the meantime. */
  claim(id: number, value: unknown): void {
    const { channel } = this;
    try {
      if (this.#tap.relay?.claim(value) === true) return;
      if (channel.closed) this.#tap.giveBack([value], true);
      else if (!channel.trySend(value)) this.#sendLater(value);
    } finally {
      this.#forgetOffer(id);
    }
  }

  /** An operation of the far end waits no more. */
  withdraw(id: number): void {
    this.#receives.get(id)?.withdraw();
    this.#receives.delete(id);
    this.#forgetOffer(id);
    const send = this.#sends.get(id);
    if (send === undefined) return;
    this.#sends.delete(id);
    send.withdraw();
    this.#put(WITHDRAWN, id);
  }

  /** Nothing of the far end waits to receive: what it was lent comes back. */
  halt(): void {
    for (const waiter of this.#receives.values()) waiter.withdraw();
    this.#receives.clear();
    this.#return(this.#lent.clear().flatMap(({ values, taken }) => values.slice(taken)));
  }

  /** So many of the values that were lent were taken. */
  taken(count: number): void {
    for (let left = count; left > 0;) {
      const batch = this.#lent.first;
      if (batch === undefined) return;
      const part = Math.min(left, batch.values.length - batch.taken);
      batch.taken += part;
      left -= part;
      if (batch.taken === batch.values.length) this.#lent.shift();
      this.#tap.hold(-part);
    }
  }

  /** So many more, or fewer, are under way beyond the far end. */
  hold(count: number): void {
    this.#further += count;
    this.#tap.hold(count);
  }

  /** Values come back. */
  back(values: unknown[]): void {
    this.#tap.giveBack(values);
  }

  close(): void {
    this.channel.close();
  }

  fail(error: unknown): void {
    this.channel.fail(error);
  }

  cancel(reason: unknown): void {
    this.channel.cancel(reason);
  }

  /** The channel was closed. Offers that wait are no sends yet, so they are refused. */
  closed(): void {
    for (const [id, offer] of [...this.#offered]) {
      if (!this.#offers.waits(offer)) continue;
      this.#forgetOffer(id);
      this.#refuse(id, undefined);
    }
    this.putState();
  }

  /** Tells the far end what it can know of the channel. */
  putState(): void {
    const { size, closed } = this.channel;
    if (size !== this.#told.size || closed !== this.#told.closed) {
      this.#told = { size, closed };
      this.#put(STATE, size, closed);
    }
    if (this.#over || !this.#tap.drained()) return;
    this.#over = true;
    this.#ended(EVERYONE, this.channel[FAILURE]?.());
  }

  /**
   * The far thread is gone.
   *
   * @param alive Whether it has ended as it should: then what it has sent is still delivered.
   */
  dispose(alive: boolean): void {
    this.halt();
    for (const id of [...this.#offered.keys()]) this.#forgetOffer(id);
    this.hold(-this.#further);
    this.#offers.leave(this);
    if (!alive) { for (const waiter of this.#sends.values()) waiter.withdraw(); }
    this.#sends.clear();
  }

  /** What was claimed has no place yet. A `cancel` drops it: its sender has been told that it was sent. */
  #sendLater(value: unknown): void {
    this.#tap.hold(1);
    const { promise } = parkSend(this.channel, value, () => {});
    void promise.then(undefined, () => this.#tap.giveBack([value])).then(() => this.#tap.hold(-1));
  }

  #park(id: number): void {
    // A report is made at the commit itself: if the thread dies in the same turn, the value is known.
    const waiter = new Waiter((done, value) => {
      this.#receives.delete(id);
      if (done) this.#put(ENDED, id);
      else this.#lend(id, [value]);
    });
    this.#receives.set(id, waiter);
    this.channel[PARK](waiter, false);
    this.channel[ASK]?.();
    waiter.promise.then(undefined, (error) => {
      this.#receives.delete(id);
      this.#ended(id, { error });
    });
  }

  /** What is there, at most `max` with the first. */
  #more(first: unknown, max: number): unknown[] {
    const values = [first];
    while (values.length < max) {
      const value = this.channel[POLL]();
      if (value === EMPTY || value === END) break;
      values.push(value);
    }
    return values;
  }

  #lend(id: number, values: unknown[]): void {
    this.#tap.hold(values.length);
    this.#lent.push({ values, taken: 0 });
    this.#putValues(id, values);
  }

  #putValues(id: number, values: unknown[]): void {
    this.#out.put(VALUES, this.#number, id, values, (error) => this.#notLent(id, values, error));
  }

  /**
   * One of them cannot be cloned. It stays in the channel for others, with what is behind it; the receive
   * is given what stands before it, and rejects if that is nothing.
   */
  #notLent(id: number, values: unknown[], error: unknown): void {
    const refused = (value: unknown) => this.#out.refusal(value);
    const wrong = values.findIndex((value) => !cloneable(value) || refused(value) !== undefined);
    const back = values.splice(Math.max(wrong, 0));
    if (values.length > 0) this.#putValues(id, values);
    else {
      const why = uncloneable(
        "Cannot send a value to another thread",
        "value",
        back[0],
        refused(back[0])?.error ?? error,
      );
      this.#put(REFUSED, id, { closed: false, error: encodeError(why) } satisfies Refusal);
    }
    this.#return(back);
  }

  /** What was lent comes back; only then the end may be told. */
  #return(values: unknown[]): void {
    if (values.length === 0) return;
    this.#tap.giveBack(values);
    this.#tap.hold(-values.length);
  }

  #ended(id: number, failure: { readonly error: unknown } | undefined): void {
    this.#put(ENDED, id, failure === undefined ? undefined : encodeError(failure.error));
  }

  #refuse(id: number, error: unknown): void {
    const closed = error === undefined || error instanceof ChannelClosedError;
    const cause = closed && error?.cause !== undefined ? encodeError(error.cause) : undefined;
    this.#put(REFUSED, id, closed ? { closed, cause } : { closed, error: encodeError(error) });
  }

  #forgetOffer(id: number): void {
    const offer = this.#offered.get(id);
    this.#offered.delete(id);
    if (offer !== undefined) this.#offers.remove(offer);
  }

  #put(code: number, id: number, item?: unknown): void {
    this.#out.put(code, this.#number, id, item);
  }
}

function parkSend(channel: BridgedChannel, value: unknown, sent: () => void): Waiter {
  const waiter = new Waiter((...outcome) => {
    sent();
    return asSent(...outcome);
  });
  waiter.value = value;
  channel[PARK_SEND](waiter, false);
  return waiter;
}
