/** Batches in shared memory. */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { BatchRing, RING_BYTES } from "../../workers/batch_ring.ts";
import { BatchWriter } from "../../workers/batch_writer.ts";
import { isPlainData } from "../../workers/plain_data.ts";
import { Domain } from "../../workers/shared/domain.ts";
import { transfer } from "../../workers/transfer.ts";

function createRing(): BatchRing {
  const domain = Domain.own;
  const ring = new BatchRing(domain, domain.allocate(RING_BYTES));
  ring.clear();
  return ring;
}

function readAll(ring: BatchRing, slot: number, count: number): unknown[] {
  const items = ring.read(slot);
  const values = Array.from({ length: count }, () => items.next());
  items.done();
  return values;
}

test("BatchRing.read() gives what BatchRing.write() was given", () => {
  const ring = createRing();
  const items = [1, -0, NaN, 2 ** 40, "", "déjà vu", { a: [1, { b: null }], c: undefined }, []];

  for (let i = 0; i < 10; i++) {
    const slot = ring.write(items);
    assert(slot >= 0);
    assertEquals(readAll(ring, slot, items.length), items);
  }
});

test("BatchRing.write() refuses until a slot has been read to its end", () => {
  const ring = createRing();
  const slots = Array.from({ length: 3 }, (_, i) => ring.write([i]));

  assertEquals(ring.write([3]), -1);
  const items = ring.read(slots[0]!);
  items.next();
  assertEquals(ring.write([3]), -1);
  items.done();
  const slot = ring.write([3]);

  assertEquals([slots[1]!, slots[2]!, slot].map((slot) => readAll(ring, slot, 1)), [[1], [2], [3]]);
});

test("BatchRing.write() refuses what does not fit, and fills a slot to its end", () => {
  const ring = createRing();
  const text = "x".repeat(1_000);
  let most = 1;
  while (most < 1_000) {
    const slot = ring.write(new Array(most).fill(text));
    if (slot < 0) break;
    assertEquals(readAll(ring, slot, most).at(-1), text);
    most++;
  }

  assert(most > 250 && most < 262, String(most));
});

test("BatchRing.write() refuses what is to be moved, and what throws when it is read", () => {
  const ring = createRing();
  const broken = {
    get part() {
      throw new Error("broken");
    },
  };

  assertEquals(ring.write([1, transfer({ a: 1 }, [])]), -1);
  assertEquals(ring.write([broken]), -1);
  assertEquals(ring.write([() => {}]), -1);
});

test("isPlainData() takes what is copied alike in every way, and nothing else", () => {
  const itself: unknown[] = [];
  itself.push(itself);
  const withProperty = Object.assign([1, 2], { index: 3 });
  const taken = [1, "a", true, undefined, null, {}, [], [1, ["a"]], { a: { b: [{}] } }];
  const others = [
    1n,
    Symbol("a"),
    () => {},
    new Date(),
    new Map(),
    new Error("a"),
    new Uint8Array(1),
    new (class Mill {})(),
    Object.create(null),
    "aa".match(/a/),
    withProperty,
    [, 1],
    new Array(65).fill(0),
    itself,
  ];

  assertEquals(taken.filter((each) => !isPlainData(each)), []);
  assertEquals(others.filter((each) => isPlainData(each) || isPlainData({ each })), []);
});

test("BatchWriter.write() writes batches of objects that are not mostly text, and no others", () => {
  const ring = createRing();
  const writer = new BatchWriter(ring, false);
  const batch = (item: unknown, count = 16) => new Array(count).fill(item);

  const throwing = {
    get part() {
      throw new Error("broken");
    },
  };
  const others = [
    1,
    "a",
    null,
    new Uint8Array(1),
    { text: "x".repeat(257) },
    { a: { text: "☕" } },
    new Array(65).fill(1),
    throwing,
  ];

  for (const item of others) assertEquals(writer.write(batch(item)), -1);
  assertEquals(writer.write(batch({}, 15)), -1);
  assert(writer.write(batch({})) >= 0);
});

test("BatchWriter.write() tries ever more seldom after it could not", () => {
  let tries = 0;
  const ring = { write: () => (tries++, -1) } as unknown as BatchRing;
  const writer = new BatchWriter(ring, false);
  const batch = new Array(16).fill({});

  for (let i = 0; i < 10_000; i++) assertEquals(writer.write(batch), -1);

  assert(tries >= 40 && tries < 60, String(tries));
});
