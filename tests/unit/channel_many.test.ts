import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { test } from "node:test";
import { Channel, ChannelClosedError } from "../../mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { counts, waiting } from "./counts.ts";
import { drained, gather, rejection, settled, watch } from "./watch.ts";

/** Counts up from 1 and notes how far it came and how often it was closed. */
class Source {
  pulled = 0;
  ended = 0;

  *values(last = Infinity): Generator<number, void> {
    try {
      while (this.pulled < last) yield ++this.pulled;
    } finally {
      this.ended++;
    }
  }

  async *slowly(last = Infinity): AsyncGenerator<number, void> {
    try {
      while (this.pulled < last) {
        await Promise.resolve();
        yield ++this.pulled;
      }
    } finally {
      this.ended++;
    }
  }
}

test("Channel.recvMany() takes what is there, in order, and no more than max", async () => {
  const channel = new Channel<number>(5);
  for (const value of [1, 2, 3, 4, 5]) channel.trySend(value);

  const first = channel.recvMany(3);
  const second = channel.recvMany(3);

  assertEquals(channel.size, 0);
  assertEquals(await settled(first), [1, 2, 3]);
  assertEquals(await settled(second), [4, 5]);
});

test("Channel.recvMany() takes the values of parked senders too, up to max", async () => {
  const channel = new Channel<number>(2);
  const sends = [1, 2, 3, 4, 5].map((value) => channel.send(value));

  const batch = channel.recvMany(4);

  assertEquals([counts(channel).size, counts(channel).senders], [1, 0]);
  assertEquals(await settled(batch), [1, 2, 3, 4]);
  await settled(Promise.all(sends));
});

test("Channel.recvMany() takes the values of parked senders of an unbuffered channel", async () => {
  const channel = new Channel<number>();
  const order: number[] = [];
  for (const value of [1, 2, 3]) channel.send(value).then(() => order.push(value));

  const batch = await settled(channel.recvMany(2));

  assertEquals(batch, [1, 2]);
  assertEquals(order, [1, 2]);
  assertEquals(counts(channel).senders, 1);
});

test("Channel.recvMany() with max Infinity takes everything", async () => {
  const channel = new Channel<number>(1);
  for (const value of [1, 2, 3]) channel.send(value);

  const batch = await settled(channel.recvMany(Infinity));

  assertEquals(batch, [1, 2, 3]);
});

test("Channel.recvMany() waits until one value is there, and takes it alone", async () => {
  const channel = new Channel<number>(3);
  const batch = watch(channel.recvMany(3));
  await idle();
  const before = batch.state;

  channel.trySend(1);
  channel.trySend(2);
  await idle();

  assertEquals(before, "waiting");
  assertEquals(batch.value, [1]);
  assertEquals(channel.size, 1);
});

test("Channel.recvMany() is served in its turn among other receivers", async () => {
  const channel = new Channel<number>();
  const first = channel.recv();
  const second = channel.recvMany(3);
  const third = channel.recv();

  for (const value of [1, 2, 3]) channel.trySend(value);

  assertEquals(await settled(first), { done: false, value: 1 });
  assertEquals(await settled(second), [2]);
  assertEquals(await settled(third), { done: false, value: 3 });
});

test("Channel.recvMany() gives an empty array when closed and drained, a new one each time", async () => {
  const channel = new Channel<number>(1);
  channel.close();

  const first = await settled(channel.recvMany(3));
  const second = await settled(channel.recvMany(3));

  assertEquals([first, second], [[], []]);
  assertNotStrictEquals(first, second);
});

test("Channel.recvMany() that waits ends with an empty array at close", async () => {
  const channel = new Channel<number>();
  const batch = channel.recvMany(3);

  channel.close();

  assertEquals(await settled(batch), []);
});

test("Channel.recvMany() that is aborted takes nothing", async () => {
  const channel = new Channel<number>(3);
  const controller = new AbortController();
  const batch = rejection(channel.recvMany(3, { signal: controller.signal }));

  controller.abort("stop");
  channel.trySend(1);

  assertEquals(await batch, "stop");
  assertEquals(channel.size, 1);
});

test("Channel.recvMany() times out", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const channel = new Channel<number>(3);
  const batch = watch(channel.recvMany(3, { timeout: 10 }));

  await clock.advance(10);
  await idle();

  assertEquals((batch.reason as DOMException).name, "TimeoutError");
});

test("Channel.sendMany() accepts what there is room for inside the call", async () => {
  const channel = new Channel<number>(3);

  const accepted = channel.sendMany([1, 2, 3]);

  assertEquals(channel.size, 3);
  assertEquals(await settled(accepted), 3);
});

test("Channel.sendMany() sends in order and waits while the channel is full", async () => {
  const channel = new Channel<number>(2);
  const accepted = watch(channel.sendMany([1, 2, 3, 4, 5]));
  await idle();
  const before = [accepted.state, channel.size];

  const received: unknown[] = [];
  for (let i = 0; i < 5; i++) received.push((await settled(channel.recv())).value);

  assertEquals(before, ["waiting", 2]);
  assertEquals(received, [1, 2, 3, 4, 5]);
  assertEquals(accepted.value, 5);
});

