/**
 * The sends that wait at the far end of a bridged channel.
 *
 * @module
 */
import { ChannelClosedError } from "../channel/errors.ts";
import type { WaitOptions } from "../channel/types.ts";
import type { Failure } from "../internal/case.ts";
import { show } from "../internal/checks.ts";
import { limit } from "../internal/wait.ts";
import { asSent, Waiter } from "../internal/waiter.ts";
import { CLAIM, OFFER, SEND, TRY_SEND, WITHDRAW } from "./bridge_wire.ts";
import { Draw, type Line, Slot } from "./port_slot.ts";
import { uncloneable } from "./remote_error.ts";
import type { OfferRelay } from "./tap.ts";

/** Sends, which have given their value away, and offers of selects, which have not. */
export class PortSends implements OfferRelay {
  readonly #owner: { readonly name: string | undefined };
  readonly #line: Line;
  readonly #number: number;
  readonly #sends = new Map<number, Slot>();
  readonly #offers = new Map<number, Slot>();
  readonly #draw = new Draw();
  /** Offers for threads that are further: those that wait, and those that may be claimed. */
  readonly #asked = new Set<number>();
  readonly #claimable: number[] = [];
  /** The rows of which one could not be sent. */
  readonly #cutOffs = new WeakMap<object, Failure>();

  constructor(owner: { readonly name: string | undefined }, line: Line, number: number) {
    this.#owner = owner;
    this.#line = line;
    this.#number = number;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.#sends.size === 0 && this.#offers.size === 0 && this.#relayed === 0;
  }

  /** How many offers of threads that are further may be claimed. */
  get claimable(): number {
    return this.#claimable.length;
  }

