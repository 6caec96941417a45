/**
 * After Go's test/chan/select6.go: a select that is the last in the queue of a channel and loses there
 * must leave the queue whole. In Go a bug once lost those who came after it.
 */
import { assertEquals, unreachable } from "@std/assert";
import { test } from "node:test";
import { Channel, select } from "../../mod.ts";
import { waiting } from "../unit/counts.ts";
import { run, take } from "./program.ts";

test("select() that loses at the end of a queue leaves the queue whole (select6.go)", () =>
  run(async (go) => {
    const [queue, other, done] = [1, 2, 3].map(() => new Channel<boolean>()) as [
      Channel<boolean>,
      Channel<boolean>,
      Channel<boolean>,
    ];
    go(() => queue.recv());
    go(async () => {
      const { key } = await select({ queue, other });
      if (key === "queue") unreachable();
      await done.send(true);
      await queue.recv();
    });
    go(() => other.send(true));
    await take(done);

    await queue.send(true);
    await queue.send(true);

    assertEquals(waiting(queue), 0);
  }));
