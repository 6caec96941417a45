import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { execFile } from "node:child_process";
import process from "node:process";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { after, Channel, every, select, trySelect } from "../../mod.ts";
import { systemClock, useClock } from "../../internal/clock.ts";
import { type FakeClock, idle, useFakeClock } from "../../testing/mod.ts";
import { waiting } from "./counts.ts";
import { DONE, drained, rejection, settled, watch } from "./watch.ts";

function fakeClock(t: TestContext): FakeClock {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  return clock;
}

test("after() fires when its time is over, and not before", async (t) => {
  const clock = fakeClock(t);
  const selected = watch(select({ late: after(100) }));

  await clock.advance(99);
  await idle();
  const before = selected.state;
  await clock.advance(1);
  await idle();

  assertEquals(before, "waiting");
  assertEquals(selected.value, { key: "late", done: false, value: undefined });
});

test("after() counts from its making, not from the select", async (t) => {
  const clock = fakeClock(t);
  const late = after(100);
  await clock.advance(60);
  const selected = watch(select({ late }));

  await clock.advance(40);
  await idle();

  assertEquals(selected.state, "fulfilled");
});

test("after() is ready at once when its time was over before the select", async (t) => {
  const clock = fakeClock(t);
  const late = after(100);

  await clock.advance(100);

  assertEquals(trySelect({ late }), { key: "late", done: false, value: undefined });
});

test("after() fires once and is never ready again", async (t) => {
  const clock = fakeClock(t);
  const late = after(100);
  await clock.advance(100);
  trySelect({ late });

  await clock.advance(1_000);
  const again = trySelect({ late });
  const selected = watch(select({ late }));
  await clock.advance(1_000);
  await idle();

  assertEquals([again, selected.state], [undefined, "waiting"]);
});

test("after() fires for one of two selects that wait for it", async (t) => {
  const clock = fakeClock(t);
  const late = after(100);
  const first = watch(select({ late }));
  const second = watch(select({ late }));

  await clock.advance(1_000);
  await idle();

  assertEquals([first.state, second.state], ["fulfilled", "waiting"]);
});

for (const ms of [0, -0, -5, -Infinity]) {
  test(`after(${ms}) is ready at once`, () => {
    const selected = trySelect({ late: after(ms) });

    assertEquals(selected?.key, "late");
  });
}

test("after() sets a timer only while a select waits for it", async (t) => {
  const clock = fakeClock(t);
  const channel = new Channel<number>();

  const late = after(100);
  const made = clock.timers;
  select({ late, channel });
  const parked = clock.timers;
  channel.trySend(1);
  await idle();

  assertEquals([made, parked, clock.timers], [0, 1, 0]);
});

test("after() that lost a select fires at its time for the next one", async (t) => {
  const clock = fakeClock(t);
  const channel = new Channel<number>();
  const late = after(100);
  select({ late, channel });
  channel.trySend(1);
  await clock.advance(50);
  const selected = watch(select({ late, channel }));

  await clock.advance(50);
  await idle();

  assertEquals(selected.value?.key, "late");
  assertEquals(waiting(channel), 0);
});

test("after() that lost a select takes nothing when its time is over", async (t) => {
  const clock = fakeClock(t);
  const channel = new Channel<number>();
  const selected = watch(select({ late: after(100), channel }));

  channel.trySend(1);
  await clock.advance(1_000);
  await idle();

  assertEquals(selected.value, { key: "channel", done: false, value: 1 });
});

test("after() fires in time although a later deadline of the same length was set before", async (t) => {
  const clock = fakeClock(t);
  const channel = new Channel<number>();
  const late = after(100);
  await clock.advance(50);
  const receive = watch(channel.recv({ timeout: 100 }));
  await clock.advance(10);
  const selected = watch(select({ late }));

  await clock.advance(40);
  await idle();

  assertEquals([selected.state, receive.state], ["fulfilled", "waiting"]);
});

test("after() fires in time between two deadlines of the same length", async (t) => {
  const clock = fakeClock(t);
  const channel = new Channel<number>();
  const first = watch(channel.recv({ timeout: 100 }));
  await clock.advance(50);
  const late = after(100);
  await clock.advance(10);
  const last = watch(channel.recv({ timeout: 100 }));
  const selected = watch(select({ late }));

  await clock.advance(90);
  await idle();

  assertEquals([first.state, selected.state, last.state], ["rejected", "fulfilled", "waiting"]);
});

