import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { test } from "node:test";
import { after, Channel, select } from "../../mod.ts";
import { idle, setSeed, useFakeClock } from "../../testing/mod.ts";
import { watch } from "./watch.ts";

test("useFakeClock() moves time for after() and timeouts alike", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const selected = watch(select({ late: after(100) }));
  const receive = watch(new Channel<number>().recv({ timeout: 200 }));

  await clock.advance(150);
  await idle();
  const between = [selected.state, receive.state];
  await clock.advance(50);
  await idle();

  assertEquals(between, ["fulfilled", "waiting"]);
  assertEquals([receive.state, clock.now], ["rejected", 200]);
});

test("FakeClock.advance() rings the timers on the way at their own times", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const times: number[] = [];
  const loop = async () => {
    for (let i = 0; i < 3; i++) {
      await select({ late: after(10) });
      times.push(clock.now);
    }
  };
  loop();

  await clock.advance(100);

  assertEquals(times, [10, 20, 30]);
});

test("useFakeClock() is not disturbed by what was left waiting on the last one", async (t) => {
  const channel = new Channel<number>();
  const before = useFakeClock();
  watch(channel.recv({ timeout: 100 }));
  before.restore();
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const receive = watch(channel.recv({ timeout: 100 }));

  await clock.advance(100);
  await idle();

  assertEquals(receive.state, "rejected");
});

test("FakeClock.restore() lets the real clock end timeouts again", async () => {
  const channel = new Channel<number>();
  const clock = useFakeClock();
  watch(channel.recv({ timeout: 5 }));
  clock.restore();
  const receive = watch(channel.recv({ timeout: 5 }));

  // The real clock has to be waited for; a timeout that is lost never comes.
  for (let i = 0; i < 200 && receive.state === "waiting"; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }

  assertEquals(receive.state, "rejected");
});

test("useFakeClock() does not keep a real timer that was lost just before", async (t) => {
  const cleared: unknown[] = [];
  const clear = globalThis.clearTimeout;
  t.after(() => void (globalThis.clearTimeout = clear));
  globalThis.clearTimeout = ((timer: ReturnType<typeof setTimeout>) => {
    cleared.push(timer);
    clear(timer);
  }) as typeof clearTimeout;
  const channel = new Channel<number>();
  watch(channel.recv({ timeout: 3_000 }));
  channel.trySend(1);

  const clock = useFakeClock();
  await idle();
  clock.restore();

  assertEquals(cleared.length, 1);
});

test("FakeClock.advance() never moves the time back, also when two move it", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());

  await Promise.all([clock.advance(100), clock.advance(10)]);

  assertEquals(clock.now, 100);
});

for (
  const [wrong, kind] of [[-1, RangeError], [NaN, RangeError], [Infinity, RangeError], [
    "5",
    TypeError,
  ]] as const
) {
  test(`FakeClock.advance(${typeof wrong} ${wrong}) throws ${kind.name} at once`, (t) => {
    const clock = useFakeClock();
    t.after(() => clock.restore());

    const error = assertThrows(() => void clock.advance(wrong as number), kind);

    assertStringIncludes(error.message, `${wrong}`);
    assertEquals(clock.now, 0);
  });
}

for (const [wrong, kind] of [[1.5, RangeError], [NaN, RangeError], ["5", TypeError]] as const) {
  test(`setSeed(${typeof wrong} ${wrong}) throws ${kind.name}`, () => {
    const error = assertThrows(() => setSeed(wrong as number), kind);

    assertStringIncludes(error.message, `${wrong}`);
  });
}
