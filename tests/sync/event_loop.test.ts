import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { test } from "node:test";
import { Barrier, Condition, Mutex, ResetEvent, Semaphore, WaitGroup } from "../../sync/mod.ts";
import { idle } from "../../testing/mod.ts";
import { watch } from "../unit/watch.ts";
import { overheat } from "./overheat.ts";

/** Ticks of the runtime's own timer, after which it is shown that timers get their turn. */
const ENOUGH = 10;
/** Milliseconds after which they do not. Real time, and long: other processes want the core too. */
const PATIENCE = 4_000;

type Program = (running: () => boolean) => Promise<unknown>;

/** Runs a program until an interval of 5 ms came often enough; answers how often it came. */
async function ticksDuring(program: Program): Promise<number> {
  let ticks = 0;
  const interval = setInterval(() => ticks++, 5);
  const end = performance.now() + PATIENCE;
  try {
    await program(() => ticks < ENOUGH && performance.now() < end);
  } finally {
    clearInterval(interval);
  }
  return ticks;
}

const [mutex, semaphore, group] = [new Mutex(), new Semaphore(2), new WaitGroup()];
const [event, alone] = [new ResetEvent(), new Barrier(1)];
event.set();
const [held, two] = [new Mutex(), new Barrier(2)];
held.tryAcquire();
const condition = new Condition(held);

/** Operations that never wait. */
const STEPS: Record<string, () => Promise<unknown>> = {
  "Mutex.acquire()": () => mutex.acquire().then((permit) => permit.release()),
  "Semaphore.acquire()": () => semaphore.acquire().then((permit) => permit.release()),
  "WaitGroup.wait()": () => group.wait(),
  "ResetEvent.wait()": () => event.wait(),
  "Barrier.wait()": () => alone.wait(),
  "Mutex.acquire() that is refused": () =>
    mutex.acquire({ signal: AbortSignal.abort() }).catch(() => {}),
  "Mutex.acquire() with timeout 0": () => held.acquire({ timeout: 0 }).catch(() => {}),
  "Condition.wait() with timeout 0": () => condition.wait({ timeout: 0 }).catch(() => {}),
  "Barrier.wait() with timeout 0": () => two.wait({ timeout: 0 }).catch(() => {}),
};

for (const [what, step] of Object.entries(STEPS)) {
  test(`a hot loop of ${what} lets timers run`, async () => {
    const ticks = await ticksDuring(async (running) => {
      while (running()) await step();
    });

    assertGreaterOrEqual(ticks, ENOUGH);
  });
}

/** Pairs of tasks that wake each other, so that every operation parks. */
const PAIRS: Record<string, Program> = {
  Mutex(running) {
    const mutex = new Mutex();
    return pair(async () => {
      while (running()) (await mutex.acquire()).release();
    });
  },
  Semaphore(running) {
    const [here, there] = [new Semaphore(0, { max: 1 }), new Semaphore(0, { max: 1 })];
    return takeTurns(running, () => there.release(), () => here.acquire(), {
      wait: () => there.acquire(),
      answer: () => here.release(),
    });
  },
  async Condition(running) {
    const mutex = new Mutex();
    const condition = new Condition(mutex);
    await pair(async () => {
      using _permit = await mutex.acquire();
      while (running()) {
        condition.notify();
        await condition.wait({ timeout: 1_000 });
      }
      condition.notify();
    });
  },
  ResetEvent(running) {
    const [here, there] = [new ResetEvent(), new ResetEvent()];
    return takeTurns(running, () => there.set(), () => here.wait().then(() => here.reset()), {
      wait: () => there.wait().then(() => there.reset()),
      answer: () => here.set(),
    });
  },
  WaitGroup(running) {
    const [here, there] = [new WaitGroup(), new WaitGroup()];
    here.add();
    there.add();
    return takeTurns(running, () => there.done(), () => here.wait().then(() => here.add()), {
      wait: () => there.wait().then(() => there.add()),
      answer: () => here.done(),
    });
  },
  Barrier(running) {
    const barrier = new Barrier(2);
    let over = false;
    return pair(async (first) => {
      while (!over) {
        await barrier.wait();
        if (first) over = !running();
        await barrier.wait(); // both look at the same time
      }
    });
  },
};

function pair(task: (first: boolean) => Promise<void>): Promise<unknown> {
  return Promise.all([task(true), task(false)]);
}

/** One task asks and waits for the answer, the other waits and answers. */
function takeTurns(
  running: () => boolean,
  ask: () => void,
  hear: () => Promise<unknown>,
  other: { wait(): Promise<unknown>; answer(): void },
): Promise<unknown> {
  let over = false;
  return pair(async (first) => {
    while (!over) {
      if (first) over = !running();
      if (first) ask();
      else await other.wait();
      if (first) await hear();
      else other.answer();
    }
  });
}

for (const [name, program] of Object.entries(PAIRS)) {
  test(`two hot tasks that wake each other by a ${name} let timers run`, async () => {
    const ticks = await ticksDuring(program);

    assertGreaterOrEqual(ticks, ENOUGH);
  });
}

test("a wake-up that the guard of the event loop holds back is not undone by an abort", async () => {
  const mutex = new Mutex();
  mutex.tryAcquire();
  const controller = new AbortController();
  const acquire = watch(mutex.acquire({ signal: controller.signal }));
  overheat();

  mutex.release();
  controller.abort();

  for (let i = 0; i < 10; i++) await undefined;
  const heldBack = acquire.state;
  await idle();
  assertEquals([heldBack, acquire.state, mutex.locked], ["waiting", "fulfilled", true]);
});

test("operations take effect inside the call even when their promises settle later", async () => {
  const mutex = new Mutex();
  let wrong = 0;

  await ticksDuring(async (running) => {
    while (running()) {
      const first = mutex.acquire();
      if (!mutex.locked) wrong++;
      const second = mutex.acquire();
      mutex.release();
      if (!mutex.locked || mutex.tryAcquire() !== undefined) wrong++;
      mutex.release();
      if (mutex.locked) wrong++;
      if (!(await first).released || !(await second).released) wrong++;
    }
  });

  assertEquals(wrong, 0);
});

test("a wake-up that is held back settles in commit order among operations that finish at once", async () => {
  const [mutex, event, group] = [new Mutex(), new ResetEvent(), new WaitGroup()];
  const order: string[] = [];
  const note = (what: string) => () => void order.push(what);
  mutex.tryAcquire();
  mutex.acquire().then(note("woken first"));
  event.wait().then(note("woken third"));
  overheat();

  mutex.release();
  group.wait().then(note("second"));
  event.set();
  new Mutex().acquire({ signal: AbortSignal.abort() }).catch(note("fourth"));
  await idle();

  assertEquals(order, ["woken first", "second", "woken third", "fourth"]);
});
