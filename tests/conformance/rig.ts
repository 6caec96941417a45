/**
 * What the body of a behaviour works with: channels of the kind under test, and the moment at which
 * nothing moves any more.
 *
 * The ends of a channel may be in two threads. So a body lets things come to rest between what it does
 * at one end and what it expects at the other, unless its name says "inside the call".
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import type { ChannelOptions } from "../../mod.ts";
import { type FakeClock, idle, useFakeClock } from "../../testing/mod.ts";
import { watch } from "../unit/watch.ts";
import type { Ends, Kind } from "./kind.ts";

/** Works with channels of one kind and capacity, and puts everything away at the end. */
export class Rig {
  readonly capacity: number;
  readonly #kind: Kind;
  readonly #opened: Ends<unknown>[] = [];
  #clock: FakeClock | undefined;

  constructor(kind: Kind, capacity: number) {
    this.#kind = kind;
    this.capacity = capacity;
  }

  /** A new channel. */
  open<T>(options: ChannelOptions<T> = {}): Promise<Ends<T>> {
    return this.openWith(this.capacity, options);
  }

  /** A new channel of another capacity. */
  async openWith<T>(capacity: number, options: ChannelOptions<T> = {}): Promise<Ends<T>> {
    const ends = await this.#kind.make(capacity, options);
    this.#opened.push(ends as Ends<unknown>);
    return ends;
  }

  /** A new channel whose buffer is full, with the values from 1 to its capacity. */
  async full(options: ChannelOptions<number> = {}): Promise<Ends<number>> {
    const ends = await this.open(options);
    for (let value = 1; value <= this.capacity; value++) await ends.sender.send(value);
    await this.quiet();
    return ends;
  }

  /** Resolves when nothing moves. */
  async quiet(): Promise<void> {
    await (this.#kind.quiet ?? idle)();
    for (const ends of this.#opened) this.#kind.inspect?.(ends);
  }

  /** The value of a promise that settles without a timer. */
  async settled<T>(promise: PromiseLike<T>): Promise<T> {
    const watched = watch(promise);
    await this.quiet();
    if (watched.state === "waiting") throw new AssertionError("The promise still waits.");
    if (watched.state === "rejected") throw watched.reason;
    return watched.value as T;
  }

  /** The reason of a promise that rejects without a timer. */
  async rejection(promise: PromiseLike<unknown>): Promise<unknown> {
    const watched = watch(promise);
    await this.quiet();
    if (watched.state !== "rejected") {
      throw new AssertionError(`Expected a rejection, but the promise is ${watched.state}.`);
    }
    return watched.reason;
  }

  /** A clock that is moved by hand, until the end of the test. */
  clock(): FakeClock {
    return this.#clock ??= useFakeClock();
  }

  /** Ends every channel of the test. Parked sends that are cut off count as handled. */
  async end(): Promise<void> {
    for (const ends of this.#opened) {
      ends.receiver.cancel();
      await this.#kind.release?.(ends);
    }
    this.#clock?.restore();
  }
}

/** Whole numbers, from the first to the last. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => first + i);
}