  get #relayed(): number {
    return this.#asked.size + this.#claimable.length;
  }

  want(count: number): void {
    const { out } = this.#line;
    while (this.#relayed < count) {
      const id = this.#line.next();
      this.#asked.add(id);
      out.put(OFFER, this.#number, id);
    }
    while (this.#relayed > count) {
      // Those that were asked for first may be found ready soon.
      const id = [...this.#asked].at(-1) ?? this.#claimable.pop()!;
      this.#asked.delete(id);
      out.put(WITHDRAW, this.#number, id);
    }
  }

  claim(value: unknown): boolean {
    const id = this.#claimable.shift();
    if (id !== undefined) this.#line.out.put(CLAIM, this.#number, id, value);
    return id !== undefined;
  }

  /**
   * Hands a value over, and waits until it was accepted.
   *
   * @param row What it has in common with others that are not sent, either, if one before them cannot be.
   */
  send(value: unknown, options: WaitOptions | undefined, row?: object): Promise<void> {
    const cutOff = row === undefined ? undefined : this.#cutOffs.get(row);
    if (cutOff !== undefined) return Promise.reject(cutOff.error);
    const waiter = new Waiter(asSent);
    const slot = this.#park(this.#sends, waiter, value);
    slot.row = row;
    const code = options?.timeout === 0 ? TRY_SEND : SEND;
    slot.word = this.#line.out.put(code, this.#number, slot.id, value, (error) => {
      const why = this.#uncloneable(value, error);
      this.refuse(slot.id, why);
      if (row !== undefined) this.#cutOff(slot, row, why);
    });
    if (options !== undefined) this.#limit(slot, options);
    return waiter.promise as Promise<void>;
  }

  /**
   * Hands a value over that will be accepted, come what may.
   *
   * @throws {DOMException} A `DataCloneError`, if it cannot be cloned.
   */
  give(value: unknown, id = this.#line.next()): void {
    const { out } = this.#line;
    let why: Error | undefined;
    out.flush();
    out.put(CLAIM, this.#number, id, value, (error) => why = this.#uncloneable(value, error));
    // At once, for what cannot be cloned must not count as sent.
    out.flush();
    if (why !== undefined) throw why as Error;
  }

  /** Parks the send case of a select. */
  offer(waiter: Waiter, shuffle: boolean): void {
    const slot = this.#park(this.#offers, waiter, waiter.value);
    if (shuffle) this.#draw.add(slot);
    slot.word = this.#line.out.put(OFFER, this.#number, slot.id);
  }

  /** The send was accepted. */
  sent(id: number): void {
    const slot = this.#sends.get(id);
    this.#sends.delete(id);
    slot?.settle(false, undefined);
  }

  /** The send has not happened and will not. */
  withdrawn(id: number): void {
    const reason = this.#sends.get(id)?.reason;
    if (reason !== undefined) this.refuse(id, reason.error);
  }

  /** The send, or the offer, cannot happen. */
  refuse(id: number, error: unknown): void {
    const slot = this.#sends.get(id) ?? this.#offers.get(id);
    this.#sends.delete(id);
    this.#offers.delete(id);
    this.#asked.delete(id);
    slot?.refuse(error);
  }

  /** The channel was closed before the send could happen. */
  refuseClosed(id: number, cause: Failure | undefined): void {
    this.#asked.delete(id);
    const waiter = (this.#sends.get(id) ?? this.#offers.get(id))?.first;
    if (waiter === undefined) return;
    // It was legal when it was made: it must not end the process.
    if (this.#sends.has(id)) waiter.promise.catch(ignore);
    this.refuse(id, this.closedError(waiter.value, cause));
  }

  /** Ends all. They were legal when they were made: nobody need catch it. */
  withdrawAll(error: unknown): void {
    for (const slot of [...this.#sends.values(), ...this.#offers.values()]) {
      slot.first?.promise.catch(ignore);
      if (this.#sends.has(slot.id)) this.#withdraw(slot, error);
      else slot.first?.refuse(error);
    }
  }

  /**
   * An offer may be claimed. If it is still one, then it has happened.
   *
   * @returns Whether it is one of a thread that is further.
   */
  ready(id: number): boolean {
    const relayed = this.#asked.delete(id);
    if (relayed) this.#claimable.push(id);
    else this.#claim(id);
    return relayed;
  }

  #claim(id: number): void {
    const slot = this.#offers.get(id);
    const waiter = slot?.first;
    if (waiter === undefined) return; // it was withdrawn, which the near end is being told
    this.#offers.delete(id);
    try {
      this.give(waiter.value, id);
    } catch (error) {
      this.#line.out.put(WITHDRAW, this.#number, id);
      slot?.refuse(error);
    }
    slot?.settle(false, undefined);
  }

  /** Why `value` cannot be sent. */
  closedError(value: unknown, cause: Failure | undefined): ChannelClosedError {
    const { name } = this.#owner;
    const which = name === undefined ? "" : `: ${show(name)}`;
    const options = cause === undefined ? {} : { cause: cause.error };
    return new ChannelClosedError(`Cannot send to a closed channel${which}`, value, options);
  }

  #park(slots: Map<number, Slot>, waiter: Waiter, value: unknown): Slot {
    const left = (slot: Slot) => this.#left(slot);
    const slot = new Slot(this.#line.next(), { operation: "send", owner: this.#owner, left });
    waiter.value = value;
    slot.push(waiter);
    slots.set(slot.id, slot);
    return slot;
  }

  /** An offer whose select was decided. */
  #left({ id, word }: Slot): void {
    this.#offers.delete(id);
    if (word?.sent === true) this.#line.out.put(WITHDRAW, this.#number, id);
    else if (word !== undefined) word.dropped = true;
  }

  /** What follows a send that cannot be. */
  #cutOff({ id }: Slot, row: object, error: unknown): void {
    this.#cutOffs.set(row, { error });
    for (const slot of [...this.#sends.values()]) {
      if (slot.row !== row || slot.id < id || slot.word === undefined) continue;
      slot.word.dropped = true;
      this.refuse(slot.id, error);
    }
  }

  #limit(slot: Slot, { signal, timeout }: WaitOptions): void {
    const limiter = new Waiter(asSent);
    slot.limiter = limiter;
    void limit(limiter, timeout === 0 ? { signal } : { signal, timeout });
    limiter.promise.then(undefined, (error) => this.#withdraw(slot, error));
  }

  /** A send is not ended from here, the near end is asked to: commit beats abort. */
  #withdraw(slot: Slot, error: unknown): void {
    const { id, word } = slot;
    if (!this.#sends.has(id) || slot.reason !== undefined) return;
    slot.reason = { error };
    if (word?.sent === true) return void this.#line.out.put(WITHDRAW, this.#number, id);
    if (word !== undefined) word.dropped = true;
    this.refuse(id, error);
  }

  #uncloneable(value: unknown, error: unknown): Error {
    return uncloneable("Cannot send a value to another thread", "value", value, error);
  }
}

function ignore(): void {}
