/**
 * The real primitives, worked by the steps of a program.
 *
 * @module
 */
import { COUNTS } from "../../internal/case.ts";
import { type Permit, WaitGroup } from "../../sync/mod.ts";
import type { SyncClock } from "../support/sync_clock.ts";
import { LOCAL, type Makers } from "./makers.ts";
import type { Kind, Limits, Step } from "./program.ts";

/** A permit, of whatever kind. */
type Releasable = Pick<Permit, "release" | typeof Symbol.dispose>;
/** What a settled promise, an answer or an error comes to. */
type Note = (id: number, outcome: string) => void;

/** One primitive, and all that was given out by it. */
export class World {
  readonly #signals = [new AbortController(), new AbortController()];
  readonly #permits = new Map<number, Releasable>();
  readonly #note: Note;
  readonly #clock: SyncClock;
  readonly #real: Real;

  constructor(real: Real, clock: SyncClock, note: Note) {
    this.#note = note;
    this.#clock = clock;
    this.#real = real;
  }

  /** All that can be seen from outside. */
  state(): Record<string, unknown> {
    return this.#real.state();
  }

  /** Whether the operation has told that it was given a permit. */
  holds(id: number): boolean {
    return this.#permits.has(id);
  }

  /** Does a step; answers as the call does, or tells that it throws. */
  step(step: Step, id: number): unknown {
    try {
      if (step.op === "abort") this.#signals[step.signal]!.abort(`signal ${step.signal}`);
      else if (step.op === "advance") this.#clock.advance(step.ms);
      else if (step.op === "permit") this.#permits.get(step.n)!.release();
      else if (step.op === "dispose") this.#permits.get(step.n)![Symbol.dispose]();
      else if (step.op === "wait") this.#watch(id, this.#real.wait(this.#limits(step)));
      else if (step.op === "sleep") this.#watch(id, this.#real.sleep!(this.#limits(step)));
      else return this.#answer(this.#real.act(step), id);
      return undefined;
    } catch (error) {
      return (error as Error).name;
    }
  }

  #answer(result: unknown, id: number): unknown {
    if (result === undefined) return undefined;
    if (result !== "nothing") this.#note(id, this.#outcome(id, result));
    return result === "nothing" ? result : "permit";
  }

  #limits({ signal, timeout }: Limits): { signal?: AbortSignal; timeout?: number } {
    return {
      ...signal === undefined ? {} : { signal: this.#signals[signal]!.signal },
      ...timeout === undefined ? {} : { timeout },
    };
  }

  #watch(id: number, promise: Promise<unknown>): void {
    promise.then((result) => this.#note(id, this.#outcome(id, result)), (error) => {
      this.#note(
        id,
        error instanceof DOMException && error.name === "TimeoutError" ? "time" : error,
      );
    });
  }

  #outcome(id: number, result: unknown): string {
    if (result === undefined) return "awake";
    if (typeof result === "number") return `place ${result}`;
    this.#permits.set(id, result as Releasable);
    return "permit";
  }
}

/** How the steps of one primitive are done. */
export interface Real {
  wait(limits: { signal?: AbortSignal; timeout?: number }): Promise<unknown>;
  sleep?(limits: { signal?: AbortSignal; timeout?: number }): Promise<unknown>;
  act(step: Step): unknown;
  state(): Record<string, unknown>;
}

/** The primitives that there are for one thread and for all. */
export function realsOf(makers: Makers): Record<Exclude<Kind, "group">, () => Real> {
  return {
    mutex: () => mutexOf(makers.condition()),
    semaphore: () => semaphoreOf(makers.semaphore(2)),
    counter: () => semaphoreOf(makers.semaphore(0, { max: 3 })),
    event() {
      const event = makers.event();
      return {
        wait: (limits) => event.wait(limits),
        act: (step) => step.op === "set" ? event.set() : event.reset(),
        state: () => ({ isSet: event.isSet, waiting: event[COUNTS]().waiting }),
      };
    },
    barrier() {
      const barrier = makers.barrier(3);
      return {
        wait: (limits) => barrier.wait(limits),
        act() {},
        state: () => ({ arrived: barrier.arrived, waiting: barrier[COUNTS]().waiting }),
      };
    },
  };
}

/** The primitives of one thread. */
export const REALS: Record<Kind, () => Real> = {
  ...realsOf(LOCAL),
  group() {
    const group = new WaitGroup();
    return {
      wait: (limits) => group.wait(limits),
      act: (step) =>
        step.op === "add" && step.n === -1 ? group.done() : group.add("n" in step ? step.n : 0),
      state: () => ({ count: group.count, waiting: group[COUNTS]().waiting }),
    };
  },
};

function mutexOf({ mutex, condition }: ReturnType<Makers["condition"]>): Real {
  return {
    wait: (limits) => mutex.acquire(limits),
    sleep: (limits) => condition.wait(limits),
    act(step) {
      if (step.op === "notify") condition.notify(step.n);
      else return step.op === "try" ? mutex.tryAcquire() ?? "nothing" : mutex.release();
    },
    state() {
      const sleeping = condition[COUNTS]().waiting;
      return { locked: mutex.locked, waiting: mutex[COUNTS]().waiting, sleeping };
    },
  };
}

function semaphoreOf(semaphore: ReturnType<Makers["semaphore"]>): Real {
  return {
    wait: (limits) => semaphore.acquire(limits),
    act: (step) => step.op === "try" ? semaphore.tryAcquire() ?? "nothing" : semaphore.release(),
    state: () => ({ available: semaphore.available, waiting: semaphore[COUNTS]().waiting }),
  };
}
