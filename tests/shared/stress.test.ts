/**
 * Crowds of real threads on one channel. `node tools/stress_shared.mjs` has many more messages and waits.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import process from "node:process";
import { test } from "node:test";
import { select } from "../../mod.ts";
import { spawn } from "../../workers/mod.ts";
import { makeChannel } from "../../workers/shared/channel_memory.ts";
import { Domain } from "../../workers/shared/domain.ts";
import { GENERATION } from "../../workers/shared/layout.ts";
import { SharedChannel } from "../../workers/shared/shared_channel.ts";
import { collect } from "../unit/gc.ts";
import * as crowd from "./stress/crowd_thread.ts";
import type { Way } from "./stress/crowd_thread.ts";
import type { Value } from "./stress/value.ts";

const MESSAGES = Number(process.env["MESSAGES"] ?? 6_000);
const WAITS = Number(process.env["WAITS"] ?? 4_000);
const CAPACITIES = [1, 2, 3, 7, 16, 64];
const SENDERS: readonly Way[] = ["sync", "async", "selectSync"];
const RECEIVERS: readonly Way[] = ["sync", "select", "selectSync"];
/** What may come and go in the memory of a process that does nothing else. */
const NOISE = WAITS < 100_000 ? 64 : 5;
const MEGABYTE = 2 ** 20;
const SAMPLES = 16;

const url = new URL("./stress/crowd_thread.ts", import.meta.url);

/** A channel whose positions are about to wrap. */
function channelBeforeWrap(capacity: number): SharedChannel<Value> {
  const domain = Domain.own;
  const offset = makeChannel(domain, { capacity, bytes: 120, round: -1 });
  const generation = domain.words[(offset >> 2) + GENERATION]!;
  return SharedChannel.from({ kind: "channel", memory: domain.memory, offset, generation });
}

for (const capacity of CAPACITIES) {
  test(`SharedChannel(${capacity}) keeps values and order among threads that wait in all ways`, async () => {
    const channel = channelBeforeWrap(capacity);
    const quiet = new SharedChannel<Value>(1);
    const each = Math.ceil(MESSAGES / CAPACITIES.length / SENDERS.length);
    const seen = new Uint8Array(new SharedArrayBuffer(SENDERS.length * each));
    const sending = SENDERS.map((way, id) =>
      spawn<typeof crowd.send>(url, { export: "send", args: [channel, { id, count: each, way }] })
    );
    const receiving = RECEIVERS.map((way) =>
      spawn<typeof crowd.receive>(url, {
        export: "receive",
        args: [channel, quiet, { way, seen, each }],
      })
    );
    const closing = Promise.all(sending).then(() => channel.close());

    const check = new crowd.Check({ way: "select", seen, each });
    for (;;) {
      const next = await select({ in: channel, quiet });
      if (next.done) break;
      check.take(next.value);
    }
    const said = [check.wrong ?? check.count, ...await Promise.all(receiving)];
    await closing;

    assertEquals(said.filter((it) => typeof it === "string"), []);
    assertEquals(seen.findIndex((times) => times !== 1), -1, "a value was lost");
    const total = said.reduce((sum: number, count) => sum + Number(count), 0);
    assertEquals(total, SENDERS.length * each);
  });
}

test("SharedChannel.recv() and send() leave nothing behind when they wait", async () => {
  const [there, back] = [new SharedChannel<number>(1), new SharedChannel<number>(1)];
  const task = spawn<typeof crowd.echo>(url, { export: "echo", args: [there, back] });
  const sizes: number[] = [];

  for (let wait = 0; wait < WAITS; wait++) {
    await there.send(wait);
    assertEquals((await back.recv()).value, wait);
    if (wait % Math.ceil(WAITS / SAMPLES) !== 0) continue;
    collect?.();
    sizes.push(process.memoryUsage().rss);
  }
  there.close();
  await task;

  // What the collector has not come to yet is no growth: the least of several samples counts.
  const [early, late] = [sizes.slice(3, 7), sizes.slice(-4)].map((some) => Math.min(...some));
  const growth = (late! - early!) / MEGABYTE;
  assert(growth < NOISE, `the process has grown by ${growth.toFixed(1)} MB in ${WAITS} waits`);
});
