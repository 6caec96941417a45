/** What a channel in shared memory does where other kinds of channels do something else. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { ChannelClosedError, select } from "../../mod.ts";
import { createMemory, Domain } from "../../workers/shared/domain.ts";
import { makeIn, openIn, SharedChannel } from "../../workers/shared/shared_channel.ts";
import { DONE, RECEIVED, watch } from "../unit/watch.ts";
import { settled } from "./threads_in_one.ts";

const memory = createMemory();
const [here, there] = [new Domain(memory), new Domain(memory)];

function twoThreads<T>(capacity: number) {
  const near = makeIn<T>(here, capacity);
  return { near, far: openIn<T>(there, near.handle) };
}

const quiet = () => settled(here, there);

test("SharedChannel.close() rejects the sends that wait in any thread, with their values", async () => {
  const { near, far } = twoThreads<number>(1);
  const sends = [near.send(1), near.send(2), far.send(3), far.send(4)].map((send) => watch(send));
  const selected = watch(select({ out: far.sendCase(5) }));
  await quiet();

  near.close();
  await quiet();

  assertEquals(sends.map(({ state }) => state), ["fulfilled", "rejected", "rejected", "rejected"]);
  const errors = [...sends.slice(1), selected].map(({ reason }) => reason as ChannelClosedError);
  assert(errors.every((error) => error instanceof ChannelClosedError && error.cause === undefined));
  assertEquals(errors.map(({ value }) => value), [2, 3, 4, 5]);
  assertEquals([await far.recv(), await far.recv()], [RECEIVED(1), DONE]);
});

test("SharedChannel.close() lets in the sends of its thread for which there is room", async () => {
  const { near, far } = twoThreads<number>(2);
  for (const value of [1, 2]) void near.send(value);
  const sends = [near.send(3), near.send(4), near.send(5)].map((send) => watch(send));
  for (let i = 0; i < 2; i++) far.tryRecv();

  near.close();
  await quiet();

  assertEquals(sends.map(({ state }) => state), ["fulfilled", "fulfilled", "rejected"]);
  assertEquals(await far.recvMany(9), [3, 4]);
});

test("SharedChannel.cancel() rejects the sends that wait in other threads, with the reason", async () => {
  const { near, far } = twoThreads<number>(1);
  void far.send(1);
  const sending = watch(far.send(2));
  await quiet();

  near.cancel(new RangeError("enough"));
  await quiet();

  assertInstanceOf(sending.reason, ChannelClosedError);
  assertEquals(sending.reason.value, 2);
  assertInstanceOf(sending.reason.cause, RangeError);
  assertEquals([near.size, far.size, far.tryRecv()], [0, 0, DONE]);
});

test("SharedChannel.fail() gives another thread a copy of the error, the same each time", () => {
  const { near, far } = twoThreads<number>(1);
  const error = Object.assign(new RangeError("broken"), { code: "E_BROKEN" });
  void near.send(1);

  near.fail(error);

  assertEquals(far.tryRecv(), RECEIVED(1));
  const [first, second] = [assertThrows(() => far.tryRecv()), assertThrows(() => far.tryRecv())];
  assertInstanceOf(first, RangeError);
  assertEquals([first.message, (first as { code?: string }).code], ["broken", "E_BROKEN"]);
  assertStrictEquals(first, second);
  assertNotStrictEquals<unknown>(first, error);
  assertStrictEquals(assertThrows(() => near.tryRecv()), error);
});

test("SharedChannel.send() rejects a value that has no copy, with its path", async () => {
  const channel = makeIn<unknown>(here, 1);

  const sending = watch(channel.send({ deep: [() => {}] }));
  const parked = watch(select({ out: channel.sendCase({ deep: [() => {}] }) }));
  await quiet();

  for (const { reason } of [sending, parked]) {
    assertInstanceOf(reason, DOMException);
    assertEquals(reason.name, "DataCloneError");
    assert(reason.message.includes("value.deep[0]"), reason.message);
  }
  assertThrows(() => channel.trySend(() => {}), DOMException);
  assertEquals(channel.size, 0);
});

test("select() that waits rejects when the value of its send case has no copy", async () => {
  const channel = makeIn<unknown>(here, 1);
  await channel.send(1);
  const selected = watch(select({ in: makeIn(here, 1), out: channel.sendCase(() => {}) }));

  await quiet();

  assertEquals((selected.reason as Error).name, "DataCloneError");
  assertEquals(channel.tryRecv(), RECEIVED<unknown>(1));
});

test("SharedChannel copies a value when it is sent, also one that waits", async () => {
  const { near, far } = twoThreads<{ n: number }>(1);
  const value = { n: 1 };
  void near.send(value);
  const waiting = near.send(value);

  value.n = 2;

  assertEquals([await far.recv(), await far.recv()], [RECEIVED({ n: 1 }), RECEIVED({ n: 1 })]);
  await waiting;
});

test("SharedChannel serves who is parked in another thread as soon as that one hears of it", async () => {
  const { near, far } = twoThreads<number>(1);
  const receiving = watch(far.recv());
  await quiet();

  assert(near.trySend(1));
  assertEquals([near.size, receiving.state], [1, "waiting"]);
  await quiet();

  assertEquals([near.size, receiving.value], [0, RECEIVED(1)]);
});

test("SharedChannel lets in a send of another thread after a receive has made room", async () => {
  const { near, far } = twoThreads<number>(1);
  void far.send(1);
  const sending = watch(far.send(2));
  await quiet();

  const received = [near.tryRecv(), near.tryRecv()];
  await quiet();

  assertEquals(received, [RECEIVED(1), undefined]);
  assertEquals([sending.state, near.tryRecv()], ["fulfilled", RECEIVED(2)]);
});

test("a send that is aborted in one thread leaves the others in their places", async () => {
  const { near, far } = twoThreads<number>(1);
  const abort = new AbortController();
  const received: number[] = [];
  void far.send(0);
  void far.send(1);
  const aborted = watch(far.send(2, { signal: abort.signal }));
  void far.send(3);
  await quiet();

  abort.abort(new Error("no"));
  for (let i = 0; i < 3; i++) received.push((await near.recv()).value!);
  await quiet();

  assertEquals(received, [0, 1, 3]);
  assertEquals((aborted.reason as Error).message, "no");
  assertEquals(near.tryRecv(), undefined);
});

test("a receive that is aborted after its thread was woken passes the wake on", async () => {
  const { near, far } = twoThreads<number>(1);
  const abort = new AbortController();
  // Whoever is woken first for a value, it is served.
  const receives = [near.recv({ signal: abort.signal }), far.recv()].map((recv) => watch(recv));
  await quiet();
  const third = new Domain(memory);
  const sender = openIn<number>(third, near.handle);

  sender.trySend(1);
  abort.abort();
  await quiet();

  const [mine, its] = receives;
  assertEquals(mine!.state === "fulfilled" ? mine!.value : its!.value, RECEIVED(1));
  third.bury(third.seat);
});

test("new SharedChannel() refuses what it cannot do", () => {
  const wrong = (options: object) => () => new SharedChannel(1, options);

  const capacities = "capacity must be a whole number from 1 to 16777216";
  assertThrows(() => new SharedChannel(0), RangeError, capacities);
  assertThrows(() => new SharedChannel(Infinity), RangeError, capacities);
  assertThrows(wrong({ overflow: "drop-oldest" }), TypeError, "options.overflow");
  assertThrows(wrong({ onDrop: () => {} }), TypeError, "options.onDrop");
  const lengths = "options.bytes must be a whole number from 1 to 32768";
  assertThrows(wrong({ bytes: 0 }), RangeError, lengths);
  assertThrows(wrong({ bytes: 32769 }), RangeError, lengths);
  assertThrows(wrong({ codec: "xml" }), TypeError, "options.codec");
});

test("SharedChannel.sendSync() and recvSync() refuse to block the main thread", () => {
  const channel = new SharedChannel<number>(1);

  assertThrows(() => channel.sendSync(1), Error, "Cannot block the main thread");
  assertThrows(() => channel.recvSync(), Error, "Cannot block the main thread");
  assertEquals(channel.size, 0);
});

test("SharedChannel serves all who are parked in another thread, more than fit in a turn", async () => {
  const { near, far } = twoThreads<number>(1_000);
  const { near: other, far: farOther } = twoThreads<number>(1_000);
  const receives = Array.from({ length: 1_000 }, () => watch(far.recv()));
  const others = Array.from({ length: 600 }, () => watch(farOther.recv()));
  await quiet();

  for (let i = 0; i < 1_000; i++) near.trySend(i);
  for (let i = 0; i < 600; i++) other.trySend(i);
  await quiet();

  assertEquals(
    receives.map(({ value }) => value?.value),
    Array.from({ length: 1_000 }, (_, i) => i),
  );
  assertEquals(others.filter(({ state }) => state === "fulfilled").length, 600);
});
