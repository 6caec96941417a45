/**
 * What wakes the operations of this thread that wait for shared memory. A thread has one bell, so one
 * `Atomics.waitAsync` is enough, whatever waits: it cannot be taken back, and one for each channel would leave
 * stale ones behind that eat the notifications of those who wait.
 *
 * The order is the protocol: read the bell, set the bits, try again, sleep on the bell as it was read. Whoever
 * changes something claims a bit and only then rings, so nothing that happens in between is missed.
 *
 * @module
 */
import { nextTurn } from "../../internal/turn.ts";
import { Hold, repeat } from "../runtime.ts";
import type { Domain } from "./domain.ts";

/** How many of those who wait are served in one turn of the event loop. */
const MOST = 256;
/** Milliseconds that one turn may last. */
const LONGEST = 1;
/** Milliseconds between two looks at the bell where there is no `Atomics.waitAsync`. */
const POLL_EVERY = 2;

interface Async {
  waitAsync?(
    words: Int32Array,
    index: number,
    value: number,
  ): { readonly async: boolean; readonly value: PromiseLike<unknown> | string };
}
const { waitAsync } = Atomics as Async;

const pumps = new WeakMap<Domain, Pump>();

/** A queue of those who wait, as far as the pump knows it. */
export interface Pumped {
  /** Whether waiting there holds the process. */
  readonly holds: boolean;
  /** Whether nobody has claimed the bit. */
  readonly enlisted: boolean;
  /** Sets the bit. */
  enlist(): void;
  /** Clears it, and passes on a wake that was meant for those who are gone. */
  delist(): void;
  /** Serves at most `most` of those who wait; answers how many. */
  serve(most: number): number;
}

/** Of something that can be waited for: what wakes those who do. */
export const PUMP: unique symbol = Symbol("pump");

/** The one pump of a thread and its memory. */
export class Pump {
  readonly domain: Domain;
  /** Where somebody waits. */
  readonly #queues = new Set<Pumped>();
  #hold: Hold | undefined;
  /** Queues whose waiting holds the process. */
  #holding = 0;
  /** Whether `rung` will be called when the bell rings, or is about to be called. */
  #armed = false;
  #stopPolling: (() => void) | undefined;
  readonly #rung = (): void => this.#ring();
  readonly #look = (): void => this.#lookFor(performance.now());

  /** The pump of `domain`. */
  static of(domain: Domain): Pump {
    let pump = pumps.get(domain);
    if (pump === undefined) pumps.set(domain, pump = new Pump(domain));
    return pump;
  }

  private constructor(domain: Domain) {
    this.domain = domain;
  }

  /** Whether the bell is listened to, or its ring is about to be heard. */
  get armed(): boolean {
    return this.#armed;
  }

  /** Somebody waits in `queue` from now on. Whoever calls this tries again afterwards. */
  join(queue: Pumped): void {
    if (!this.#queues.has(queue)) {
      this.#queues.add(queue);
      if (queue.holds) this.hold(1);
    }
    if (!this.#armed) this.#arm();
    queue.enlist();
  }

  /** Nobody waits in `queue` any more. */
  leave(queue: Pumped): void {
    if (!this.#queues.delete(queue)) return;
    if (queue.holds) this.hold(-1);
    queue.delist();
  }

  /** So many more queues hold the process. */
  hold(more: number): void {
    this.#holding += more;
    this.#hold ??= new Hold();
    this.#hold.on = this.#holding > 0;
  }

  /** Whether somebody waits in `queue`. */
  has(queue: Pumped): boolean {
    return this.#queues.has(queue);
  }

  /** Serves those whose bits were claimed: all, for a thread that is about to sleep. */
  lookAll(): void {
    for (const queue of this.#queues) {
      if (queue.enlisted) continue;
      // First the bit, then the attempt: what comes after it claims the bit again.
      queue.enlist();
      queue.serve(Infinity);
    }
  }

  /** As `lookAll`, but what does not fit in this turn is done in the next. */
  #lookFor(start: number): void {
    let left = MOST;
    for (const queue of this.#queues) {
      if (queue.enlisted) continue;
      if (left <= 0 || performance.now() - start > LONGEST) {
        return nextTurn(this.#look);
      }
      queue.enlist();
      const served = queue.serve(left);
      // There may be more for those who are left, and nobody will say so again.
      if (served >= left) queue.delist();
      left -= served;
    }
    if (left <= 0) nextTurn(this.#look);
  }

  /**
   * Blocks the thread until its bell is no longer what was heard, or the time is over. Who rings it wakes the
   * wait of the other kind, too, if there is one.
   */
  sleep(heard: number, ms: number): void {
    const { domain } = this;
    domain.doze(heard);
    Atomics.wait(domain.words, domain.bell, heard, ms);
  }

  #ring(): void {
    this.#armed = false;
    // Most often this is all: who was woken is served, and nobody waits any more.
    this.#look();
    if (this.#queues.size === 0) return this.#stopPolling?.();
    if (!this.#armed) this.#arm();
    // What was claimed while nobody listened.
    this.#look();
  }

  #arm(): void {
    if (waitAsync === undefined) return this.#poll();
    const { domain } = this;
    this.#armed = true;
    for (;;) {
      // In this order: a ring after the first leaves the bell unlike what was heard.
      const heard = domain.bellValue();
      domain.doze(heard);
      const wait = waitAsync.call(Atomics, domain.words, domain.bell, heard);
      if (!wait.async) continue;
      void (wait.value as PromiseLike<unknown>).then(this.#rung);
      return;
    }
  }

  /** A runtime without `Atomics.waitAsync`: looks at the bell now and then, as long as somebody waits. */
  #poll(): void {
    if (this.#stopPolling !== undefined) return;
    const stop = repeat(POLL_EVERY, () => this.#ring());
    this.#stopPolling = () => {
      this.#stopPolling = undefined;
      stop();
    };
  }
}
