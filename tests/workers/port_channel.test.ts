/** What a channel does instead, when one of its ends is in another thread. */
import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertMatch,
  assertNotStrictEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { Channel, ChannelClosedError, select, trySelect } from "../../mod.ts";
import type { PortChannel } from "../../workers/port_channel.ts";
import { counts } from "../unit/counts.ts";
import { DONE, watch } from "../unit/watch.ts";
import { Bridge, quiet } from "./bridges.ts";

/** Runs a body with a channel, its far end and a second one in another place. */
async function across(
  capacity: number,
  body: (near: Channel<unknown>, far: PortChannel<unknown>, other: PortChannel<unknown>) => unknown,
): Promise<void> {
  const near = new Channel<unknown>(capacity, { name: "mill" });
  const bridges = [new Bridge(), new Bridge()] as const;
  try {
    await body(near, bridges[0].open(near), bridges[1].open(near));
    await quiet();
  } finally {
    for (const bridge of bridges) bridge.close();
  }
}

test("PortChannel.tryRecv() answers undefined until it is known that nothing will come", async () => {
  await across(2, async (near, far) => {
    await near.send(1);

    const before = far.tryRecv();
    await far.recv();
    near.close();
    await quiet();

    assertEquals([before, far.tryRecv()], [undefined, DONE]);
    assertEquals(trySelect({ far }), { key: "far", ...DONE });
  });
});

test("PortChannel.trySend() answers false, and sends nothing", async () => {
  await across(2, async (near, far) => {
    const sent = far.trySend(1);
    await quiet();

    assertFalse(sent);
    assertEquals(near.size, 0);
  });
});

test("PortChannel.trySend() sends where there is no bound, also if it is closed meanwhile", async () => {
  await across(Infinity, async (near, far) => {
    const sent = [1, { n: 2 }, 3].map((value) => far.trySend(value));
    near.close();
    await quiet();

    assertEquals(sent, [true, true, true]);
    assertEquals(await near.recvMany(10), [1, { n: 2 }, 3]);
    assertThrows(() => far.trySend(4), ChannelClosedError, '"mill"');
  });
});

test("PortChannel.trySend() throws for what cannot be cloned", async () => {
  await across(Infinity, async (near, far) => {
    assertThrows(() => far.trySend({ deep: () => 1 }), DOMException, "value.deep");
    await quiet();

    assertEquals(near.size, 0);
  });
});

test("PortChannel.recv() and send() with timeout 0 ask once", async () => {
  await across(1, async (near, far) => {
    const late = [
      await assertRejects(() => far.recv({ timeout: 0 }), DOMException),
      await far.send(1, { timeout: 0 }),
      await assertRejects(() => far.send(2, { timeout: 0 }), DOMException),
    ];

    assertEquals(late.map((error) => error?.name), ["TimeoutError", undefined, "TimeoutError"]);
    assertEquals(await far.recvMany(5, { timeout: 0 }), [1]);
    assertEquals(near.size, 0);
  });
});

test("PortChannel gives clones", async () => {
  await across(1, async (near, far) => {
    const value = { list: [1] };
    await near.send(value);

    const received = await far.recv();

    assertEquals(received.value, value);
    assertNotStrictEquals(received.value, value);
  });
});

test("PortChannel.recv() rejects for what cannot be cloned, and leaves it to others, in place", async () => {
  await across(3, async (near, far) => {
    const values = [{ run: () => 1 }, 2, 3];
    for (const value of values) await near.send(value);

    const error = await assertRejects(() => far.recv(), DOMException, "value.run");

    assertEquals(error.name, "DataCloneError");
    assertEquals(await near.recvMany(5), values);
  });
});

test("PortChannel.recv() that rejects for what cannot be cloned leaves the next one its value", async () => {
  await across(0, async (near, far) => {
    const [first, second] = [watch(far.recv()), watch(far.recv())];
    await quiet();

    for (const value of [() => 1, 2]) void near.send(value);
    await quiet();

    assertEquals((first.reason as Error).name, "DataCloneError");
    assertEquals(second.value, { done: false, value: 2 });
  });
});

test("PortChannel.recvMany() gives what stands before a value that cannot be cloned", async () => {
  await across(5, async (near, far) => {
    const wrong = { list: [() => 1] };
    for (const value of [1, 2, wrong, 3]) await near.send(value);

    const batch = await far.recvMany(5);
    await assertRejects(() => far.recvMany(5), DOMException, "value.list[0]");

    assertEquals(batch, [1, 2]);
    assertEquals(await near.recvMany(5), [wrong, 3]);
    near.close();
    assertEquals(await far.recv(), DONE);
    await quiet();
    assertEquals(far.tryRecv(), DONE);
  });
});

test("PortChannel.tryRecv() throws the error of a failed channel once it is drained", async () => {
  await across(1, async (near, far, other) => {
    await near.send(1);
    near.fail(new RangeError("broken"));
    await quiet();
    const before = far.tryRecv();

    await other.recv();
    await quiet();

    assertEquals(before, undefined);
    assertThrows(() => far.tryRecv(), RangeError, "broken");
  });
});

