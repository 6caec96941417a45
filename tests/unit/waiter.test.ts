import { assert, assertEquals, assertFalse, assertLess, assertStrictEquals } from "@std/assert";
import { test } from "node:test";
import { asReceived, asSelected, asSent, Waiter, WaitQueue } from "../../internal/waiter.ts";
import { setSeed } from "../../testing/mod.ts";
import { rejection, settled } from "./watch.ts";

/** Two waiters of one decision, each in a queue of its own. */
function pair(): { left: WaitQueue; right: WaitQueue; a: Waiter; b: Waiter } {
  const [left, right] = [new WaitQueue(), new WaitQueue()];
  const a = new Waiter(asSelected, "a");
  const b = new Waiter(asSelected, "b", a);
  left.push(a);
  right.push(b);
  return { left, right, a, b };
}

test("WaitQueue.shift() takes who waits longest", () => {
  const queue = new WaitQueue();
  const [a, b] = [new Waiter(asSent), new Waiter(asSent)];
  queue.push(a);
  queue.push(b);

  const taken = [queue.shift(), queue.shift(), queue.shift()];

  assertStrictEquals(taken[0], a);
  assertStrictEquals(taken[1], b);
  assertEquals([taken[2], queue.empty, queue.length], [undefined, true, 0]);
});

test("WaitQueue.first, empty and length tell who waits", () => {
  const queue = new WaitQueue();
  const before = [queue.first, queue.empty, queue.length];
  const [a, b] = [new Waiter(asSent), new Waiter(asSent)];

  queue.push(a);
  queue.push(b);

  assertEquals(before, [undefined, true, 0]);
  assertStrictEquals(queue.first, a);
  assertEquals([queue.empty, queue.length], [false, 2]);
});

test("WaitQueue.shift() leaves the siblings of who it takes in their queues", () => {
  const { left, right, a } = pair();

  const taken = left.shift();

  assertStrictEquals(taken, a);
  assertEquals([left.length, right.length], [0, 1]);
});

test("Waiter.withdraw() leaves the others of its queue in their places", () => {
  const queue = new WaitQueue();
  const waiters = [1, 2, 3, 4].map(() => new Waiter(asSent));
  for (const waiter of waiters) queue.push(waiter);

  waiters[1]?.withdraw();

  const left = [queue.shift(), queue.shift(), queue.shift(), queue.shift()];
  const places = left.map((waiter) => waiter === undefined ? -1 : waiters.indexOf(waiter));
  assertEquals(places, [0, 2, 3, -1]);
});

test("Waiter.withdraw() takes its siblings out of their queues", () => {
  const { left, right, b } = pair();

  b.withdraw();

  assert(left.empty);
  assert(right.empty);
});

test("Waiter.withdraw() twice changes nothing", () => {
  const queue = new WaitQueue();
  const [a, b] = [new Waiter(asSent), new Waiter(asSent)];
  queue.push(a);
  queue.push(b);
  a.withdraw();

  a.withdraw();

  assertEquals(queue.length, 1);
  assertStrictEquals(queue.first, b);
});

test("Waiter.withdraw() takes many siblings out of one queue", () => {
  const queue = new WaitQueue();
  const other = new Waiter(asSent);
  const leader = new Waiter(asSelected, 0);
  queue.push(leader);
  queue.push(other);
  for (let key = 1; key < 5; key++) queue.push(new Waiter(asSelected, key, leader));

  leader.withdraw();

  assertEquals(queue.length, 1);
  assertStrictEquals(queue.first, other);
});

test("WaitQueue.emptied() is called when the last entry is withdrawn, not before", () => {
  let emptied = 0;
  class Watched extends WaitQueue {
    override emptied(): void {
      emptied++;
    }
  }
  const queue = new Watched();
  const waiters = [1, 2, 3].map(() => new Waiter(asSent));
  for (const waiter of waiters) queue.push(waiter);

  const seen = waiters.map((waiter) => {
    waiter.withdraw();
    return emptied;
  });

  assertEquals(seen, [0, 0, 1]);
});

