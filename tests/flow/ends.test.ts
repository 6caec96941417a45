import { assertEquals, assertInstanceOf, assertStrictEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import {
  Channel,
  ChannelClosedError,
  collect,
  from,
  map,
  pipe,
  pipeTo,
  reduce,
  type Source,
} from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { counts } from "../unit/counts.ts";
import { DONE, drained, rejection, settled, watch } from "../unit/watch.ts";
import { deferred, Producer } from "./sources.ts";

function closedChannel(...values: number[]): Channel<number> {
  const channel = new Channel<number>(values.length);
  for (const value of values) channel.trySend(value);
  channel.close();
  return channel;
}

/** The same three values from every kind of source. */
const SOURCES: { readonly [kind: string]: () => Source<number> } = {
  "an array": () => [1, 2, 3],
  "a generator": () => new Producer().now(3),
  "an async generator": () => new Producer().values(3),
  "a channel": () => closedChannel(1, 2, 3),
  "a stream": () => new Response(new Uint8Array([1, 2, 3])).body!.pipeThrough(bytes()),
  "a stream without an iterator": () => {
    const { body } = new Response(new Uint8Array([1, 2, 3]));
    const stream = body!.pipeThrough(bytes());
    return { getReader: () => stream.getReader() } as ReadableStream<number>;
  },
  "a flow from an array": () => from([1, 2, 3]),
  "a flow from an async generator": () => from(new Producer().values(3), { capacity: 2 }),
  "a pipe": () => pipe([0, 1, 2], map((n: number) => Promise.resolve(n + 1))),
};

/** A transform from chunks to bytes. */
function bytes(): TransformStream<Uint8Array, number> {
  return new TransformStream({
    transform(chunk, controller) {
      for (const byte of chunk) controller.enqueue(byte);
    },
  });
}

for (const [kind, make] of Object.entries(SOURCES)) {
  test(`collect() gives the values of ${kind}`, async () => {
    assertEquals(await collect(make()), [1, 2, 3]);
  });

  test(`reduce() goes through the values of ${kind} in order, one at a time`, async () => {
    const slow = async (text: string, n: number) => {
      await null;
      return text + n;
    };

    assertEquals(await reduce(make(), slow, ""), "123");
    assertEquals(await reduce(make(), (text, n) => text + n, ""), "123");
  });

  test(`pipeTo() sends the values of ${kind} and closes the sender`, async () => {
    const channel = new Channel<number>(1);

    const sent = pipeTo(make(), channel);

    assertEquals(await collect(channel), [1, 2, 3]);
    await sent;
  });

  test(`pipeTo() sends nothing of ${kind} when its signal is aborted`, async () => {
    const channel = new Channel<number>(4);
    const signal = AbortSignal.abort("stop");

    assertEquals(await rejection(pipeTo(make(), channel, { signal, close: false })), "stop");

    assertEquals([channel.size, channel.closed], [0, false]);
  });
}

const NO_SOURCES = [undefined, null, 5, {}, Promise.resolve([1])] as unknown as Iterable<number>[];

for (const [index, source] of NO_SOURCES.entries()) {
  test(`collect(), reduce() and pipeTo() throw at once for what is no source, no. ${index}`, () => {
    assertThrows(() => collect(source), TypeError, "source must be iterable");
    assertThrows(() => reduce(source, () => 0, 0), TypeError, "source must be iterable");
    assertThrows(() => pipeTo(source, new Channel()), TypeError, "source must be iterable");
  });
}

test("reduce() and pipeTo() throw at once for wrong arguments", () => {
  const wrong = 5 as unknown as never;

  assertThrows(() => reduce([1], wrong, 0), TypeError, "fn must be a function: 5");
  assertThrows(() => pipeTo([1], wrong), TypeError, "sender must be able to send: 5");
  assertThrows(() => pipeTo([1], new Channel(), wrong), TypeError, "options must be an object: 5");
  const channel = new Channel<number>();
  assertThrows(() => pipeTo([1], channel, { close: wrong }), TypeError, "options.close");
  assertThrows(() => pipeTo([1], channel, { signal: wrong }), TypeError, "options.signal");
});

test("collect() leaves promises and thenables untouched", async () => {
  const values = [Promise.resolve(1), { then: () => {} }, undefined];

  assertEquals((await collect(values))[0], values[0]);
  assertStrictEquals((await collect(from(values)))[1], values[1]);
});

test("collect() rejects with the error of its source, when that is closed", async () => {
  const producer = new Producer();
  const error = new Error("source");

  const promise = collect(pipe(producer.failingAfter(2, error), map((n: number) => n)));

  assertStrictEquals(await rejection(promise), error);
  assertEquals(producer.closed, 1);
});

for (const kind of ["a generator", "an async generator", "a flow"]) {
  test(`collect() lets timers and I/O run while ${kind} answers at once`, async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const start = performance.now();
    function* now() {
      while (turns < 3 && performance.now() - start < 1_000) yield 1;
    }
    async function* later() {
      yield* now();
    }

    await collect({ "a generator": now(), "an async generator": later() }[kind] ?? from(now()));
    clearInterval(timer);

    assertEquals(turns, 3);
  });
}

