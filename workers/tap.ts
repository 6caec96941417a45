/**
 * What a bridge needs of a channel beyond its contract.
 *
 * @module
 */
import { type Polled, ReceiverBase } from "../channel/base.ts";
import {
  EMPTY,
  END,
  FAILURE,
  type Failure,
  PARTS,
  type Parts,
  POLL,
  READY,
  SEND_READY,
} from "../internal/case.ts";
import { Ring } from "../internal/ring.ts";
import { asSent, endAll, Waiter, WaitQueue } from "../internal/waiter.ts";

/** Offers to send that are passed on to where the channel is. */
export interface OfferRelay {
  /** Says how many there are. */
  want(count: number): void;
  /** Sends `value` for one that may be claimed; whether there is one. */
  claim(value: unknown): boolean;
}

/** Where a bridge is joined to a channel. */
export interface Tap {
  readonly closed: boolean;
  /** If the channel is in another thread. */
  readonly relay?: OfferRelay;
  /** How many values could be sent now. */
  room(): number;
  /** Whether the channel is closed, nothing is left in it, and nothing can come back. */
  drained(): boolean;
  /** Whether the channel is closed, and values are under way. */
  readonly holding: boolean;
  /**
   * Says that so many more values are under way to or from a thread, or, if `count` is negative, that so many
   * have arrived. Who receives is not told the end before all have: one of them may come back.
   */
  hold(count: number): void;
  /**
   * Takes back values, in order, that were received for somebody who then did not take them: they are
   * received next. After `cancel` they go to `onDrop`.
   *
   * @param last Whether they come last instead: values that a closed channel owes their sender.
   */
  giveBack(values: readonly unknown[], last?: boolean): void;
  /**
   * Sets who is told when a receiver parks, when room is made, when the channel may have ended. It is told
   * in the middle of that: it must wait for a microtask before it looks.
   */
  watch(listener: (() => void) | undefined): void;
}

/** A channel in memory, as far as it matters here. */
export interface TappedChannel {
  readonly capacity: number;
  readonly closed: boolean;
  [FAILURE](): Failure | undefined;
  [SEND_READY](): boolean;
  [READY](): boolean;
  [POLL](): Polled<unknown>;
  [PARTS](): Parts<unknown>;
}

const taps = new WeakMap<TappedChannel, ChannelTap>();

/**
 * The tap of a channel in memory. It reaches into the channel's queues, and while it is watched it stands
 * before those of their methods that tell of a change; so a channel that is not bridged has no cost at all.
 */
export class ChannelTap implements Tap {
  readonly #channel: TappedChannel;
  readonly #parts: Parts<unknown>;
  #cancelled = false;
  /** How many values are under way. */
  #underWay = 0;
  #listener: (() => void) | undefined;

  /** That of `channel`; always the same. */
  static of(channel: TappedChannel): ChannelTap {
    let tap = taps.get(channel);
    if (tap === undefined) taps.set(channel, tap = new ChannelTap(channel));
    return tap;
  }

  private constructor(channel: TappedChannel) {
    this.#channel = channel;
    this.#parts = channel[PARTS]();
  }

  get closed(): boolean {
    return this.#channel.closed;
  }

  room(): number {
    const { buffer, receivers } = this.#parts;
    const room = receivers.length + this.#channel.capacity - buffer.size;
    return room === 0 && this.#drops ? Infinity : room;
  }

  drained(): boolean {
    const { buffer, senders } = this.#parts;
    return this.closed && !this.holding && buffer.size === 0 && senders.empty;
  }

  get holding(): boolean {
    return this.#underWay > 0 && this.closed && !this.#cancelled;
  }

  hold(count: number): void {
    if (count === 0) return;
    this.#underWay += count;
    if (this.holding) return this.#hide();
    if (!this.closed) return;
    this.#listener?.();
    this.#endHeld();
  }

