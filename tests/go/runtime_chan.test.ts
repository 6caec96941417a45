/**
 * After Go's runtime/chan_test.go, TestChan and TestChanSendInterface: the same checks at every capacity
 * from 0 to 20.
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, trySelect } from "../../mod.ts";
import { blocks, type Go, run, take } from "./program.ts";

const MOST = 20;

/** A channel whose buffer is full. */
async function full(capacity: number): Promise<Channel<number>> {
  const channel = new Channel<number>(capacity);
  for (let n = 0; n < capacity; n++) await channel.send(n);
  return channel;
}

async function receiveBlocksWhileEmpty(capacity: number): Promise<void> {
  const channel = new Channel<number>(capacity);
  const receives = [channel.recv(), channel.recv()];

  await blocks(Promise.race(receives));

  assertEquals(trySelect({ channel }), undefined);
  assertEquals(channel.tryRecv(), undefined);
  for (const _ of receives) await channel.send(0);
  await Promise.all(receives);
}

async function sendBlocksWhileFull(capacity: number): Promise<void> {
  const channel = await full(capacity);
  const sending = channel.send(0);

  await blocks(sending);

  assertEquals(trySelect({ out: channel.sendCase(0) }), undefined);
  await channel.recv();
  await sending;
}

async function closedGivesWhatIsLeft(capacity: number): Promise<void> {
  const channel = await full(capacity);
  channel.close();

  for (let n = 0; n < capacity; n++) assertEquals(await take(channel), n);

  for (let i = 0; i < 2; i++) assertEquals(await channel.recv(), { done: true, value: undefined });
}

async function closeEndsReceives(capacity: number): Promise<void> {
  const channel = new Channel<number>(capacity);
  const receiving = channel.recv();
  await blocks(receiving);

  channel.close();

  assertEquals(await receiving, { done: true, value: undefined });
}

async function valuesKeepTheirOrder(capacity: number, go: Go): Promise<void> {
  const channel = new Channel<number>(capacity);
  go(async () => {
    for (let n = 0; n < 100; n++) await channel.send(n);
  });

  for (let n = 0; n < 100; n++) assertEquals(await channel.recv(), { done: false, value: n });
}

async function manySendersAndReceivers(capacity: number, go: Go): Promise<void> {
  const [parties, rounds] = [4, 250];
  const channel = new Channel<number>(capacity);
  const counts = Array<number>(rounds).fill(0);
  for (let i = 0; i < parties; i++) {
    go(async () => {
      for (let n = 0; n < rounds; n++) await channel.send(n);
    });
  }

  await Promise.all(
    counts.slice(0, parties).map(async () => {
      for (let i = 0; i < rounds; i++) counts[await take(channel)]!++;
    }),
  );

  assertEquals(counts, Array(rounds).fill(parties));
}

async function sizeAndCapacity(capacity: number): Promise<void> {
  const empty = new Channel<number>(capacity);
  assertEquals([empty.size, empty.capacity], [0, capacity]);

  const filled = await full(capacity);

  assertEquals([filled.size, filled.capacity], [capacity, capacity]);
}

const CHECKS: Record<string, (capacity: number, go: Go) => Promise<void>> = {
  "Channel.recv() blocks while the buffer is empty": receiveBlocksWhileEmpty,
  "Channel.send() blocks while the buffer is full": sendBlocksWhileFull,
  "Channel.close() leaves what is there to be received": closedGivesWhatIsLeft,
  "Channel.close() ends a receive that waits": closeEndsReceives,
  "Channel keeps the order of 100 values": valuesKeepTheirOrder,
  "Channel shares values among 4 senders and 4 receivers": manySendersAndReceivers,
  "Channel.size and capacity count values and places": sizeAndCapacity,
};

for (const [name, check] of Object.entries(CHECKS)) {
  test(`${name}, capacities 0 to ${MOST} (TestChan)`, async () => {
    for (let capacity = 0; capacity <= MOST; capacity++) await run((go) => check(capacity, go));
  });
}

test("trySelect() sends an object as it is (TestChanSendInterface)", async () => {
  const channel = new Channel<object>(1);
  const [first, second] = [{}, {}];
  await channel.send(first);

  assertEquals(trySelect({ out: channel.sendCase(first) }), undefined);
  assertEquals(trySelect([channel.sendCase(first), channel.sendCase(second)]), undefined);

  assert(await take(channel) === first);
});
