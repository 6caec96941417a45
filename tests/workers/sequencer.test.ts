import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Sequencer } from "../../workers/sequencer.ts";

function createSequencer() {
  const delivered: number[] = [];
  return { sequencer: new Sequencer<number>((result) => delivered.push(result)), delivered };
}

/** The numbers below `size` in another order, always the same. */
function mixed(size: number): number[] {
  return Array.from({ length: size }, (_, i) => i * 7919 % size);
}

test("Sequencer.answer() delivers in order whatever comes first", () => {
  const { sequencer, delivered } = createSequencer();
  const numbers = mixed(10_000);

  for (const n of numbers) sequencer.answer(n, n);

  assertEquals(delivered, numbers.map((_, i) => i));
  assertEquals(sequencer.held, 0);
});

test("Sequencer.put() delivers any number of results in the place of their value", () => {
  const { sequencer, delivered } = createSequencer();

  sequencer.put(2, 20);
  sequencer.close(2);
  sequencer.answer(3, 30);
  sequencer.close(4);
  sequencer.put(5, 50);
  const held = sequencer.held;
  sequencer.put(0, 0);
  sequencer.put(1, 10);
  sequencer.put(1, 11);
  sequencer.close(0);
  sequencer.close(1);
  sequencer.put(5, 51);
  sequencer.answer(6, 60);
  sequencer.close(5);

  assertEquals(held, 4); // the value 4 has no result, and keeps its place
  assertEquals(delivered, [0, 10, 11, 20, 30, 50, 51, 60]);
  assertEquals(sequencer.held, 0);
});

test("Sequencer.answer() keeps those apart that are far from the head", () => {
  const { sequencer, delivered } = createSequencer();

  for (let n = 1_000; n > 0; n--) sequencer.answer(n, n);
  const held = sequencer.held;
  sequencer.answer(0, 0);
  for (let n = 1_500; n > 1_000; n--) sequencer.answer(n, n);

  assertEquals([held, sequencer.held], [1_000, 0]);
  assertEquals(delivered, Array.from({ length: 1_501 }, (_, n) => n));
});

test("Sequencer.close() keeps the place of a value that has no result", () => {
  const { sequencer, delivered } = createSequencer();

  for (let n = 1; n < 100; n++) sequencer.close(n);
  const held = sequencer.held;
  sequencer.answer(0, 0);

  assertEquals([held, sequencer.held], [99, 0]);
  assertEquals(delivered, [0]);
});

test("Sequencer.finish() delivers in order what waits for what will not come", () => {
  const { sequencer, delivered } = createSequencer();
  const waits = [sequencer.put(5, 50), sequencer.put(0, 0), sequencer.put(3, 30)];
  sequencer.put(3, 31);
  sequencer.close(4);

  sequencer.finish();

  assertEquals(waits, [true, false, true]);
  assertEquals(delivered, [0, 30, 31, 50]);
  assertEquals(sequencer.held, 0);
});
