import { assertEquals, assertInstanceOf, assertStrictEquals, assertThrows } from "@std/assert";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeStream, WritableStream as NodeSink } from "node:stream/web";
import { test } from "node:test";
import {
  Channel,
  ChannelClosedError,
  collect,
  from,
  fromReadableStream,
  map,
  pipe,
  toReadableStream,
  toWritableStream,
} from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { counts } from "../unit/counts.ts";
import { drained, rejection, settled, watch } from "../unit/watch.ts";
import { NEVER, Producer, takeAndLeave } from "./sources.ts";

/** A stream that counts up, and notes what is done to it. */
class CountingStream {
  pulled = 0;
  cancelled: unknown[] = [];

  open(last = Infinity): ReadableStream<number> {
    return new ReadableStream<number>({
      pull: (controller) => {
        if (this.pulled === last) controller.close();
        else controller.enqueue(++this.pulled);
      },
      cancel: (reason) => void this.cancelled.push(reason),
    }, { highWaterMark: 0 });
  }
}

test("toReadableStream() gives the values of a source and closes", async () => {
  const sources = [[1, 2, 3], new Producer().values(3), from(new Producer().now(3))];

  for (const source of sources) {
    assertEquals(await collect(toReadableStream(source)), [1, 2, 3]);
  }
});

test("toReadableStream() starts nothing before the first read, and reads only what is read", async () => {
  const producer = new Producer();
  const reader = toReadableStream(producer.values()).getReader();
  await idle();
  const before = producer.started;

  await reader.read();
  await idle();
  const first = producer.made;
  await reader.read();
  await idle();

  assertEquals([before, first, producer.made], [false, 1, 2]);
});

test("toReadableStream() runs ahead by its highWaterMark", async () => {
  const producer = new Producer();
  const reader = toReadableStream(producer.values(), { highWaterMark: 2 }).getReader();

  await idle();
  const before = producer.made;
  await reader.read();
  await idle();

  assertEquals([before, producer.made], [2, 3]);
});

test("toReadableStream() waits for the finally of its source when it is cancelled", async () => {
  for (const source of ["values", "closingSlowly", "now"] as const) {
    const producer = new Producer();
    const stream = toReadableStream<number>(producer[source]());
    const reader = stream.getReader();
    await reader.read();

    await reader.cancel("enough");

    assertEquals(producer.closed, 1);
  }
});

test("toReadableStream() rejects its cancellation with the error of a finally", async () => {
  const stream = toReadableStream(new Producer().closingBadly("finally"));
  const reader = stream.getReader();
  await reader.read();

  assertEquals(await rejection(reader.cancel()), "finally");
});

test("toReadableStream() does not wait for a source that never answers", async () => {
  const reader = toReadableStream(new Producer().stuckAfter(1)).getReader();
  await reader.read();
  const read = watch(reader.read());

  await settled(reader.cancel());

  assertEquals([read.value?.done, read.value?.value], [true, undefined]);
});

test("toReadableStream() does not start a source that is cancelled before", async () => {
  const producer = new Producer();

  await settled(toReadableStream(producer.values()).cancel());

  assertEquals([producer.started, producer.closed], [false, 0]);
});

test("toReadableStream() fails with the error of its source, after the values", async () => {
  const error = new Error("source");
  const reader = toReadableStream(new Producer().failingAfter(1, error)).getReader();

  assertEquals((await reader.read()).value, 1);
  assertStrictEquals(await rejection(reader.read()), error);
  assertStrictEquals(await rejection(reader.closed), error);
});

test("toReadableStream() leaves a channel open and loses nothing of it when it is cancelled", async () => {
  const channel = new Channel<number>(3);
  const reader = toReadableStream(channel).getReader();
  const read = watch(reader.read());
  await idle();

  await settled(reader.cancel());
  await settled(channel.sendMany([1, 2, 3]));

  assertEquals([read.value?.done, channel.size, channel.closed], [true, 3, false]);
});

test("toReadableStream() throws at once for wrong arguments", () => {
  const wrong = 5 as unknown as never;

  assertThrows(() => toReadableStream(wrong), TypeError, "source must be iterable: 5");
  assertThrows(() => toReadableStream([], wrong), TypeError, "options must be an object: 5");
  assertThrows(() => toReadableStream([], { highWaterMark: -1 }), RangeError, "highWaterMark");
  assertThrows(() => toReadableStream([], { highWaterMark: NaN }), RangeError, "highWaterMark");
});

