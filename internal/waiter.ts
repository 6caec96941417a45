/**
 * The parked operation and the queue it stands in: one wait queue under every primitive.
 *
 * An operation that cannot finish becomes a waiter in a queue. An operation that waits for several
 * things at once (a select, a receive with a signal) is a ring of siblings, each in a queue of its
 * own, that share one promise. Whoever settles one of them takes all of them out of their queues
 * first, in the same step. So no queue ever holds an entry whose decision has been made, nobody has to
 * ask whether a waiter is still interested, and nothing is settled twice.
 *
 * @module
 */
import { conclude, countRelease } from "./pace.ts";
import { below } from "./random.ts";

/** What stands beside an entry: another entry, or the queue itself. */
interface Link {
  prev: Link;
  next: Link;
}

/** What is called when a moment has come or a signal is aborted: the `value` of an entry that waits for it. */
export type Bell = (value: unknown, entry: Waiter) => void;

/** What may stand in a queue. */
export interface Parkable {
  /** Whether it does. */
  readonly parked: boolean;
}

/** Called with each entry that is parked, and its queue. */
export type ParkObserver = (
  entry: Parkable,
  queue: { readonly operation: string; readonly owner: object | undefined },
) => void;

let onPark: ParkObserver | undefined;

/** Lets `millrace/testing` look on. */
export function observeParking(observer: ParkObserver): void {
  onPark = observer;
}

/** Tells who looks on that `entry` is parked. */
export function announce(entry: Parkable, queue: WaitQueue): void {
  if (onPark !== undefined) onPark(entry, queue);
}

/** A first-in, first-out queue of parked operations. The queue is itself the ends of the list. */
export class WaitQueue<E extends Waiter = Waiter> implements Link {
  declare prev: Link;
  declare next: Link;
  /** What those who wait here called: "recv", "acquire". */
  declare readonly operation: string;
  /** On what they called it. */
  declare readonly owner: object | undefined;

  constructor(operation = "", owner?: object) {
    this.prev = this.next = this;
    this.operation = operation;
    this.owner = owner;
  }

  /** Whether nobody waits. */
  get empty(): boolean {
    return this.next === this;
  }

  /** Who waits longest. */
  get first(): E | undefined {
    return this.next === this ? undefined : this.next as unknown as E;
  }

  /** How many wait. O(n): for inspection. */
  get length(): number {
    let n = 0;
    for (let link = this.next; link !== this; link = link.next) n++;
    return n;
  }

  /**
   * Adds at the tail. O(1).
   *
   * @param shuffle Whether to take a random place among the entries of the same decision that are there.
   * If the cases of a select that stand in one queue kept their order, the first would always be served.
   */
  push(entry: E, shuffle = false): void {
    let place = this.prev;
    if (shuffle && entry.sibling !== entry) {
      let before = place;
      for (let n = 2; before !== this && (before as Waiter).promise === entry.promise; n++) {
        before = before.prev;
        if (below(n) === 0) place = before;
      }
    }
    this.insert(entry, place);
  }

  /** Adds behind `place`, which is in this queue or is this queue. O(1). */
  insert(entry: E, place: Link): void {
    const next = place.next;
    entry.prev = place;
    entry.next = next;
    place.next = entry;
    next.prev = entry;
    if (onPark !== undefined) onPark(entry, this);
  }

  /** Takes out who waits longest, and leaves its siblings where they are. O(1). */
  shift(): E | undefined {
    const first = this.next;
    if (first === this) return undefined;
    const next = first.next;
    this.next = next;
    next.prev = this;
    first.prev = first.next = first;
    return first as unknown as E;
  }

  /** The last entry was withdrawn. For queues that hold a timer or a listener. */
  emptied(): void {}
}

/** How an outcome is worded for whoever waits. */
export type Report = (done: boolean, value: unknown, key: PropertyKey) => unknown;

/** As a receive reports. */
export const asReceived: Report = (done, value) => ({ done, value });
/** As a send reports. */
export const asSent: Report = () => undefined;
/** As `recvMany` reports. */
export const asBatch: Report = (done, value) => done ? [] : [value];
/** As a select reports. */
export const asSelected: Report = (done, value, key) => ({ key, done, value });

type Settle = (outcome: unknown) => void;

