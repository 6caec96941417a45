import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { PARTS } from "../../internal/case.ts";
import { Channel, selectEach } from "../../mod.ts";

test("selectEach().return() leaves other waiters alone when its step was decided in the same turn", async () => {
  const [left, right] = [new Channel<number>(), new Channel<number>()];
  const loop = selectEach([left, right])[Symbol.asyncIterator]();
  const step = loop.next();
  void right.send(1);
  const received = left.recv();

  await loop.return?.();

  assertEquals(left[PARTS]().receivers.length, 1);
  assertEquals((await step).value, { key: 1, done: false, value: 1 });
  void left.send(2);
  assertEquals(await received, { done: false, value: 2 });
});
