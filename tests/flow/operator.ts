/**
 * A row in the table of operators, and the rig that the laws are tried with.
 *
 * @module
 */
import { assertEquals, AssertionError } from "@std/assert";
import type { Flow, Received, Source } from "../../mod.ts";
import { type FakeClock, parked, useFakeClock } from "../../testing/mod.ts";
import { watch } from "../unit/watch.ts";
import { Producer } from "./sources.ts";

/** Which laws an operator does not keep. */
export interface Deviation {
  readonly reason: string;
  /** Names of laws. One that is unknown fails. */
  readonly laws: readonly string[];
}

/** What the laws have to know of an operator. */
export interface OperatorOptions {
  /** What it gives of the numbers 1 to `n`. Default: these. */
  readonly gives?: (n: number) => unknown[];
  /** How many values the source has made when `received` results were received and nothing moves. */
  readonly made: (received: number, timing: Timing) => number;
  /** It reads on for ever: its source falls silent after this many values instead of going on. */
  readonly eager?: number;
  /** Whether it calls a function with each value. */
  readonly calls?: boolean;
  /** How many milliseconds a result may wait for its time. */
  readonly ms?: number;
  readonly deviations?: readonly Deviation[];
}

/** Makes the flow. Where the operator takes a function, that calls `spy` with each value. */
export type Make = (source: Source<number>, spy: (n: number) => void) => Flow<unknown>;

/** Whether the source of a law answers later or at once. */
export type Timing = "later" | "now";

/** What a law is tried with: one operator, one clock, sources that tell what is done to them. */
export class Rig {
  readonly options: OperatorOptions;
  readonly timing: Timing;
  readonly producer = new Producer();
  readonly #make: Make;
  readonly #clock: FakeClock = useFakeClock();
  readonly #flows: Flow<unknown>[] = [];

  constructor(make: Make, options: OperatorOptions, timing: Timing) {
    this.#make = make;
    this.options = options;
    this.timing = timing;
  }

  /** What the operator gives of the numbers 1 to `n`. */
  gives(n: number): unknown[] {
    return this.options.gives?.(n) ?? Array.from({ length: n }, (_, i) => i + 1);
  }

  /** The flow of the operator over `source`. */
  over(source: Source<number>, spy: (n: number) => void = () => {}): Flow<unknown> {
    const flow = this.#make(source, spy);
    this.#flows.push(flow);
    return flow;
  }

  /** The numbers up to `last`, of the producer. */
  numbers(last: number): Source<number> {
    return this.timing === "now" ? this.producer.now(last) : this.producer.values(last);
  }

  /** Numbers without end; those for an operator that reads on for ever are followed by silence. */
  endless(): Source<number> {
    const { eager } = this.options;
    return eager === undefined ? this.numbers(Infinity) : new Silent(this.producer, eager);
  }

  /** Nothing moves any more, and what had to wait for its time is there. */
  quiet(): Promise<void> {
    return this.#clock.advance(this.options.ms ?? 0);
  }

  /** What a promise came to, when nothing moves any more. */
  async outcome<T>(promise: PromiseLike<T>): Promise<T> {
    const watched = watch(promise);
    await this.quiet();
    if (watched.state === "waiting") throw new AssertionError("The promise still waits.");
    if (watched.state === "rejected") throw watched.reason;
    return watched.value as T;
  }

  /** A receive that does not wait for anything outside. */
  receive(flow: Flow<unknown>): Promise<Received<unknown>> {
    return this.outcome(flow.recv());
  }

  /** After a law: nobody is left behind. */
  async end(): Promise<void> {
    for (const flow of this.#flows) flow.cancel();
    await this.#clock.advance(0);
    const { timers } = this.#clock;
    this.#clock.restore();
    assertEquals([parked(), timers], [[], 0]);
  }

  /** After a law that failed. */
  abandon(): void {
    this.#clock.restore();
  }
}

/** Gives numbers, and then nothing until it is closed. */
class Silent implements AsyncIterableIterator<number> {
  readonly #producer: Producer;
  readonly #last: number;
  #close: () => void = () => {};

  constructor(producer: Producer, last: number) {
    this.#producer = producer;
    this.#last = last;
  }

  async next(): Promise<IteratorResult<number>> {
    this.#producer.started = true;
    if (this.#producer.made < this.#last) return { done: false, value: ++this.#producer.made };
    await new Promise<void>((resolve) => this.#close = resolve);
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<number>> {
    if (this.#producer.started) this.#producer.closed++;
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