test("PortChannel.cancel() makes later receives report done, also after a failure", async () => {
  await across(0, async (near, far) => {
    near.fail("broken");
    const failed = watch(far.recv());
    await quiet();

    far.cancel();

    assertEquals([failed.reason, await far.recv()], ["broken", DONE]);
  });
});

test("PortChannel.send() rejects for what cannot be cloned, and sends the others", async () => {
  await across(3, async (near, far) => {
    const sends = [1, () => 1, 3].map((value) => watch(far.send(value)));
    await quiet();

    assertEquals(sends.map(({ state }) => state), ["fulfilled", "rejected", "fulfilled"]);
    assertEquals((sends[1]!.reason as Error).name, "DataCloneError");
    assertEquals(await near.recvMany(5), [1, 3]);
  });
});

test("PortChannel.fail() gives the other end the same error again, with its class and code", async () => {
  await across(0, async (near, far, other) => {
    far.fail(Object.assign(new RangeError("broken"), { code: "ERR_MILL" }));
    await quiet();

    const errors = [
      await assertRejects(() => near.recv()),
      await assertRejects(() => other.recv()),
    ];

    for (const error of errors) {
      assertInstanceOf(error, RangeError);
      assertEquals([error.message, (error as { code?: string }).code], ["broken", "ERR_MILL"]);
    }
  });
});

test("PortChannel parks one receive in the channel for each that waits, and no more", async () => {
  await across(0, async (near, far, other) => {
    const stop = new AbortController();
    const first = watch(far.recv());
    void watch(far.recv({ signal: stop.signal }));
    const many = watch(far.recvMany(3));
    void other.recv();
    await quiet();
    const before = counts(near).receivers;

    stop.abort();
    await quiet();
    const aborted = counts(near).receivers;
    for (const value of [1, 2, 3]) await near.send(value);
    await quiet();

    assertEquals([before, aborted, counts(near).receivers], [4, 3, 0]);
    assertEquals(first.value, { done: false, value: 1 });
    assertEquals(many.value, [2]);
  });
});

test("PortChannel gives what comes for a receive that gave up to the next, which asks no more", async () => {
  await across(0, async (near, far) => {
    const stop = new AbortController();
    const aborted = watch(far.recv({ signal: stop.signal }));
    const next = watch(far.recv());
    await quiet();

    void near.send(1);
    stop.abort();
    await quiet();

    assertEquals([aborted.state, next.value], ["rejected", { done: false, value: 1 }]);
    assertEquals(counts(near).receivers, 0);
  });
});

test("PortChannel whose select was decided puts back what was on its way, in front", async () => {
  await across(3, async (near, far) => {
    const local = new Channel<string>(1);
    for (const value of [1, 2, 3]) await near.send(value);
    const selected = select({ far, local });
    // Its question leaves before this turn is over, and the answer finds it decided.
    await Promise.resolve();
    await Promise.resolve();
    await local.send("decided");

    const { key } = await selected;
    await quiet();

    assertEquals(key, "local");
    assertEquals(await near.recvMany(5), [1, 2, 3]);
  });
});

test("PortChannel.sendCase() that waits is rejected by close(), with its value", async () => {
  await across(0, async (near, far) => {
    const selected = watch(select({ out: far.sendCase(5) }));
    await quiet();

    near.close();
    await quiet();

    assertInstanceOf(selected.reason, ChannelClosedError);
    assertEquals(selected.reason.value, 5);
    assertEquals(await near.recv(), DONE);
  });
});

test("PortChannel.sendCase() that waits meets a select of the other end", async () => {
  await across(0, async (near, far) => {
    const sends = watch(select({ out: far.sendCase(5) }));
    await quiet();

    const receives = watch(select({ near }));
    await quiet();

    assertEquals(sends.value?.key, "out");
    assertEquals(receives.value, { key: "near", done: false, value: 5 });
  });
});

test("PortChannel.sendCase() for what cannot be cloned rejects, and lets others go", async () => {
  await across(0, async (near, far, other) => {
    const wrong = watch(select({ out: far.sendCase(() => 1) }));
    await quiet();
    const right = watch(select({ out: other.sendCase(2) }));
    await quiet();

    const received = near.recv();
    await quiet();

    assertEquals((wrong.reason as Error).name, "DataCloneError");
    assertEquals(right.state, "fulfilled");
    assertEquals((await received).value, 2);
  });
});

test("PortChannel.sendMany() is at most 64 values ahead of what was accepted", async () => {
  await across(1, async (near, far) => {
    let asked = 0;
    function* source() {
      while (true) yield asked++;
    }
    const sending = watch(far.sendMany(source()));
    await quiet();
    const before = asked;

    for (let n = 0; n < 200; n++) assertEquals((await near.recv()).value, n);
    await quiet();
    const after = asked;
    near.cancel();
    await quiet();

    assert(before <= 66 && after >= 200 && after <= 268, `${before} and ${after}`);
    assertInstanceOf(sending.reason, ChannelClosedError);
  });
});

