import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel, once, select, trySelect } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { DONE, drained, gather, rejection, settled, watch } from "./watch.ts";
import { deferred } from "../flow/sources.ts";

test("once() gives the value of the promise once, then reports done", async () => {
  const reply = once(Promise.resolve(42));

  const received = [await settled(reply.recv()), await settled(reply.recv()), reply.tryRecv()];

  assertEquals(received, [{ done: false, value: 42 }, DONE, DONE]);
});

test("once() waits for the promise", async () => {
  const { promise, resolve } = deferred<number>();
  const reply = once(promise);
  const before = reply.tryRecv();
  const receive = watch(reply.recv());
  await idle();
  const waits = receive.state;

  resolve(42);
  await idle();

  assertEquals([before, waits], [undefined, "waiting"]);
  assertEquals(receive.value, { done: false, value: 42 });
});

test("once() gives the value to the first receiver and reports done to the others", async () => {
  const { promise, resolve } = deferred<number>();
  const reply = once(promise);
  const receives = [reply.recv(), reply.recv(), reply.recv()];

  resolve(42);

  assertEquals(await settled(Promise.all(receives)), [{ done: false, value: 42 }, DONE, DONE]);
});

test("once() has capacity 1 and holds the value until it is received", async () => {
  const reply = once(Promise.resolve(42));
  await idle();

  const sizes = [reply.size];
  reply.tryRecv();
  sizes.push(reply.size);

  assertEquals([sizes, reply.capacity, reply.closed], [[1, 0], 1, true]);
});

test("once() rejects every receive with the error of the promise", async () => {
  const failure = new Error("no reply");
  const reply = once(Promise.reject(failure));

  const first = await rejection(reply.recv());
  const second = await rejection(reply.recv());

  assertStrictEquals(first, failure);
  assertStrictEquals(second, failure);
  assertStrictEquals(assertThrows(() => reply.tryRecv()), failure);
  assertStrictEquals(await rejection(select({ reply })), failure);
  assertStrictEquals(await rejection(gather(reply, [])), failure);
});

test("once() rejects parked receives when the promise rejects", async () => {
  const { promise, reject } = deferred<number>();
  const reply = once(promise);
  const receives = [rejection(reply.recv()), rejection(select({ reply }))];

  reject("no reply");

  assertEquals(await Promise.all(receives), ["no reply", "no reply"]);
});

test("once() of a rejected promise that nobody receives from is no unhandled rejection", async () => {
  const reply = once(Promise.reject(new Error("nobody asks")));

  await idle();

  // An unhandled rejection would fail this test on every runtime.
  assert(reply.closed);
});

test("once() makes one reaction on the promise for its whole life", async () => {
  let reactions = 0;
  const promise: PromiseLike<number> = {
    then(onfulfilled, onrejected) {
      reactions++;
      return new Promise<number>(() => {}).then(onfulfilled, onrejected);
    },
  };
  const [reply, jobs] = [once(promise), new Channel<number>()];

  for (let i = 0; i < 1_000; i++) {
    const selected = select({ reply, jobs });
    jobs.trySend(i);
    await selected;
    trySelect({ reply });
  }

  assertEquals(reactions, 1);
});

test("once() works as a case of select: its value, then done", async () => {
  const reply = once(Promise.resolve(42));

  const outcomes = [await settled(select({ reply })), await settled(select({ reply }))];

  assertEquals(outcomes, [
    { key: "reply", done: false, value: 42 },
    { key: "reply", done: true, value: undefined },
  ]);
});

test("once() that lost a select keeps its value for the next receive", async () => {
  const { promise, resolve } = deferred<number>();
  const [reply, jobs] = [once(promise), new Channel<string>()];
  const selected = select({ reply, jobs });
  jobs.trySend("job");
  resolve(42);

  const received = await settled(reply.recv());

  assertEquals((await settled(selected)).key, "jobs");
  assertEquals(received, { done: false, value: 42 });
});

test("once() is iterated: one value", async () => {
  const values = await drained(once(Promise.resolve(42)));

  assertEquals(values, [42]);
});

test("once() gives its value to recvMany() and batches() as a batch of one", async () => {
  const many = await settled(once(Promise.resolve(42)).recvMany(5));
  const batches = await drained(once(Promise.resolve(42)).batches(5));

  assertEquals([many, batches], [[42], [[42]]]);
});

test("once() that is cancelled reports done, also when the promise settles later", async () => {
  const { promise, resolve } = deferred<number>();
  const reply = once(promise);
  const receive = reply.recv();

  reply.cancel();
  resolve(42);

  assertEquals(await settled(receive), DONE);
  assertEquals(reply.tryRecv(), DONE);
});

test("once() that is cancelled drops its value and its error", async () => {
  const replies = [once(Promise.resolve(42)), once(Promise.reject(new Error("no reply")))];
  await idle();

  for (const reply of replies) reply.cancel();

  assertEquals(replies.map((reply) => reply.tryRecv()), [DONE, DONE]);
});

test("once() gives undefined as a value, apart from the end", async () => {
  const reply = once(Promise.resolve(undefined));

  const received = [await settled(reply.recv()), await settled(reply.recv())];

  assertEquals(received, [{ done: false, value: undefined }, DONE]);
});

test("once() gives a value that is there to the first receive", async () => {
  const reply = once(Promise.resolve(42));
  await idle();

  const received = [await settled(reply.recv()), await settled(reply.recv())];

  assertEquals(received, [{ done: false, value: 42 }, DONE]);
});

test("once() gives nothing to a receive with a signal that was aborted before", async () => {
  const reply = once(Promise.resolve(42));
  await idle();

  const thrown = await rejection(reply.recv({ signal: AbortSignal.abort("stop") }));

  assertEquals([thrown, reply.tryRecv()], ["stop", { done: false, value: 42 }]);
});