test("fromReadableStream() gives the chunks of a stream on demand and releases its lock", async () => {
  const counting = new CountingStream();
  const stream = counting.open(3);
  const flow = fromReadableStream(stream);
  await idle();
  const before = [counting.pulled, stream.locked];

  assertEquals(await drained(flow), [1, 2, 3]);

  assertEquals([before, stream.locked, counting.cancelled], [[0, false], false, []]);
});

test("fromReadableStream() cancels the stream once when the flow is left", async () => {
  const counting = new CountingStream();
  const stream = counting.open();

  assertEquals(await takeAndLeave(fromReadableStream(stream), 2), [1, 2]);

  assertEquals([counting.cancelled.length, stream.locked], [1, false]);
});

test("fromReadableStream() cancels the stream at once, also during a read", async () => {
  let cancelled = 0;
  const stream = new ReadableStream({ pull: () => NEVER, cancel: () => void cancelled++ });
  const flow = fromReadableStream(stream);
  const received = watch(flow.recv());
  await idle();

  await settled(flow[Symbol.asyncDispose]());

  assertEquals([received.value?.done, cancelled, stream.locked], [true, 1, false]);
});

test("fromReadableStream() cancels a stream of which nothing was read", async () => {
  const counting = new CountingStream();

  await settled(fromReadableStream(counting.open())[Symbol.asyncDispose]());

  assertEquals([counting.pulled, counting.cancelled.length], [0, 1]);
});

test("fromReadableStream() fails with the error of the stream", async () => {
  const stream = new ReadableStream<number>({
    pull: (controller) => controller.error("broken"),
  }, { highWaterMark: 0 });

  assertEquals(await rejection(fromReadableStream(stream).recv()), "broken");
});

test("fromReadableStream() releases the lock of a stream that failed", async () => {
  const stream = new ReadableStream<number>({ pull: (controller) => controller.error("broken") });

  assertEquals(await rejection(fromReadableStream(stream).recv()), "broken");

  assertEquals(stream.locked, false);
});

test("fromReadableStream() throws at once for what is no stream", () => {
  for (const wrong of [5, null, [1], new Producer().values()]) {
    const stream = wrong as unknown as ReadableStream<number>;
    assertThrows(() => fromReadableStream(stream), TypeError, "stream must be a readable stream");
  }
});

test("toWritableStream() sends each chunk, and closes the channel after them", async () => {
  const channel = new Channel<number>(1);

  const piped = new CountingStream().open(3).pipeTo(toWritableStream(channel));

  assertEquals(await collect(channel), [1, 2, 3]);
  await piped;
});

test("toWritableStream() holds the writer back while the channel is full", async () => {
  const channel = new Channel<number>(1);
  const counting = new CountingStream();
  const piped = counting.open().pipeTo(toWritableStream(channel));
  piped.catch(() => {});

  await idle();
  // One in the channel, one waiting to be sent, and at most two on the way between the streams.
  const before = counting.pulled;
  await channel.recv();
  await idle();

  assertEquals([before <= 4, counting.pulled - before], [true, 1]);
  channel.cancel();
  await idle();
});

test("toWritableStream() fails the channel with the reason of an abort, also during a write", async () => {
  for (const capacity of [0, 4]) {
    const channel = new Channel<number>(capacity);
    const writer = toWritableStream(channel).getWriter();
    const written = watch(writer.write(1));
    writer.closed.catch(() => {});
    await idle();

    await settled(writer.abort("stop"));

    assertEquals([counts(channel).senders, written.state], [
      0,
      capacity === 0 ? "rejected" : "fulfilled",
    ]);
    assertEquals(await settled(channel.recvMany(4).catch(String)), capacity === 0 ? "stop" : [1]);
    assertEquals(await rejection(channel.recv()), "stop");
  }
});

test("toWritableStream() leaves the channel open with close: false", async () => {
  const channel = new Channel<number>(4);

  await toWritableStream(channel, { close: false }).close();
  await toWritableStream(channel, { close: false }).abort("stop");

  assertEquals(channel.closed, false);
});

test("toWritableStream() is errored when the channel is cancelled, and cancels what is piped to it", async () => {
  const channel = new Channel<number>();
  const counting = new CountingStream();

  const piped = watch(counting.open().pipeTo(toWritableStream(channel)));
  await idle();
  channel.cancel("enough");
  await idle();

  assertInstanceOf(piped.reason, ChannelClosedError);
  assertEquals([piped.reason.value, piped.reason.cause], [1, "enough"]);
  assertEquals(counting.cancelled, [piped.reason]);
});