test("WaitQueue.emptied() is called for the queue of a sibling", () => {
  let emptied = 0;
  class Watched extends WaitQueue {
    override emptied(): void {
      emptied++;
    }
  }
  const [queue, other] = [new Watched(), new WaitQueue()];
  const leader = new Waiter(asSelected, "a");
  other.push(leader);
  queue.push(new Waiter(asSelected, "b", leader));

  other.shift()?.settle(false, 1);

  assertEquals([emptied, queue.empty], [1, true]);
});

test("Waiter.settle() takes the siblings out before it returns, and resolves their promise", async () => {
  const { left, right, a, b } = pair();

  left.shift()?.settle(false, 7);

  assert(right.empty);
  assertStrictEquals(a.promise, b.promise);
  assertEquals(await settled(a.promise), { key: "a", done: false, value: 7 });
});

test("Waiter.settle() on a waiter that still stands in its queue takes it out", async () => {
  const queue = new WaitQueue();
  const waiter = new Waiter(asReceived);
  queue.push(waiter);

  waiter.settle(true, undefined);

  assert(queue.empty);
  assertEquals(await settled(waiter.promise), { done: true, value: undefined });
});

test("Waiter.refuse() takes the siblings out and rejects with the error itself", async () => {
  const { left, right, a, b } = pair();
  const failure = new Error("no");
  const rejected = rejection(a.promise);

  b.refuse(failure);

  assert(left.empty);
  assert(right.empty);
  assertStrictEquals(await rejected, failure);
});

test("Waiter is settled at most once", async () => {
  const { a, b } = pair();
  a.settle(false, 1);

  b.settle(false, 2);
  b.refuse(new Error("too late"));

  assertEquals(await settled(a.promise), { key: "a", done: false, value: 1 });
});

test("WaitQueue.push() that shuffles puts an entry of another decision at the tail", () => {
  const queue = new WaitQueue();
  const [a, b] = [new Waiter(asSelected, "a"), new Waiter(asSelected, "b")];
  const second = new Waiter(asSelected, "b2", b);
  queue.push(a);

  queue.push(b, true);
  queue.push(second, true);

  assertStrictEquals(queue.first, a);
  assertEquals(queue.length, 3);
});

test("WaitQueue.push() that shuffles gives each order of three siblings an equal chance", () => {
  setSeed(20_261_121);
  const orders = new Map<string, number>();
  for (let round = 0; round < 6_000; round++) {
    const queue = new WaitQueue();
    const leader = new Waiter(asSelected, 0);
    const waiters = [leader, new Waiter(asSelected, 1, leader), new Waiter(asSelected, 2, leader)];
    for (const waiter of waiters) queue.push(waiter, true);

    const order = [1, 2, 3].map(() => waiters.indexOf(queue.shift() as Waiter)).join("");

    orders.set(order, (orders.get(order) ?? 0) + 1);
  }

  assertEquals(orders.size, 6);
  const chi = [...orders.values()].reduce((sum, n) => sum + (n - 1_000) ** 2 / 1_000, 0);
  // A fair shuffle exceeds this once in 1,000,000 runs; the seed is fixed.
  assertLess(chi, 35.89);
});

test("WaitQueue.push() that shuffles leaves the order of other decisions as it is", () => {
  setSeed(3);
  for (let round = 0; round < 50; round++) {
    const queue = new WaitQueue();
    const others = [1, 2].map(() => new Waiter(asSent));
    for (const other of others) queue.push(other);
    const leader = new Waiter(asSelected, 0);

    queue.push(leader, true);
    queue.push(new Waiter(asSelected, 1, leader), true);

    const first = [queue.shift(), queue.shift()];
    assertStrictEquals(first[0], others[0]);
    assertStrictEquals(first[1], others[1]);
    assertFalse(queue.empty);
  }
});
