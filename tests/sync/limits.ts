/**
 * What a signal and a timeout do to a wait: tests for every waiting form.
 *
 * @module
 */
import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { rejection, settled, watch } from "../unit/watch.ts";
import type { FormKind, Limits } from "./forms.ts";

const MISUSES: [string, unknown, typeof TypeError | typeof RangeError, string, string][] = [
  ["options that are no object", 5, TypeError, "options", "5"],
  ["a signal that is none", { signal: "stop" }, TypeError, "options.signal", "stop"],
  ["a timeout below 0", { timeout: -1 }, RangeError, "options.timeout", "-1"],
  ["a timeout that is NaN", { timeout: NaN }, RangeError, "options.timeout", "NaN"],
  ["a timeout that is no number", { timeout: "9" }, TypeError, "options.timeout", "9"],
];

/** Makes the tests of one waiting form. */
export function testLimits({ name, serves, make, ready }: FormKind): void {
  test(`${name} waits, and goes on when it may`, async () => {
    const form = make(10);
    const wait = watch(form.wait());
    await idle();
    const before = wait.state;

    form.go();
    await idle();

    assertEquals([before, wait.state, form.waiting()], ["waiting", "fulfilled", 0]);
  });

  test(`${name} goes on in the order of the calls`, async () => {
    const form = make(10);
    const order: number[] = [];
    for (let n = 1; n <= 5; n++) form.wait().then(() => order.push(n));

    for (let n = 0; n < (serves === "one" ? 5 : 1); n++) form.go();
    await idle();

    assertEquals(order, [1, 2, 3, 4, 5]);
  });

  test(`${name} rejects with the reason of a signal that aborts while it waits`, async () => {
    const form = make(10);
    const controller = new AbortController();
    const reason = { why: "stop" };
    const wait = form.wait({ signal: controller.signal });

    controller.abort(reason);

    assertEquals(form.waiting(), 0);
    assertStrictEquals(await rejection(wait), reason);
  });

  test(`${name} rejects with a DOMException named TimeoutError when its time is over`, async (t) => {
    const clock = useFakeClock();
    t.after(() => clock.restore());
    const form = make(10);
    const wait = watch(form.wait({ timeout: 100 }));

    await clock.advance(99);
    const before = wait.state;
    await clock.advance(1);
    await idle();

    assertEquals([before, wait.state, form.waiting()], ["waiting", "rejected", 0]);
    assertInstanceOf(wait.reason, DOMException);
    assertEquals(wait.reason.name, "TimeoutError");
  });

  test(`${name} with timeout 0 does not wait`, async () => {
    const form = make(10);

    const wait = form.wait({ timeout: 0 });

    assertEquals(form.waiting(), 0);
    form.go();
    assertEquals((await rejection(wait) as DOMException).name, "TimeoutError");
  });

  test(`${name} with timeout Infinity waits for ever`, async (t) => {
    const clock = useFakeClock();
    t.after(() => clock.restore());
    const form = make(10);
    const wait = watch(form.wait({ timeout: Infinity }));

    await clock.advance(1e12);

    assertEquals([wait.state, clock.timers], ["waiting", 0]);
  });

  test(`${name} that is aborted leaves the others in their places`, async () => {
    const form = make(10);
    const controller = new AbortController();
    const order: string[] = [];
    form.wait().then(() => order.push("first"));
    form.wait({ signal: controller.signal }).catch(() => order.push("aborted"));
    form.wait().then(() => order.push("third"));

    controller.abort();

    assertEquals(form.waiting(), 2);
    for (let n = 0; n < (serves === "one" ? 2 : 1); n++) form.go();
    await idle();
    assertEquals(order, ["aborted", "first", "third"]);
  });

  test(`${name} that is aborted takes nothing that comes in the same turn`, async () => {
    const form = make(10);
    const controller = new AbortController();
    const aborted = watch(form.wait({ signal: controller.signal }));
    const next = watch(form.wait());

    controller.abort();
    form.go();
    await idle();

    assertEquals([aborted.state, next.state], ["rejected", "fulfilled"]);
  });

  test(`${name} goes on although its signal aborts later in the same turn`, async () => {
    const form = make(10);
    const controller = new AbortController();
    const wait = form.wait({ signal: controller.signal });

    form.go();
    controller.abort();

    await settled(wait);
  });

  test(`${name} that went on in time is not touched by its timeout`, async (t) => {
    const clock = useFakeClock();
    t.after(() => clock.restore());
    const form = make(10);
    const wait = form.wait({ timeout: 100 });

    form.go();
    await clock.advance(1_000);

    await settled(wait);
    assertEquals(clock.timers, 0);
  });

  test(`${name} has one listener on its signal, and none when nobody waits`, async () => {
    const form = make(10);
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);

    const waits = Array.from({ length: 10 }, () => form.wait({ signal: controller.signal }));
    const during = listeners.now;
    for (let n = 0; n < (serves === "one" ? 10 : 1); n++) form.go();
    await settled(Promise.all(waits));
    await idle();

    assertEquals([during, listeners.most, listeners.now], [1, 1, 0]);
  });

  test(`${name} that is aborted in scattered order leaves nothing behind`, async () => {
    const form = make(1_000);
    const controllers = Array.from({ length: 1_000 }, () => new AbortController());
    const waits = controllers.map(({ signal }) => rejection(form.wait({ signal })));

    // A stride that is no divisor visits all of them.
    for (const n of controllers.keys()) controllers[(n * 619) % 1_000]!.abort(n);

    assertEquals(form.waiting(), 0);
    assertEquals(new Set(await Promise.all(waits)).size, 1_000);
  });

  for (const [what, wrong, kind, argument, shown] of MISUSES) {
    test(`${name} throws ${kind.name} at once for ${what}, and nothing waits`, () => {
      const form = make(10);

      const error = assertThrows(() => void form.wait(wrong as Limits), kind);

      assertStringIncludes(error.message, argument);
      assertStringIncludes(error.message, shown);
      assertEquals(form.waiting(), 0);
    });
  }

  test(`${name} rejects with the reason of a signal that was aborted before, and does not wait`, async () => {
    const form = make(10);
    const reason = new Error("stop");

    const wait = form.wait({ signal: AbortSignal.abort(reason) });

    assertEquals(form.waiting(), 0);
    assertStrictEquals(await rejection(wait), reason);
  });

  if (ready === undefined) return;

  test(`${name} with a signal that was aborted before rejects even if it could go on`, async () => {
    const { wait, touched } = ready();

    const thrown = await rejection(wait({ signal: AbortSignal.abort("stop") }));

    assertEquals([thrown, touched()], ["stop", false]);
  });

  test(`${name} with timeout 0 goes on if it can`, async () => {
    await settled(ready().wait({ timeout: 0 }));
  });

  test(`${name} that need not wait touches neither signal nor clock`, async (t) => {
    const clock = useFakeClock();
    t.after(() => clock.restore());
    const controller = new AbortController();
    const listeners = countListeners(controller.signal);

    await settled(ready().wait({ signal: controller.signal, timeout: 1_000 }));

    assertEquals([listeners.most, clock.timers], [0, 0]);
  });
}

/** Counts the listeners of a signal from now on. */
function countListeners(signal: AbortSignal): { now: number; most: number } {
  const count = { now: 0, most: 0 };
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = function (this: AbortSignal, ...args: unknown[]) {
    count.now++;
    count.most = Math.max(count.most, count.now);
    return Reflect.apply(addEventListener, this, args);
  };
  signal.removeEventListener = function (this: AbortSignal, ...args: unknown[]) {
    count.now--;
    return Reflect.apply(removeEventListener, this, args);
  };
  return count;
}
