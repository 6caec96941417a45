/** Handles, codecs, long values, bytes and the memory of channels in shared memory. */
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { setImmediate } from "node:timers";
import { Channel, select } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { createMemory, Domain } from "../../workers/shared/domain.ts";
import { makeIn, openIn, SharedChannel } from "../../workers/shared/shared_channel.ts";
import { collect, collected, NO_GC } from "../unit/gc.ts";
import { DONE, RECEIVED, watch } from "../unit/watch.ts";
import { settled } from "./threads_in_one.ts";

test("SharedChannel.from() gives the same channel for the same handle, also for its clone", () => {
  const channel = new SharedChannel<number>(1, { name: "jobs" });

  const same = SharedChannel.from(channel.handle);

  assertStrictEquals(same, channel);
  assertStrictEquals(SharedChannel.from(structuredClone(channel.handle)), channel);
  assertEquals(Object.keys(channel.handle).toSorted(), ["generation", "kind", "memory", "offset"]);
  assertThrows(() => SharedChannel.from({} as never), TypeError, "handle");
});

test("SharedChannel.from() in another thread knows name, capacity and codec", async () => {
  const memory = createMemory();
  const [here, there] = [new Domain(memory), new Domain(memory)];
  const codec = { id: "u32", name: "string" } as const;
  const near = makeIn<{ id: number; name: string }>(here, 3, { name: "jobs", codec });

  const far = openIn<{ id: number; name: string }>(there, near.handle);
  await near.send({ id: 7, name: "sweep" });

  assertEquals([far.name, far.capacity], ["jobs", 3]);
  assertEquals(await far.recv(), RECEIVED({ id: 7, name: "sweep" }));
});

test("SharedChannel.from() needs the codec of a channel whose codec is made of functions", async () => {
  const memory = createMemory();
  const [here, there] = [new Domain(memory), new Domain(memory)];
  const codec = {
    encode: (text: string) => new TextEncoder().encode(text.toUpperCase()),
    decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
  };
  const near = makeIn<string>(here, 3, { codec });

  assertThrows(() => openIn<string>(there, near.handle), TypeError, "{ codec }");
  const far = openIn<string>(there, near.handle, codec);
  await near.send("loud");

  assertEquals(await far.recv(), RECEIVED("LOUD"));
});

for (const codec of ["auto", "json"] as const) {
  test(`SharedChannel carries values that are longer than a slot (${codec})`, async () => {
    const channel = new SharedChannel<string[]>(2, { codec });
    const long = ["x".repeat(100_000), "é".repeat(70_000)];
    const sends = [channel.send(long), channel.send(["short"]), channel.send(long)];

    const received = [await channel.recv(), await channel.recv(), await channel.recv()];

    assertEquals(received.map(({ value }) => value), [long, ["short"], long]);
    await Promise.all(sends);
  });
}

test("SharedChannel gives the memory of long values back", async () => {
  const domain = new Domain(createMemory(2 ** 22));
  const channel = makeIn<Uint8Array>(domain, 2);
  const megabyte = new Uint8Array(1_000_000);

  for (let i = 0; i < 20; i++) {
    await channel.send(megabyte);
    const [sending, aborted] = [watch(channel.send(megabyte)), new AbortController()];
    void channel.send(megabyte, { signal: aborted.signal }).catch(() => {});
    aborted.abort();
    assertEquals((await channel.recv()).value!.length, 1_000_000);
    assertEquals((await channel.recv()).value!.length, 1_000_000);
    assertEquals(sending.state, "fulfilled");
  }
  void channel.send(megabyte);
  channel.cancel();

  const other = makeIn<Uint8Array>(domain, 2);
  await other.send(megabyte);
  assertEquals(other.size, 1);
});

