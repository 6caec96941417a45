/** After Go's test/chan/select4.go: a select goes on when a value is ready, and touches no other case. */
import { assertEquals, unreachable } from "@std/assert";
import { test } from "node:test";
import { Channel, select } from "../../mod.ts";
import { waiting } from "../unit/counts.ts";

test("select() takes the value that is ready and runs nothing of another case (select4.go)", async () => {
  const [ready, quiet] = [new Channel<number>(1), new Channel<number>()];
  await ready.send(42);
  const target = { value: 0 };

  const selected = await select({ quiet, ready });
  switch (selected.key) {
    case "quiet":
      unreachable();
      break;
    case "ready":
      target.value = selected.value ?? 0;
  }

  assertEquals(target.value, 42);
  assertEquals(waiting(quiet), 0);
});