test("reduce() of nothing gives the state at the start", async () => {
  const state = { nothing: true };

  assertStrictEquals(await reduce([] as number[], () => ({ nothing: false }), state), state);
});

for (const answer of ["throws", "rejects"] as const) {
  const error = new Error(answer);
  const failing = (_: number, n: number): number | Promise<number> => {
    if (n < 2) return n;
    if (answer === "throws") throw error;
    return Promise.reject(error);
  };

  test(`reduce() closes its source once when the function ${answer}`, async () => {
    for (const method of ["now", "values"] as const) {
      const producers = [new Producer(), new Producer()] as const;
      const sources = [producers[0][method](), from(producers[1][method]())];

      for (const source of sources) {
        assertStrictEquals(await rejection(reduce(source, failing, 0)), error);
      }

      assertEquals(producers.map(({ made, closed }) => [made, closed]), [[2, 1], [2, 1]]);
    }
  });

  test(`reduce() leaves in a channel what is behind the value at which it ${answer}`, async () => {
    const channel = closedChannel(1, 2, 3, 4);

    assertStrictEquals(await rejection(reduce(channel, failing, 0)), error);

    assertEquals(await drained(channel), [3, 4]);
  });
}

test("reduce() tells the error of the function, not that of a finally upstream", async () => {
  const source = from(new Producer().closingBadly("finally"));

  assertEquals(
    await rejection(reduce(source, () => {
      throw "fn";
    }, 0)),
    "fn",
  );
});

test("pipeTo() takes the next value when the one before was accepted", async () => {
  const producer = new Producer();
  const channel = new Channel<number>();

  const sent = watch(pipeTo(producer.values(3), channel));
  await idle();
  const made = [producer.made];
  for (let n = 0; n < 3; n++) {
    await channel.recv();
    await idle();
    made.push(producer.made);
  }

  assertEquals(made, [1, 2, 3, 3]);
  assertEquals([sent.state, channel.closed], ["fulfilled", true]);
});

test("pipeTo() fails the sender with the error of the source, after the values", async () => {
  const channel = new Channel<number>(4);
  const error = new Error("source");

  const promise = pipeTo(new Producer().failingAfter(2, error), channel);

  assertStrictEquals(await rejection(promise), error);
  assertEquals(await channel.recvMany(4), [1, 2]);
  assertStrictEquals(await rejection(channel.recv()), error);
});

test("pipeTo() leaves the sender open with close: false, whatever ends it", async () => {
  const channel = new Channel<number>(4);

  await pipeTo([1], channel, { close: false });
  const promise = pipeTo(new Producer().failingAfter(1, "source"), channel, { close: false });

  assertEquals(await rejection(promise), "source");
  assertEquals([channel.size, channel.closed], [2, false]);
});

test("pipeTo() closes its source and rejects with the value when the sender was closed", async () => {
  for (const close of [true, false]) {
    const producer = new Producer();
    const channel = new Channel<number>(4);
    channel.close();

    const error = await rejection(pipeTo(producer.values(), channel, { close }));

    assertInstanceOf(error, ChannelClosedError);
    assertEquals([error.value, producer.made, producer.closed], [1, 1, 1]);
  }
});