test("Channel.sendMany() of nothing accepts 0", async () => {
  const channel = new Channel<number>();

  const accepted = await settled(channel.sendMany([]));

  assertEquals(accepted, 0);
});

test("Channel.sendMany() sends an async iterable", async () => {
  const channel = new Channel<number>(10);
  const source = new Source();

  const accepted = await settled(channel.sendMany(source.slowly(4)));

  assertEquals(accepted, 4);
  assertEquals(await settled(channel.recvMany(10)), [1, 2, 3, 4]);
  assertEquals(source.ended, 1);
});

test("Channel.sendMany() sends another channel until that one ends", async () => {
  const [from, to] = [new Channel<number>(3), new Channel<number>(3)];
  for (const value of [1, 2, 3]) from.trySend(value);
  from.close();

  const accepted = await settled(to.sendMany(from));

  assertEquals(accepted, 3);
  assertEquals(await settled(to.recvMany(5)), [1, 2, 3]);
});

test("Channel.sendMany() resolves on an unbuffered channel when the last value was taken", async () => {
  const channel = new Channel<number>();
  const accepted = watch(channel.sendMany([1, 2]));

  await settled(channel.recv());
  const between = accepted.state;
  await settled(channel.recv());

  assertEquals([between, accepted.value], ["waiting", 2]);
});

test("Channel.sendMany() does not overtake a sender that parked between two of its values", async () => {
  const channel = new Channel<number>();
  channel.sendMany([1, 2]);
  channel.send(10);

  const received = [];
  for (let i = 0; i < 3; i++) received.push((await settled(channel.recv())).value);

  assertEquals(received, [1, 10, 2]);
});

test("Channel.sendMany() serves parked receivers", async () => {
  const channel = new Channel<number>();
  const receives = [channel.recv(), channel.recv()];

  await settled(channel.sendMany([1, 2]));

  const received = await settled(Promise.all(receives));
  assertEquals(received.map((r) => r.value), [1, 2]);
});

for (const kind of ["values", "slowly"] as const) {
  const name = kind === "values" ? "sync" : "async";

  test(`Channel.sendMany() that is aborted keeps what was accepted and closes its ${name} source`, async () => {
    const channel = new Channel<number>(2);
    const controller = new AbortController();
    const source = new Source();
    const sending = watch(channel.sendMany(source[kind](), { signal: controller.signal }));
    await idle();

    controller.abort("stop");
    await idle();

    assertEquals(sending.reason, "stop");
    assertEquals(source.ended, 1);
    assertEquals(waiting(channel), 0);
    channel.close();
    assertEquals(await drained(channel), [1, 2]);
  });

  test(`Channel.sendMany() takes nothing from its ${name} source with a signal aborted before`, async () => {
    const channel = new Channel<number>(2);
    const source = new Source();
    const signal = AbortSignal.abort("stop");

    const thrown = await rejection(channel.sendMany(source[kind](), { signal }));

    assertEquals(thrown, "stop");
    assertEquals([source.pulled, channel.size], [0, 0]);
  });

  test(`Channel.sendMany() that is cut off by close() delivers its parked value and closes its ${name} source`, async () => {
    const channel = new Channel<number>();
    const source = new Source();
    const sending = watch(channel.sendMany(source[kind]()));
    await idle();

    channel.close();
    const received = await drained(channel);
    await idle();

    assertEquals(received, [1]);
    assertInstanceOf(sending.reason, ChannelClosedError);
    assertEquals(source.ended, 1);
  });

  test(`Channel.sendMany() that is cut off by cancel() rejects and closes its ${name} source`, async () => {
    const channel = new Channel<number>();
    const source = new Source();
    const sending = watch(channel.sendMany(source[kind]()));
    await idle();

    channel.cancel("enough");
    await idle();

    assertInstanceOf(sending.reason, ChannelClosedError);
    assertEquals(sending.reason.cause, "enough");
    assertEquals(sending.reason.value, 1);
    assertEquals(source.ended, 1);
  });

  test(`Channel.sendMany() rejects on a closed channel and closes its ${name} source`, async () => {
    const channel = new Channel<number>(1);
    const source = new Source();
    channel.close();

    const thrown = await rejection(channel.sendMany(source[kind]()));

    assertInstanceOf(thrown, ChannelClosedError);
    assertEquals(source.ended, source.pulled === 0 ? 0 : 1);
    assertEquals(channel.size, 0);
  });

  test(`Channel.sendMany() times out as a whole and closes its ${name} source`, async (t) => {
    const clock = useFakeClock();
    t.after(() => clock.restore());
    const channel = new Channel<number>();
    const source = new Source();
    const sending = watch(channel.sendMany(source[kind](), { timeout: 100 }));
    await idle();

    await clock.advance(60);
    const received = await settled(channel.recv());
    await clock.advance(40);
    await idle();

    assertEquals(received.value, 1);
    assertEquals((sending.reason as DOMException).name, "TimeoutError");
    assertEquals(source.ended, 1);
    assertEquals(waiting(channel), 0);
  });
}

