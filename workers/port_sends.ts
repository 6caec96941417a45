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

/** Sends, which have given their value away, and offers of selects, which have not. */
export class PortSends {
  readonly #owner: { readonly name: string | undefined };
  readonly #line: Line;
  readonly #number: number;
  readonly #sends = new Map<number, Slot>();
  readonly #offers = new Map<number, Slot>();
  readonly #draw = new Draw();

  constructor(owner: { readonly name: string | undefined }, line: Line, number: number) {
    this.#owner = owner;
    this.#line = line;
    this.#number = number;
  }

  /** Hands a value over, and waits until it was accepted. */
  send(value: unknown, options: WaitOptions | undefined): Promise<void> {
    const waiter = new Waiter(asSent);
    const slot = this.#park(this.#sends, waiter, value);
    const code = options?.timeout === 0 ? TRY_SEND : SEND;
    slot.word = this.#line.out.put(code, this.#number, slot.id, value, (error) => {
      this.refuse(slot.id, this.#uncloneable(value, error));
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
    slot?.refuse(error);
  }

  /** The channel was closed before the send could happen. */
  refuseClosed(id: number, cause: Failure | undefined): void {
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

  /** An offer may be claimed, if it is still one: then it has happened. */
  claim(id: number): void {
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
