/**
 * Publish and subscribe.
 *
 * What is true between any two calls:
 *
 * 1. All or nobody. A send is committed to all subscribers in one step, when each that waits has room; so
 *    all see the same order, and a send that is withdrawn was delivered to nobody.
 * 2. Room before senders. If every subscriber has room, no send is parked.
 * 3. First in, first out. A send never overtakes a parked one.
 * 4. Only those who are there. A value goes to whoever is subscribed when it is committed; a subscriber
 *    that leaves, in whatever way, holds nobody up from that call on.
 * 5. A subscriber that drops never holds anybody up, and counts each value that it dropped.
 * 6. Closed is final. Nothing is accepted any more; the sends that were parked are still delivered, and
 *    then, in the same step, every subscription ends.
 *
 * Each subscription is a flow of its own, with the invariants of a channel.
 *
 * @module
 */
import {
  ChannelClosedError,
  type Polled,
  SendCase,
  type Sender,
  sendMany,
  type WaitOptions,
} from "../channel/mod.ts";
import {
  COUNTS,
  type Counts,
  type Failure,
  PARK_SEND,
  POLL,
  READY,
  SEND_READY,
} from "../internal/case.ts";
import { check, checkOptions, show } from "../internal/checks.ts";
import { paced, refused } from "../internal/pace.ts";
import { isAborted, limit } from "../internal/wait.ts";
import { asSent, Waiter } from "../internal/waiter.ts";
import { WatchedQueue } from "../internal/watched_queue.ts";
import {
  checkSubscription,
  type Overflow,
  type Subscription,
  SubscriptionFlow,
} from "./subscription.ts";

/** How a broadcast is made. */
export interface BroadcastOptions {
  /** Stands in error messages and inspection. */
  readonly name?: string | undefined;
}

/** How one subscriber listens. */
export interface SubscribeOptions {
  /**
   * How many values may wait for this subscriber; 1 by default. With 0, which needs the overflow
   * `"wait"`, a value is sent only while a receive of this subscriber waits.
   */
  readonly capacity?: number | undefined;
  /**
   * What happens when its buffer is full: senders wait for it, which is the default, or it misses a value:
   * the oldest in the buffer, or the newest, which is the one being sent.
   */
  readonly overflow?: "wait" | "drop-oldest" | "drop-newest" | undefined;
  /** Ends the subscription: it fails with the reason, after the values that it has. */
  readonly signal?: AbortSignal | undefined;
}

const POLICIES = ["wait", "drop-oldest", "drop-newest"] as const;

/** A send has nothing to report, so all can share one promise. */
const SENT: Promise<void> = Promise.resolve();

/**
 * Sends each value to all who are subscribed, with a buffer and a policy for each of them. What the
 * operations of the sending side guarantee is written at `Sender`.
 *
 * A send is done when every subscriber with the policy `"wait"` has room, so the slowest of them governs;
 * then all get the value in the same step. Without such a subscriber it never waits, and without any the
 * value is dropped. A send that is aborted before that has reached nobody. Sends are served first come, first
 * served; each takes O(subscribers) time.
 *
 * `close` and `fail` end every subscription, after its values and after the sends that already wait.
 *
 * @typeParam T The values.
 *
 * @example One who must see everything, one who wants the latest
 * ```ts
 * import { Broadcast, collect } from "millrace";
 *
 * const prices = new Broadcast<number>();
 * const all = prices.subscribe({ capacity: 8 });
 * const latest = prices.subscribe({ capacity: 1, overflow: "drop-oldest" });
 *
 * for (const price of [101, 102, 103]) await prices.send(price);
 * prices.close();
 *
 * console.log(await collect(all)); // [ 101, 102, 103 ]
 * console.log(await collect(latest), latest.missed); // [ 103 ] 2
 * ```
 */
