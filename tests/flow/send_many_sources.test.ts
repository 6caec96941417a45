import { assert, assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, ChannelClosedError, from, map, pipe } from "../../mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { counts, waiting } from "../unit/counts.ts";
import { DONE, rejection, settled, watch } from "../unit/watch.ts";
import { deferred, NEVER, Producer, scripted } from "./sources.ts";

/** Everything in the buffer. */
function contents<T>(channel: Channel<T>): T[] {
  const values: T[] = [];
  for (let r = channel.tryRecv(); r?.done === false; r = channel.tryRecv()) values.push(r.value);
  return values;
}

/** Answers by hand, and counts how often it was closed. */
class Answers {
  closed = 0;
  asked = 0;
  readonly source: AsyncIterable<number>;

  constructor(next: (n: number) => unknown, onReturn: () => unknown = () => ({ done: true })) {
    this.source = scripted({
      next: () => next(++this.asked),
      return: () => {
        this.closed++;
        return onReturn();
      },
    });
  }
}

test("Channel.sendMany() takes answers that are no promises, and thenables", async () => {
  const step = (n: number) => ({ done: n > 2, value: n });
  const then = (n: number) => (resolve: (step: unknown) => void) => resolve(step(n));
  const sources = [new Answers(step), new Answers((n) => ({ then: then(n) }))];
  const channel = new Channel<number>(8);

  const accepted = [];
  for (const { source } of sources) accepted.push(await settled(channel.sendMany(source)));

  assertEquals([accepted, contents(channel)], [[2, 2], [1, 2, 1, 2]]);
  assertEquals(sources.map(({ closed }) => closed), [0, 0]);
});

test("Channel.sendMany() rejects when its source answers with nothing", async () => {
  const channel = new Channel<number>(1);

  const errors = [
    await rejection(channel.sendMany(new Answers(() => Promise.resolve(undefined)).source)),
    await rejection(channel.sendMany(new Answers(() => null).source)),
    await rejection(
      channel.sendMany({ [Symbol.iterator]: () => ({ next: () => undefined }) } as never),
    ),
  ];

  for (const error of errors) assertInstanceOf(error, TypeError);
});

test("Channel.sendMany() rejects when its source cannot be opened", async () => {
  const error = new Error("broken");
  const fail = () => {
    throw error;
  };
  const channel = new Channel<number>(1);

  const errors = [
    await rejection(channel.sendMany({ [Symbol.iterator]: fail } as Iterable<number>)),
    await rejection(channel.sendMany({ [Symbol.asyncIterator]: fail } as AsyncIterable<number>)),
  ];

  for (const seen of errors) assertStrictEquals(seen, error);
});

for (const how of ["throws", "rejects"]) {
  test(`Channel.sendMany() does not close a source of which next() ${how}`, async () => {
    const error = new Error("broken");
    const answers = new Answers((n) => {
      if (n < 3) return Promise.resolve({ done: false, value: n });
      if (how === "throws") throw error;
      return Promise.reject(error);
    });
    const channel = new Channel<number>(8);

    const seen = await rejection(channel.sendMany(answers.source));

    assertStrictEquals(seen, error);
    assertEquals([answers.closed, contents(channel)], [0, [1, 2]]);
  });
}

test("Channel.sendMany() does not close a synchronous source that throws", async () => {
  let closed = 0;
  const source = {
    [Symbol.iterator]: () => ({
      next() {
        throw "broken";
      },
      return: () => (closed++, { done: true }),
    }),
  } as unknown as Iterable<number>;

  assertEquals([await rejection(new Channel<number>(1).sendMany(source)), closed], ["broken", 0]);
});

test("Channel.sendMany() does not close a source that has ended", async () => {
  const answers = new Answers((n) => Promise.resolve({ done: n > 1, value: n }));

  assertEquals([await settled(new Channel<number>(4).sendMany(answers.source)), answers.closed], [
    1,
    0,
  ]);
});

for (const how of ["signal", "timeout"] as const) {
  test(`Channel.sendMany() closes a source that owes an answer, and does not wait for it: ${how}`, async (t) => {
    const clock = useFakeClock();
    t.after(() => clock.restore());
    const { promise, resolve } = deferred<unknown>();
    const answers = new Answers(() => promise, () => NEVER);
    const controller = new AbortController();
    const limits = how === "signal" ? { signal: controller.signal } : { timeout: 10 };
    const channel = new Channel<number>(4);
    const sending = watch(channel.sendMany(answers.source, limits));
    await idle();

    if (how === "signal") controller.abort("enough");
    else await clock.advance(10);
    await idle();
    resolve({ done: false, value: 1 });
    await idle();

    assertEquals(sending.state, "rejected");
    assertEquals(
      how === "signal" ? sending.reason : (sending.reason as Error).name,
      how === "signal" ? "enough" : "TimeoutError",
    );
    assertEquals([answers.closed, answers.asked, channel.size], [1, 1, 0]);
  });
}

test("Channel.sendMany() whose late answer is an error is no unhandled rejection", async () => {
  const { promise, reject } = deferred<unknown>();
  const controller = new AbortController();
  const sending = rejection(
    new Channel<number>(1).sendMany(new Answers(() => promise).source, {
      signal: controller.signal,
    }),
  );
  controller.abort("enough");
  assertEquals(await sending, "enough");

  reject(new Error("too late"));
  await idle();

  // An unhandled rejection would fail this test on every runtime.
});