test("SharedChannel.send() rejects when the shared memory is used up, and goes on", async () => {
  const domain = new Domain(createMemory(2 ** 20));
  const channel = makeIn<Uint8Array>(domain, 2);

  const sending = watch(channel.send(new Uint8Array(2 ** 21)));
  await idle();

  assertInstanceOf(sending.reason, RangeError);
  await channel.send(new Uint8Array(3));
  assertEquals((await channel.recv()).value, new Uint8Array(3));
});

test("select() takes a shared channel and one in memory, timers and signals alike", async () => {
  const shared = new SharedChannel<string>(1);
  const local = new Channel<number>();
  const { signal } = new AbortController();
  const cases = { shared, local, signal };

  const first = select(cases);
  await shared.send("a");
  const second = select(cases);
  await local.send(1);

  assertEquals(await first, { key: "shared", done: false, value: "a" });
  assertEquals(await second, { key: "local", done: false, value: 1 });
  assertEquals([shared.size, local.size], [0, 0]);
});

test("SharedChannel counts positions beyond their wrap", async () => {
  for (const capacity of [1, 3]) {
    const domain = new Domain(createMemory(2 ** 20));
    const lap = capacity === 1 ? 2 : 4;
    const channel = makeIn<number>(domain, capacity, {}, 2 ** 31 / lap - 2);
    const received: number[] = [];

    for (let i = 0; i < 20; i++) {
      await channel.send(i);
      assertEquals(channel.size, 1);
      received.push((await channel.recv()).value!);
    }
    while (channel.trySend(0));

    assertEquals(received, Array.from({ length: 20 }, (_, i) => i));
    assertEquals(channel.size, capacity);
  }
});

test("recvInto() puts bytes into the caller's array, whether it waits or not", async () => {
  const channel = new SharedChannel<unknown>(2);
  const buffer = new Uint8Array(1_000);
  const waiting = channel.recvInto(buffer);

  await channel.send(Uint8Array.of(1, 2, 3));
  const lengths = [await waiting];
  await channel.send(new Uint8Array(900).fill(7));
  lengths.push(await channel.recvInto(buffer.subarray(3)));

  assertEquals(lengths, [RECEIVED(3), RECEIVED(900)]);
  assertEquals([...buffer.subarray(0, 5), buffer[902], buffer[903]], [1, 2, 3, 7, 7, 7, 0]);
  channel.close();
  assertEquals(await channel.recvInto(buffer), DONE);
});

test("recvInto() rejects with the value when it does not fit or is something else", async () => {
  const channel = new SharedChannel<unknown>(2);
  await channel.send(new Uint8Array(9).fill(1));
  await channel.send("text");

  const [tooLong, text] = [0, 1].map(() => watch(channel.recvInto(new Uint8Array(8))));
  await idle();

  assertInstanceOf(tooLong!.reason, RangeError);
  assertEquals((tooLong!.reason as { value?: unknown }).value, new Uint8Array(9).fill(1));
  assertInstanceOf(text!.reason, TypeError);
  assertEquals((text!.reason as { value?: unknown }).value, "text");
  assertThrows(() => channel.recvInto([] as never), TypeError, "buffer");
});

test("lend() sends bytes that are read where they are, and gives them back", async () => {
  const domain = new Domain(createMemory(2 ** 22));
  const channel = makeIn<Uint8Array>(domain, 1);
  for (let i = 1; i <= 20; i++) {
    const loan = channel.lend(500_000);
    loan.bytes.fill(i);
    await loan.send();

    const { value: received } = await channel.recvLent();

    assertEquals([loan.bytes.length, received!.bytes.length], [0, 500_000]);
    assertEquals([received!.bytes[0], received!.bytes[499_999]], [i, i]);
    assertStrictEquals(received!.bytes.buffer, domain.bytes.buffer);
    received!.release();
    received!.release();
  }
});