export class Broadcast<in out T> implements Sender<T> {
  readonly #subscribers = new Set<Subscriber<T>>();
  /** The parked sends. */
  readonly #senders = new WatchedQueue(() => this.#emptied(), "send", this);
  /** The subscriber that had no room when it was last asked: while it has none, the others need no asking. */
  #slowest: Subscriber<T> | undefined;
  readonly #hub: Hub<T> = {
    advance: () => this.#advance(),
    canAdvance: () => this.#next() !== undefined,
    leave: (subscriber) => this.#leave(subscriber),
  };
  #closed = false;
  /** Whether every subscription was ended. */
  #over = false;
  #failure: Failure | undefined;
  /** What the broadcast was named. */
  readonly name: string | undefined;

  /**
   * Makes a broadcast that is open and has no subscriber.
   *
   * @param options Name.
   */
  constructor(options: BroadcastOptions = {}) {
    checkOptions(options);
    const { name } = options;
    check(name === undefined || typeof name === "string", "options.name must be a string", name);
    this.name = name;
  }

  /** Whether `close` or `fail` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many values wait for the subscriber with the least room, of those that senders wait for. O(subscribers). */
  get size(): number {
    return this.#tightest()?.size ?? 0;
  }

  /** How many values may wait for that subscriber; `Infinity` if there is none. O(subscribers). */
  get capacity(): number {
    return this.#tightest()?.capacity ?? Infinity;
  }

  /** How many are subscribed. */
  get subscribers(): number {
    return this.#subscribers.size;
  }

  /**
   * Adds a subscriber. It gets the values that are sent from now on, and those of sends that still wait.
   *
   * @param options Its buffer, its policy, and a signal that ends it.
   * @returns The subscription: a flow with one owner. The end of a loop over it, `cancel` and disposal take
   * it out in the same call, so that nobody waits for it any more. After the end of the broadcast it is over,
   * or fails with the error of `fail`.
   * @throws {RangeError} If the capacity is negative or no whole number, or 0 for a policy that drops.
   */
  subscribe(options: SubscribeOptions = {}): Subscription<T> {
    checkOptions(options);
    const { capacity = 1, overflow = "wait", signal } = options;
    checkSubscription(options, overflow, POLICIES);
    const subscriber = new Subscriber<T>(capacity, overflow, this.#hub);
    subscriber.endWith(signal);
    if (this.#over) subscriber.finish(this.#failure);
    else if (!subscriber.closed) this.#subscribers.add(subscriber);
    return subscriber;
  }

  /** Sends without waiting; see `Sender`. */
  trySend(value: T): boolean {
    if (this.#closed) throw this.refusal(value);
    if (!this.#hasRoom()) return false;
    this.#deliver(value);
    return true;
  }

  /** Sends, and waits for the slowest subscriber if it must; see `Sender`. */
  send(value: T, options?: WaitOptions): Promise<void> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    if (this.#closed) return refused(this.refusal(value));
    if (this.#hasRoom()) {
      this.#deliver(value);
      return paced(SENT, undefined);
    }
    const waiter = new Waiter(asSent);
    waiter.value = value;
    this.#senders.push(waiter);
    return (options === undefined ? waiter.promise : limit(waiter, options)) as Promise<void>;
  }

  /** Sends each value; see `Sender`. */
  sendMany(values: Iterable<T> | AsyncIterable<T>, options?: WaitOptions): Promise<number> {
    return sendMany(this, values, options);
  }

  /** The case of a select that sends `value`. */
  sendCase(value: T): SendCase {
    return new SendCase(this as Broadcast<unknown>, value);
  }

  /** Says that no more values will come; see `Sender`. */
  close(): void {
    this.#end(undefined);
  }

  /** Says that no more values will come, because of an error; see `Sender`. */
  fail(error: unknown): void {
    this.#end({ error });
  }

  /** Why `value` cannot be sent. @internal */
  refusal(value: T): ChannelClosedError {
    const name = this.name === undefined ? "" : `: ${show(this.name)}`;
    return new ChannelClosedError(`Cannot send to a closed broadcast${name}`, value);
  }

  /** @internal */
  [SEND_READY](): boolean {
    return this.#closed || this.#hasRoom();
  }

  /** @internal */
  [PARK_SEND](waiter: Waiter, shuffle: boolean): void {
    this.#senders.push(waiter, shuffle);
  }

  /** @internal */
  [COUNTS](): Counts {
    const { size, capacity, closed } = this;
    return { size, capacity, senders: this.#senders.length, receivers: 0, closed };
  }

  /**
   * Whether every subscriber has room.
   *
   * @param sender The parked send that would be delivered.
   */
  #hasRoom(sender?: Waiter): boolean {
    if (this.#slowest?.accepts(sender) === false) return false;
    for (const subscriber of this.#subscribers) {
      if (subscriber.accepts(sender)) continue;
      this.#slowest = subscriber;
      return false;
    }
    return true;
  }

  /** The parked send that can go now. */
  #next(): Waiter | undefined {
    const queue = this.#senders;
    for (let link = queue.next; link !== queue; link = link.next) {
      const sender = link as Waiter;
      if (this.#hasRoom(sender)) return sender;
      // One that was parked by a select whose own receive is all that is wanting lets others pass.
      if (!this.#hasRoom()) return undefined;
    }
    return undefined;
  }

  /** Does what has become possible. */
  #advance(): void {
    for (let sender = this.#next(); sender !== undefined; sender = this.#next()) {
      sender.settle(false, undefined); // first: its siblings must not take the value
      this.#deliver(sender.value as T);
    }
    if (!this.#closed || this.#over || !this.#senders.empty) return;
    this.#over = true;
    this.#slowest = undefined;
    for (const subscriber of this.#subscribers) subscriber.finish(this.#failure);
  }

  #deliver(value: T): void {
    for (const subscriber of this.#subscribers) subscriber.push(value);
  }

  #leave(subscriber: Subscriber<T>): void {
    this.#subscribers.delete(subscriber);
    if (this.#slowest === subscriber) this.#slowest = undefined;
    this.#advance();
  }

  #end(failure: Failure | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#failure = failure;
    this.#advance();
  }

  /** The last parked send is gone. If it was withdrawn, that is under way: the end has to wait for it. */
  #emptied(): void {
    if (this.#closed) queueMicrotask(() => this.#advance());
  }

  #tightest(): Subscriber<T> | undefined {
    let least: Subscriber<T> | undefined;
    for (const subscriber of this.#subscribers) {
      if (!subscriber.waits) continue;
      if (least === undefined || subscriber.room < least.room) least = subscriber;
    }
    return least;
  }
}

/** What subscribers need of their broadcast. */
interface Hub<T> {
  advance(): void;
  canAdvance(): boolean;
  leave(subscriber: Subscriber<T>): void;
}

class Subscriber<T> extends SubscriptionFlow<T> {
  /** Whether senders wait for it. */
  readonly waits: boolean;
  readonly #hub: Hub<T>;
  /** Whether somebody tries to receive without parking. */
  #asking = false;

  constructor(capacity: number, overflow: Overflow, hub: Hub<T>) {
    super(capacity, overflow);
    this.waits = overflow === "wait";
    this.#hub = hub;
  }

  get room(): number {
    return this.capacity - this.size;
  }

  /**
   * Whether the value of `sender`, or else of a new send, may be pushed. Those who wait here and elsewhere
   * may be one select, which takes one value: then the others are kept, or it would hold all senders up.
   */
  accepts(sender: Waiter | undefined): boolean {
    if (!this.waits || this.room > 0) return true;
    return this.awaitedBeside(sender) || this.#asking && this.size === 0;
  }

  protected override demand(): void {
    if (this.waits) this.#hub.advance();
  }

  protected override unsubscribe(): void {
    this.#hub.leave(this);
  }

  override [READY](): boolean {
    return super[READY]() || this.#ask(() => this.#hub.canAdvance());
  }

  override [POLL](): Polled<T> {
    if (this.capacity === 0 && this.size === 0) this.#ask(() => this.#hub.advance());
    return super[POLL]();
  }

  /** Without a buffer a parked send goes to whoever is about to take its value. */
  #ask<R>(act: () => R): R {
    this.#asking = this.capacity === 0;
    const result = act();
    this.#asking = false;
    return result;
  }
}
