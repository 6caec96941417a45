import { assertEquals, assertFalse, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { scope } from "../../scope/mod.ts";
import { idle } from "../../testing/mod.ts";
import { rejection, settled, watch } from "../unit/watch.ts";
import { gate, obedient } from "./tasks.ts";

const stop = { why: "stop" };

test("scope() with a signal that was aborted before runs nothing", async () => {
  let ran = false;

  const thrown = await rejection(scope(() => ran = true, { signal: AbortSignal.abort(stop) }));

  assertStrictEquals(thrown, stop);
  assertFalse(ran);
});

test("scope() is aborted by its signal, with that signal's reason", async () => {
  const controller = new AbortController();
  const reasons: unknown[] = [];
  const run = scope(async (s) => {
    s.go((signal) => obedient(signal).catch((reason) => reasons.push(reason)));
    await obedient(s.signal);
  }, { signal: controller.signal });

  controller.abort(stop);

  assertStrictEquals(await rejection(run), stop);
  assertEquals(reasons, [stop]);
});

test("scope() that is aborted does not reject before all have ended", async () => {
  const controller = new AbortController();
  const cleanUp = gate();
  const run = watch(scope((s) => {
    s.go((signal) => obedient(signal).catch(() => cleanUp.passed));
  }, { signal: controller.signal }));

  controller.abort(stop);
  await idle();
  const before = run.state;
  cleanUp.open();
  await idle();

  assertEquals([before, run.state, run.reason], ["waiting", "rejected", stop]);
});

test("scope() that was aborted rejects even if all ended well", async () => {
  const controller = new AbortController();
  const work = gate();
  const run = scope(async (s) => {
    s.go(() => work.passed);
    await work.passed;
    return "result";
  }, { signal: controller.signal });

  controller.abort(stop);
  work.open();

  assertStrictEquals(await rejection(run), stop);
});

test("an error after the abort is a further failure", async () => {
  const controller = new AbortController();
  const boom = new Error("boom");
  const run = scope((s) => {
    s.go((signal) => obedient(signal).catch(() => Promise.reject(boom)));
  }, { signal: controller.signal });

  controller.abort(stop);

  const thrown = await rejection(run);
  assertInstanceOf(thrown, AggregateError);
  assertEquals([thrown.errors, thrown.cause], [[stop, boom], stop]);
});

test("an abort after a failure changes nothing", async () => {
  const controller = new AbortController();
  const boom = new Error("boom");
  const cleanUp = gate();
  let reason: unknown;
  const run = scope((s) => {
    s.go((signal) =>
      obedient(signal).catch(() => cleanUp.passed).then(() => reason = signal.reason)
    );
    s.go(() => Promise.reject(boom));
  }, { signal: controller.signal });
  await idle();

  controller.abort(stop);
  cleanUp.open();

  assertStrictEquals(await rejection(run), boom);
  assertStrictEquals(reason, boom);
});

test("an abort after the last task has ended is late, although the scope has not told so yet", async () => {
  const controller = new AbortController();
  const run = scope((s) => {
    s.go(async () => await 1).then(() => controller.abort(stop));
    return "result";
  }, { signal: controller.signal });

  assertEquals(await settled(run), "result");
});

test("scope() has one listener on its signal while it runs, and none after", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = function (this: AbortSignal, ...args: unknown[]) {
    listeners++;
    return Reflect.apply(addEventListener, this, args);
  };
  signal.removeEventListener = function (this: AbortSignal, ...args: unknown[]) {
    listeners--;
    return Reflect.apply(removeEventListener, this, args);
  };
  const work = gate();
  const runs = Array.from({ length: 5 }, () => scope(() => work.passed, { signal }));
  const during = listeners;

  work.open();
  await settled(Promise.all(runs));
  await idle();

  assertEquals([during, listeners], [1, 0]);
});

test("the signal of a scope that has ended is not aborted any more", async () => {
  const controller = new AbortController();
  const s = await settled(scope((s) => s, { signal: controller.signal }));

  controller.abort(stop);

  assertFalse(s.signal.aborted);
});
