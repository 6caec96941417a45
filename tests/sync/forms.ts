/**
 * The waiting forms of all primitives, as data: what holds for one holds for all.
 *
 * @module
 */
import { COUNTS } from "../../internal/case.ts";
import { Barrier, Condition, Mutex, ResetEvent, Semaphore, WaitGroup } from "../../sync/mod.ts";

/** How long an operation may wait. */
export interface Limits {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
}

/** One primitive, in a state in which a wait parks. */
export interface Form {
  wait(options?: Limits): Promise<unknown>;
  /** Lets those go on who have waited longest: one, or all of them. */
  go(): void;
  /** How many are parked. */
  waiting(): number;
}

/** One kind of waiting. */
export interface FormKind {
  readonly name: string;
  /** Whether `go` is for one who waits, or for all. */
  readonly serves: "one" | "all";
  /** @param most How many waits will be parked at once, at most. */
  make(most: number): Form;
  /** A wait that need not park, and whether it has changed anything. Absent if it always parks. */
  ready?(): { wait(options?: Limits): Promise<unknown>; touched(): boolean };
}

/** All of them. */
export const FORMS: readonly FormKind[] = [
  {
    name: "Mutex.acquire()",
    serves: "one",
    make() {
      const mutex = new Mutex();
      mutex.tryAcquire();
      return {
        wait: (options) => mutex.acquire(options),
        go: () => mutex.release(),
        waiting: () => mutex[COUNTS]().waiting,
      };
    },
    ready() {
      const mutex = new Mutex();
      return { wait: (options) => mutex.acquire(options), touched: () => mutex.locked };
    },
  },
  {
    name: "Semaphore.acquire()",
    serves: "one",
    make() {
      const semaphore = new Semaphore(0, { max: Infinity });
      return {
        wait: (options) => semaphore.acquire(options),
        go: () => semaphore.release(),
        waiting: () => semaphore[COUNTS]().waiting,
      };
    },
    ready() {
      const semaphore = new Semaphore(1);
      const touched = () => semaphore.available === 0;
      return { wait: (options) => semaphore.acquire(options), touched };
    },
  },
  { name: "Condition.wait()", serves: "one", make: conditionForm },
  {
    name: "ResetEvent.wait()",
    serves: "all",
    make() {
      const event = new ResetEvent();
      return {
        wait: (options) => event.wait(options),
        go: () => event.set(),
        waiting: () => event[COUNTS]().waiting,
      };
    },
    ready() {
      const event = new ResetEvent();
      event.set();
      return { wait: (options) => event.wait(options), touched: () => false };
    },
  },
  {
    name: "WaitGroup.wait()",
    serves: "all",
    make() {
      const group = new WaitGroup();
      group.add();
      return {
        wait: (options) => group.wait(options),
        go: () => group.done(),
        waiting: () => group[COUNTS]().waiting,
      };
    },
    ready() {
      const group = new WaitGroup();
      return { wait: (options) => group.wait(options), touched: () => false };
    },
  },
  {
    name: "Barrier.wait()",
    serves: "all",
    make(most) {
      const barrier = new Barrier(most + 1);
      return {
        wait: (options) => barrier.wait(options),
        go() {
          while (barrier.arrived > 0) barrier.wait();
        },
        waiting: () => barrier[COUNTS]().waiting,
      };
    },
    ready() {
      const barrier = new Barrier(1);
      return { wait: (options) => barrier.wait(options), touched: () => barrier.arrived > 0 };
    },
  },
];

function conditionForm(): Form {
  const mutex = new Mutex();
  const condition = new Condition(mutex);
  return {
    wait(options) {
      const permit = mutex.tryAcquire();
      // The mutex is back when the wait is over, however it ends; a wait that throws has not let go.
      const release = () => permit?.release();
      try {
        const wait = condition.wait(options);
        wait.then(release, release);
        return wait;
      } catch (error) {
        release();
        throw error;
      }
    },
    go() {
      const permit = mutex.tryAcquire();
      condition.notify();
      permit?.release();
    },
    waiting: () => condition[COUNTS]().waiting,
  };
}
