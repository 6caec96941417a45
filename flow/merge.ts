/**
 * Several sources, in the order in which their values come.
 *
 * @module
 */
import type { Polled, Received, Result } from "../channel/mod.ts";
import {
  ASK,
  type Case,
  EMPTY,
  END,
  FAILURE,
  type Failure,
  PARK,
  POLL,
  READY,
} from "../internal/case.ts";
import { paced } from "../internal/pace.ts";
import { Ring } from "../internal/ring.ts";
import { asReceived, hook, Waiter } from "../internal/waiter.ts";
import { WatchedQueue } from "../internal/watched_queue.ts";
import { FlowBase } from "./flow.ts";
import { flowOf } from "./from.ts";
import { type Confluence, Inlet } from "./inlet.ts";
import { SyncFlow } from "./sync_flow.ts";
import type { Flow, Source } from "./types.ts";

/**
 * Merges sources into one flow: values as they come. Sources that have a value at the same time give one
 * each in turn, so one that always has a value keeps no other waiting.
 *
 * A receive asks all sources that have no value ready, so each runs at most one value ahead of what was
 * received. One that answers at once, such as an array, does not run ahead at all. Nor does a channel: a
 * value is taken from it only for a receive that waits, and it stays open when the flow ends.
 *
 * The flow ends when all sources have ended. The first error fails it, after the values that came before,
 * and closes the other sources.
 *
 * @typeParam T The values of each source, as a tuple.
 * @param sources What to merge: arrays, generators, streams, channels, flows. None at all is an empty flow.
 * @returns The flow. It owns the sources, except channels. A receive takes O(sources) time at most; among
 * async sources that have values it is O(1).
 * @throws {TypeError} If a source cannot be iterated.
 *
 * @example
 * ```ts
 * import { Channel, merge } from "millrace";
 *
 * async function* clock() {
 *   yield "tick";
 *   yield "tock";
 * }
 * const news = new Channel<number>(1);
 * news.trySend(7);
 * news.close();
 *
 * const seen = [];
 * for await (const value of merge(clock(), news)) seen.push(value);
 * console.log(seen.length); // 3
 * ```
 */
export function merge<T extends readonly unknown[]>(
  ...sources: { readonly [K in keyof T]: Source<T[K]> }
): Flow<T[number]> {
  return new MergeFlow<T[number]>(sources);
}

/** What is polled: it gives its value at once, or lets a receive park. */
interface Spring<T> extends Case {
  [POLL](): Polled<T>;
}

/**
 * Async sources run ahead and get in line with their value. What is polled, channels and synchronous
 * sources, is in line all the time; when nobody has a value, one decision is parked on all channels, as by
 * a select, so that no more is taken from them than what somebody waits for.
 */
class MergeFlow<T> extends FlowBase<T> implements Confluence<T> {
  readonly #inlets = new Set<Inlet<T>>();
  readonly #springs = new Set<Case>();
  /** Whose turn it is: inlets that hold a value, and all springs. */
  readonly #line = new Ring<Inlet<T> | Spring<T>>();
  /** How many of those in line are inlets. */
  #held = 0;
  /** Those whose values were taken: they are asked for another at the next receive. */
  readonly #idle: Inlet<T>[] = [];
  /** What is parked on the springs. */
  #parked: Waiter | undefined;
  /** How it ends when the value of a spring has arrived that is on its way. */
  #end: { readonly failure: Failure | undefined } | undefined;
  /** One entry for each receive that is parked. */
  readonly #present = new WatchedQueue(() => this.#unpark());

  constructor(sources: readonly Source<T>[]) {
    super(sources.length);
    for (const source of sources) this.#join(source);
    this.#finishIfDry();
  }

  protected override get pending(): boolean {
    return false;
  }

  override get size(): number {
    return super.size + this.#held;
  }