test("a loan can be received as a copy, and a sent array as a loan", async () => {
  const channel = new SharedChannel<Uint8Array>(3);
  const loan = channel.lend(2);
  loan.bytes.set([1, 2]);
  await loan.send();
  await channel.send(Uint8Array.of(3));
  await channel.send(new Uint8Array(400).fill(4));

  const copy = await channel.recv();
  const [short, long] = [(await channel.recvLent()).value!, (await channel.recvLent()).value!];

  assertEquals(copy, RECEIVED(Uint8Array.of(1, 2)));
  assertEquals([[...short.bytes], long.bytes.length], [[3], 400]);
  short.release();
  long.release();
});

test("a loan that is not sent stays with its thread, to be sent again or released", async () => {
  const channel = new SharedChannel<Uint8Array>(1);
  await channel.send(Uint8Array.of(1));
  const loan = channel.lend(1);
  loan.bytes[0] = 2;

  const late = watch(loan.send({ timeout: 0 }));
  await idle();
  const again = watch(loan.send());
  const received = [await channel.recv(), await channel.recv()];
  await idle();

  assertEquals((late.reason as Error).name, "TimeoutError");
  assertEquals(received.map(({ value }) => value), [Uint8Array.of(1), Uint8Array.of(2)]);
  assertEquals([again.state, loan.bytes.length], ["fulfilled", 0]);
  assertEquals((watch(loan.send()), await idle(), watch(loan.send()).state), "waiting");
});

