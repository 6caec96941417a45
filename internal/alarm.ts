/**
 * Deadlines. Alarms of one duration share a list, which is in order of their deadlines by itself, and
 * one real timer. The timer is set when somebody waits and taken away within a turn of the event loop
 * when nobody does; it is not moved when the first alarm goes, it finds out when it rings.
 *
 * @module
 */
import { ArmedQueue } from "./armed_queue.ts";
import { clock } from "./clock.ts";
import { type Bell, hook, type Waiter } from "./waiter.ts";

/** Timers take no more: a longer wait is made of several. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** An entry that calls `run` at a moment, unless its decision is made before. */
export function alarm(deadline: number, run: Bell, of?: Waiter): Waiter {
  const entry = hook(run, of);
  entry.deadline = deadline;
  return entry;
}

/** What an operation rejects with when its time is over. */
export function timeoutError(): DOMException {
  return new DOMException("Cannot wait: time is over", "TimeoutError");
}

class AlarmList extends ArmedQueue {
  readonly #ms: number;
  readonly #clock = clock;
  #timer: unknown;
  /** When the timer rings. */
  #rings = Infinity;

  constructor(ms: number) {
    super();
    this.#ms = ms;
  }

  /** O(1) for what starts now; an older deadline that comes late finds its place from the ends. */
  add(entry: Waiter): void {
    const { deadline } = entry;
    let place = this.prev;
    if (this.first !== undefined && deadline < this.first.deadline) place = this;
    while (place !== this && (place as Waiter).deadline > deadline) place = place.prev;
    this.insert(entry, place);
    if (deadline < this.#rings) this.#set(deadline);
  }

  protected override disarm(): void {
    this.#clear();
    if (lists.get(this.#ms) === this) lists.delete(this.#ms);
  }

  #set(deadline: number): void {
    this.#clear();
    const ms = Math.max(Math.ceil(deadline - this.#clock.now()), 1);
    this.#timer = this.#clock.setTimer(() => this.#ring(), Math.min(ms, LONGEST_TIMER));
    this.#rings = deadline;
  }

  #clear(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#rings = Infinity;
  }

  #ring(): void {
    this.#clear();
    const now = this.#clock.now();
    for (let entry = this.first; entry !== undefined; entry = this.first) {
      if (entry.deadline > now) return this.#set(entry.deadline);
      this.shift();
      entry.fire(undefined);
    }
    this.disarm();
  }
}

/** The lists of the clock in use. Those of another go on by themselves until they are empty. */
let lists = new Map<number, AlarmList>();
let clockOfLists = clock;

/**
 * Waits for the alarm.
 *
 * @param duration Milliseconds between the alarm's making and its deadline: which list it goes to.
 */
export function arm(entry: Waiter, duration: number): void {
  if (clockOfLists !== clock) {
    clockOfLists = clock;
    lists = new Map();
  }
  let list = lists.get(duration);
  if (list === undefined) lists.set(duration, list = new AlarmList(duration));
  list.add(entry);
}
