/**
 * The shared primitives, worked by the steps of the programs for those of one thread.
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
import type { Kind } from "../sync/program.ts";
import { type Real, semaphoreOf } from "../sync/world.ts";

/** What still waits at the end of a program is not to hold the process. */
function free<P extends { unref(): void }>(primitive: P): P {
  primitive.unref();
  return primitive;
}

/** Those that there are. */
export const SHARED_REALS: Record<Exclude<Kind, "group">, () => Real> = {
  mutex() {
    const mutex = free(new SharedMutex());
    const condition = free(new SharedCondition(mutex));
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
  },
  semaphore: () => semaphoreOf(free(new SharedSemaphore(2))),
  counter: () => semaphoreOf(free(new SharedSemaphore(0, { max: 3 }))),
  event() {
    const event = free(new SharedResetEvent());
    return {
      wait: (limits) => event.wait(limits),
      act: (step) => step.op === "set" ? event.set() : event.reset(),
      state: () => ({ isSet: event.isSet, waiting: event[COUNTS]().waiting }),
    };
  },
  barrier() {
    const barrier = free(new SharedBarrier(3));
    return {
      wait: (limits) => barrier.wait(limits),
      act() {},
      state: () => ({ arrived: barrier.arrived, waiting: barrier[COUNTS]().waiting }),
    };
  },
};
