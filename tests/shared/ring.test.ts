import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { CLOSED, DRAINED, EMPTY, FULL, OK } from "../../workers/shared/core.ts";
import { HAND, HEADER, IN_BLOCK, RECEIVERS, SENDERS } from "../../workers/shared/layout.ts";
import { recordOf } from "../../workers/shared/bells.ts";
import { recordEnd } from "../../workers/shared/ring.ts";
import type { Domain } from "../../workers/shared/domain.ts";
import { domainOf, drain, halfDone, KINDS, LAST_ROUND, put, ringIn, take } from "./rings.ts";

const CAPACITIES = [1, 2, 3, 7, 1024];
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const pop = (domain: Domain, channel: number) =>
  domain.core.pop(channel, domain.scratch, domain.self, true);

for (const kind of KINDS) {
  test(`push() puts exactly as many values into a ring as its capacity (${kind})`, () => {
    for (const capacity of CAPACITIES) {
      const domain = domainOf(kind);
      const channel = ringIn(domain, capacity);

      const answers = upTo(capacity + 1).map((value) => put(domain, channel, value));

      assertEquals(answers.pop(), FULL);
      assertEquals(answers.every((answer) => answer === OK), true);
      assertEquals(drain(domain, channel), upTo(capacity));
    }
  });

  test(`pop() keeps the order while the positions of a ring wrap (${kind})`, () => {
    for (const capacity of CAPACITIES) {
      const domain = domainOf(kind);
      const channel = ringIn(domain, capacity, { round: LAST_ROUND });
      const received: number[] = [];
      let sent = 0;

      for (let step = 0; step < 5 * capacity + 20; step++) {
        while (sent < 6 * capacity + 20 && put(domain, channel, sent) === OK) sent++;
        received.push(take(domain, channel)!);
      }

      assertEquals(received, upTo(5 * capacity + 20));
      assertEquals(halfDone(domain, channel), []);
    }
  });

  test(`pop() tells an empty ring from one that is drained (${kind})`, () => {
    const domain = domainOf(kind);
    const channel = ringIn(domain, 2);

    const empty = pop(domain, channel);
    put(domain, channel, 1);
    const first = domain.core.close(channel);
    const again = domain.core.close(channel);
    const refused = put(domain, channel, 2);
    const last = take(domain, channel);

    assertEquals([empty, first, again, refused, last], [EMPTY, true, false, CLOSED, 1]);
    assertEquals(pop(domain, channel), DRAINED);
  });

  test(`push() and pop() copy payloads of every size that fits (${kind})`, () => {
    for (const slotBytes of [64, 128, 1024]) {
      const domain = domainOf(kind);
      const channel = ringIn(domain, 1, { slotBytes });
      const { scratch, bytes, self } = domain;
      for (let size = 0; size <= slotBytes - 8; size++) {
        const value = upTo(size).map((i) => (i * 7 + size) & 255);
        bytes.set(value, scratch);
        domain.core.push(channel, scratch, size | 1 << 28, self, true);
        bytes.fill(0, scratch, scratch + slotBytes);

        const header = domain.core.pop(channel, scratch, self, true);

        assertEquals(header, size | 1 << 28);
        assertEquals([...bytes.subarray(scratch, scratch + size)], value);
      }
    }
  });

  test(`push() takes a block out of the hand, pop() puts it in (${kind})`, () => {
    const domain = domainOf(kind);
    const channel = ringIn(domain, 1);
    const { words, scratch, self } = domain;
    const hand = () => words[recordOf(self) + HAND];
    const block = domain.allocate(1_000);
    domain.hold(block);
    words[scratch >> 2] = block;

    const hands = [hand()];
    domain.core.push(channel, scratch, IN_BLOCK | 1_000, self, true);
    hands.push(hand());
    const header = domain.core.pop(channel, scratch, self, true);
    hands.push(hand());
    domain.free(words[scratch >> 2]!);
    hands.push(hand());

    assertEquals(header, IN_BLOCK | 1_000);
    assertEquals(hands, [block, 0, block, 0]);
  });

  test(`push() wakes one receiver of another thread (${kind})`, () => {
    const domain = domainOf(kind);
    const others = upTo(40).map(() => domainOf(kind, domain.memory));
    const channel = ringIn(domain, 64);
    const mask = (channel >> 2) + RECEIVERS;
    for (const each of [domain, ...others]) each.enlist(mask);
    const heard = others.map((other) => other.bellValue());

    const woken: number[] = [];
    for (let i = 0; i < 42; i++) {
      put(domain, channel, i);
      woken.push(others.filter((other, j) => other.bellValue() !== heard[j]).length);
    }

    assertEquals(woken, [...upTo(40).map((i) => i + 1), 40, 40]);
    assertEquals(domain.isEnlisted(mask), true);
    assertEquals(others.some((other) => other.isEnlisted(mask)), false);
  });

  test(`pop() wakes one sender of another thread (${kind})`, () => {
    const domain = domainOf(kind);
    const other = domainOf(kind, domain.memory);
    const channel = ringIn(domain, 1);
    const mask = (channel >> 2) + SENDERS;
    put(domain, channel, 1);
    domain.enlist(mask);
    other.enlist(mask);

    take(domain, channel);

    assertEquals([domain.isEnlisted(mask), other.isEnlisted(mask)], [true, false]);
  });

  test(`close() wakes all who wait on either side, this thread too (${kind})`, () => {
    const domain = domainOf(kind);
    const other = domainOf(kind, domain.memory);
    const channel = ringIn(domain, 1);
    const masks = [(channel >> 2) + RECEIVERS, (channel >> 2) + SENDERS];
    for (const mask of masks) for (const each of [domain, other]) each.enlist(mask);

    domain.core.close(channel);

    const left = masks.flatMap((mask) => [domain, other].map((each) => each.isEnlisted(mask)));
    assertEquals(left, [false, false, false, false]);
  });

  test(`pushMany() and popMany() move records of any size in order (${kind})`, () => {
    for (const capacity of CAPACITIES) {
      const domain = domainOf(kind);
      const channel = ringIn(domain, capacity, { round: LAST_ROUND });
      const sizes = upTo(2 * capacity + 30).map((i) => (i * 13) % 10 < 7 ? 8 : (i * 29) % 121);
      const received: string[] = [];
      let sent = 0;

      while (received.length < sizes.length) {
        sent += Math.max(0, pushRecords(domain, channel, sizes, sent, 1 + sent % 9));
        received.push(...popRecords(domain, channel, 1 + received.length % 11));
      }

      assertEquals(received, sizes.map((size, i) => `${size}: ${payload(i, size)}`));
      assertEquals(halfDone(domain, channel), []);
    }
  });

  test(`pushMany() and popMany() answer as push() and pop() do when nothing goes (${kind})`, () => {
    const domain = domainOf(kind);
    const channel = ringIn(domain, 4);
    const sizes = [8, 8, 8, 8, 8, 8];

    const answers = [
      popRecords(domain, channel, 4).length,
      domain.core.popMany(channel, domain.scratch, 4, domain.self, true),
      pushRecords(domain, channel, sizes, 0, 6),
      pushRecords(domain, channel, sizes, 0, 6),
    ];
    domain.core.close(channel);
    answers.push(pushRecords(domain, channel, sizes, 0, 6));
    answers.push(popRecords(domain, channel, 9).length);
    answers.push(domain.core.popMany(channel, domain.scratch, 4, domain.self, true));

    assertEquals(answers, [0, EMPTY, 4, FULL, CLOSED, 4, DRAINED]);
  });

  test(`popMany() ends with a value that lies in a block (${kind})`, () => {
    const domain = domainOf(kind);
    const channel = ringIn(domain, 8);
    const { words, scratch, self } = domain;
    for (const value of [1, 2]) put(domain, channel, value);
    const block = domain.allocate(500);
    words[scratch >> 2] = block;
    domain.core.push(channel, scratch, IN_BLOCK | 500, self, true);
    for (const value of upTo(5)) put(domain, channel, value);

    const counts = [
      domain.core.popMany(channel, scratch, 8, self, true),
      domain.core.popMany(channel, scratch + 4096, 8, self, true),
    ];

    assertEquals(counts, [3, 5]);
    assertEquals(words[recordOf(self) + HAND], block);
    assertEquals(words[(scratch + 40) >> 2], block);
  });

  test(`pushMany() wakes as many receivers as there are values (${kind})`, () => {
    const domain = domainOf(kind);
    const others = upTo(6).map(() => domainOf(kind, domain.memory));
    const channel = ringIn(domain, 16);
    const mask = (channel >> 2) + RECEIVERS;
    for (const other of others) other.enlist(mask);

    pushRecords(domain, channel, [8, 8, 8, 8, 8], 0, 5);

    assertEquals(others.filter((other) => other.isEnlisted(mask)).length, 1);
  });
}

function payload(i: number, size: number): string {
  return upTo(size).map((j) => (i + j) & 255).join();
}

/** Pushes values from the `first` on, `count` at most, with sizes from the list. */
function pushRecords(
  { core, bytes, words, scratch, self }: Domain,
  channel: number,
  sizes: number[],
  first: number,
  count: number,
): number {
  const batch = sizes.slice(first, first + count);
  let record = scratch;
  batch.forEach((size, i) => {
    words[(record >> 2) + HEADER] = size;
    for (let j = 0; j < size; j++) bytes[record + 8 + j] = first + i + j;
    record = recordEnd(record, size);
  });
  return core.pushMany(channel, scratch, batch.length, self, true);
}

function popRecords(domain: Domain, channel: number, count: number): string[] {
  const { core, bytes, words, scratch, self } = domain;
  const popped = core.popMany(channel, scratch, count, self, true);
  let record = scratch;
  return upTo(Math.max(0, popped)).map(() => {
    const header = words[(record >> 2) + HEADER]!;
    const text = `${header}: ${bytes.subarray(record + 8, record + 8 + header).join()}`;
    record = recordEnd(record, header);
    return text;
  });
}