  giveBack(values: readonly unknown[], last = false): void {
    if (this.#cancelled) return values.forEach((value) => this.#parts.onDrop?.(value));
    let given = 0;
    for (; given < values.length; given++) {
      const receiver = WaitQueue.prototype.shift.call(this.#parts.receivers);
      if (receiver === undefined) break;
      receiver.settle(false, values[given]);
    }
    const rest = values.slice(given);
    if (last) this.#putLast(rest);
    else if (rest.length > 0) this.#putFirst(rest);
  }

  watch(listener: (() => void) | undefined): void {
    const { buffer, receivers, senders } = this.#parts;
    this.#listener = listener;
    if (listener === undefined) {
      Reflect.deleteProperty(buffer, "clear");
      Reflect.deleteProperty(senders, "shift");
      for (const name of ["shift", "insert"] as const) Reflect.deleteProperty(receivers, name);
      return;
    }
    const told = <A extends unknown[], R>(run: (...args: A) => R) => (...args: A): R => {
      listener();
      return run(...args);
    };
    // A receive that takes something asks for a sender.
    senders.shift = told(WaitQueue.prototype.shift.bind(senders));
    receivers.insert = told(WaitQueue.prototype.insert.bind(receivers));
    // A channel that ends tells its receivers: not yet, if something may come back to them.
    const shift = WaitQueue.prototype.shift.bind(receivers);
    receivers.shift = told(() => {
      if (!this.holding) return shift();
      this.#hide();
      return undefined;
    });
    // One that is cancelled clears its buffer.
    buffer.clear = () => {
      this.#cancelled = true;
      this.#endHeld();
      return Ring.prototype.clear.call(buffer);
    };
  }

  /** Whoever receives from now on, and finds it drained, waits. */
  #hide(): void {
    const channel = this.#channel;
    if (Object.hasOwn(channel, POLL)) return;
    const { [POLL]: poll } = channel;
    const overridden = {
      [POLL]: () => {
        const value = poll.call(channel);
        return value === END ? EMPTY : value;
      },
      [READY]: () => !this.#parts.senders.empty || this.#parts.buffer.size > 0,
      recv: ReceiverBase.prototype.recv,
    };
    for (const key of Reflect.ownKeys(overridden)) {
      const value: unknown = Reflect.get(overridden, key);
      Object.defineProperty(channel, key, { value, configurable: true });
    }
  }

  /** Tells the end to those who were not told it when the channel was closed. */
  #endHeld(): void {
    for (const key of [POLL, READY, "recv"]) Reflect.deleteProperty(this.#channel, key);
    endAll(this.#parts.receivers, this.#channel[FAILURE]());
  }

  /** Whether it drops what it has no room for. */
  get #drops(): boolean {
    return !this.#channel.closed && this.#channel[SEND_READY]();
  }

  /**
   * The buffer keeps its bound: what has no place in it any more is a sender that waits, the first. O(size
   * of the buffer).
   */
  #putFirst(values: readonly unknown[]): void {
    const { buffer, senders } = this.#parts;
    const all = [...values, ...Ring.prototype.clear.call(buffer)];
    const over = Math.max(all.length - this.#channel.capacity, 0);
    const kept = all.slice(0, all.length - over);
    for (const value of kept) buffer.push(value);
    if (over > 0 && this.#drops) {
      // The oldest are those that came back.
      Ring.prototype.clear.call(buffer);
      for (const value of all.slice(over)) buffer.push(value);
      all.slice(0, over).forEach((value) => this.#parts.onDrop?.(value));
      return;
    }
    for (const value of all.slice(kept.length).reverse()) {
      senders.insert(this.#sender(value), senders);
    }
  }

  #putLast(values: readonly unknown[]): void {
    const { buffer, senders } = this.#parts;
    for (const value of values) {
      if (senders.empty && buffer.size < this.#channel.capacity) buffer.push(value);
      else senders.push(this.#sender(value));
    }
  }

  /** One whose value was accepted, so that it goes to `onDrop` if it is refused. */
  #sender(value: unknown): Waiter {
    const waiter = new Waiter(asSent);
    waiter.value = value;
    waiter.promise.then(undefined, () => this.#parts.onDrop?.(value));
    return waiter;
  }
}
