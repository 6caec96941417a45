import { assert, assertEquals, assertFalse, assertMatch, assertRejects } from "@std/assert";
import { test } from "node:test";
import { scope } from "../../scope/mod.ts";
import { failStuckScopes, idle } from "../../testing/mod.ts";
import { settled, watch } from "../unit/watch.ts";
import { gate } from "./tasks.ts";

const boom = new Error("boom");
const forEver = () => new Promise<never>(() => {});

function fail(): never {
  throw boom;
}

test("a task that does not end after the abort is named, with the place where it was started", async (t) => {
  const stuck = failStuckScopes({ grace: 1 });
  t.after(() => stuck.restore());

  const error = await assertRejects(
    () =>
      scope(function server(s) {
        s.go(async function wellBehaved(signal) {
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
        });
        s.go(function pollForEver() {
          return forEver();
        });
        s.go(forEver);
        s.go(fail);
      }),
    Error,
    "2 tasks have not ended 1 ms after the abort",
  );

  assertMatch(error.message, /\n {2}pollForEver\n {6}at server \(.*stuck_scopes\.test\.ts/);
  assertMatch(error.message, /\n {2}forEver\n/);
  assertFalse(/wellBehaved| fail\n/.test(error.message));
  assertEquals(error.cause, boom);
});

test("a body that does not end after the abort is named", async (t) => {
  const stuck = failStuckScopes({ grace: 1 });
  t.after(() => stuck.restore());
  const controller = new AbortController();
  const run = scope(function listen() {
    return forEver();
  }, { signal: controller.signal });

  controller.abort("stop");

  const error = await assertRejects(() => run, Error, "1 task has not ended 1 ms after the abort");
  assertMatch(error.message, /\n {2}listen\n {6}at .*stuck_scopes\.test\.ts/);
  assertEquals(error.cause, "stop");
});

test("a scope that ends in time is left alone", async (t) => {
  const stuck = failStuckScopes({ grace: 1 });
  t.after(() => stuck.restore());
  const obedient = (signal: AbortSignal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

  const error = await assertRejects(() =>
    scope((s) => {
      s.go(obedient);
      s.go(fail);
    })
  );
  const value = await settled(scope((s) => s.go(() => 5)));

  assert(error === boom);
  assertEquals(value, 5);
});

test("nobody looks on after restore()", async () => {
  failStuckScopes({ grace: 0 }).restore();

  const value = await settled(scope((s) => s.go(() => 5)));

  assertEquals(value, 5);
});

test("a scope that began before the look-out is left alone", async () => {
  const [end, ended] = [gate(), gate()];
  const run = watch(scope(async (s) => {
    s.go(() => end.passed);
    s.go(async () => {
      await ended.passed;
      fail();
    });
    await s.go(() => ended.passed);
  }));

  const stuck = failStuckScopes({ grace: 0 });
  ended.open();
  await new Promise((resolve) => setTimeout(resolve, 5)); // the time is over
  await idle();
  stuck.restore();
  const before = run.state;
  end.open();
  await idle();

  assertEquals([before, run.state, run.reason], ["waiting", "rejected", boom]);
});

test("a scope that began under a look-out is looked after, also after restore()", async () => {
  const fails = gate();
  const stuck = failStuckScopes({ grace: 1 });
  const run = scope((s) => {
    s.go(forEver);
    s.go(() => fails.passed.then(fail));
  });

  stuck.restore();
  fails.open();

  const error = await assertRejects(() => run, Error, "1 task has not ended");
  assertEquals(error.cause, boom);
});

test("restore() puts the look-out before it back", async (t) => {
  const outer = failStuckScopes({ grace: 1 });
  t.after(() => outer.restore());
  failStuckScopes({ grace: 60_000 }).restore();

  await assertRejects(
    () =>
      scope((s) => {
        s.go(forEver);
        s.go(fail);
      }),
    Error,
    "1 task has not ended 1 ms after the abort",
  );
});
