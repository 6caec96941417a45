import { assert, assertEquals, assertFalse, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, type ChannelClosedError, select, trySelect } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { drained, rejection, settled } from "./watch.ts";

let adopted = 0;
const rejected = Promise.reject(new Error("a value, not a failure"));
rejected.catch(() => {});

const VALUES: Record<string, unknown> = {
  "undefined": undefined,
  "null": null,
  "NaN": NaN,
  "false": false,
  "an empty string": "",
  "a bigint": 0n,
  "a symbol": Symbol("value"),
  "a function": () => {},
  "an Error": new Error("a value, not a failure"),
  "a promise": Promise.resolve("result"),
  "a promise that never settles": new Promise(() => {}),
  "a rejected promise": rejected,
  "a thenable": { then: () => adopted++ },
  "a thenable that throws on access": {
    get then() {
      adopted++;
      throw new Error("a value was looked into");
    },
  },
  "an object that looks like a result": { done: true, value: 1 },
  "a channel": new Channel(),
};

/** The ways through a channel: each gives `value` in and tells what came out. */
const ROUTES: Record<string, (value: unknown) => Promise<unknown>> = {
  "send() to a buffered recv()": async (value) => {
    const channel = new Channel<unknown>(1);
    channel.send(value);
    return box((await settled(channel.recv())).value);
  },
  "trySend() to tryRecv()": (value) => {
    const channel = new Channel<unknown>(1);
    channel.trySend(value);
    return Promise.resolve(box(channel.tryRecv()?.value));
  },
  "send() to a parked recv()": async (value) => {
    const channel = new Channel<unknown>();
    const receive = channel.recv();
    channel.send(value);
    return box((await settled(receive)).value);
  },
  "a parked send() to recv()": async (value) => {
    const channel = new Channel<unknown>();
    channel.send(value);
    return box((await settled(channel.recv())).value);
  },
  "sendMany() to recvMany()": async (value) => {
    const channel = new Channel<unknown>(2);
    await settled(channel.sendMany([value]));
    return await settled(channel.recvMany(2));
  },
  "sendMany() to a parked recvMany()": async (value) => {
    const channel = new Channel<unknown>();
    const batch = channel.recvMany(2);
    await settled(channel.sendMany([value]));
    return await settled(batch);
  },
  "send() to for await": async (value) => {
    const channel = new Channel<unknown>(1);
    channel.send(value);
    channel.close();
    return await drained(channel);
  },
  "send() to batches()": async (value) => {
    const channel = new Channel<unknown>(1);
    channel.send(value);
    channel.close();
    return (await drained(channel.batches(3)))[0];
  },
  "a send case to a receive case": async (value) => {
    const channel = new Channel<unknown>();
    const sending = select({ out: channel.sendCase(value) });
    const received = await settled(select({ in: channel }));
    await settled(sending);
    return box(received.value);
  },
  "a send case to trySelect()": async (value) => {
    const channel = new Channel<unknown>(1);
    await settled(select({ out: channel.sendCase(value) }));
    return box(trySelect({ in: channel })?.value);
  },
  "send() back in ChannelClosedError": async (value) => {
    const channel = new Channel<unknown>();
    channel.close();
    return box((await rejection(channel.send(value)) as ChannelClosedError).value);
  },
  "cancel() back in ChannelClosedError": async (value) => {
    const channel = new Channel<unknown>();
    const sending = rejection(channel.send(value));
    channel.cancel();
    return box((await sending as ChannelClosedError).value);
  },
};

// In an array, because an async function adopts what it returns.
function box(value: unknown): [unknown] {
  return [value];
}

for (const [route, pass] of Object.entries(ROUTES)) {
  test(`any value travels untouched from ${route}`, async (t) => {
    for (const [name, value] of Object.entries(VALUES)) {
      await t.test(name, async () => {
        adopted = 0;

        const passed = await pass(value) as unknown[];
        await idle();

        assertEquals(passed.length, 1);
        assertStrictEquals(passed[0], value);
        assertEquals(adopted, 0);
      });
    }
  });
}

test("onDrop is given any value untouched", () => {
  const dropped: unknown[] = [];
  const channel = new Channel<unknown>(Infinity, { onDrop: (value) => dropped.push(value) });
  const values = Object.values(VALUES);
  for (const value of values) channel.trySend(value);

  channel.cancel();

  assertEquals(dropped.length, values.length);
  for (const [i, value] of values.entries()) assertStrictEquals(dropped[i], value);
});

test("Channel.tryRecv() tells a received undefined from nothing and from the end", () => {
  const channel = new Channel<undefined>(1);
  const nothing = channel.tryRecv();
  channel.trySend(undefined);
  channel.close();

  const value = channel.tryRecv();
  const end = channel.tryRecv();

  assertEquals([nothing, value, end], [
    undefined,
    { done: false, value: undefined },
    { done: true, value: undefined },
  ]);
});

test("a Channel has no then and is returned from an async function as it is", async () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);

  const returned = await settled(Promise.resolve(channel));

  assertStrictEquals(returned, channel);
  assertFalse("then" in channel);
  assertEquals(channel.size, 1);
});

test("two channels pass through each other", async () => {
  const outer = new Channel<Channel<number>>(1);
  const inner = new Channel<number>(1);
  outer.trySend(inner);

  const received = await settled(outer.recv());

  assert(!received.done);
  assertStrictEquals(received.value, inner);
});
