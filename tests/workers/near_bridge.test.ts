/** The near end of a bridge, word by word. */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, select, trySelect } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import {
  BACK,
  CLAIM,
  ENDED,
  EVERYONE,
  HALT,
  HOLD,
  OFFER,
  READY_NOW,
  RECV,
  REFUSED,
  STATE,
  TAKEN,
  VALUES,
  WITHDRAW,
  type Words,
} from "../../workers/bridge_wire.ts";
import { PARTS } from "../../internal/case.ts";
import { ChannelTap } from "../../workers/tap.ts";
import { counts } from "../unit/counts.ts";
import { Bridge } from "../../workers/bridge.ts";
import type { BridgedChannel } from "../../workers/near_channel.ts";
import { DONE, watch } from "../unit/watch.ts";

/** A bridge that notes the words of one code, each with its number. */
class Heard {
  readonly bridge: Bridge;
  readonly #number: number;
  #words: Words = [];

  constructor(channel: Channel<number>) {
    this.bridge = new Bridge((words) => void this.#words.push(...words));
    const ref = this.bridge.refer(channel as unknown as BridgedChannel);
    this.#number = "own" in ref ? ref.own.number : NaN;
  }

  /** Says something to the near end. */
  async say(code: number, id: number, item?: unknown): Promise<void> {
    this.bridge.receive([code, this.#number, id, item]);
    await idle();
  }

  /** What was heard since. */
  take(code: number): [id: unknown, item: unknown][] {
    const all = this.#words.splice(0);
    return all.flatMap((word, i) => i % 4 === 0 && word === code ? [[all[i + 2], all[i + 3]]] : []);
  }
}

test("NearBridge finds no more offers ready than there are receivers, in order", async () => {
  const channel = new Channel<number>();
  const [a, b] = [new Heard(channel), new Heard(channel)];
  await a.say(OFFER, 1);
  await b.say(OFFER, 2);
  await a.say(OFFER, 3);
  const received = channel.recv();
  await idle();
  await b.say(OFFER, 4);
  const first = [a.take(READY_NOW), b.take(READY_NOW)];

  await a.say(WITHDRAW, 1);
  const second = [a.take(READY_NOW), b.take(READY_NOW)];
  await b.say(CLAIM, 2, 20);

  assertEquals(first, [[[1, undefined]], []]);
  assertEquals(second, [[], [[2, undefined]]]);
  assertEquals((await received).value, 20);
  assertEquals(a.take(READY_NOW), []);
});

test("NearBridge finds the next offer ready when the thread of a ready one dies", async () => {
  const channel = new Channel<number>();
  const [a, b] = [new Heard(channel), new Heard(channel)];
  await a.say(OFFER, 1);
  await b.say(OFFER, 2);
  void channel.recv();
  await idle();

  a.bridge.dispose(false, "gone");
  await idle();

  assertEquals(b.take(READY_NOW), [[2, undefined]]);
});

test("NearBridge finds an offer ready when a receive makes room", async () => {
  const channel = new Channel<number>(1);
  await channel.send(1);
  const heard = new Heard(channel);
  await heard.say(OFFER, 1);
  const before = heard.take(READY_NOW);

  await channel.recv();
  await idle();

  assertEquals([before, heard.take(READY_NOW)], [[], [[1, undefined]]]);
});

test("NearBridge sends what was claimed although the channel was closed meanwhile", async () => {
  const channel = new Channel<number>(2);
  await channel.send(1);
  const heard = new Heard(channel);
  await heard.say(OFFER, 1);
  channel.close();

  await heard.say(CLAIM, 1, 2);

  assertEquals(heard.take(READY_NOW), [[1, undefined]]);
  assertEquals(await channel.recvMany(5), [1, 2]);
  assertEquals(await channel.recv(), DONE);
});

test("NearBridge gives what was claimed to onDrop if the channel was cancelled meanwhile", async () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(1, { onDrop: (value) => dropped.push(value) });
  const heard = new Heard(channel);
  await heard.say(OFFER, 1);
  channel.cancel();

  await heard.say(CLAIM, 1, 2);

  assertEquals(dropped, [2]);
});

test("NearBridge keeps what it lends until it was taken, and puts the rest back in order", async () => {
  const channel = new Channel<number>(3);
  const heard = new Heard(channel);
  for (const value of [1, 2, 3]) await channel.send(value);
  await heard.say(RECV, 1, 1);
  await heard.say(RECV, 2, 5);
  const lent = heard.take(VALUES);
  await channel.send(4);
  await heard.say(TAKEN, 1);

  await heard.say(HALT, 0);

  assertEquals(lent, [[1, [1]], [2, [2, 3]]]);
  assertEquals(await channel.recvMany(5), [2, 3, 4]);
});

test("NearBridge serves receives of all threads in the order in which they came", async () => {
  const channel = new Channel<number>(1);
  const [a, b] = [new Heard(channel), new Heard(channel)];
  const received: number[] = [];
  const loop = async () => {
    for await (const value of channel) received.push(value);
  };
  const looping = loop();
  for (const [far, id] of [[a, 1], [b, 1], [a, 2]] as const) await far.say(RECV, id, 1);

  for (let n = 1; n <= 6; n++) await channel.send(n);
  channel.close();
  await idle();

  assertEquals([a.take(VALUES), b.take(VALUES)], [[[1, [2]], [2, [4]]], [[1, [3]]]]);
  for (const far of [a, b]) await far.say(TAKEN, 2);
  await looping;
  assertEquals(received, [1, 5, 6]);
});

test("NearBridge gives what comes back to whoever waits", async () => {
  const channel = new Channel<number>();
  const heard = new Heard(channel);
  await heard.say(RECV, 1, 1);
  await channel.send(1);
  const received = channel.recv();

  heard.bridge.dispose(false, "gone");

  assertEquals(await received, { done: false, value: 1 });
});

test("NearBridge tells that a channel is drained only when nothing is lent", async () => {
  const channel = new Channel<number>(1);
  const heard = new Heard(channel);
  await channel.send(1);
  await heard.say(RECV, 1, 1);
  channel.close();
  await idle();
  const lent = heard.take(ENDED);

  await heard.say(TAKEN, 1);

  assertEquals([lent, heard.take(ENDED)], [[], [[EVERYONE, undefined]]]);
});

test("NearBridge tells that a channel is drained or failed that was so before", async () => {
  const [closed, failed] = [new Channel<number>(), new Channel<number>()];
  closed.close();
  failed.fail("broken");

  const heard = [new Heard(closed), new Heard(failed)];
  await idle();

  const items = heard.map((each) => each.take(ENDED)[0]?.[1]);
  assertEquals(items, [undefined, { thrown: "broken" }]);
});

test("NearBridge tells nobody the end while another thread has a value that may come back", async () => {
  const channel = new Channel<number>();
  const [a, b, c] = [new Heard(channel), new Heard(channel), new Heard(channel)];
  await a.say(RECV, 1, 1);
  await b.say(RECV, 1, 1);
  const near = channel.recv();
  await channel.send(1);
  channel.close();
  await c.say(RECV, 1, 1);
  const early = [b, c].map((each) => each.take(ENDED));

  a.bridge.dispose(false, "gone");
  await b.say(TAKEN, 1);

  assertEquals(early, [[], []]);
  assertEquals(b.take(VALUES), [[1, [1]]]);
  assertEquals(await near, DONE);
  assertEquals(c.take(ENDED), [[1, undefined], [EVERYONE, undefined]]);
});

const forms: Record<string, (channel: Channel<number>) => Promise<unknown>> = {
  "recv()": (channel) => channel.recv(),
  "recvMany()": async (channel) => ({ done: false, value: (await channel.recvMany(2))[0] }),
  "a loop": (channel) => channel[Symbol.asyncIterator]().next(),
  "select()": async (channel) => {
    const { done, value } = await select({ channel });
    return { done, value };
  },
};

for (const [form, receive] of Object.entries(forms)) {
  test(`NearBridge lets ${form} wait that begins after close(), while a value may come back`, async () => {
    const channel = new Channel<number>();
    const heard = new Heard(channel);
    await heard.say(RECV, 1, 1);
    await channel.send(1);
    channel.close();
    const [first, second] = [watch(receive(channel)), watch(channel.recv())];
    await idle();
    const before = [first.state, second.state, channel.tryRecv(), trySelect({ channel })];

    await heard.say(HALT, 0);

    assertEquals(before, ["waiting", "waiting", undefined, undefined]);
    assertEquals([first.value, second.value], [{ done: false, value: 1 }, DONE]);
    assertEquals([channel.tryRecv(), await channel.recv()], [DONE, DONE]);
    assertEquals(Reflect.ownKeys(channel), ["name"]);
  });
}

test("NearBridge keeps the end for those who receive after cancel() no longer", async () => {
  const channel = new Channel<number>();
  const heard = new Heard(channel);
  await heard.say(RECV, 1, 1);
  await channel.send(1);
  channel.close();
  const waiting = channel.recv();

  channel.cancel();

  assertEquals([await waiting, await channel.recv(), channel.tryRecv()], [DONE, DONE, DONE]);
});

test("NearBridge keeps the end while a thread further on has a value, until that is gone", async () => {
  const channel = new Channel<number>();
  const heard = new Heard(channel);
  await heard.say(RECV, 1, 1);
  await channel.send(1);
  await heard.say(HOLD, 1);
  await heard.say(TAKEN, 1);
  channel.close();
  const received = [watch(channel.recv()), watch(channel.recv())];
  await idle();
  const before = received.map(({ state }) => state);

  await heard.say(BACK, 0, [1]);
  await heard.say(HOLD, -1);

  assertEquals(before, ["waiting", "waiting"]);
  assertEquals(received.map(({ value }) => value), [{ done: false, value: 1 }, DONE]);
});

test("NearBridge tells the end when the thread dies that has passed a value on", async () => {
  const channel = new Channel<number>();
  const heard = new Heard(channel);
  await heard.say(RECV, 1, 1);
  await channel.send(1);
  await heard.say(HOLD, 1);
  await heard.say(TAKEN, 1);
  channel.close();
  const received = channel.recv();

  heard.bridge.dispose(false, "gone");

  assertEquals(await received, DONE);
});

test("NearBridge tells who waits the error of a failed channel when nothing can come back", async () => {
  const channel = new Channel<number>();
  const heard = new Heard(channel);
  await heard.say(RECV, 1, 1);
  const near = watch(channel.recv());
  await channel.send(1);
  channel.fail("broken");
  await idle();
  const before = near.state;

  await heard.say(TAKEN, 1);

  assertEquals([before, near.reason], ["waiting", "broken"]);
});

test("NearBridge lets cancel() end who waits, though values are under way", async () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(0, { onDrop: (value) => dropped.push(value) });
  const heard = new Heard(channel);
  await heard.say(RECV, 1, 1);
  const near = channel.recv();
  await channel.send(1);
  channel.close();

  channel.cancel();

  assertEquals([await near, await channel.recv()], [DONE, DONE]);
  await heard.say(HALT, 0);
  assertEquals(dropped, [1]);
});

test("NearBridge keeps the end for who waits until a ready offer was claimed", async () => {
  const channel = new Channel<number>();
  const [a, b] = [new Heard(channel), new Heard(channel)];
  await a.say(OFFER, 1);
  await b.say(OFFER, 2);
  const received = channel.recv();
  await idle();
  channel.close();
  await idle();
  const refused = [a.take(REFUSED), b.take(REFUSED)].map((words) => words.map(([id]) => id));

  await a.say(CLAIM, 1, 5);

  assertEquals(refused, [[], [2]]);
  assertEquals(await received, { done: false, value: 5 });
  assertEquals(await channel.recv(), DONE);
});

test("NearBridge lets go of a channel: it tells nobody of its changes any more", async () => {
  const channel = new Channel<number>();
  const heard = new Heard(channel);
  heard.bridge.dispose(true, "gone");

  channel.close();
  await idle();

  assertEquals(heard.take(STATE), []);
  const { buffer, receivers, senders } = channel[PARTS]();
  const own = [buffer, receivers, senders].flatMap((part) => Object.keys(part));
  assertEquals(own.filter((name) => ["shift", "insert", "clear"].includes(name)), []);
});

for (const capacity of [0, 1, 2, 5]) {
  test(`ChannelTap.giveBack() keeps the order and the bound of a channel, capacity ${capacity}`, async () => {
    const channel = new Channel<number>(capacity);
    for (let n = 3; n <= 6; n++) void channel.send(n);

    ChannelTap.of(channel as never).giveBack([1, 2]);

    counts(channel, true);
    assertEquals([await channel.recv(), channel.tryRecv()].map((r) => r?.value), [1, 2]);
    counts(channel, true);
    channel.close();
    assertEquals(await channel.recvMany(9), [3, 4, 5, 6]);
    assertEquals(await channel.recv(), DONE);
  });
}

test("ChannelTap.giveBack() drops what a channel that drops has no place for", () => {
  const dropped: number[] = [];
  const options = {
    overflow: "drop-newest",
    onDrop: (value: number) => dropped.push(value),
  } as const;
  const channel = new Channel<number>(2, options);
  channel.trySend(3);

  ChannelTap.of(channel as never).giveBack([1, 2]);

  assertEquals([dropped, channel.tryRecv()?.value, channel.tryRecv()?.value], [[1], 2, 3]);
});

test("ChannelTap.giveBack() gives what stands beside the buffer to onDrop after cancel()", async () => {
  const dropped: number[] = [];
  const channel = new Channel<number>(1, { onDrop: (value) => dropped.push(value) });
  const heard = new Heard(channel);
  await channel.send(1);
  await heard.say(RECV, 1, 1);
  await channel.send(2);
  await heard.say(HALT, 0);
  assertEquals(channel.size, 1);

  channel.cancel();
  await idle();

  assertEquals(dropped.toSorted(), [1, 2]);
});