test("pipeTo() closes its source when the sender is cancelled while it waits", async () => {
  const producer = new Producer();
  const channel = new Channel<number>();

  const sent = watch(pipeTo(from(producer.values()), channel));
  await idle();
  channel.cancel("enough");
  await idle();

  assertInstanceOf(sent.reason, ChannelClosedError);
  assertEquals([sent.reason.value, sent.reason.cause, producer.closed], [1, "enough", 1]);
});

test("pipeTo() whose sender is cancelled while it waits cannot end the process", async () => {
  const channel = new Channel<number>();

  void pipeTo([1, 2], channel);
  await idle();
  channel.cancel();

  await idle(); // an unhandled rejection would fail the file
});

test("pipeTo() that is aborted while it sends closes the source and fails the sender", async () => {
  const producer = new Producer();
  const channel = new Channel<number>();
  const controller = new AbortController();

  const sent = watch(pipeTo(producer.values(), channel, { signal: controller.signal }));
  await idle();
  controller.abort("stop");
  await idle();

  assertEquals([sent.reason, producer.closed], ["stop", 1]);
  assertEquals([counts(channel).senders, await rejection(channel.recv())], [0, "stop"]);
});

test("pipeTo() that is aborted leaves a source that does not answer", async () => {
  const channel = new Channel<number>(4);
  const controller = new AbortController();

  const sources = [new Producer().stuckAfter(1), from(new Producer().stuckAfter(1))];
  const sent = sources.map((source) =>
    watch(pipeTo(source, channel, { signal: controller.signal, close: false }))
  );
  await idle();
  controller.abort("stop");
  await idle();

  assertEquals(sent.map(({ reason }) => reason), ["stop", "stop"]);
  assertEquals([channel.size, channel.closed], [2, false]);
});

test("pipeTo() that is aborted takes nothing more from a channel", async () => {
  const [source, sink] = [closedChannel(1, 2, 3), new Channel<number>(1)];
  const controller = new AbortController();

  const sent = watch(pipeTo(source, sink, { signal: controller.signal }));
  await idle();
  controller.abort("stop");
  await idle();

  assertEquals(sent.reason, "stop");
  assertEquals(await drained(source), [3]);
});

for (const kind of ["a generator", "a channel", "a flow"]) {
  test(`pipeTo() that is aborted by code that it calls takes nothing more from ${kind}`, async () => {
    const controller = new AbortController();
    const onDrop = () => controller.abort("stop");
    const sink = new Channel<number>(1, { overflow: "drop-oldest", onDrop });
    const producer = new Producer();
    const source =
      { "a generator": producer.now(5), "a channel": closedChannel(1, 2, 3, 4, 5) }[kind];

    const { signal } = controller;
    const sent = pipeTo(source ?? from(producer.values(5)), sink, { signal });

    assertEquals(await rejection(sent), "stop");
    assertEquals(await sink.recv(), { done: false, value: 2 });
    if (source instanceof Channel) assertEquals(await drained(source), [3, 4, 5]);
    else assertEquals([producer.made, producer.closed], [2, 1]);
  });
}

test("pipeTo() waits for a channel that has nothing yet", async () => {
  const [source, sink] = [new Channel<number>(), new Channel<number>(8)];

  const sent = watch(pipeTo(source, sink));
  await idle();
  await source.send(1);
  source.close();
  await idle();

  assertEquals([sent.state, await settled(sink.recv()), await settled(sink.recv())], [
    "fulfilled",
    { done: false, value: 1 },
    DONE,
  ]);
});

test("reduce() waits for the answer before it takes the next value of a channel", async () => {
  const channel = closedChannel(1, 2);
  const gate = deferred<void>();

  const sum = watch(reduce(channel, async (sum, n) => {
    await gate.promise;
    return sum + n;
  }, 0));
  await idle();
  assertEquals([sum.state, channel.size], ["waiting", 1]);
  gate.resolve();
  await idle();

  assertEquals(sum.value, 3);
});