test("a channel that is closed, empty and forgotten gives its memory back", {
  skip: NO_GC,
}, async () => {
  const domain = new Domain(createMemory(2 ** 20));
  const forget = async () => {
    const channel = makeIn<number>(domain, 1_000);
    await channel.send(1);
    channel.close();
    await channel.recv();
    return { handle: channel.handle, ref: new WeakRef(channel) };
  };
  const { handle, ref } = await forget();

  assert(await collected(ref));
  for (let i = 0; i < 20; i++) {
    // Far more than the memory would hold.
    const { ref } = await forget();
    assert(await collected(ref));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  collect?.();
  const gone = openIn<number>(domain, handle);
  assertEquals([gone.closed, await gone.recv()], [true, DONE]);
});

test("a channel on which somebody waits is not forgotten", { skip: NO_GC }, async () => {
  const memory = createMemory(2 ** 20);
  const [here, there] = [new Domain(memory), new Domain(memory)];
  const near = makeIn<number>(here, 1);
  const receiving = watch(openIn<number>(there, near.handle).recv());

  for (let i = 0; i < 3; i++) {
    collect?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await near.send(1);
  await settled(here, there);

  assertEquals(receiving.value, RECEIVED(1));
});

test("a channel whose last thread dies gives its memory back", async () => {
  const memory = createMemory(2 ** 20);
  const here = new Domain(memory);
  for (let i = 0; i < 20; i++) {
    const there = new Domain(memory);
    // Far more than the memory would hold.
    const channel = makeIn<number>(there, 1_000);
    await channel.send(1);
    channel.cancel();
    here.bury(there.seat);
  }
});

test("sendMany() and recvMany() carry arrays of any values through a small channel", async () => {
  for (const codec of ["auto", "json"] as const) {
    const channel = new SharedChannel<unknown>(7, { codec });
    const long = "x".repeat(1_000);
    const values = Array.from({ length: 100 }, (_, i) => i % 9 === 3 ? long : i % 2 ? { i } : i);
    const sending = channel.sendMany(values);
    void sending.then(() => channel.close());
    const received: unknown[] = [];

    for (let batch = [null] as unknown[]; batch.length > 0;) {
      batch = await channel.recvMany(5);
      assert(batch.length <= 5);
      received.push(...batch);
    }

    assertEquals(received, values);
    assertEquals(await sending, 100);
  }
});

test("sendMany() of an array rejects at a value that has no copy, and keeps what was accepted", async () => {
  const channel = new SharedChannel<unknown>(7);

  const sending = watch(channel.sendMany([1, 2, () => {}, 4]));
  await idle();

  assertEquals((sending.reason as Error).name, "DataCloneError");
  assertEquals(await channel.recvMany(9), [1, 2]);
});

test("sendMany() of an array that is cut off tells so, and loses nothing that was accepted", async () => {
  const channel = new SharedChannel<number>(3);
  const sending = watch(channel.sendMany([1, 2, 3, 4, 5]));
  await idle();

  channel.close();
  await idle();

  assertEquals((sending.reason as { value?: unknown }).value, 4);
  assertEquals(await channel.recvMany(9), [1, 2, 3]);
  assertEquals((await channel.sendMany([]).catch((error) => error), await channel.recvMany(9)), []);
});

test("recvMany() of a channel that others fill all the time ends", async () => {
  const memory = createMemory();
  const [here, there] = [new Domain(memory), new Domain(memory)];
  const near = makeIn<number>(here, 4);
  const far = openIn<number>(there, near.handle);
  for (let i = 0; i < 9; i++) void near.send(i);

  const received = await far.recvMany(Infinity);
  await settled(here, there);

  assertEquals(received, [0, 1, 2, 3]);
  assertEquals(await far.recvMany(Infinity), [4, 5, 6, 7]);
});

test("recvMany() and batches() that wait get what a batch of another thread brought", async () => {
  for (const codec of ["auto", "json"] as const) {
    const memory = createMemory();
    const [here, there] = [new Domain(memory), new Domain(memory)];
    const near = makeIn<number>(here, 8, { codec });
    const far = openIn<number>(there, near.handle);
    const loop = far.batches(3)[Symbol.asyncIterator]();
    const step = watch(loop.next());
    await settled(here, there);

    await near.sendMany([1, 2, 3, 4]);
    await settled(here, there);
    const taken = await far.recvMany(9);
    const batch = watch(far.recvMany(4));
    await settled(here, there);
    await near.sendMany([5, 6, 7, 8, 9]);
    await settled(here, there);

    assertEquals(step.value, { done: false, value: [1, 2, 3] });
    assertEquals(taken, [4]);
    assertEquals(batch.value, [5, 6, 7, 8]);
    assertEquals(far.size, 1);
  }
});

test("recvMany() and batches() that wait report the end, a failure, and a batch before it", async () => {
  const memory = createMemory();
  const [here, there] = [new Domain(memory), new Domain(memory)];
  const near = makeIn<number>(here, 8);
  const far = openIn<number>(there, near.handle);
  const loop = far.batches(3)[Symbol.asyncIterator]();
  const waiting = [watch(far.recvMany(4)), watch(far.recvMany(4)), watch(loop.next())];
  await settled(here, there);

  near.trySend(1);
  near.close();
  await settled(here, there);

  assertEquals(waiting.map(({ value }) => value), [[1], [], { done: true, value: undefined }]);
  const failed = makeIn<number>(here, 8);
  const refused = watch(openIn<number>(there, failed.handle).recvMany(4));
  failed.fail(new RangeError("broken"));
  await settled(here, there);
  assertInstanceOf(refused.reason, RangeError);
});

test("recvMany() that waits leaves the values to which others have come behind it", async () => {
  const memory = createMemory();
  const [here, there] = [new Domain(memory), new Domain(memory)];
  const near = makeIn<number>(here, 8);
  const far = openIn<number>(there, near.handle);
  const leaving = new AbortController();
  const waiting = [watch(far.recvMany(4, leaving)), watch(far.recvMany(4)), watch(far.recv())];
  await settled(here, there);

  leaving.abort("late");
  await near.sendMany([1, 2, 3]);
  await settled(here, there);
  near.trySend(4);
  await settled(here, there);

  assertEquals(waiting[0]!.reason, "late");
  assertEquals([waiting[1]!.value, waiting[2]!.value], [[1], RECEIVED(2)]);
  assertEquals(await far.recvMany(9), [3, 4]);
});
