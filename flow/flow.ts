/**
 * What every flow owes upstream.
 *
 * @module
 */
import { SuppliedReceiver, ValueIterator } from "../channel/mod.ts";
import type { Box, ChannelIterator, Polled, Result } from "../channel/mod.ts";
import { type Failure, POLL } from "../internal/case.ts";
import { alarm, arm } from "../internal/alarm.ts";
import { clock } from "../internal/clock.ts";
import { nextTurn } from "../internal/turn.ts";
import type { Flow } from "./types.ts";

/** Milliseconds that a stage in the middle of an answer is waited for. */
const GRACE = 1_000;

/** What a flow feeds, so that no value needs a promise on its way. */
export interface Reader<T> {
  /** Whether it takes a value now; if not, it draws it later. */
  readonly hungry: boolean;
  /**
   * @param box What the result may be made of.
   * @returns Whether it takes a further one.
   */
  take(value: T, box?: Box): boolean;
  /** The flow that feeds it has ended, as the next draw tells. */
  wake(): void;
}

/** A receiver with one owner: its end, whoever brings it about, closes what is upstream, once. */
export abstract class FlowBase<T> extends SuppliedReceiver<T> implements Flow<T> {
  /** The flows that this one reads. */
  readonly #upstream: FlowBase<unknown>[];
  #over = false;
  /** Whether the end came while the source was waiting for what is upstream. */
  #interrupted = false;
  #released: Promise<void> | undefined;
  /** How many wait until it is closed. */
  #waiting = 0;
  /** What went wrong in closing, for the first who waits. */
  readonly #errors: unknown[] = [];
  /** Unhandled rejections with those of them that came when nobody waited. */
  readonly #unheard: Promise<never>[] = [];

  constructor(capacity: number, upstream: FlowBase<unknown> | readonly FlowBase<unknown>[] = []) {
    super(capacity);
    this.#upstream = [upstream].flat();
  }

  /**
   * Closes what this flow reads, if that is no flow. Called once, when the flow is over. Rejects with what
   * a `finally` throws; nobody waits after a bare `cancel`, so that it is an unhandled rejection then.
   *
   * @returns Nothing if all is done at once.
   */
  protected abstract release(): Promise<void> | undefined;

  /** Whether `release` has to wait for an answer that may never come. */
  protected abstract get pending(): boolean;

  /** Whether it has ended, from either side. Then nothing is supplied any more. */
  protected get over(): boolean {
    return this.#over;
  }

