import { assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { recordOf } from "../../workers/shared/bells.ts";
import { Domain } from "../../workers/shared/domain.ts";
import { HAND, HOLDERS, RECEIVERS, SENDERS, STATE, THREADS } from "../../workers/shared/layout.ts";
import { hold, onBurial } from "../../workers/shared/threads.ts";
import { domainOf, ringIn } from "./rings.ts";

const state = (domain: Domain, slot: number) => domain.words[recordOf(slot) + STATE]! & 3;

test("Domain gives each thread a slot of its own, up to 64", () => {
  const first = domainOf("wasm");
  const others: Domain[] = [];

  for (let i = 1; i < THREADS; i++) others.push(new Domain(first.memory));

  assertEquals(new Set([first, ...others].map(({ self }) => self)).size, THREADS);
  assertThrows(
    () => new Domain(first.memory),
    Error,
    "Cannot join the shared memory: 64 threads use it already",
  );
  first.bury(others[10]!.seat);
  assertEquals(new Domain(first.memory).self, others[10]!.self);
});

test("Domain.reserve() keeps a slot for a thread that is about to start", () => {
  const parent = domainOf("wasm");
  const { memory, seat } = parent.reserve();
  const between = domainOf("wasm", memory);

  const child = new Domain(memory, { seat });

  assertEquals([child.self, child.alive], [seat!.slot, true]);
  assertEquals(between.self === child.self, false);
});

test("Domain.bury() frees the slot of a thread that never started", () => {
  const parent = domainOf("wasm");
  const { memory, seat } = parent.reserve();

  parent.bury(seat!);

  assertThrows(() => new Domain(memory, { seat }), Error, "this thread has been given up");
  assertEquals(new Domain(memory).self, seat!.slot);
});

test("Domain.bury() does nothing about the next thread in the slot", () => {
  const parent = domainOf("wasm");
  const { seat } = domainOf("wasm", parent.memory);
  parent.bury(seat);
  const next = domainOf("wasm", parent.memory);

  parent.bury(seat);

  assertEquals([next.self, next.alive], [seat.slot, true]);
});

test("Domain.bury() leaves no bit of the dead thread", () => {
  const parent = domainOf("wasm");
  const dead = domainOf("wasm", parent.memory);
  const channel = ringIn(parent, 4);
  const masks = [RECEIVERS, SENDERS].map((mask) => (channel >> 2) + mask);
  hold(dead, channel, dead.self);
  for (const mask of masks) dead.enlist(mask);

  parent.bury(dead.seat);

  const words = [HOLDERS, RECEIVERS, SENDERS].flatMap((word) => {
    const at = (channel >> 2) + word;
    return [...parent.words.subarray(at, at + 2)];
  });
  assertEquals(words, [0, 0, 0, 0, 0, 0]);
});

test("Domain.bury() makes all who wait look again", () => {
  const parent = domainOf("wasm");
  const [dead, waiting, claimed] = [1, 2, 3].map(() => domainOf("wasm", parent.memory));
  const mask = (ringIn(parent, 4) >> 2) + RECEIVERS;
  const heard = [parent, waiting!, claimed!].map((each) => each.bellValue());
  waiting!.enlist(mask);

  parent.bury(dead!.seat);

  const rung = [parent, waiting!, claimed!].map((each, i) => each.bellValue() !== heard[i]);
  assertEquals(rung, [true, true, true]);
  assertEquals(waiting!.isEnlisted(mask), false);
});

test("Domain.bury() frees the block in the hand of the dead thread", () => {
  const parent = domainOf("wasm");
  const dead = domainOf("wasm", parent.memory);
  const block = dead.allocate(5_000);
  dead.hold(block);

  parent.bury(dead.seat);
  const next = domainOf("wasm", parent.memory);

  assertEquals(next.allocate(5_000), block);
  assertEquals(next.words[recordOf(dead.self) + HAND], 0);
});

test("Domain.bury() never gives away the slot of a thread that may still run", () => {
  const parent = domainOf("wasm");
  const zombie = domainOf("wasm", parent.memory);
  const heard = zombie.bellValue();

  parent.bury(zombie.seat, false);

  assertEquals([zombie.alive, state(parent, zombie.self)], [false, 2]);
  assertEquals(zombie.bellValue() === heard, false);
  assertEquals(domainOf("wasm", parent.memory).self === zombie.self, false);
});

test("onBurial() is told of each object that may have been the dead thread's", () => {
  const parent = domainOf("wasm");
  const dead = domainOf("wasm", parent.memory);
  const objects = [ringIn(parent, 1), ringIn(parent, 2)];
  const seen: unknown[] = [];
  onBurial((memory, object, slot) => {
    if (memory === parent) seen.push([object, slot]);
  });

  parent.bury(dead.seat);

  assertEquals(seen, objects.map((object) => [object, dead.self]));
});
