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

/** Every tenth of the bytes stands beside what cannot be cloned. */
const mixed = Array.from({ length: 200 }, (_, i) => i);
const sendable = mixed.filter((i) => i % 10 !== 5);

test("transfer() keeps the buffers of values beside one that cannot be cloned", async () => {
  const culprits: string[] = [];
  const module = new URL("data:text/javascript,export default ({ bytes }) => bytes.length");
  const values = mixed.map((i) => {
    const bytes = new Uint8Array(i);
    return transfer(i % 10 === 5 ? { bytes, show() {} } : { bytes }, [bytes.buffer]);
  });
  const stage = inWorkers<(value: { bytes: Uint8Array }) => number>(module, {
    threads: 1,
    ordered: true,
    onError: ({ error }) => void culprits.push((error as Error).message),
  });

  const results = await gather(pipe(values, stage));

  assertEquals(results, sendable);
  assertEquals(culprits.filter((message) => message.includes("value.show ")).length, 20);
});

test("transfer() keeps the buffers of results beside one that cannot be cloned", async () => {
  const culprits: string[] = [];
  const stage = inWorkers<typeof bytes.makeWithFunction>(url, {
    threads: 1,
    ordered: true,
    export: "makeWithFunction",
    onError: ({ error }) => void culprits.push((error as Error).message),
  });

  const results = await gather(pipe(mixed, stage));

  assertEquals(results.map(({ made }) => made.length), sendable);
  assertEquals(culprits.filter((message) => message.includes("result.show ")).length, 20);
});