  /**
   * Makes `input` what the first flow of the chain that ends here reads, unless it is part of the chain.
   * Where several flows come together nobody knows which of them reads it, and all may.
   */
  reads(input: FlowBase<unknown>): void {
    if (this.includes(input)) return;
    const [next, ...others] = this.#upstream;
    if (next !== undefined && others.length === 0) return next.reads(input);
    this.adopt(input);
    if (this.#over) input.cancel();
  }

  /** Whether `flow` is this one or upstream of it. */
  includes(flow: FlowBase<unknown>): boolean {
    return flow === this || this.#upstream.some((upstream) => upstream.includes(flow));
  }

  /** Closes `input`, too, when this flow is over. */
  protected adopt(input: FlowBase<unknown>): void {
    if (!this.#upstream.includes(input)) this.#upstream.push(input);
  }

  /** Lets go of `input`, which is over. */
  protected disown(input: FlowBase<unknown>): void {
    const at = this.#upstream.indexOf(input);
    if (at >= 0) this.#upstream.splice(at, 1);
  }

  /** Whether somebody waits for its next value. */
  protected get isRead(): boolean {
    return this.awaited;
  }

  /** As `POLL`, but need not ask for the value after: whoever draws does, by `ASK`. */
  draw(): Polled<T> {
    return this[POLL]();
  }

  /** Whether a receive can only wait: nobody else does, nothing is at hand, and a value was asked for. */
  get isDry(): boolean {
    return false;
  }

  /** The next receive of `loop`, if there is a shorter way to make it. */
  receiveFor(loop: object): Promise<Result<T>> | undefined {
    return this.isDry ? this.parkAlone(loop) : undefined;
  }

  /** Ends what `loop` waits for. */
  stopWaiting(loop: object): void {
    this.endAlone(loop);
  }

  /** Gives what no receiver waits for to `reader`. False if it cannot: then the reader has to receive. */
  feeds(_reader: Reader<T>): boolean {
    return false;
  }

  /** Ends the flow from upstream: after its values receivers learn that it is over, or why. */
  protected finish(failure?: Failure): void {
    if (this.#over) return;
    this.#endUpstream();
    if (this.#upstream.every((upstream) => upstream.#quiet)) this.end(failure);
    else void this.#conclude(failure);
  }

  /**
   * Ends the flow because the source failed. After the end that is an error of closing if the source was
   * waiting for what is upstream, which is what let it go on; else it belongs to a value nobody wants.
   */
  protected fail(error: unknown): void {
    if (!this.#over) this.finish({ error });
    else if (this.#interrupted) this.#report(error);
  }

  /** Ends the flow from downstream: nobody reads any more. */
  override cancel(_reason?: unknown): void {
    this.discard();
    this.#endUpstream();
  }

  /** As the end of a loop: cancels, and waits for all that is upstream, except who owes an answer. */
  async leave(): Promise<void> {
    this.cancel();
    throwAll(await this.#closing(false));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    throwAll(await this.#closing(true));
  }

  override batches(max: number): AsyncIterable<T[]> {
    const batches = super.batches(max);
    return { [Symbol.asyncIterator]: () => new Batches(batches[Symbol.asyncIterator](), this) };
  }

  override [Symbol.asyncIterator](): ChannelIterator<T> {
    return new FlowIterator(this);
  }

  /** Whether it has ended, with nothing left to wait for or to report. */
  get #quiet(): boolean {
    const own = this.#over && this.#released === undefined && this.#errors.length === 0;
    return own && this.#upstream.every((upstream) => upstream.#quiet);
  }

  #endUpstream(): void {
    if (this.#over) return;
    this.#over = true; // first, because what is closed may call back
    this.#interrupted = this.#upstream.some((upstream) => upstream.isRead);
    this.#released = this.release()?.catch((error) => this.#report(error));
    for (const upstream of this.#upstream) upstream.cancel();
  }

  /** Receivers learn of the end when what is upstream is closed, as a loop in a generator would. */
  async #conclude(failure: Failure | undefined): Promise<void> {
    const errors = await this.#closingUpstream(false);
    if (this.closed) return errors.forEach((error) => this.#report(error));
    if (failure !== undefined) errors.unshift(failure.error);
    this.end(errors.length === 0 ? undefined : { error: asOne(errors) });
  }

  /** Keeps an error of closing for whoever waits. */
  #report(error: unknown): void {
    this.#errors.push(error);
    if (this.#waiting === 0) this.#unheard.push(Promise.reject(error));
  }

  /**
   * Waits until this flow and what is upstream are closed, and takes the errors that nobody has heard of.
   *
   * @param patient Whether to wait for those, too, who owe an answer.
   */
  async #closing(patient: boolean): Promise<unknown[]> {
    this.#waiting++;
    for (const rejection of this.#unheard.splice(0)) rejection.catch(ignore);
    const upstream = this.#closingUpstream(patient);
    await this.#closed(patient);
    const further = await upstream;
    this.#waiting--;
    return [...this.#errors.splice(0), ...further];
  }

  /**
   * Waits until this flow is closed. Who owes an answer may never give it: a source has a turn of the event
   * loop for that, a stage, which has been told that its input is over, a second.
   */
  #closed(patient: boolean): Promise<void> | undefined {
    const released = this.#released;
    if (patient || released === undefined || !this.pending) return released;
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.pending) resolve();
      };
      const limit = alarm(clock.now() + GRACE, look);
      if (this.#upstream.length > 0) arm(limit, GRACE);
      else nextTurn(look);
      void released.then(() => {
        limit.withdraw();
        resolve();
      });
    });
  }

  async #closingUpstream(patient: boolean): Promise<unknown[]> {
    const errors = await Promise.all(this.#upstream.map((upstream) => upstream.#closing(patient)));
    return errors.flat();
  }
}

class FlowIterator<T> extends ValueIterator<T> {
  readonly #flow: FlowBase<T>;
  #left = false;

  constructor(flow: FlowBase<T>) {
    super(flow);
    this.#flow = flow;
  }

  override next(): Promise<Result<T>> {
    this.forget();
    return (this.#left ? undefined : this.#flow.receiveFor(this)) ?? super.next();
  }

  override async return(): Promise<Result<T>> {
    this.#left = true;
    this.#flow.stopWaiting(this);
    const result = super.return();
    await this.#flow.leave();
    return result;
  }
}

/** A loop over the batches of a flow. */
class Batches<T> implements AsyncIterableIterator<T[]> {
  readonly #loop: AsyncIterator<T[]>;
  readonly #flow: FlowBase<T>;

  constructor(loop: AsyncIterator<T[]>, flow: FlowBase<T>) {
    this.#loop = loop;
    this.#flow = flow;
  }

  next(): Promise<IteratorResult<T[]>> {
    return this.#loop.next();
  }

  async return(): Promise<IteratorResult<T[]>> {
    const result = this.#loop.return?.();
    await this.#flow.leave();
    return result ?? { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function throwAll(errors: unknown[]): void {
  if (errors.length > 0) throw asOne(errors);
}

/** One error is itself; several are an `AggregateError`, with the first as its cause. */
function asOne(errors: unknown[]): unknown {
  if (errors.length === 1) return errors[0];
  return new AggregateError(errors, "Cannot end cleanly: several errors", { cause: errors[0] });
}

function ignore(): void {}
