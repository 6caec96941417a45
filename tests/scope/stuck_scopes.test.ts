import { assert, assertEquals, assertFalse, assertMatch, assertRejects } from "@std/assert";
import { test } from "node:test";
import { scope } from "../../scope/mod.ts";
import { settled } from "../unit/watch.ts";
import { failStuckScopes } from "../../testing/mod.ts";

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
