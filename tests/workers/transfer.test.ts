import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { pipe } from "../../mod.ts";
import { inWorkers, transfer } from "../../workers/mod.ts";
import { gather } from "./flows.ts";
import type * as bytes from "./modules/bytes.ts";

const url = new URL("./modules/bytes.ts", import.meta.url);

test("transfer() moves a value into the thread", async () => {
  const sent = Array.from({ length: 20 }, (_, i) => new Uint8Array([i, i + 1]));
  const stage = inWorkers<typeof bytes.default>(url, { threads: 2, ordered: true });

  const results = await gather(
    pipe(sent.map((each) => transfer(each, [each.buffer])), stage),
  );

  assertEquals(sent.map(({ byteLength }) => byteLength), Array(20).fill(0));
  assertEquals(results.map((each) => [...each]), sent.map((_, i) => [i + 1, i + 2]));
});

test("transfer() is not needed: a value is copied without it", async () => {
  const sent = [new Uint8Array([1, 2])];

  const results = await gather(pipe(sent, inWorkers<typeof bytes.default>(url, { threads: 1 })));

  assertEquals(sent.map((each) => [...each]), [[1, 2]]);
  assertEquals(results.map((each) => [...each]), [[2, 3]]);
});

test("transfer() moves a result out of the thread", async () => {
  // One at a time: each call sees what the answer before has left.
  const options = { threads: 1, export: "makeAndRemember", window: 1 };

  const results = await gather(
    pipe([5, 6, 7], inWorkers<typeof bytes.makeAndRemember>(url, options)),
  );

  assertEquals(results.map(({ made }) => made.byteLength), [5, 6, 7]);
  assertEquals(results.map(({ before }) => before), [-1, 0, 0]);
});

test("transfer() gives back the value itself", () => {
  const value = { bytes: new Uint8Array(1) };

  assertStrictEquals(transfer(value, [value.bytes.buffer]), value);
});

test("transfer() refuses what cannot be moved", () => {
  assertThrows(() => transfer(5 as never, []), TypeError, "value must be an object: 5");
  assertThrows(() => transfer({}, 5 as never), TypeError, "buffers must be an array: 5");
  assertThrows(() => transfer({}, ["a" as never]), TypeError, 'buffers[0] must be an object: "a"');
});
