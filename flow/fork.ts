/**
 * One source, several flows.
 *
 * @module
 */
import type { Received } from "../channel/mod.ts";
import { type Failure, POLL } from "../internal/case.ts";
import { checkNumber } from "../internal/checks.ts";
import { FlowBase } from "./flow.ts";
import { asFlow } from "./from.ts";
import type { Flow, Source } from "./types.ts";

/**
 * As many flows as the number says: a tuple if it is a literal, so that it can be taken apart.
 *
 * @typeParam T The values.
 * @typeParam N How many flows.
 * @typeParam List Those that are counted already.
 */
export type Branches<T, N extends number, List extends Flow<T>[] = []> = N extends unknown
  ? number extends N ? Flow<T>[]
  : List["length"] extends N ? List
  : Branches<T, N, [...List, Flow<T>]>
  : never;

/** Reads one value at a time, while a branch waits, and closes the source with the last branch. */
export abstract class Fork<T> {
  readonly branches: readonly Branch<T>[];
  /** Those that are not over. */
  protected readonly live: Set<Branch<T>>;
  readonly #input: FlowBase<T>;
  #asked = false;

  constructor(source: Source<T>, n: number) {
    checkNumber("n", n, Number.isInteger(n) && n >= 1, "a whole number of at least 1");
    this.#input = asFlow(source);
    this.branches = Array.from({ length: n }, () => new Branch(this));
    this.live = new Set(this.branches);
  }

  /** Whether a value that is read now has somewhere to go. */
  protected abstract get open(): boolean;

  /** Gives a value away. */
  protected abstract place(value: T): void;

  /** The source has ended or failed. */
  protected abstract ended(failure: Failure | undefined): void;

  /** Takes what a branch held that was cancelled. */
  abstract takeBack(values: T[]): void;

  /** A branch waits, or has room again, or is over. */
  demand(): void {
    if (this.#asked || !this.open || !this.#isAwaited()) return;
    this.#asked = true;
    this.#input.recv().then(this.#take, this.#fail);
  }

  /** A branch is over. The last one closes the source. */
  leave(branch: Branch<T>): void {
    this.live.delete(branch);
    if (this.live.size === 0) branch.own(this.#input);
  }

  /** Whether `flow` is the source or upstream of it. */
  includes(flow: FlowBase<unknown>): boolean {
    return this.#input.includes(flow);
  }

  /** Ends all branches. They learn of it when the source is closed, each of them. */
  protected close(failure: Failure | undefined): void {
    const branches = [...this.live];
    for (const branch of branches) branch.own(this.#input);
    for (const branch of branches) branch.close(failure);
  }

  #isAwaited(): boolean {
    for (const branch of this.live) if (branch.waits) return true;
    return false;
  }

  // One closure each for the life of the fork, not one a value.
  readonly #take = (received: Received<T>): void => {
    this.#asked = false;
    if (received.done) return this.ended(undefined);
    this.place(received.value);
    this.demand();
  };

  readonly #fail = (error: unknown): void => this.ended({ error });
}

/** Holds at most one value that nobody waits for. */
export class Branch<T> extends FlowBase<T> {
  readonly #fork: Fork<T>;
  #leaving = false;

  constructor(fork: Fork<T>) {
    super(1);
    this.#fork = fork;
  }

  /** Whether somebody is parked. */
  get waits(): boolean {
    return this.awaited;
  }

  /** Whether a value has somewhere to go. */
  get hasRoom(): boolean {
    return this.wanted;
  }

  /** Hands a value over. */
  give(value: T): void {
    this.supply(value);
  }

  /** Closes `input`, too, when this branch is over. */
  own(input: FlowBase<T>): void {
    this.adopt(input);
  }

  /** Ends it from upstream. */
  close(failure: Failure | undefined): void {
    this.finish(failure);
  }

  /** What the fork reads is closed with its last branch, and not with this one. */
  override includes(flow: FlowBase<unknown>): boolean {
    return super.includes(flow) || this.#fork.includes(flow);
  }

  override cancel(reason?: unknown): void {
    const held = this.over ? [] : this.#takeOut();
    super.cancel(reason);
    if (held.length > 0) this.#fork.takeBack(held);
    this.#fork.demand();
  }

  /** What has to be closed is the source, which is a flow itself. */
  protected override get pending(): boolean {
    return false;
  }

  protected override release(): undefined {
    this.#fork.leave(this);
  }

  protected override demand(): void {
    if (!this.#leaving) this.#fork.demand();
  }

  #takeOut(): T[] {
    const held: T[] = [];
    this.#leaving = true;
    while (this.size > 0) held.push(this[POLL]() as T);
    return held;
  }
}