// One executor for all promises: a closure each would cost more time and more memory. The functions
// lead to the promise and so to what it reports, and must not stay here.
let resolveNew: Settle | undefined;
let rejectNew: Settle | undefined;
function capture(resolve: Settle, reject: Settle): void {
  resolveNew = resolve;
  rejectNew = reject;
}

/**
 * A parked operation, one case of a parked select, or what limits them: a timeout, a signal. All that
 * stands in queues is of this one class, which extends nothing and sets its fields in one place: a base
 * class costs 10 to 20 ns a waiter, several classes in one list as much (measured, Node and Deno).
 */
export class Waiter implements Link {
  declare prev: Link;
  declare next: Link;
  /** The ring of all entries of one decision; itself if it is the only one. */
  declare sibling: Waiter;
  /** When its alarm rings, if it stands in a list of alarms. */
  declare deadline: number;
  /** What the caller of the operation awaits; the entries of one decision share it. */
  declare readonly promise: Promise<unknown>;
  /** What a parked send offers; the bell of an entry that waits for a moment or for a signal. */
  declare value: unknown;
  readonly #resolve: Settle;
  readonly #reject: Settle;
  readonly #report: Report;
  readonly #key: PropertyKey;

  /**
   * @param report How the outcome is worded.
   * @param key The case of the select, for the report.
   * @param leader Another entry of the same decision; without it the waiter is a decision of its own.
   */
  constructor(report: Report, key: PropertyKey = "", leader?: Waiter) {
    this.prev = this.next = this.sibling = this;
    this.deadline = 0;
    this.value = undefined;
    this.#report = report;
    this.#key = key;
    if (leader === undefined) {
      this.promise = new Promise(capture);
      this.#resolve = resolveNew as unknown as Settle;
      this.#reject = rejectNew as unknown as Settle;
      resolveNew = rejectNew = undefined;
    } else {
      this.promise = leader.promise;
      this.#resolve = leader.#resolve;
      this.#reject = leader.#reject;
      this.sibling = leader.sibling;
      leader.sibling = this;
    }
  }

  /** Whether it stands in a queue. */
  get parked(): boolean {
    return this.next !== this;
  }

  /**
   * Settles the decision with what this waiter waited for.
   *
   * @param mayHop Whether a hop may begin, see `internal/pace.ts`: on a channel with a buffer, by an
   * operation that ends with `paced` or `unpaced`.
   */
  settle(done: boolean, value: unknown, mayHop = false): void {
    if (this.sibling !== this || this.next !== this) this.withdraw();
    if (mayHop) countRelease();
    conclude(this.#resolve, this.#report(done, value, this.#key));
  }

  /** Settles the decision with an error. */
  refuse(error: unknown): void {
    this.withdraw();
    conclude(this.#reject, error);
  }

  /** What it waited for has happened: for those who own a queue of moments or of a signal. */
  fire(value: unknown): void {
    if (this.value === undefined) this.settle(false, value);
    else (this.value as Bell)(value, this);
  }

  /** Takes the whole decision out of all queues: from now on nobody can settle it. O(siblings). */
  withdraw(): void {
    let entry: Waiter = this;
    do {
      const { prev, next, sibling } = entry;
      prev.next = next;
      next.prev = prev;
      // What lies between its two neighbours when both are one is a queue that is now empty.
      if (prev === next && prev !== entry) (prev as WaitQueue).emptied();
      entry.prev = entry.next = entry.sibling = entry;
      entry = sibling;
    } while (entry !== this);
  }
}

/** An entry that calls `run` with what it waited for: a limit of a decision, or one of its own. */
export function hook(run: Bell, of?: Waiter): Waiter {
  const entry = new Waiter(asSent, "", of);
  entry.value = run;
  return entry;
}

/** What ended something, in a box: any value can be an error. */
export interface Failure {
  readonly error: unknown;
}

/** Tells all who wait to receive that nothing will come, first come first; or what went wrong. */
export function endAll(receivers: WaitQueue, failure?: Failure): void {
  for (let waiter = receivers.shift(); waiter !== undefined; waiter = receivers.shift()) {
    if (failure === undefined) waiter.settle(true, undefined);
    else waiter.refuse(failure.error);
  }
}
