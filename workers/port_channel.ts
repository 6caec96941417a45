/**
 * The far end of a bridged channel: what a thread is given for a channel of another thread.
 *
 * @module
 */
import { ended, type Polled, ReceiverBase } from "../channel/base.ts";
import { SendCase } from "../channel/send_case.ts";
import { sendMany } from "../channel/send_many.ts";
import type { Received, Sender, WaitOptions } from "../channel/types.ts";
import {
  EMPTY,
  END,
  FAILURE,
  type Failure,
  PARK,
  PARK_SEND,
  POLL,
  READY,
  SEND_READY,
} from "../internal/case.ts";
import { checkCount } from "../internal/checks.ts";
import { refused } from "../internal/pace.ts";
import { isAborted, limit } from "../internal/wait.ts";
import { asReceived, type Report, Waiter } from "../internal/waiter.ts";
import {
  BACK,
  CANCEL,
  type ChannelData,
  CLOSE,
  FAIL,
  HOLD,
  RECV,
  TRY_RECV,
} from "./bridge_wire.ts";
import { PortLoop } from "./port_loop.ts";
import { type AheadTarget, sendManyAhead } from "./port_send_many.ts";
import { PortReceives } from "./port_receives.ts";
import { PortSends } from "./port_sends.ts";
import type { Line } from "./port_slot.ts";
import { encodeError } from "./remote_error.ts";
import type { OfferRelay, Tap } from "./tap.ts";

/**
 * A channel that lives in another thread. It keeps the contract of `Sender` and `Receiver`; each
 * operation asks the near end and waits for its answer, so what must be answered at once is not known:
 * `tryRecv` answers undefined as long as there may be something, `trySend` false unless the capacity is
 * `Infinity`, `size` and `closed` are what was heard last. With `timeout: 0`, a receive or a send asks the
 * next thread once.
 */
export class PortChannel<T> extends ReceiverBase<T> implements Sender<T>, AheadTarget<T>, Tap {
  readonly name: string | undefined;
  readonly #line: Line;
  /** By which the two ends call it. @internal */
  readonly number: number;
  readonly #capacity: number;
  readonly #receives: PortReceives;
  readonly #sends: PortSends;
  #size: number;
  #closed: boolean;
  #cancelled = false;
  /** How many values are under way between this thread and those that it has passed the channel on to. */
  #further = 0;
  /** Whether it is known that nothing will come any more. */
  #over = false;
  #failure: Failure | undefined;
  /** Why the thread is to end. */
  #stopped: Failure | undefined;
  #onChange: (() => void) | undefined;

  constructor(line: Line, { number, name, capacity, size, closed }: ChannelData) {
    super();
    this.#line = line;
    this.number = number;
    this.name = name;
    this.#capacity = capacity;
    this.#size = size;
    this.#closed = closed;
    this.#receives = new PortReceives(this, line, number);
    this.#sends = new PortSends(this, line, number);
  }

  override get closed(): boolean {
    return this.#closed;
  }

  override get size(): number {
    return this.#size;
  }

  override get capacity(): number {
    return this.#capacity;
  }

  override recv(options?: WaitOptions): Promise<Received<T>> {
    return this.#receive(asReceived, 0, { done: true, value: undefined }, options);
  }

  override recvMany(max: number, options?: WaitOptions): Promise<T[]> {
    checkCount("max", max, 1);
    return this.#receive(asArray, max, [], options);
  }

  override batches(max: number): AsyncIterable<T[]> {
    checkCount("max", max, 1);
    const park = (waiter: Waiter) => void this.#receives.park(RECV, waiter, max);
    return { [Symbol.asyncIterator]: () => new PortLoop<T>(this, park) };
  }

  send(value: T, options?: WaitOptions): Promise<void> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    if (this.#closed) return refused(this.refusal(value));
    return this.#sends.send(value, options);
  }

  /** @internal */
  sendAhead(value: T, row: object): Promise<void> {
    return this.#closed ? refused(this.refusal(value)) : this.#sends.send(value, undefined, row);
  }