  override [READY](): boolean {
    if (this.closed || super.size > 0) return true;
    if (this.awaited) return false;
    if (this.#held > 0) return true;
    if (this.#idle.length > 0) void Promise.resolve().then(() => this.#ask());
    return this.#polls && [...this.#springs].some((spring) => spring[READY]());
  }

  override [POLL](): Polled<T> {
    if (super.size > 0) return super[POLL]();
    if (this.awaited) return EMPTY; // nobody overtakes a parked one
    this.#ask();
    const value = this.#next();
    return value === EMPTY && this.closed ? END : value;
  }

  override [PARK](waiter: Waiter, shuffle: boolean): void {
    super[PARK](waiter, shuffle);
    if (this.#springs.size > 0) this.#present.push(hook(ignore, waiter));
  }

  override receiveFor(loop: object): Promise<Result<T>> | undefined {
    if (this.#springs.size > 0 || this.closed || super.size > 0 || this.awaited) return undefined;
    this.#ask();
    if (this.#held > 0) return this.#giveHeld();
    // Sources are code of the user's, which may receive, or end the flow, as well.
    return this.over || this.awaited ? undefined : this.parkAlone(loop);
  }

  accept(value: T, inlet: Inlet<T>): boolean {
    if (this.#hungry) {
      this.supply(value);
      if (this.#hungry) return true;
      this.#idle.push(inlet);
    } else {
      inlet.hold(value);
      this.#held++;
      this.#line.push(inlet);
    }
    return false;
  }

  ended(inlet: Inlet<T>, failure: Failure | undefined): void {
    this.#inlets.delete(inlet);
    if (failure === undefined) this.#finishIfDry();
    else this.finish(failure);
  }

  protected override demand(): void {
    this.#ask();
    while (this.awaited && this.#polls) {
      const value = this.#next();
      if (value === EMPTY || value === END) return this.#park();
      this.supply(value);
    }
  }

  protected override finish(failure?: Failure): void {
    if (this.#arrives) this.#end ??= { failure };
    else super.finish(failure);
  }

  protected override discard(): void {
    super.discard();
    this.#held = 0;
    for (const one of this.#line.clear()) if (one instanceof Inlet) one[POLL]();
  }

  protected override release(): undefined {
    this.#unpark();
  }

  /** Whether what was parked on the springs is settled: its value was taken, and comes in a microtask. */
  get #arrives(): boolean {
    return this.#parked !== undefined && !this.#parked.parked;
  }

  /** Whether somebody waits for whom no value is on its way: that of a channel must not be left over. */
  get #hungry(): boolean {
    if (!this.awaited) return false;
    const { first } = this.#present;
    return !(this.#arrives && first !== undefined && first.next === this.#present);
  }

  /** Whether springs may be asked: what is on its way must not be overtaken. */
  get #polls(): boolean {
    return !this.over && !this.#arrives;
  }

  #join(source: Source<T>): void {
    const spring = springOf(source);
    if (spring instanceof FlowBase) this.adopt(spring);
    if (spring !== undefined) {
      this.#springs.add(spring);
      this.#line.push(spring);
      return;
    }
    const inlet = new Inlet(source as AsyncIterable<T>, this);
    this.#inlets.add(inlet);
    this.#idle.unshift(inlet); // so that the first is asked first
    this.adopt(inlet);
  }

  #ask(): void {
    for (let inlet = this.#idle.pop(); inlet !== undefined; inlet = this.#idle.pop()) inlet.ask();
  }

  /** What the first in line holds. There are no springs. */
  #giveHeld(): Promise<Result<T>> {
    const inlet = this.#line.shift() as Inlet<T>;
    this.#held--;
    this.#idle.push(inlet);
    // Made anew: what is known to be no thenable is a promise sooner than the answer of a generator.
    const result = { done: false, value: inlet[POLL]() } as Result<T>,
      promise = Promise.resolve(result);
    return paced(promise, result);
  }

  /** The value of the first in line who has one. Springs get in line again. */
  #next(): Polled<T> {
    // Counted: a spring is code of the user's, which may receive as well.
    for (let n = this.#line.size; n > 0 && this.#line.size > 0; n--) {
      const first = this.#line.shift();
      if (first instanceof Inlet) {
        this.#held--;
        this.#idle.push(first);
        return first[POLL]();
      }
      const value = this.#polls ? first[POLL]() : EMPTY;
      if (value === END) this.#dry(first);
      else if (!this.over) this.#line.push(first);
      if (value !== EMPTY && value !== END) return value;
    }
    return EMPTY;
  }

  #dry(spring: Spring<T>): void {
    this.#springs.delete(spring);
    const failure = spring[FAILURE]?.();
    if (failure === undefined) this.#finishIfDry();
    else this.finish(failure);
  }

  #finishIfDry(): void {
    if (this.#inlets.size === 0 && this.#springs.size === 0) this.finish();
  }

  #park(): void {
    if (this.#parked !== undefined || this.#springs.size === 0 || !this.awaited) return;
    let leader: Waiter | undefined;
    for (const spring of this.#springs) {
      const waiter = new Waiter(asReceived, "", leader);
      spring[PARK](waiter, false);
      leader ??= waiter;
    }
    this.#parked = leader;
    leader?.promise.then(this.#arrive, this.#look);
    for (const spring of this.#springs) spring[ASK]?.();
  }

  #unpark(): void {
    if (this.#parked === undefined || this.#arrives) return;
    this.#parked.withdraw();
    this.#parked = undefined;
  }

  // One closure each for the life of the flow.
  readonly #arrive = (received: unknown): void => {
    const { done, value } = received as Received<T>;
    // Kept, if whoever asked for it has gone since.
    if (!done) this.supply(value);
    this.#look();
  };

  /** A spring that has ended or failed is found by polling. */
  readonly #look = (): void => {
    this.#parked = undefined;
    if (this.#end !== undefined) this.finish(this.#end.failure);
    this.demand();
  };
}

/** What is polled, if `source` need not be waited for, or is not for this flow alone. */
function springOf<T>(source: Source<T>): Spring<T> | undefined {
  if (!(source instanceof FlowBase) && isSpring(source)) return source;
  const flow = flowOf(source, 0);
  return flow instanceof SyncFlow ? flow : undefined;
}

function isSpring<T>(source: Source<T>): source is Source<T> & Spring<T> {
  return typeof Object(source)[POLL] === "function";
}

function ignore(): void {}
