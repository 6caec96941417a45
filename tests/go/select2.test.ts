/**
 * After Go's test/chan/select2.go: selects over a channel where nothing ever happens leave nothing
 * behind there.
 */
import { assertEquals, assertLess, unreachable } from "@std/assert";
import { test } from "node:test";
import process from "node:process";
import { Channel, type Receiver, select, type Sender } from "../../mod.ts";
import { collected, NO_GC } from "../unit/gc.ts";
import { waiting } from "../unit/counts.ts";
import { run } from "./program.ts";

const N = 100_000;

async function send(channel: Sender<number>): Promise<void> {
  for (let n = 0; n < N; n++) await channel.send(1);
}

async function receive(channel: Receiver<number>, quiet: Receiver<number>): Promise<void> {
  for (let n = 0; n < N; n++) {
    const { key } = await select({ channel, quiet });
    if (key === "quiet") unreachable();
  }
}

/** Bytes in use, after a collection. */
async function heap(): Promise<number> {
  await collected(new WeakRef({}));
  return process.memoryUsage().heapUsed;
}

test("select() leaves no entry with a quiet channel, 100,000 times (select2.go)", () =>
  run(async (go) => {
    const [channel, quiet] = [new Channel<number>(), new Channel<number>()];

    go(() => send(channel));
    await receive(channel, quiet);

    assertEquals(waiting(quiet), 0);
  }));

test(
  "select() lets the heap be flat over 100,000 rounds (select2.go)",
  { skip: NO_GC },
  async () => {
    const [channel, quiet] = [new Channel<number>(), new Channel<number>()];
    const round = () =>
      run(async (go) => {
        go(() => send(channel));
        await receive(channel, quiet);
      });
    await round(); // warm up
    const growths: number[] = [];

    for (let before = await heap(); growths.length < 3;) {
      await round();
      const after = await heap();
      growths.push(after - before);
      before = after;
    }

    // Go allows 110,000 bytes. One leaked entry a round would be some 10 million, each time; what else
    // the process does in one of them is not meant.
    assertLess(Math.min(...growths), 1_000_000, `${growths}`);
  },
);