  trySend(value: T): boolean {
    if (this.#closed) throw this.refusal(value);
    if (this.#capacity !== Infinity) return false;
    this.#sends.give(value);
    return true;
  }

  sendMany(values: Iterable<T> | AsyncIterable<T>, options?: WaitOptions): Promise<number> {
    const limited = options?.signal !== undefined || options?.timeout !== undefined;
    return limited ? sendMany(this, values, options) : sendManyAhead(this, values);
  }

  sendCase(value: T): SendCase {
    return new SendCase(this as PortChannel<unknown>, value);
  }

  close(): void {
    if (this.#closed) return;
    this.#line.out.put(CLOSE, this.number, 0);
    this.#close();
  }

  fail(error: unknown): void {
    if (this.#closed) return;
    this.#line.out.put(FAIL, this.number, 0, encodeError(error));
    this.#close();
  }

  override cancel(reason?: unknown): void {
    if (this.#cancelled || this.#stopped !== undefined) return;
    this.#cancelled = true;
    this.#receives.halt();
    this.#line.out.put(CANCEL, this.number, 0, encodeError(reason));
    this.#end(undefined);
    this.#failure = undefined;
    this.#close();
  }

  /** Why `value` cannot be sent. @internal */
  refusal(value: unknown): unknown {
    return this.#stopped === undefined
      ? this.#sends.closedError(value, undefined)
      : this.#stopped.error;
  }

  /** The thread is to end: what waits rejects, and so does all that follows. @internal */
  stop(error: unknown): void {
    this.#stopped ??= { error };
    this.#closed = true;
    this.#receives.halt();
    this.#receives.excuse();
    this.#end({ error });
    this.#sends.withdrawAll(error);
  }

  /** Values for the receive `id`. @internal */
  values(id: number, values: unknown[]): void {
    this.#receives.values(id, values);
  }

  /** The receive `id` has found the channel drained. @internal */
  ended(id: number, failure: Failure | undefined): void {
    if (!this.#receives.isVoid(id)) this.#end(failure);
    this.#releaseIfDone();
  }

  /** The operation `id` would have to wait, or cannot happen. @internal */
  refuse(id: number, error: unknown): void {
    if (!this.#receives.refuse(id, error)) this.#sends.refuse(id, error);
    this.#releaseIfDone();
  }

  /** The send `id` has come too late. @internal */
  refuseClosed(id: number, cause: Failure | undefined): void {
    this.#close();
    this.#sends.refuseClosed(id, cause);
    this.#releaseIfDone();
  }

  /** The send `id` was accepted. @internal */
  sent(id: number): void {
    this.#sends.sent(id);
    this.#releaseIfDone();
  }

  /** The send `id` has not happened. @internal */
  withdrawn(id: number): void {
    this.#sends.withdrawn(id);
  }

  /** The offer `id` may be claimed. @internal */
  offerReady(id: number): void {
    if (this.#sends.ready(id)) this.#onChange?.();
  }

  /** What is known of the channel. @internal */
  state(size: number, closed: boolean): void {
    this.#size = size;
    if (closed) this.#close();
    this.#releaseIfDone();
  }

  /** @internal */
  override [READY](): boolean {
    return this.#over;
  }

  /** @internal */
  override [POLL](): Polled<T> {
    return this.#over ? END : EMPTY;
  }

  /** @internal */
  override [FAILURE](): Failure | undefined {
    return this.#failure;
  }

  /** @internal */
  override [PARK](waiter: Waiter, shuffle: boolean): void {
    this.#receives.park(RECV, waiter, 0, shuffle);
  }

  /**
   * Where there is no bound, `trySend` gives a value away without asking; a select can ask.
   *
   * @internal
   */
  [SEND_READY](): boolean {
    return this.#closed;
  }

  /** @internal */
  [PARK_SEND](waiter: Waiter, shuffle: boolean): void {
    this.#sends.offer(waiter, shuffle);
  }

  // What follows is for a thread that this one has passed the channel on to.

  /** @internal */
  get relay(): OfferRelay {
    return this.#sends;
  }

  /** What the near end has found ready of what was asked for. @internal */
  room(): number {
    return this.#sends.claimable;
  }

  /** @internal */
  drained(): boolean {
    return this.#over;
  }

  /**
   * The near end has been told that they were taken here, or will be.
   *
   * @internal
   */
  hold(count: number): void {
    this.#further += count;
    if (count > 0) this.#line.out.putFirst(HOLD, this.number, count);
    else if (count < 0) this.#line.out.put(HOLD, this.number, count);
    this.#releaseIfDone();
  }

  /** @internal */
  readonly holding = false;

  /** @internal */
  giveBack(values: readonly unknown[]): void {
    const rest = values.slice(this.#receives.settle(values));
    if (rest.length > 0) this.#line.out.put(BACK, this.number, 0, rest);
  }

  /** @internal */
  watch(listener: (() => void) | undefined): void {
    this.#onChange = listener;
  }

  #receive<R>(report: Report, max: number, atEnd: R, options?: WaitOptions): Promise<R> {
    if (options !== undefined && isAborted(options)) return refused(options.signal?.reason);
    if (this.#over) return ended(this, atEnd);
    const once = options?.timeout === 0;
    const waiter = new Waiter(report);
    this.#receives.park(once ? TRY_RECV : RECV, waiter, max);
    if (once) void limit(waiter, { signal: options.signal });
    else if (options !== undefined) void limit(waiter, options);
    return waiter.promise as Promise<R>;
  }

  /** Only what has ended by itself: a failed channel may still be cancelled, which the near end is told. */
  #releaseIfDone(): void {
    const done = this.#over && this.#closed && !this.#cancelled && this.#failure === undefined;
    if (done && this.#further === 0 && this.#sends.empty) this.#line.release(this.number);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onChange?.();
  }

  #end(failure: Failure | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#failure = failure;
    this.#receives.end(failure);
    this.#onChange?.();
  }
}

const asArray: Report = (done, value) => done ? [] : value;
