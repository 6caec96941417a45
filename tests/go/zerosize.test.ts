/** After Go's test/chan/zerosize.go: channels of values that hold nothing. */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel } from "../../mod.ts";
import { run } from "./program.ts";

for (const capacity of [0, 1]) {
  for (const nothing of [undefined, null, "", [], {}]) {
    const shown = JSON.stringify(nothing);

    test(`Channel carries ${shown}, which holds nothing, capacity ${capacity} (zerosize.go)`, () =>
      run(async (go) => {
        const channel = new Channel<unknown>(capacity);
        go(async () => {
          await channel.send(nothing);
          channel.close();
        });

        assertEquals(await channel.recv(), { done: false, value: nothing });
        assertEquals(await channel.recv(), { done: true, value: undefined });
      }));
  }
}
