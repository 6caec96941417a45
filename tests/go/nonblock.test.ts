/**
 * After Go's test/chan/nonblock.go: operations that do not wait, with values of several types, without
 * a buffer and with one.
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, trySelect } from "../../mod.ts";
import { gosched, run, take } from "./program.ts";

const MAX_TRIES = 100;

/** Tries until something happens. In Go this is a loop around a select with a default. */
async function until(attempt: () => boolean): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (attempt()) return;
    await gosched();
  }
  throw new Error(`nothing happened in ${MAX_TRIES} tries`);
}

const VALUES: Record<string, readonly [unknown, unknown]> = {
  "whole numbers": [123, 234],
  "big numbers": [123_456n, 234_567n],
  "truth values": [true, false],
  "texts": ["hello", "hello again"],
  "objects": [{ n: 1 }, { n: 2 }],
};

for (const capacity of [0, 1]) {
  for (const [what, [first, second]] of Object.entries(VALUES)) {
    test(`trySelect() takes and gives ${what} without waiting, capacity ${capacity} (nonblock.go)`, () =>
      run(async (go) => {
        const channel = new Channel<unknown>(capacity);
        const strobe = new Channel<boolean>();
        assertEquals(trySelect({ in: channel }), undefined);

        go(async () => {
          assertEquals(await take(channel), first);
          await strobe.send(true);
        });
        await until(() => trySelect({ out: channel.sendCase(first) }) !== undefined);
        assert(await take(strobe));

        go(async () => {
          await channel.send(second);
          await strobe.send(true);
        });
        if (capacity > 0) await take(strobe);
        let received: unknown;
        await until(() => {
          const selected = trySelect({ in: channel });
          received = selected?.value;
          return selected !== undefined;
        });
        assertEquals(received, second);
        if (capacity === 0) await take(strobe);
      }));
  }
}
