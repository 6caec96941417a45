import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Ring } from "../../internal/ring.ts";
import { collected, NO_GC } from "./gc.ts";

test("Ring.shift() takes values in the order of Ring.push()", () => {
  const ring = new Ring<number>();
  for (const value of [1, 2, 3]) ring.push(value);

  const taken = [ring.shift(), ring.shift(), ring.shift()];

  assertEquals(taken, [1, 2, 3]);
  assertEquals(ring.size, 0);
});

test("Ring.size counts what was pushed and not shifted", () => {
  const ring = new Ring<number>();
  const sizes = [ring.size];

  for (let i = 0; i < 3; i++) {
    ring.push(i);
    sizes.push(ring.size);
  }
  ring.shift();

  assertEquals([...sizes, ring.size], [0, 1, 2, 3, 2]);
});

test("Ring.first is the value that shift() would take, and undefined while there is none", () => {
  const ring = new Ring<number>();
  const before = ring.first;
  ring.push(1);
  ring.push(2);

  const first = ring.first;
  ring.shift();
  ring.shift();

  assertEquals([before, first, ring.first], [undefined, 1, undefined]);
});

test("Ring keeps the order while it grows, wraps around and shrinks", () => {
  const ring = new Ring<number>();
  const model: number[] = [];
  let next = 0;
  // Waves of different heights, so that the head stands everywhere when the array is resized.
  for (const [up, down] of [[5, 3], [20, 17], [3_000, 2_990], [10_000, 10_013], [7, 2], [9, 14]]) {
    for (let i = 0; i < (up ?? 0); i++, next++) {
      ring.push(next);
      model.push(next);
    }
    for (let i = 0; i < (down ?? 0) && model.length > 0; i++) {
      const taken = ring.shift();
      const expected = model.shift();

      assertEquals(taken, expected);
    }
    assertEquals([ring.size, ring.first], [model.length, model[0]]);
  }
});

test("Ring.push() and shift() around each size keep order and size", () => {
  for (let size = 0; size < 70; size++) {
    const ring = new Ring<number>();
    for (let i = 0; i < size; i++) ring.push(i);

    const taken = [];
    for (let i = size; i < size + 200; i++) {
      ring.push(i);
      taken.push(ring.shift());
    }

    assertEquals(taken, Array.from({ length: 200 }, (_, i) => i));
    assertEquals(ring.size, size);
  }
});

test("Ring holds undefined as a value", () => {
  const ring = new Ring<undefined>();

  ring.push(undefined);
  ring.push(undefined);

  assertEquals(ring.size, 2);
  assertEquals(ring.shift(), undefined);
  assertEquals(ring.size, 1);
});

test("Ring.clear() takes all values in order and leaves an empty ring that works on", () => {
  const ring = new Ring<number>();
  for (let i = 0; i < 10; i++) ring.push(i);
  ring.shift();

  const taken = ring.clear();
  ring.push(42);

  assertEquals(taken, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals([ring.size, ring.shift()], [1, 42]);
});

for (
  const [what, pass] of [
    ["shift()", (ring: Ring<object>) => void ring.shift()],
    ["clear()", (ring: Ring<object>) => void ring.clear()],
  ] as const
) {
  test(`Ring.${what} clears the slot`, { skip: NO_GC }, async () => {
    const ring = new Ring<object>();
    const ref = (() => {
      const value = {};
      ring.push(value);
      return new WeakRef(value);
    })();

    pass(ring);

    assert(await collected(ref));
    assertEquals(ring.size, 0);
  });
}