for (const how of ["throws", "rejects"]) {
  test(`Channel.sendMany() rejects with why it ended, although return() ${how}`, async () => {
    const answers = new Answers((n) => Promise.resolve({ done: false, value: n }), () => {
      if (how === "throws") throw "return";
      return Promise.reject("return");
    });
    const channel = new Channel<number>(1);
    const sending = watch(channel.sendMany(answers.source));
    await idle();

    channel.cancel("enough");
    await idle();

    assertInstanceOf(sending.reason, ChannelClosedError);
    assertEquals([sending.reason.value, sending.reason.cause, answers.closed], [2, "enough", 1]);
  });
}

test("Channel.sendMany() that is cut off and not awaited is no unhandled rejection", async () => {
  const [waits, later] = [new Channel<number>(1), new Channel<number>(1)];
  waits.sendMany([1, 2, 3]);
  later.sendMany(new Producer().values());
  await idle();

  waits.cancel();
  later.cancel();
  await idle();

  // An unhandled rejection would fail this test on every runtime.
  assertEquals([waiting(waits), waiting(later)], [0, 0]);
});

test("Channel.sendMany() leaves no listener, no timer and nobody parked", async (t) => {
  const clock = useFakeClock();
  t.after(() => clock.restore());
  const { signal } = new AbortController();
  let [now, most] = [0, 0];
  signal.addEventListener = () => void (most = Math.max(most, ++now));
  signal.removeEventListener = () => void now--;
  const channel = new Channel<number>(2);
  const sending = channel.sendMany(new Producer().values(100), { signal, timeout: 1_000 });

  const batches: number[] = [];
  while (batches.length < 100) batches.push(...await channel.recvMany(5));
  await idle();

  assertEquals([await settled(sending), now, most, clock.timers], [100, 0, 1, 0]);
  assertEquals(counts(channel).senders, 0);
});

test("Channel.sendMany() lets promises and thenables of a synchronous source travel untouched", async () => {
  const values = [
    Promise.resolve(1),
    { then: () => assert(false, "somebody called then") },
    undefined,
  ];
  const channel = new Channel<unknown>(2);

  const sending = channel.sendMany(values);
  const received = [...contents(channel), ...contents(channel)];

  assertEquals([await settled(sending), received.length], [3, 3]);
  received.forEach((value, at) => assertStrictEquals(value, values[at]));
});

test("Channel.sendMany() sends the characters of a text and the entries of a map", async () => {
  const channel = new Channel<unknown>(8);

  const accepted = [
    await settled(channel.sendMany("ab")),
    await settled(channel.sendMany(new Map([[1, 2]]))),
    await settled(channel.sendMany(Object.assign([3], { [Symbol.asyncIterator]: undefined }))),
  ];

  assertEquals([accepted, contents(channel)], [[2, 1, 1], ["a", "b", [1, 2], 3]]);
});

test("Channel.sendMany() of a source that sends to the same channel keeps the order of the sends", async () => {
  const channel = new Channel<string>(8);
  function* source() {
    channel.trySend("before 1");
    yield "1";
    channel.trySend("before 2");
    yield "2";
  }

  assertEquals(await settled(channel.sendMany(source())), 2);
  assertEquals(contents(channel), ["before 1", "1", "before 2", "2"]);
});

test("Channel.sendMany() of a source that closes the channel rejects with the value after that", async () => {
  const channel = new Channel<number>(8);
  const producer = new Producer();
  function* source() {
    for (const n of producer.now()) {
      if (n === 3) channel.close();
      yield n;
    }
  }

  const error = await rejection(channel.sendMany(source()));

  assertInstanceOf(error, ChannelClosedError);
  assertEquals([error.value, contents(channel), producer.closed], [3, [1, 2], 1]);
});

test("Channel.sendMany() of a flow closes it when the channel is cancelled", async () => {
  const producer = new Producer();
  const flow = pipe(producer.values(), map((n: number) => n * 10));
  const channel = new Channel<number>(1);
  const sending = watch(channel.sendMany(flow));
  await idle();

  channel.cancel();
  await idle();

  assertInstanceOf(sending.reason, ChannelClosedError);
  assertEquals([producer.closed, await settled(flow.recv())], [1, DONE]);
});

test("Channel.sendMany() of another channel leaves that open and takes nothing more when it is aborted", async () => {
  const [source, channel] = [new Channel<number>(4), new Channel<number>(4)];
  const controller = new AbortController();
  const sending = watch(channel.sendMany(source, { signal: controller.signal }));
  await idle();
  const before = counts(source).receivers;

  controller.abort("enough");
  await idle();

  assertEquals(sending.reason, "enough");
  assertEquals([before, counts(source).receivers, source.closed], [1, 0, false]);
  assertEquals([source.trySend(1), source.size], [true, 1]);
});

test("Channel.sendMany() of a stream sends its chunks", async () => {
  const stream = new ReadableStream<number>({
    start(controller) {
      for (const n of [1, 2, 3]) controller.enqueue(n);
      controller.close();
    },
  });
  const channel = new Channel<number>(8);

  assertEquals(await settled(channel.sendMany(from(stream))), 3);
  assertEquals(contents(channel), [1, 2, 3]);
});

test("Channel.sendMany() lets timers and I/O run, and hears of an abort meanwhile", async () => {
  const controller = new AbortController();
  setImmediate(() => controller.abort("enough"));
  const channel = new Channel<number>(1, { overflow: "drop-oldest" });
  const producer = new Producer();
  const end = performance.now() + 10_000;
  function* source() {
    for (const n of producer.now()) {
      if (performance.now() > end) return;
      yield n;
    }
  }

  const reason = await channel.sendMany(source(), { signal: controller.signal }).catch((e) => e);

  assertEquals([reason, producer.closed], ["enough", 1]);
  // The value that the abort was heard at is the source's, which is closed.
  assertEquals(channel.tryRecv(), { done: false, value: producer.made - 1 });
});
