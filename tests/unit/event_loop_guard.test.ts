import { assert, assertEquals, assertGreater, assertGreaterOrEqual, assertLess } from "@std/assert";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Channel, select, selectEach } from "../../mod.ts";
import { counts } from "./counts.ts";
import { watch } from "./watch.ts";

/** Real time, because what is tested is whether the runtime's own timers get their turn. */
const MS = 250;

/** The contract asks for 20 ticks of 10 ms in 500 ms. */
const ENOUGH = (MS / 500) * 20;

/** Milliseconds of processor time that this process may use up between two ticks. */
const LATEST = 25;

/**
 * Runs `loop` until its time is over; answers how many of the ticks came that should, 1 for all. On a busy
 * machine the process does not get all the time, so what it got decides.
 */
async function ticksDuring(loop: (running: () => boolean) => Promise<void>): Promise<number> {
  let ticks = 0;
  const before = process.cpuUsage();
  const interval = setInterval(() => ticks++, 10);
  const end = performance.now() + MS;
  try {
    await loop(() => performance.now() < end);
  } finally {
    clearInterval(interval);
  }
  const { user, system } = process.cpuUsage(before);
  return ticks / Math.min(ENOUGH, (user + system) / 1_000 / LATEST);
}

/** Asserts that timers come while `loop` runs. */
async function letsTimersRun(loop: (running: () => boolean) => Promise<void>): Promise<void> {
  let share = 0;
  // Another process may take the core away: a loop that starves timers does so each time.
  for (let tries = 0; share < 1 && tries < 5; tries++) share = await ticksDuring(loop);
  assertGreaterOrEqual(share, 1);
}

/** Moves values from a producer to a consumer, both as fast as they can. */
async function hot(channel: Channel<number>, running: () => boolean): Promise<void> {
  const produce = async () => {
    for (let i = 0; running(); i++) await channel.send(i);
    channel.close();
  };
  const consume = async () => {
    for await (const _ of channel);
  };
  await Promise.all([produce(), consume()]);
}

for (const capacity of [0, 1, 16, Infinity]) {
  test(`a hot producer and consumer let timers run, capacity ${capacity}`, async () => {
    await letsTimersRun((running) => hot(new Channel<number>(capacity), running));
  });
}

const closed = new Channel<number>();
closed.close();
const dropping = new Channel<number>(1, { overflow: "drop-oldest" });

const empty = new Channel<number>();
const left = empty[Symbol.asyncIterator]();
left.return?.();
const over = selectEach({ never: undefined })[Symbol.asyncIterator]();

/** Loops in which no operation ever waits. */
const STEPS: Record<string, () => Promise<unknown>> = {
  "recv() on a closed channel": () => closed.recv(),
  "recvMany() on a closed channel": () => closed.recvMany(10),
  "next() on a closed channel": () => closed[Symbol.asyncIterator]().next(),
  "select() on a closed channel": () => select({ closed }),
  "send() to a dropping channel": () => dropping.send(1),
  "select() with a send case of a dropping channel": () => select({ out: dropping.sendCase(1) }),
  "send() to a closed channel": () => closed.send(1).catch(() => {}),
  "sendMany() of one value to a dropping channel": () => dropping.sendMany([1]),
  "sendMany() of nothing": () => empty.sendMany([]),
  "recv() with timeout 0": () => empty.recv({ timeout: 0 }).catch(() => {}),
  "recvMany() with timeout 0": () => empty.recvMany(10, { timeout: 0 }).catch(() => {}),
  "send() with timeout 0": () => empty.send(1, { timeout: 0 }).catch(() => {}),
  "sendMany() with timeout 0": () => empty.sendMany([1], { timeout: 0 }).catch(() => {}),
  "select() with timeout 0": () => select({ empty }, { timeout: 0 }).catch(() => {}),
  "next() of a loop that was left": () => left.next(),
  "return() of a loop that was left": () => left.return!(),
  "next() of a selectEach() that is over": () => over.next(),
  "return() of a selectEach() that is over": () => over.return!(),
};

for (const [what, step] of Object.entries(STEPS)) {
  test(`a hot loop of ${what} lets timers run`, async () => {
    await letsTimersRun(async (running) => {
      while (running()) await step();
    });
  });
}