test("after() of several lengths fires in the order of the deadlines", async (t) => {
  const clock = fakeClock(t);
  const order: number[] = [];
  for (const ms of [30, 10, 20, 10]) select([after(ms)]).then(() => order.push(ms));

  await clock.advance(30);
  await idle();

  assertEquals(order, [10, 10, 20, 30]);
});

test("after() beyond 2^31 ms does not fire early", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const selects = [2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER, Infinity]
    .map((ms) => watch(select({ late: after(ms) }, { signal })));

  // The runtime's own timers fire after 1 ms when their delay overflows: only real time can show it.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const states = selects.map((selected) => selected.state);
  controller.abort();
  await idle();

  assertEquals(states, ["waiting", "waiting", "waiting", "waiting"]);
});

test("after() beyond 2^31 ms sets one timer, of a length that the runtime takes", async (t) => {
  const set = globalThis.setTimeout;
  t.after(() => void (globalThis.setTimeout = set));
  const lengths: number[] = [];
  globalThis.setTimeout = ((task: () => void, ms: number) => {
    lengths.push(ms);
    return set(task, Math.min(ms, 2 ** 31 - 1));
  }) as typeof setTimeout;
  const controller = new AbortController();

  const selected = watch(select({ late: after(2 ** 40) }, { signal: controller.signal }));
  controller.abort();
  await idle();

  assertEquals(lengths, [2 ** 31 - 1]);
  assertEquals(selected.state, "rejected");
});

test("after() beyond 2^31 ms fires at its time", async (t) => {
  const clock = fakeClock(t);
  const selected = watch(select({ late: after(2 ** 32) }));

  await clock.advance(2 ** 32 - 1);
  await idle();
  const before = selected.state;
  await clock.advance(1);
  await idle();

  assertEquals([before, selected.state], ["waiting", "fulfilled"]);
});

test("every() ticks at each interval and counts them from 1", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);
  const received: unknown[] = [];

  for (let i = 0; i < 3; i++) {
    const receive = ticks.recv();
    await clock.advance(10);
    received.push(await settled(receive));
  }

  assertEquals(received, [1, 2, 3].map((value) => ({ done: false, value })));
});

test("every() has no tick before its first interval is over", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);

  await clock.advance(9);

  assertEquals(ticks.tryRecv(), undefined);
  assertEquals(ticks.size, 0);
});

test("every() keeps at most one tick; late ones are merged and show as a gap", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);

  await clock.advance(35);
  const size = ticks.size;
  const received = [ticks.tryRecv(), ticks.tryRecv()];

  assertEquals([size, ticks.size, ticks.capacity], [1, 0, 1]);
  assertEquals(received, [{ done: false, value: 3 }, undefined]);
});

test("every() does not drift when it is read late", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);
  await clock.advance(17);
  ticks.tryRecv();

  await clock.advance(3);

  assertEquals(ticks.tryRecv(), { done: false, value: 2 });
});

test("every() gives a parked receiver the tick at its time after a late one", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);
  await clock.advance(17);
  ticks.tryRecv();
  const receive = watch(ticks.recv());

  await clock.advance(2);
  await idle();
  const before = receive.state;
  await clock.advance(1);
  await idle();

  assertEquals([before, receive.value], ["waiting", { done: false, value: 2 }]);
});

test("every() gives each tick to one receiver, first come, first served", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);
  const first = watch(ticks.recv());
  const second = watch(ticks.recv());

  await clock.advance(10);
  await idle();
  const between = second.state;
  await clock.advance(10);
  await idle();

  assertEquals([first.value?.value, between, second.value?.value], [1, "waiting", 2]);
});

test("every() ticks in time although a later deadline of the same length was set before", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(100);
  await clock.advance(50);
  const timeout = watch(new Channel<number>().recv({ timeout: 100 }));
  await clock.advance(10);
  const receive = watch(ticks.recv());

  await clock.advance(40);
  await idle();

  assertEquals([receive.state, timeout.state], ["fulfilled", "waiting"]);
});

test("every() sets a timer only while somebody waits for a tick", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);
  const made = clock.timers;
  const controller = new AbortController();

  const receive = rejection(ticks.recv({ signal: controller.signal }));
  const parked = clock.timers;
  controller.abort("stop");
  await receive;

  assertEquals([made, parked, clock.timers], [0, 1, 0]);
});

