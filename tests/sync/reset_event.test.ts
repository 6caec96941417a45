import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { ResetEvent } from "../../sync/mod.ts";
import { idle } from "../../testing/mod.ts";
import { settled, watch } from "../unit/watch.ts";

test("ResetEvent is not set at the start", async () => {
  const event = new ResetEvent();

  const wait = watch(event.wait());
  await idle();

  assertEquals([event.isSet, wait.state], [false, "waiting"]);
});

test("ResetEvent.set() lets all pass, those who wait and those who come later", async () => {
  const event = new ResetEvent();
  const early = [event.wait(), event.wait()];

  event.set();

  await settled(Promise.all([...early, event.wait()]));
  assertEquals(event.isSet, true);
});

test("ResetEvent.set() twice is the same as once", () => {
  const event = new ResetEvent();

  event.set();
  event.set();
  event.reset();

  assertEquals(event.isSet, false);
});

test("ResetEvent.reset() makes those wait who come later", async () => {
  const event = new ResetEvent();
  event.set();

  event.reset();

  const wait = watch(event.wait());
  await idle();
  assertEquals([event.isSet, wait.state], [false, "waiting"]);
});

test("ResetEvent.wait() passes when the event was set and reset in one turn", async () => {
  const event = new ResetEvent();
  const wait = event.wait();

  event.set();
  event.reset();

  await settled(wait);
  assertEquals(event.isSet, false);
});
