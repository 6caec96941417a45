/**
 * The waiting forms of all primitives, as data: what holds for one holds for all.
 *
 * @module
 */
import { COUNTS } from "../../internal/case.ts";
import { WaitGroup } from "../../sync/mod.ts";
import { LOCAL, type Makers } from "./makers.ts";

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

/** Those that there are for one thread and for all. */
export function formsOf(makers: Makers): readonly FormKind[] {
  const { prefix } = makers;
  return [
    mutexKind(makers),
    semaphoreKind(`${prefix}Semaphore.acquire()`, () => {
      const semaphore = makers.semaphore(1);
      semaphore.tryAcquire();
      return semaphore;
    }),
    semaphoreKind(
      `${prefix}Semaphore.acquire() with a max`,
      () => makers.semaphore(0, { max: Infinity }),
    ),
    { name: `${prefix}Condition.wait()`, serves: "one", make: () => conditionForm(makers) },
    eventKind(makers),
    barrierKind(makers),
  ];
}

/** All of one thread. */
export const FORMS: readonly FormKind[] = [...formsOf(LOCAL), {
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
}];

function mutexKind(makers: Makers): FormKind {
  return {
    name: `${makers.prefix}Mutex.acquire()`,
    serves: "one",
    make() {
      const mutex = makers.mutex();
      mutex.tryAcquire();
      return {
        wait: (options) => mutex.acquire(options),
        go: () => mutex.release(),
        waiting: () => mutex[COUNTS]().waiting,
      };
    },
    ready() {
      const mutex = makers.mutex();
      return { wait: (options) => mutex.acquire(options), touched: () => mutex.locked };
    },
  };
}

/** @param make Makes a semaphore that has no permit now. */
function semaphoreKind(name: string, make: () => ReturnType<Makers["semaphore"]>): FormKind {
  return {
    name,
    serves: "one",
    make() {
      const semaphore = make();
      return {
        wait: (options) => semaphore.acquire(options),
        go: () => semaphore.release(),
        waiting: () => semaphore[COUNTS]().waiting,
      };
    },
    ready() {
      const semaphore = make();
      semaphore.release();
      const touched = () => semaphore.available === 0;
      return { wait: (options) => semaphore.acquire(options), touched };
    },
  };
}

function eventKind(makers: Makers): FormKind {
  return {
    name: `${makers.prefix}ResetEvent.wait()`,
    serves: "all",
    make() {
      const event = makers.event();
      return {
        wait: (options) => event.wait(options),
        go: () => event.set(),
        waiting: () => event[COUNTS]().waiting,
      };
    },
    ready() {
      const event = makers.event();
      event.set();
      return { wait: (options) => event.wait(options), touched: () => false };
    },
  };
}

function barrierKind(makers: Makers): FormKind {
  return {
    name: `${makers.prefix}Barrier.wait()`,
    serves: "all",
    make(most) {
      const barrier = makers.barrier(most + 1);
      return {
        wait: (options) => barrier.wait(options),
        go() {
          while (barrier.arrived > 0) void barrier.wait();
        },
        waiting: () => barrier[COUNTS]().waiting,
      };
    },
    ready() {
      const barrier = makers.barrier(1);
      return { wait: (options) => barrier.wait(options), touched: () => barrier.arrived > 0 };
    },
  };
}

function conditionForm(makers: Makers): Form {
  const { mutex, condition } = makers.condition();
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
