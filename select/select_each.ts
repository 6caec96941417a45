/**
 * A loop of selects.
 *
 * @module
 */
import { checkWait, isSignal } from "../internal/checks.ts";
import { pause } from "../internal/pace.ts";
import type { Waiter } from "../internal/waiter.ts";
import { TimerCase } from "./after.ts";
import { caseOf, type Cases, checkCases, isOff, type Selectable, type Selected } from "./cases.ts";
import { isPriority, type SelectOptions, selectStep } from "./select.ts";

/**
 * Selects again and again. A receiver that is closed and drained is reported once and then left out, and
 * so are a timer that has fired and a signal that was reported; a send case stays. The loop ends when no
 * case is left.
 *
 * Nothing is selected ahead: each step of the loop is one select, with all its guarantees. Leaving the
 * loop closes nothing. What rejects a select is thrown by its step.
 *
 * @typeParam C The cases.
 * @param cases As for `select`. They are read once, when the loop starts.
 * @param options As for `select`; the timeout is for each step.
 * @returns What each select answers. O(cases) a step.
 * @throws {TypeError} At once, if there is no case, or one that is nothing to wait for.
 *
 * @example Two channels until both are closed
 * ```ts
 * import { Channel, selectEach } from "millrace";
 *
 * const a = new Channel<number>(1), b = new Channel<string>(1);
 * a.trySend(1);
 * b.trySend("x");
 * a.close();
 * b.close();
 * const seen: unknown[] = [];
 * for await (const r of selectEach({ a, b })) seen.push(r.done ? `${r.key} closed` : r.value);
 * console.log(seen.length); // 4
 * ```
 */
export function selectEach<const C extends Cases>(
  cases: C,
  options?: SelectOptions,
): AsyncIterable<Selected<C>>;
export function selectEach(cases: Cases, options?: SelectOptions): AsyncIterable<unknown> {
  if (options !== undefined) checkWait(options);
  isPriority(options);
  let count = 0;
  for (const key in cases) {
    count++;
    caseOf((cases as Live)[key], key);
  }
  checkCases(cases, count);
  return { [Symbol.asyncIterator]: () => new SelectIterator(cases, options) };
}

/** The cases that are left, by key or by index. */
type Live = Record<string, Selectable>;

interface Step {
  readonly key: string;
  readonly done: boolean;
  readonly value: unknown;
}

/** Stands in the place of a value if the loop was left before the step was decided. */
const LEFT = Symbol("left");

class SelectIterator implements AsyncIterableIterator<unknown> {
  readonly #live: Live;
  readonly #options: SelectOptions | undefined;
  /** The step that is under way. Steps follow one another: each must know what the last one left out. */
  #last: Promise<unknown> | undefined;
  #waiter: Waiter | undefined;
  #over = false;

  constructor(cases: Cases, options: SelectOptions | undefined) {
    this.#live = (Array.isArray(cases) ? [...cases] : { ...cases }) as Live;
    this.#options = options;
  }

  next(): Promise<IteratorResult<unknown, undefined>> {
    const step = () => this.#step();
    const result = this.#last === undefined ? step() : this.#last.then(step, step);
    const settled = () => {
      if (this.#last === result) this.#last = undefined;
    };
    this.#last = result;
    result.then(settled, settled);
    return result;
  }

  async return(): Promise<IteratorResult<unknown, undefined>> {
    this.#over = true;
    this.#waiter?.settle(true, LEFT);
    await pause();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #step(): Promise<IteratorResult<unknown, undefined>> {
    if (this.#over || this.#isEmpty()) {
      await pause(); // there is no select that would do it
      return { done: true, value: undefined };
    }
    try {
      const step = await selectStep(this.#live as Cases, this.#options, (waiter) => {
        this.#waiter = waiter;
      }) as Step;
      if (step.value === LEFT) return { done: true, value: undefined };
      this.#leaveOut(step);
      return { done: false, value: step };
    } finally {
      this.#waiter = undefined;
    }
  }

  #isEmpty(): boolean {
    for (const key in this.#live) {
      const value = this.#live[key];
      if (!isOff(value) && !(value instanceof TimerCase && value.fired)) return false;
    }
    return true;
  }

  #leaveOut({ key, done }: Step): void {
    const taken = this.#live[key];
    if (done || taken instanceof TimerCase || isSignal(taken)) delete this.#live[key];
  }
}
