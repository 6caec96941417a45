/** What batches of shared channels have once done wrong. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { setFlagsFromString } from "node:v8";
import { test } from "node:test";
import { Domain } from "../../workers/shared/domain.ts";
import { makeIn, type SharedChannel } from "../../workers/shared/shared_channel.ts";
import { domainOf } from "./rings.ts";

// A memory each, for what goes wrong here may leave it in ruins.

/** A channel of a new memory, and which blocks its domain was told to free since then: none is freed. */
function watched<T>(
  codec?: object,
): { channel: SharedChannel<T>; freed: number[]; domain: Domain } {
  const domain = domainOf("wasm"), freed: number[] = [];
  const channel = makeIn<T>(domain, 64, codec === undefined ? {} : { codec: codec as never });
  Object.assign(domain, { free: (block: number) => void freed.push(block) });
  return { channel, freed, domain };
}

/** Leaves numbers in the scratch of a domain that look like headers of blocks. */
async function soil(domain: Domain): Promise<void> {
  const lists = makeIn<number[]>(domain, 16);
  const list = Array.from({ length: 12 }, () => 2.5);
  await lists.sendMany(Array.from({ length: 16 }, () => list));
  await lists.recvMany(16);
}

// A group of eight takes every record for one of 16 bytes; with a payload of 0 bytes it has 8.
test("SharedChannel.recvMany() reads records of an empty schema, and frees no block that there is not", async () => {
  const { channel, freed, domain } = watched<object>({});
  for (let i = 0; i < 16; i++) {
    domain.floats[domain.scratch >> 3] = 2.5; // as any other channel of this thread would leave it
    await channel.send({});
  }

  const records = await channel.recvMany(16);

  assertEquals(freed, []);
  assertEquals(records, Array.from({ length: 16 }, () => ({})));
});

test("SharedChannel.sendMany() sends records of an empty schema, and nothing from behind them", async () => {
  const { channel, freed, domain } = watched<object>({});
  await soil(domain);

  await channel.sendMany(Array.from({ length: 24 }, () => ({})));

  const records: object[] = [];
  for (let next = channel.tryRecv(); next !== undefined; next = channel.tryRecv()) {
    if (!next.done) records.push(next.value);
  }
  assertEquals(freed, []);
  assertEquals(records.length, 24);
});

/** A value that no other thread can read: a channel with a codec of the user's. */
function unreadable(domain: Domain): object {
  const codec = { encode: () => new Uint8Array(1), decode: () => 0 };
  const elsewhere = new Domain(domain.memory);
  return { channel: makeIn<number>(elsewhere, 1, { codec }) };
}

for (const waits of [true, false]) {
  const name = waits ? "that waited " : "";
  test(`SharedChannel.recvMany() ${name}rejects with a value that cannot be read, and gives the others`, async () => {
    const domain = Domain.own, channel = makeIn<unknown>(domain, 64);
    const early = waits ? channel.recvMany(8) : undefined;
    early?.catch(() => {});

    await channel.sendMany([1, unreadable(domain), "3", 4]);
    const error = await assertRejects(() => early ?? channel.recvMany(8), TypeError);

    assertEquals((error as { value?: unknown }).value, [1, "3", 4]);
    assertEquals(channel.size, 0);
  });
}

test("SharedChannel.recvMany() rejects, and does not throw, when a value cannot be read", async () => {
  const domain = Domain.own, channel = makeIn<unknown>(domain, 64);
  await channel.send(unreadable(domain));

  let receiving: Promise<unknown> | undefined;
  try {
    receiving = channel.recvMany(8);
  } catch {
    // see below
  }

  assert(receiving !== undefined, "it threw");
  await assertRejects(() => receiving!, TypeError);
});

test("SharedChannel.sendMany() sends what an array holds, whatever reading the array does", async () => {
  const channel = makeIn<number | string>(domainOf("wasm"), 64);
  const values = [1, 2, 3, 4];
  Object.defineProperty(values, 2, {
    get: () => {
      channel.trySend("meanwhile");
      return 3;
    },
  });

  await channel.sendMany(values);

  const received = await channel.recvMany(64);
  assertEquals(received.filter((value) => value !== "meanwhile"), [1, 2, 3, 4]);
});

test("SharedChannel.sendMany() sends what toJSON answers, whatever toJSON does", async () => {
  const channel = makeIn<unknown>(domainOf("wasm"), 64, { codec: "json" });
  const value = {
    toJSON: () => {
      channel.trySend("meanwhile");
      return 2;
    },
  };

  await channel.sendMany([1, value, 3]);

  const received = await channel.recvMany(64);
  assertEquals(received.filter((each) => each !== "meanwhile"), [1, 2, 3]);
});

test("SharedChannel.sendMany() iterates as an array says that is iterable in a way of its own", async () => {
  class Doubled extends Array<number> {
    override *[Symbol.iterator](): ArrayIterator<number> {
      for (let i = 0; i < this.length; i++) yield 2 * this[i]!;
    }
  }
  const channel = makeIn<number>(domainOf("wasm"), 64);

  await channel.sendMany(Doubled.of(1, 2, 3));

  assertEquals(await channel.recvMany(64), [2, 4, 6]);
});

// Node 20 and 22: a slice of an array that was made with a length has holes as far as V8 knows.
test("SharedChannel.recvMany() answers numbers in an array that V8 knows to be without holes", async () => {
  const channel = makeIn<number>(domainOf("wasm"), 64);
  await channel.sendMany(Array.from({ length: 16 }, (_, i) => i + 0.5));
  const values = await channel.recvMany(16);

  let hasHoles: (values: unknown) => boolean;
  try {
    setFlagsFromString("--allow-natives-syntax");
    hasHoles = new Function("values", "return %HasHoleyElements(values)") as typeof hasHoles;
  } catch {
    return; // a runtime that does not tell
  }
  assertEquals(hasHoles([1, 2]), false);
  assertEquals(hasHoles(values), false);
});

// The guard of the event loop counts a batch as one operation, and looks at the clock after 128.
test("SharedChannel.sendMany() and recvMany() let a timer through between long batches", async () => {
  const channel = makeIn<number>(domainOf("wasm"), 2 ** 15, { bytes: 56 });
  const values = new Array<number>(2 ** 15).fill(0.5);
  let rung = false;
  setTimeout(() => rung = true, 0);

  let rounds = 0;
  // Each takes half a millisecond and more, and a turn is to last 4.
  while (!rung && rounds < 200) {
    await channel.sendMany(values);
    await channel.recvMany(Infinity);
    rounds++;
  }

  assert(rounds < 32, `the timer had to wait for ${rounds} batches of ${values.length}`);
});

test("SharedChannel.send() sends what an object's getters answer, whatever they do", async () => {
  const domain = domainOf("wasm");
  const channel = makeIn<object>(domain, 4), other = makeIn<unknown>(domain, 4);
  await other.sendMany([1, "two", 3]);
  const taken: unknown[] = [];
  const value = {
    first: "before",
    get second() {
      taken.push(other.tryRecv(), other.tryRecv(), other.trySend(4));
      return "meanwhile";
    },
    third: [5, 6],
  };

  for (let times = 0; times < 3; times++) await channel.send(value);

  const copy = { first: "before", second: "meanwhile", third: [5, 6] };
  assertEquals(await channel.recvMany(4), [copy, copy, copy]);
  assertEquals(taken.slice(0, 3), [
    { done: false, value: 1 },
    { done: false, value: "two" },
    true,
  ]);
});