test("Channel.sendMany() rejects when the finally of its async source has ended", async () => {
  const channel = new Channel<number>();
  const order: string[] = [];
  async function* source() {
    try {
      yield 1;
    } finally {
      await idle();
      order.push("closed");
    }
  }
  const sending = channel.sendMany(source()).catch(() => order.push("rejected"));
  await idle();

  channel.cancel();
  await sending;

  assertEquals(order, ["closed", "rejected"]);
});

test("Channel.sendMany() rejects with the error of its source and keeps what was accepted", async () => {
  const channel = new Channel<number>(5);
  const failure = new Error("source broke");
  function* breaking() {
    yield 1;
    yield 2;
    throw failure;
  }

  const thrown = await rejection(channel.sendMany(breaking()));

  assertStrictEquals(thrown, failure);
  assertEquals(channel.size, 2);
  assert(!channel.closed);
});

test("Channel.sendMany() aborted while its async source is stuck rejects at once", async () => {
  const channel = new Channel<number>(5);
  const controller = new AbortController();
  const stuck: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
  };
  const sending = watch(channel.sendMany(stuck, { signal: controller.signal }));

  controller.abort("stop");
  await idle();

  assertEquals(sending.reason, "stop");
});

test("Channel.batches() iterates in batches until the channel ends", async () => {
  const channel = new Channel<number>(2);
  for (const value of [1, 2, 3, 4, 5]) channel.send(value);
  channel.close();

  const batches = await drained(channel.batches(2));

  assertEquals(batches, [[1, 2], [3, 4], [5]]);
});

test("Channel.batches() throws the error of fail() after the values", async () => {
  const channel = new Channel<number>(3);
  const failure = new Error("source broke");
  channel.trySend(1);
  channel.fail(failure);
  const batches: number[][] = [];

  const thrown = await rejection(gather(channel.batches(10), batches));

  assertEquals(batches, [[1]]);
  assertStrictEquals(thrown, failure);
});

test("Channel.batches() takes nothing before its first step and nothing ahead", async () => {
  const channel = new Channel<number>(5);
  for (const value of [1, 2, 3, 4]) channel.trySend(value);

  const iterator = channel.batches(2)[Symbol.asyncIterator]();
  const before = channel.size;
  await settled(iterator.next());

  assertEquals([before, channel.size], [4, 2]);
});

test("Channel.batches() left early leaves the channel open and loses nothing", async () => {
  const channel = new Channel<number>(5);
  for (const value of [1, 2, 3, 4]) channel.trySend(value);

  const first = async () => {
    for await (const batch of channel.batches(2)) return batch;
    return [];
  };
  const taken = await settled(first());

  assertEquals(taken, [1, 2]);
  assert(!channel.closed);
  assertEquals(await settled(channel.recvMany(5)), [3, 4]);
});

test("Channel.batches() settles a pending step at once when it is returned", async () => {
  const channel = new Channel<number>(1);
  const iterator = channel.batches(2)[Symbol.asyncIterator]();
  const step = iterator.next();

  iterator.return?.();

  assertEquals(waiting(channel), 0);
  assertEquals(await settled(step), { done: true, value: undefined });
});

test("Channel.batches() that is returned does not take back a batch that was given in the same turn", async () => {
  const channel = new Channel<number>(1);
  const iterator = channel.batches(2)[Symbol.asyncIterator]();
  const step = iterator.next();

  channel.trySend(1);
  iterator.return?.();

  assertEquals(await settled(step), { done: false, value: [1] });
});

/** A source that throws when it is closed: at once, or later. */
const STUBBORN = {
  sync: { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }), return: refuse }) },
  async: {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false as const, value: 1 }),
      return: () => Promise.reject(new Error("cannot close")),
    }),
  },
};

function refuse(): never {
  throw new Error("cannot close");
}

for (const [name, source] of Object.entries(STUBBORN)) {
  test(`Channel.sendMany() rejects with why it ends, not with what closing its ${name} source throws`, async () => {
    const channel = new Channel<number>(1);
    const controller = new AbortController();
    const sent = watch(channel.sendMany(source as Iterable<number>, { signal: controller.signal }));
    await idle();

    controller.abort("stop");
    await idle();

    assertEquals([sent.state, sent.reason], ["rejected", "stop"]);
  });
}

test("Channel.sendMany() times out although it never waits, and closes its source", async () => {
  // Real time: under a fake clock a source that is always ready lets nobody move it.
  const channel = new Channel<number>(1, { overflow: "drop-oldest" });
  const source = new Source();

  const error = await assertRejects(() => channel.sendMany(source.values(1e8), { timeout: 20 }));

  assertEquals([(error as DOMException).name, source.ended], ["TimeoutError", 1]);
});
