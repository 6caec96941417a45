import { assert, assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { eachObject } from "../../workers/shared/heap.ts";
import { TOP } from "../../workers/shared/layout.ts";
import type { Domain } from "../../workers/shared/domain.ts";
import { blocksInUse, domainOf } from "./rings.ts";

const top = ({ words }: Domain) => words[TOP];

function exhaust(domain: Domain, bytes: number): number[] {
  const blocks: number[] = [];
  try {
    for (;;) blocks.push(domain.allocate(bytes));
  } catch (error) {
    assert(error instanceof RangeError, String(error));
    return blocks;
  }
}

test("Domain.allocate() answers blocks of a cache line's multiple that do not overlap", () => {
  const domain = domainOf("wasm");
  const sizes = [1, 8, 128, 129, 192, 193, 256, 257, 1_000, 5_000, 70_000];

  const blocks = sizes.map((size) => ({ from: domain.allocate(size), size }));

  blocks.sort((a, b) => a.from - b.from);
  blocks.forEach(({ from, size }, i) => {
    assertEquals(from % 64, 0);
    assert(domain.roomOf(from) >= size);
    assert(from + domain.roomOf(from) <= (blocks[i + 1]?.from ?? domain.bytes.length));
  });
});

test("Domain.allocate() wastes at most half of what is asked for", () => {
  const domain = domainOf("wasm");

  for (let size = 128; size < 200_000; size += 997) {
    const block = domain.allocate(size);
    assert(domain.roomOf(block) <= size * 1.5 + 64, `${size}: ${domain.roomOf(block)}`);
    domain.free(block);
  }
});

test("Domain.allocate() takes a freed block again", () => {
  const domain = domainOf("wasm");
  const first = domain.allocate(1_000);
  const before = top(domain);

  domain.free(first);
  const second = domain.allocate(900);

  assertEquals([second, top(domain)], [first, before]);
});

test("Domain.free() gives a block back to the thread that made it", () => {
  const sender = domainOf("wasm");
  const receiver = domainOf("wasm", sender.memory);
  const before = top(sender);

  let carved = 0;
  for (let i = 0; i < 1_000; i++) {
    const block = sender.allocate(3_000);
    carved = Math.max(carved, block);
    receiver.free(block);
  }

  assert(top(sender)! - before! <= 2 * 4_096 / 64, `${top(sender)} after ${before}`);
});

test("Domain.allocate() says how much there is when nothing is left, and loses nothing", () => {
  const domain = domainOf("wasm");
  const blocks = exhaust(domain, 10_000);

  assertThrows(
    () => domain.allocate(10_000),
    RangeError,
    "Cannot allocate 10000 bytes in shared memory",
  );
  for (const block of blocks) domain.free(block);

  assertEquals(exhaust(domain, 10_000).length, blocks.length);
});

test("Domain.allocate() throws for more than the memory could hold", () => {
  const domain = domainOf("wasm");

  for (const bytes of [2 ** 23, 2 ** 30, 2 ** 31, 2 ** 40]) {
    assertThrows(() => domain.allocate(bytes), RangeError, `Cannot allocate ${bytes} bytes`);
  }
});

test("Domain.allocate() takes a larger block when there is no other", () => {
  const domain = domainOf("wasm");
  const large = domain.allocate(50_000);
  exhaust(domain, 1_000);

  domain.free(large);

  assertEquals(domain.allocate(1_000), large);
});

test("Domain.allocate() takes what a thread has left when it ended", () => {
  const domain = domainOf("wasm");
  const other = domainOf("wasm", domain.memory);
  const block = other.allocate(50_000);
  exhaust(domain, 40_000);
  other.free(block);

  domain.bury(other.seat);

  assertEquals(domain.allocate(40_000), block);
});

test("Domain.enroll() makes an object known until it is freed", () => {
  const domain = domainOf("wasm");
  const seen = (): number[] => {
    const objects: number[] = [];
    eachObject(domain, (object) => objects.push(object));
    return objects;
  };
  const [one, , other] = [1_000, 2_000, 3_000].map((bytes) => domain.allocate(bytes));

  domain.enroll(one!);
  domain.enroll(other!);
  const before = seen();
  domain.free(one!);

  assertEquals([before, seen()], [[one, other], [other]]);
});

test("Domain.free() leaves no block in use", () => {
  const domain = domainOf("wasm");
  const other = domainOf("wasm", domain.memory);
  const blocks = [1, 500, 900, 900, 70_000].map((bytes) => domain.allocate(bytes));

  const before = blocksInUse(domain);
  blocks.forEach((block, i) => (i % 2 === 0 ? domain : other).free(block));

  assertEquals([before, blocksInUse(domain)], [blocks.length, 0]);
});
