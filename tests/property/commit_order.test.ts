import { assert } from "@std/assert";
import { setImmediate } from "node:timers";
import { test } from "node:test";
import { PARTS } from "../../internal/case.ts";
import { Channel } from "../../mod.ts";
import { check } from "./check.ts";
import { scheduleText } from "./explorer.ts";
import { longTurns, shortTurns } from "./generate.ts";
import type { Schedule } from "./program.ts";
import { verify } from "./verify.ts";

test("Channel and select settle in the order of commits while the guard delays what it may", async () => {
  let delayed = 0;
  const holds = async (schedule: Schedule) => delayed += (await verify(schedule)).delayed;

  await check(longTurns, 15, holds, scheduleText);

  assert(delayed > 0, "the guard of the event loop never acted");
});

test("Channel and select settle in the order of commits while partners are released by hops", async () => {
  await check(shortTurns, 15, verify, scheduleText);
});

test("Channel.send() is not delayed by a turn while the turn is short", async () => {
  let delayed = true;

  // A machine that is busy with other things makes a turn long: then it is tried again.
  for (let attempt = 0; attempt < 50 && delayed; attempt++) {
    await new Promise(setImmediate);
    const channel = new Channel<number>(Infinity);
    let settled = 0;
    for (let n = 0; n < 500; n++) void channel.send(n).then(() => settled++);
    await microtasks(2);
    delayed = settled < 500;
  }

  assert(!delayed);
});

test("Channel.recv() finds values in the buffer although the consumer came first", async () => {
  const channel = new Channel<number>(16);
  const consumer = (async () => {
    let parked = 0;
    for (let n = 0; n < 20_000; n++) {
      const received = channel.recv();
      parked += channel[PARTS]().receivers.length;
      await received;
    }
    return parked;
  })();

  for (let n = 0; n < 20_000; n++) await channel.send(n);
  const parked = await consumer;

  assert(parked < 2_000, `${parked} of 20000 receives parked`);
});

async function microtasks(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await undefined;
}
