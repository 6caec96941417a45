/**
 * After Go's test/chan/sendstmt.go: a channel that comes out of a channel is sent to in one expression.
 * (The rest of that file is about precedence in Go's grammar.)
 */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, trySelect } from "../../mod.ts";
import { run, take } from "./program.ts";

test("trySelect() sends to a channel that was just received (sendstmt.go)", () =>
  run(async () => {
    const [carrier, carried] = [new Channel<Channel<number>>(1), new Channel<number>(1)];
    await carrier.send(carried);

    const selected = trySelect({ out: (await take(carrier)).sendCase(2) });

    assertEquals(selected?.key, "out");
    assertEquals(await take(carried), 2);
  }));
