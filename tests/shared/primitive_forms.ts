/**
 * The waiting forms of the shared primitives, as data: what holds for those of one thread holds for them.
 *
 * @module
 */
import { COUNTS } from "../../internal/case.ts";
import {
  SharedBarrier,
  SharedCondition,
  SharedMutex,
  SharedResetEvent,
  SharedSemaphore,
} from "../../workers/mod.ts";
import type { Form, FormKind } from "../sync/forms.ts";

/** All of them. */
export const SHARED_FORMS: readonly FormKind[] = [
  {
    name: "SharedMutex.acquire()",
    serves: "one",
    make() {
      const mutex = free(new SharedMutex());
      mutex.tryAcquire();
      return {
        wait: (options) => mutex.acquire(options),
        go: () => mutex.release(),
        waiting: () => mutex[COUNTS]().waiting,
      };
    },
    ready() {
      const mutex = new SharedMutex();
      return { wait: (options) => mutex.acquire(options), touched: () => mutex.locked };
    },
  },
  semaphoreKind("SharedSemaphore.acquire()", () => {
    const semaphore = new SharedSemaphore(1);
    semaphore.tryAcquire();
    return semaphore;
  }),
  semaphoreKind(
    "SharedSemaphore.acquire() with a max",
    () => new SharedSemaphore(0, { max: Infinity }),
  ),
  { name: "SharedCondition.wait()", serves: "one", make: conditionForm },
  {
    name: "SharedResetEvent.wait()",
    serves: "all",
    make() {
      const event = free(new SharedResetEvent());
      return {
        wait: (options) => event.wait(options),
        go: () => event.set(),
        waiting: () => event[COUNTS]().waiting,
      };
    },
    ready() {
      const event = new SharedResetEvent();
      event.set();
      return { wait: (options) => event.wait(options), touched: () => false };
    },
  },
  {
    name: "SharedBarrier.wait()",
    serves: "all",
    make(most) {
      const barrier = free(new SharedBarrier(Math.min(most + 1, 1023)));
      return {
        wait: (options) => barrier.wait(options),
        go() {
          while (barrier.arrived > 0) void barrier.wait();
        },
        waiting: () => barrier[COUNTS]().waiting,
      };
    },
    ready() {
      const barrier = new SharedBarrier(1);
      return { wait: (options) => barrier.wait(options), touched: () => barrier.arrived > 0 };
    },
  },
];

/** What still waits at the end of a test is not to hold the process. */
function free<P extends { unref(): void }>(primitive: P): P {
  primitive.unref();
  return primitive;
}

function semaphoreKind(name: string, make: () => SharedSemaphore): FormKind {
  return {
    name,
    serves: "one",
    make() {
      const semaphore = free(make());
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

function conditionForm(): Form {
  const mutex = free(new SharedMutex());
  const condition = free(new SharedCondition(mutex));
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
