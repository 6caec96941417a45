/**
 * Names of primitives: what errors and `parked()` tell of them.
 *
 * @module
 */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import {
  Barrier,
  Condition,
  Mutex,
  type PrimitiveOptions,
  ResetEvent,
  Semaphore,
  WaitGroup,
} from "../../sync/mod.ts";
import { parked } from "../../testing/mod.ts";
import { rejection } from "../unit/watch.ts";

/** A primitive in a state in which a wait parks. */
interface Waiting {
  readonly it: { readonly name: string | undefined };
  wait(options: { signal: AbortSignal }): Promise<unknown>;
}

/** All of them. */
const KINDS: Record<string, (options?: PrimitiveOptions) => Waiting> = {
  Mutex(options) {
    const it = new Mutex(options);
    it.tryAcquire();
    return { it, wait: (limits) => it.acquire(limits) };
  },
  Semaphore(options) {
    const it = options === undefined ? new Semaphore(1) : new Semaphore(1, options);
    it.tryAcquire();
    return { it, wait: (limits) => it.acquire(limits) };
  },
  Condition(options) {
    const mutex = new Mutex();
    const it = new Condition(mutex, options);
    mutex.tryAcquire();
    return { it, wait: (limits) => it.wait(limits) };
  },
  ResetEvent(options) {
    const it = new ResetEvent(options);
    return { it, wait: (limits) => it.wait(limits) };
  },
  WaitGroup(options) {
    const it = new WaitGroup(options);
    it.add();
    return { it, wait: (limits) => it.wait(limits) };
  },
  Barrier(options) {
    const it = new Barrier(2, options);
    return { it, wait: (limits) => it.wait(limits) };
  },
};

for (const [kind, make] of Object.entries(KINDS)) {
  test(`parked() tells which ${kind} is waited for`, async () => {
    const { signal, abort } = aborter();
    const [named, nameless] = [make({ name: 'mill "1"' }), make()];

    const waits = [named.wait({ signal }), nameless.wait({ signal })];

    assertEquals(parked().map(({ on }) => on), [`${kind} "mill \\"1\\""`, kind]);
    assertEquals([named.it.name, nameless.it.name], ['mill "1"', undefined]);
    abort();
    await Promise.all(waits.map(rejection));
  });

  test(`new ${kind}() takes undefined for the name`, () => {
    const { it } = make({ name: undefined });

    assertEquals(it.name, undefined);
  });

  for (
    const [wrong, argument, shown] of [
      [null, "options", "null"],
      ["name", "options", '"name"'],
      [{ name: 5 }, "options.name", "5"],
      [{ name: null }, "options.name", "null"],
    ] as const
  ) {
    test(`new ${kind}() throws TypeError for the options ${JSON.stringify(wrong)}`, () => {
      const error = assertThrows(() => make(wrong as PrimitiveOptions), TypeError);

      assertStringIncludes(error.message, argument);
      assertStringIncludes(error.message, shown);
    });
  }
}

/** Mistakes that can be made with a primitive, and what the error says. */
const MISTAKES: Record<string, [(options: PrimitiveOptions) => void, string, string]> = {
  "Mutex.release()": [
    (options) => new Mutex(options).release(),
    "Cannot release a mutex: ",
    'Cannot release mutex "mill": ',
  ],
  "Semaphore.release()": [
    (options) => new Semaphore(1, options).release(),
    "Cannot release a semaphore: ",
    'Cannot release semaphore "mill": ',
  ],
  "Permit.release() of a Mutex": [
    (options) => releaseTwice(new Mutex(options)),
    "Cannot release a permit: it was released before",
    'Cannot release a permit of "mill": it was released before',
  ],
  "Permit.release() of a Semaphore": [
    (options) => releaseTwice(new Semaphore(1, options)),
    "Cannot release a permit: it was released before",
    'Cannot release a permit of "mill": it was released before',
  ],
  "Permit.release() during a wait": [
    releaseWhileWaiting,
    "Cannot release a permit: its holder waits",
    'Cannot release a permit of "mill": its holder waits',
  ],
  "Condition.wait()": [
    (options) => void new Condition(new Mutex(), options).wait(),
    "Cannot wait on a condition: ",
    'Cannot wait on condition "mill": ',
  ],
  "Condition.notify()": [
    (options) => new Condition(new Mutex(), options).notify(),
    "Cannot notify a condition: ",
    'Cannot notify condition "mill": ',
  ],
  "WaitGroup.done()": [
    (options) => new WaitGroup(options).done(),
    "Cannot count more as done than was added to a wait group: ",
    'Cannot count more as done than was added to wait group "mill": ',
  ],
};

for (const [what, [mistake, nameless, named]] of Object.entries(MISTAKES)) {
  test(`${what} that throws tells the name, if there is one`, () => {
    const without = assertThrows(() => mistake({}));
    const withName = assertThrows(() => mistake({ name: "mill" }));

    assertStringIncludes((without as Error).message, nameless);
    assertStringIncludes((withName as Error).message, named);
  });
}

function releaseTwice(lender: Mutex | Semaphore): void {
  const permit = lender.tryAcquire();
  permit?.release();
  permit?.release();
}

function releaseWhileWaiting(options: PrimitiveOptions): void {
  const mutex = new Mutex(options);
  const permit = mutex.tryAcquire();
  new Condition(mutex).wait();
  permit?.release();
}

function aborter(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
