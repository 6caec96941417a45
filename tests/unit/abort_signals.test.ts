import { assertEquals, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, every, select, trySelect } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { waiting } from "./counts.ts";
import { rejection, settled, watch } from "./watch.ts";

test("one signal serves as a case, as an option and as the end of ticks", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const channel = new Channel<number>();
  const asCase = select({ channel, stop: signal });
  const asOption = rejection(select({ channel }, { signal }));
  const ticks = every(1_000_000, { signal }).recv();
  const receive = rejection(channel.recv({ signal }));

  controller.abort("enough");

  assertEquals(waiting(channel), 0);
  assertEquals(await settled(asCase), { key: "stop", done: false, value: "enough" });
  assertEquals(await asOption, "enough");
  assertEquals(await settled(ticks), { done: true, value: undefined });
  assertEquals(await receive, "enough");
});

test("one abort ends the operations in the order in which they came", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const [a, b] = [new Channel<number>(), new Channel<number>()];
  const order: string[] = [];
  a.recv({ signal }).catch(() => order.push("recv"));
  b.send(1, { signal }).catch(() => order.push("send"));
  select({ a }, { signal }).catch(() => order.push("select"));

  controller.abort();
  await idle();

  assertEquals(order, ["recv", "send", "select"]);
});

test("a signal rejects with the DOMException that abort() makes, the same for all", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const channel = new Channel<number>();
  const receives = [channel.recv({ signal }), channel.recv({ signal })].map(rejection);

  controller.abort();

  const [first, second] = await Promise.all(receives);
  assertStrictEquals(first, signal.reason);
  assertStrictEquals(second, signal.reason);
  assertEquals(signal.reason.name, "AbortError");
});

test("a signal case that lost reports the abort to the next select", async () => {
  const controller = new AbortController();
  const channel = new Channel<number>();
  const first = select({ channel, stop: controller.signal });
  channel.trySend(1);

  controller.abort("enough");

  assertEquals((await settled(first)).key, "channel");
  assertEquals(trySelect({ channel, stop: controller.signal })?.key, "stop");
});

test("an aborted signal is always ready as a case, again and again", () => {
  const stop = AbortSignal.abort("enough");

  const values = [1, 2, 3].map(() => trySelect({ stop })?.value);

  assertEquals(values, ["enough", "enough", "enough"]);
});

test("a signal can be waited on again after all its waits were served", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const channel = new Channel<number>();
  const served = channel.recv({ signal });
  channel.trySend(1);
  await settled(served);
  const receive = watch(channel.recv({ signal }));
  await idle();

  controller.abort("stop");
  await idle();

  assertEquals(receive.reason, "stop");
});

test("a wait that begins in the turn in which the last one ended is aborted too", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const channel = new Channel<number>();
  channel.recv({ signal });
  channel.trySend(1);
  const receive = watch(channel.recv({ signal }));

  await idle();
  controller.abort("stop");
  await idle();

  assertEquals(receive.reason, "stop");
});

test("two signals end only their own operations", async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const channel = new Channel<number>();
  const one = watch(channel.recv({ signal: first.signal }));
  const two = watch(channel.recv({ signal: second.signal }));

  first.abort("stop");
  await idle();

  assertEquals([one.state, two.state], ["rejected", "waiting"]);
  assertEquals(waiting(channel), 1);
});
