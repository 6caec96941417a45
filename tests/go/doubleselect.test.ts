/**
 * After Go's test/chan/doubleselect.go: two cases of one select must not both happen. If they did, one
 * number would arrive twice.
 */
import { assertEquals, assertFalse } from "@std/assert";
import { test } from "node:test";
import { Channel, type Receiver, select, type Sender } from "../../mod.ts";
import { run, take } from "./program.ts";

const ROUNDS = 20_000;

async function send(lanes: readonly Sender<number>[]): Promise<void> {
  for (let n = 0; n < ROUNDS; n++) await select(lanes.map((lane) => lane.sendCase(n)));
  for (const lane of lanes) lane.close();
}

async function forward(
  from: Receiver<number>,
  to: Sender<number>,
  done: Sender<boolean>,
): Promise<void> {
  for await (const n of from) await to.send(n);
  await done.send(true);
}

test("select() commits one of its four send cases, never two (doubleselect.go)", async () => {
  const seen = new Set<number>();

  await run(async (go) => {
    const lanes = Array.from({ length: 4 }, () => new Channel<number>());
    const [joined, done] = [new Channel<number>(), new Channel<boolean>()];
    go(() => send(lanes));
    for (const lane of lanes) go(() => forward(lane, joined, done));
    go(async () => {
      for (const _ of lanes) await take(done);
      joined.close();
    });

    for await (const n of joined) {
      assertFalse(seen.has(n), `${n} arrived twice`);
      seen.add(n);
    }
  });

  assertEquals(seen.size, ROUNDS);
});
