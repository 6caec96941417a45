/** After Go's test/chan/goroutines.go: a chain of 10,000 tasks passes one value from end to end. */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel } from "../../mod.ts";
import { run, take } from "./program.ts";

const N = 10_000;

test("Channel.send() passes a value through 10,000 tasks (goroutines.go)", () =>
  run(async (go) => {
    const leftmost = new Channel<number>();
    let left = leftmost;
    for (let n = 0; n < N; n++) {
      const [to, from] = [left, new Channel<number>()];
      go(async () => to.send(await take(from) + 1));
      left = from;
    }

    const rightmost = left;
    go(() => rightmost.send(1));

    assertEquals(await take(leftmost), N + 1);
  }));
