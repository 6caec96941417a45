/** Shared channels between real threads. */
import { assertEquals, assertRejects } from "@std/assert";
import { test } from "node:test";
import { spawn } from "../../workers/mod.ts";
import { nextTurn } from "../../internal/turn.ts";
import { Domain } from "../../workers/shared/domain.ts";
import { RECEIVERS } from "../../workers/shared/layout.ts";
import { SharedChannel } from "../../workers/shared/shared_channel.ts";
import type * as players from "./modules/players.ts";
import type { Way } from "./modules/players.ts";

const url = new URL("./modules/players.ts", import.meta.url);

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Waits until another thread is parked to receive. */
async function untilEnlisted({ handle }: SharedChannel<number>): Promise<void> {
  const { words } = Domain.of(handle.memory);
  const mask = handle.offset / 4 + RECEIVERS;
  while (Atomics.load(words, mask) === 0 && Atomics.load(words, mask + 1) === 0) {
    await new Promise<void>((resolve) => nextTurn(resolve));
  }
}

for (const way of ["async", "sync"] as const) {
  test(`SharedChannel hands a ball to and fro between threads (${way})`, async () => {
    const [there, back] = [new SharedChannel<number>(1), new SharedChannel<number>(1)];
    await using _ = spawn<typeof players.echo>(url, { export: "echo", args: [there, back, way] });

    let ball = 0;
    for (let round = 0; round < 300; round++) {
      await there.send(ball);
      ball = (await back.recv()).value!;
    }
    there.close();

    assertEquals(ball, 300);
    assertEquals(await back.recv(), { done: true, value: undefined });
  });
}

const crowds: [senders: Way[], receivers: Way[], capacity: number][] = [
  [["sync"], ["sync"], 1],
  [["sync", "async"], ["async", "sync"], 2],
  [["select", "selectSync"], ["selectSync", "select"], 10],
  [["sync", "selectSync"], [], 64],
];

for (const [senders, receivers, capacity] of crowds) {
  const who = `${senders.join(" and ")} send, ${receivers.join(" and ") || "nobody else"} receive`;
  test(`SharedChannel(${capacity}) loses and doubles nothing among threads: ${who}`, async () => {
    const channel = new SharedChannel<number>(capacity);
    const each = 500;
    const producing = senders.map((way, i) =>
      spawn<typeof players.produce>(url, {
        export: "produce",
        args: [channel, i * each, each, way],
      })
    );
    const consuming = receivers.map((way) =>
      spawn<typeof players.consume>(url, { export: "consume", args: [channel, way] })
    );
    void Promise.all(producing).then(() => channel.close());
    const mine: number[] = [];
    for await (const value of channel) mine.push(value);

    const received = [mine, ...await Promise.all(consuming)];

    assertEquals(received.flat().toSorted((a, b) => a - b), range(0, senders.length * each - 1));
    for (const [i] of senders.entries()) {
      for (const some of received) {
        const its = some.filter((value) => Math.floor(value / each) === i);
        assertEquals(its, its.toSorted((a, b) => a - b));
      }
    }
  });
}

test("sendSync(), recvSync() and selectSync() end as their promises would", async () => {
  const [channel, full, failed] = [1, 1, 1].map((n) => new SharedChannel<number>(n));
  full!.trySend(1);
  failed!.fail(new RangeError("broken"));

  const ends = await spawn<typeof players.outcomes>(url, {
    export: "outcomes",
    args: [channel!, full!, failed!],
  });

  assertEquals(ends, [
    "TimeoutError",
    "TimeoutError",
    "TimeoutError",
    "TimeoutError",
    "RangeError",
    "ChannelClosedError",
    "RangeError",
    "TypeError",
    "TypeError",
    "RangeError",
    { done: false, value: 1 },
    "done",
    { key: "in", done: false, value: 9 },
    { key: 1, done: false, value: undefined },
    { done: false, value: 8 },
  ]);
});

test("close() ends the operations that block in other threads", async () => {
  const ready = new SharedChannel<string>(1);
  const [empty, full] = [new SharedChannel<number>(1), new SharedChannel<number>(1)];
  await full.send(1);
  const ending = spawn<typeof players.ended>(url, { export: "ended", args: [ready, empty, full] });

  await ready.recv();
  empty.close();
  await ready.recv();
  full.close();

  assertEquals(await ending, ["true", "ChannelClosedError 5"]);
});

test("recvSync() and selectSync() throw what their codec throws, and lose no other value", async () => {
  const codec = {
    encode: (value: number) => Uint8Array.of(value),
    decode: ([value]: Uint8Array) => value!,
  };
  const [ready, channel] = [new SharedChannel<string>(1), new SharedChannel<number>(1, { codec })];
  const outcomes = spawn<typeof players.garbled>(url, {
    export: "garbled",
    args: [ready, channel.handle],
  });

  for (const value of [0, 0, 1, 2]) {
    await ready.recv();
    await untilEnlisted(channel); // the receive is parked, not only about to be
    await channel.send(value);
  }

  assertEquals(await outcomes, ["garbled", "garbled", 1, 2]);
});

test("recvSync() serves what its thread has parked on other channels while it blocks", async () => {
  const [first, second] = [new SharedChannel<number>(1), new SharedChannel<number>(1)];
  const blocked = spawn<typeof players.blockedBeside>(url, {
    export: "blockedBeside",
    args: [first, second],
  });

  await first.send(1);
  await first.send(2); // there is room: the first was taken although the thread blocks
  await second.send(3);

  assertEquals(await blocked, [1, 3]);
});

test("a thread that dies takes no more than the value it has", async () => {
  const channel = new SharedChannel<number>(1);
  const dying = spawn<typeof players.mortal>(url, { export: "mortal", args: [channel] });
  for (const value of [1, 2, 3]) await channel.send(value);
  await assertRejects(() => Promise.resolve(dying), Error, "dead");

  await channel.send(4);

  assertEquals(await channel.recv(), { done: false, value: 4 });
});