test("toWritableStream() throws at once for wrong arguments", () => {
  const wrong = 5 as unknown as never;

  assertThrows(() => toWritableStream(wrong), TypeError, "sender must be able to send: 5");
  assertThrows(() => toWritableStream(new Channel(), wrong), TypeError, "options must be");
  assertThrows(() => toWritableStream(new Channel(), { close: wrong }), TypeError, "options.close");
});

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "streams-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const BYTES = new Uint8Array(200_000).map((_, i) => i * 7);

test("from() and fromReadableStream() read a file of Node's", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "in");
    await writeFile(path, BYTES);

    for (const open of [from<Uint8Array>, fromReadableStream<Uint8Array>]) {
      const chunks = await collect(open(createReadStream(path)));
      assertEquals(new Uint8Array(Buffer.concat(chunks)), BYTES);
    }
  });
});

test("fromReadableStream() destroys a stream of Node's when the flow is left", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "in");
    await writeFile(path, BYTES);
    const file = createReadStream(path, { highWaterMark: 1000 });
    const closed = new Promise<void>((resolve) => file.once("close", () => resolve()));

    assertEquals((await takeAndLeave(fromReadableStream<Uint8Array>(file), 2)).length, 2);

    assertEquals(file.destroyed, true);
    await closed;
  });
});

test("fromReadableStream() destroys a stream of Node's during a read, and one that was not read", async () => {
  for (const isReading of [true, false]) {
    const stream = new PassThrough();
    const flow = fromReadableStream<Uint8Array>(stream);
    const received = isReading ? watch(flow.recv()) : undefined;
    await idle();

    await flow[Symbol.asyncDispose]();

    assertEquals([stream.destroyed, received?.value?.done], [true, isReading || undefined]);
  }
});

test("fromReadableStream() fails with the error of a stream of Node's", async () => {
  const flow = fromReadableStream<Uint8Array>(createReadStream(join(tmpdir(), "no", "such")));

  const error = await flow.recv().catch((error: unknown) => error);

  assertEquals((error as { code?: string }).code, "ENOENT");
});

test("fromReadableStream() keeps an error that a stream of Node's has before the first receive", async () => {
  const stream = new PassThrough();
  const flow = fromReadableStream<Uint8Array>(stream);

  stream.destroy(new Error("too early"));
  await new Promise((resolve) => stream.once("close", resolve));

  const error = await flow.recv().catch((error: unknown) => error);
  assertEquals((error as Error).message, "too early");
});

test("fromReadableStream() that nobody reads any more lets no error of a stream of Node's end the process", async () => {
  const failing = new Readable({
    read() {},
    destroy: (_, done) => done(new Error("cannot destroy")),
  });
  const missing = createReadStream(join(tmpdir(), "no", "such"));
  for (const stream of [failing, missing]) {
    const closed = new Promise((resolve) => stream.once("close", () => resolve(undefined)));

    fromReadableStream(stream).cancel();

    await closed;
    assertEquals(stream.destroyed, true);
  }
});

test("toReadableStream() and toWritableStream() are ends of a pipeline of Node's", async () => {
  await inFolder(async (folder) => {
    const [source, copy] = [join(folder, "in"), join(folder, "out")];
    await writeFile(source, BYTES);
    const channel = new Channel<Uint8Array>(2);

    const filled = pipeline(
      createReadStream(source),
      Writable.fromWeb(toWritableStream(channel) as NodeSink<Uint8Array>),
    );
    const stream = toReadableStream(pipe(channel, map((chunk: Uint8Array) => chunk)));
    await pipeline(Readable.fromWeb(stream as NodeStream<Uint8Array>), createWriteStream(copy));
    await filled;

    assertEquals(new Uint8Array(await readFile(copy)), BYTES);
  });
});

test("Readable.from() reads a flow, and closes it when it is destroyed", async () => {
  const producer = new Producer();
  const readable = Readable.from(from(producer.values()));

  for await (const value of readable) if (value === 3) break;
  await idle();

  assertEquals(producer.closed, 1);
});

test("streams give Uint8Array chunks untouched", async () => {
  const chunk = new Uint8Array([1, 2, 3]);
  const channel = new Channel<Uint8Array>(1);

  const stream = toReadableStream([chunk]);
  const piped = stream.pipeTo(toWritableStream(channel));
  const [received] = await collect(fromReadableStream(toReadableStream(channel)));
  await piped;

  assertStrictEquals(received, chunk);
});
