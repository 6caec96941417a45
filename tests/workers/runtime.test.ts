import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { patiently } from "../../workers/runtime.ts";

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

test("patiently() does not count the time in which the thread was asleep", async () => {
  let done!: () => void;
  const over = new Promise<void>((resolve) => done = resolve);
  let early = false;

  patiently(500, () => {
    early = true;
    done();
  });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
  await turn();
  const before = early;
  await over;

  assertEquals(before, false);
});

test("patiently() does nothing when it is withdrawn", async () => {
  let ran = false;

  const withdraw = patiently(1, () => ran = true);
  withdraw();
  await new Promise<void>((resolve) => patiently(100, resolve));

  assertEquals(ran, false);
});