test("every() works as a case of select, several times", async (t) => {
  const clock = fakeClock(t);
  const [ticks, jobs] = [every(10), new Channel<string>(1)];
  const seen: unknown[] = [];

  for (let i = 0; i < 3; i++) {
    const selected = select({ ticks, jobs }, { priority: true });
    if (i === 1) jobs.trySend("job");
    else await clock.advance(10);
    seen.push((await settled(selected)).value);
  }

  assertEquals(seen, [1, "job", 2]);
});

test("every() ends by cancel(): parked and later receives report done", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);
  const receive = ticks.recv();

  ticks.cancel();
  await clock.advance(100);

  assertEquals(await settled(receive), DONE);
  assertEquals(ticks.tryRecv(), DONE);
  assert(ticks.closed);
});

test("every() drops a tick that waits when it is cancelled", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);
  await clock.advance(10);

  ticks.cancel();

  assertEquals([ticks.size, ticks.tryRecv()], [0, DONE]);
});

test("every() ends by its signal: parked and later receives report done", async (t) => {
  const clock = fakeClock(t);
  const controller = new AbortController();
  const ticks = every(10, { signal: controller.signal });
  const receive = ticks.recv();
  const selected = select({ ticks });

  controller.abort();
  await clock.advance(100);

  assertEquals(await settled(receive), DONE);
  assertEquals(await settled(selected), { key: "ticks", done: true, value: undefined });
  assertEquals(await settled(ticks.recvMany(3)), []);
  assert(ticks.closed);
});

test("every() with a signal that was aborted before reports done", async () => {
  const ticks = every(10, { signal: AbortSignal.abort() });

  assertEquals(ticks.tryRecv(), DONE);
  assertEquals(await settled(ticks.recv()), DONE);
  assert(ticks.closed);
});

test("every() is iterated until it is cancelled", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);
  const received: number[] = [];
  const loop = async () => {
    for await (const n of ticks) {
      received.push(n);
      if (n === 3) ticks.cancel();
    }
  };

  const looping = loop();
  await clock.advance(100);
  await settled(looping);

  assertEquals(received, [1, 2, 3]);
});

test("every() left by break goes on for others", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(10);
  await clock.advance(10);

  for await (const _ of ticks) break;
  await clock.advance(10);

  assertFalse(ticks.closed);
  assertEquals(ticks.tryRecv(), { done: false, value: 2 });
  ticks.cancel();
  assertEquals(await drained(ticks), []);
});

const FIXTURE = fileURLToPath(new URL("./process_end.ts", import.meta.url));
const PRELOAD = new URL("../fast_typescript.mjs", import.meta.url).href;

/** Runs a part of process_end.ts to the end of its process; answers what it printed. */
function run(part: string): Promise<string> {
  const flags = "Deno" in globalThis
    ? ["run", "--no-check", "-A", FIXTURE]
    : ["--import", PRELOAD, FIXTURE];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...flags, part], { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${part}: ${error.message}\n${stderr}`));
    });
  });
}

test("timers and signals that lost do not hold the process", async () => {
  const printed = await run("lost");

  assertStringIncludes(printed, "end of the program");
});

test("timers that somebody waits for keep the process alive", async () => {
  const printed = await run("awaited");

  assertEquals(printed.trim().split(/\s+/), ["late", "tick", "TimeoutError"]);
});

test("every() keeps a late tick for whoever waits, and gives it to no newcomer", async () => {
  let now = 0;
  let ring = () => {};
  useClock({ now: () => now, setTimer: (task) => ring = task, clearTimer: () => {} });
  try {
    const ticks = every(10);
    const parked = watch(ticks.recv());

    now = 12; // the tick is due, and its timer has not rung
    const newcomer = ticks.tryRecv();
    ring();
    await idle();

    assertEquals([newcomer, parked.value], [undefined, { done: false, value: 1 }]);
    assertEquals(ticks.tryRecv(), undefined);
  } finally {
    useClock(systemClock);
  }
});

test("every() counts an interval that is over although the division rounds down", async (t) => {
  const clock = fakeClock(t);
  const ticks = every(0.7);

  await clock.advance(3 * 0.7); // divided by 0.7 that is less than 3

  assertEquals(ticks.tryRecv(), { done: false, value: 3 });
});