for (const late of [false, true]) {
  test(`PortChannel.sendMany() rejects for what cannot be cloned, and sends none behind it${late ? ", later on" : ""}`, async () => {
    await across(Infinity, async (near, far) => {
      let closed = 0;
      const before = late ? 200 : 2;
      function* source() {
        try {
          for (let n = 1; n <= before; n++) yield n;
          yield { rows: [{ show: () => 1 }] };
          for (let n = 1; n < 200; n++) yield -n;
        } finally {
          closed++;
        }
      }

      const error = await assertRejects(() => far.sendMany(source()), DOMException);
      await far.send("next");

      assertEquals(error.name, "DataCloneError");
      assertMatch(error.message, /value\.rows\[0\]\.show is /);
      assertEquals(closed, 1);
      const values = Array.from({ length: before }, (_, i) => i + 1);
      assertEquals(await near.recvMany(500), [...values, "next"]);
    });
  });
}

test("PortChannel.sendMany() rejects for a channel that stands where it cannot, as for a function", async () => {
  await across(Infinity, async (near, far) => {
    const values = [1, new Map([[1, new Channel()]]), 2];

    await assertRejects(() => far.sendMany(values), DOMException, "value[1] must stand");

    await far.send("next");
    assertEquals(await near.recvMany(5), [1, "next"]);
  });
});

test("PortChannel.sendMany() with a signal rejects for what cannot be cloned", async () => {
  await across(1, async (near, far) => {
    const { signal } = new AbortController();
    const sending = watch(far.sendMany([1, () => 2, 3], { signal }));
    await quiet();

    assertEquals([(sending.reason as Error).name, near.size], ["DataCloneError", 1]);
  });
});

test("Bridge that ends withdraws what its thread waited for, sends too", async () => {
  const near = new Channel<number>();
  const bridge = new Bridge();
  const far = bridge.open(near);
  void far.send(1);
  void select({ out: far.sendCase(2) });
  await quiet();
  const before = counts(near).senders;

  bridge.end();

  assertEquals([before, counts(near).senders], [1, 0]);
  near.close();
  assertEquals(await near.recv(), DONE);
});

test("Bridge whose task has ended as it should delivers what was sent", async () => {
  const near = new Channel<number>();
  const bridge = new Bridge();
  const far = bridge.open(near);
  for (const value of [1, 2]) void far.send(value);
  void far.recv();
  await quiet();

  bridge.end(true);

  assertEquals(await near.recvMany(5), [2]);
  assertEquals(counts(near), { size: 0, capacity: 0, senders: 0, receivers: 0, closed: false });
});

test("PortChannel that is stopped does not reject a send that was accepted", async () => {
  await across(1, async (near, far) => {
    const bridge = new Bridge();
    const stopped = bridge.open(near);
    const sends = [watch(stopped.send(1)), watch(stopped.send(2))];
    await Promise.resolve(); // they leave

    bridge.far.stop("enough");
    await quiet();

    assertEquals(sends.map(({ state }) => state), ["fulfilled", "rejected"]);
    assertEquals([near.size, await far.recv()], [1, { done: false, value: 1 }]);
    bridge.close();
  });
});

test("PortChannel that is stopped ends no thread over an operation that nobody awaits", async () => {
  await across(0, async (near) => {
    const bridge = new Bridge();
    const stopped = bridge.open(near);
    const empty = bridge.open(new Channel<unknown>());
    void stopped.send(1);
    void stopped.sendMany([2, 3]);
    void select({ out: stopped.sendCase(4) });
    void empty.recv();
    void empty.recvMany(2);
    void select({ empty });
    await quiet();

    // An unhandled rejection would fail this test.
    bridge.far.stop("enough");
    await quiet();

    assertEquals(counts(near), { size: 0, capacity: 0, senders: 0, receivers: 0, closed: false });
    bridge.close();
  });
});

test("PortChannel that is stopped rejects all that waits and all that follows", async () => {
  await across(0, async (near, far) => {
    const bridge = new Bridge();
    const stopped = bridge.open(near);
    const loop = (async () => {
      for await (const _ of stopped) throw new Error("nothing must come");
    })();
    const full = bridge.open(new Channel<number>());
    const waiting: Promise<unknown>[] = [loop, full.send(1), select({ out: full.sendCase(1) })];
    const before = waiting.map((each) => watch(each));
    await quiet();

    bridge.far.stop("enough");
    const following: Promise<unknown>[] = [stopped.recv(), stopped.send(2), select({ stopped })];
    const later = following.map((each) => watch(each));
    await quiet();

    assertEquals([...before, ...later].map(({ reason }) => reason), Array(6).fill("enough"));
    assertThrows(() => stopped.tryRecv());
    const received = far.recv();
    await near.send(3);
    assertEquals((await received).value, 3);
    bridge.close();
  });
});