test("two hot tasks that answer each other over unbuffered channels let timers run", async () => {
  await letsTimersRun(async (running) => {
    const [ping, pong] = [new Channel<number>(), new Channel<number>()];
    const answer = async () => {
      for await (const value of ping) await pong.send(value);
    };
    const answering = answer();
    for (let i = 0; running(); i++) {
      await ping.send(i);
      await pong.recv();
    }
    ping.close();
    await answering;
  });
});

test("Channel.sendMany() of an endless source into a dropping channel lets timers run", async () => {
  const channel = new Channel<number>(1, { overflow: "drop-newest" });
  let stop = false;
  function* endless() {
    const giveUp = performance.now() + 20_000;
    for (let i = 0; !stop && performance.now() < giveUp; i++) yield i;
  }
  setTimeout(() => stop = true, 50);

  await channel.sendMany(endless());

  assert(stop);
});

test("a hot producer and consumer let I/O run", async () => {
  const channel = new Channel<number>(16);
  let read = 0;
  const here = fileURLToPath(import.meta.url);
  const giveUp = performance.now() + 10_000; // other processes want the machine too

  readFile(here).then((bytes) => read = bytes.length);
  await hot(channel, () => read === 0 && performance.now() < giveUp);

  assertGreater(read, 0);
});

test("hot operations take effect inside the call even when their promises settle later", async () => {
  const channel = new Channel<number>(1);
  let wrong = 0;

  await ticksDuring(async (running) => {
    for (let i = 0; running(); i++) {
      const send = channel.send(i);
      if (channel.size !== 1) wrong++;
      await send;
      const receive = channel.recv();
      if (channel.size !== 0) wrong++;
      if ((await receive).value !== i) wrong++;
    }
  });

  assertEquals(wrong, 0);
});

for (const senderFirst of [true, false]) {
  const first = senderFirst ? "producer" : "consumer";

  test(`less than 1 % of hot buffered sends park, ${first} started first`, async () => {
    const channel = new Channel<number>(16);
    let [sent, parked] = [0, 0];
    const produce = async (running: () => boolean) => {
      for (; running(); sent++) {
        const send = channel.send(sent);
        if (counts(channel).senders > 0) parked++;
        await send;
      }
      channel.close();
    };
    const consume = async () => {
      for await (const _ of channel);
    };

    await ticksDuring(async (running) => {
      const tasks = senderFirst ? [produce(running), consume()] : [consume(), produce(running)];
      await Promise.all(tasks);
    });

    assertGreaterOrEqual(sent, 1_000);
    assertLess(parked / sent, 0.01);
  });
}

test("the release of a parked partner is not delayed by a turn, however hot the loop", async () => {
  const [hotOne, other] = [new Channel<number>(1), new Channel<number>()];
  let late = 0;

  await ticksDuring(async (running) => {
    while (running()) {
      for (let i = 0; i < 100; i++) {
        await hotOne.send(i);
        hotOne.tryRecv();
      }
      const receive = watch(other.recv());
      other.trySend(1);
      for (let i = 0; i < 5; i++) await undefined;
      if (receive.state === "waiting") late++;
    }
  });

  assertEquals(late, 0);
});

test("hot operations settle in commit order, also when they are delayed", async () => {
  const channel = new Channel<number>(2);
  let wrong = 0;

  await ticksDuring(async (running) => {
    while (running()) {
      const order: string[] = [];
      const done = [
        channel.send(1).then(() => order.push("send")),
        channel.recv().then(() => order.push("recv")),
        closed.send(1).catch(() => order.push("refused")),
        select({ closed }).then(() => order.push("select")),
        closed.recvMany(1).then(() => order.push("recvMany")),
      ];
      await Promise.all(done);
      if (order.join() !== "send,recv,refused,select,recvMany") wrong++;
    }
  });

  assertEquals(wrong, 0);
});

test("a hot loop makes no timer late by more than 25 ms", async () => {
  let least = Infinity;
  // Another process may take the core away for longer than that: the best of ten counts.
  for (let tries = 0; tries < 10 && least > 25; tries++) {
    const end = performance.now() + 100;
    const loop = hot(new Channel<number>(16), () => performance.now() < end);
    const due = performance.now() + 10;

    const late = await new Promise<number>((resolve) => {
      setTimeout(() => resolve(performance.now() - due), 10);
    });

    least = Math.min(least, late);
    await loop;
  }
  assertLess(least, 25);
});

test("many hot tasks on many channels let timers run", async () => {
  await letsTimersRun(async (running) => {
    const loops = Array.from({ length: 20 }, () => hot(new Channel<number>(2), running));
    await Promise.all(loops);
  });
});
