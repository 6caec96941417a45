/**
 * A receiver whose values come from elsewhere: a generator, a stage, another thread.
 *
 * The supplier is asked when there is room or somebody waits, and never supplies more than what is
 * wanted, so the demand of the last receiver reaches the first source. Values and waiters are kept as in
 * the channel in memory, and its invariants hold.
 *
 * @module
 */
import { ASK, EMPTY, END, FAILURE, type Failure, PARK, POLL, READY } from "../internal/case.ts";
import { Ring } from "../internal/ring.ts";
import { announce, endAll, type Waiter, WaitQueue } from "../internal/waiter.ts";
import { type Polled, ReceiverBase } from "./base.ts";
import { type Box, LonePlace, type Result } from "./lone_receive.ts";

/** The receiving end of a supply. */
export abstract class SuppliedReceiver<T> extends ReceiverBase<T> {
  readonly #buffer = new Ring<T>();
  readonly #receivers = new WaitQueue("recv", this);
  /** Who came when nobody waited: before all in the queue. */
  readonly #lone = new LonePlace();
  readonly #capacity: number;
  #closed = false;
  #failure: Failure | undefined;

  constructor(capacity: number) {
    super();
    this.#capacity = capacity;
  }

  /** Somebody asks, took or waits: supply if `wanted`. Called in the turn of the receive. */
  protected abstract demand(): void;

  /** Whether a further value has somewhere to go. */
  protected get wanted(): boolean {
    return !this.#closed && (this.#buffer.size < this.#capacity || this.awaited);
  }

  /** Whether somebody is parked. */
  protected get awaited(): boolean {
    return this.#lone.parked || !this.#receivers.empty;
  }

  /** Whether somebody is parked who is no part of the decision of `entry`: a select never matches itself. */
  protected awaitedBeside(entry: Waiter | undefined): boolean {
    if (this.#lone.parked) return true;
    const receivers = this.#receivers;
    let link = receivers.next;
    while (link !== receivers && (link as Waiter).promise === entry?.promise) link = link.next;
    return link !== receivers;
  }

  /**
   * Parks the receive of a loop that has to wait, without asking anybody, and without `PARK`: for
   * receivers that do not need to know. Nobody else may be parked.
   */
  protected parkAlone(loop: object): Promise<Result<T>> {
    const lone = this.#lone;
    const promise = lone.park(loop);
    announce(lone, this.#receivers);
    return promise as Promise<Result<T>>;
  }

  /** Ends the receive that `loop` has parked alone, if it has. */
  protected endAlone(loop: object): void {
    if (this.#lone.isOf(loop)) this.#lone.end();
  }

  /**
   * Hands a value over. One that a receiver asked for and then did not wait for is kept.
   *
   * @param box What the result may be made of.
   */
  protected supply(value: T, box?: Box): void {
    if (this.#closed) return;
    if (this.#lone.parked) return this.#lone.give(value, box);
    const receiver = this.#receivers.shift();
    if (receiver === undefined) this.#buffer.push(value);
    else receiver.settle(false, value);
  }

  /** Takes a value from the buffer, and asks for none. There must be one. */
  protected shift(): T {
    return this.#buffer.shift();
  }

  /** Ends the supply; receivers learn of it after the values. */
  protected end(failure?: Failure): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#failure = failure;
    this.#lone.end(failure);
    endAll(this.#receivers, failure);
  }

  /** Drops what is there; receives report `done`, also after a failure. */
  protected discard(): void {
    this.end();
    this.#failure = undefined;
    this.#buffer.clear();
  }

  override get closed(): boolean {
    return this.#closed;
  }

  override get size(): number {
    return this.#buffer.size;
  }

  override get capacity(): number {
    return this.#capacity;
  }

  override [READY](): boolean {
    if (this.#buffer.size > 0 || this.#closed) return true;
    // Later: a source is code of the user's, and a select has not looked at all its cases yet.
    if (this.wanted) void Promise.resolve().then(() => this.demand());
    return false;
  }

  override [POLL](): Polled<T> {
    if (this.#buffer.size === 0 && !this.#closed) this.demand();
    if (this.#buffer.size === 0) return this.#closed ? END : EMPTY;
    const value = this.#buffer.shift();
    this.demand();
    return value;
  }

  override [FAILURE](): Failure | undefined {
    return this.#failure;
  }

  override [PARK](waiter: Waiter, shuffle: boolean): void {
    this.#receivers.push(waiter, shuffle);
  }

  override [ASK](): void {
    this.demand();
  }
}
