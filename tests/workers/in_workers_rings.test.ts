/** What holds of worker stages holds for those whose batches all go by rings, where they can. */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { pipe } from "../../mod.ts";
import { BatchRing } from "../../workers/batch_ring.ts";
import { setRingUse } from "../../workers/batch_writer.ts";
import { inWorkers } from "../../workers/mod.ts";
import { Domain } from "../../workers/shared/domain.ts";
import { TOP } from "../../workers/shared/layout.ts";
import { gather } from "./flows.ts";

setRingUse("on");

const same = new URL("data:text/javascript,export default (value) => value");

/** Runs a body; answers how many batches have gone to threads by rings, and how many have not. */
async function countingBatches(body: () => Promise<void>): Promise<[written: number, not: number]> {
  const { prototype } = BatchRing, { write } = prototype;
  const counts: [number, number] = [0, 0];
  prototype.write = function (items) {
    const slot = write.call(this, items);
    counts[slot >= 0 ? 0 : 1]++;
    return slot;
  };
  try {
    await body();
  } finally {
    prototype.write = write;
  }
  return counts;
}

test("inWorkers() sends plain data by the rings, and the rest by the port, in order", async () => {
  const plain = [1, "two", { three: [3, { four: undefined }] }, null, false];
  const others = [new Map([[1, 2]]), new Date(5), /six/g, new Uint8Array([7]), 8n];
  const values = Array.from({ length: 50 }, (_, i) => i % 2 === 0 ? plain : others).flat();

  const [written, not] = await countingBatches(async () => {
    const stage = inWorkers<(value: unknown) => unknown>(same, { threads: 1, ordered: true });
    assertEquals(await gather(pipe(values, stage)), values);
  });

  assert(written > 0 && not > 0, `${written} batches written, ${not} not`);
});

test("inWorkers() sends by the port what does not fit into a ring", async () => {
  const long = "x".repeat(300_000);

  const [, not] = await countingBatches(async () => {
    const stage = inWorkers<(value: string) => string>(same, { threads: 1 });
    assertEquals(await gather(pipe([long, long], stage)), [long, long]);
  });

  assert(not > 0);
});

test("inWorkers() begins to use rings while it runs, for objects that are many and quickly done", async () => {
  setRingUse("auto");
  let sent = 0, received = 0;
  let used = false;
  function* records(): Iterable<{ readonly id: number }> {
    for (; !used && sent < 5_000_000; sent++) yield { id: sent };
  }

  const { prototype } = BatchRing, { read } = prototype;
  prototype.read = function (slot) {
    used = true;
    return read.call(this, slot);
  };
  try {
    const stage = inWorkers<(value: unknown) => unknown>(same, { threads: 1, ordered: true });
    for await (const result of pipe(records(), stage)) assertEquals(result, { id: received++ });
  } finally {
    prototype.read = read;
    setRingUse("on");
  }

  assert(used && received === sent, `${sent} values sent, ${received} received`);
});

test("inWorkers() gives the memory of rings back when a thread has ended", async () => {
  const { words } = Domain.own;
  const use = async () => {
    const stage = inWorkers<(value: number) => number>(same, { threads: 1 });
    assertEquals(await gather(pipe([1], stage)), [1]);
  };
  for (let i = 0; i < 2; i++) await use();
  const before = words[TOP];

  for (let i = 0; i < 5; i++) await use();

  assertEquals(words[TOP], before);
});

await import("./in_workers.test.ts");
await import("./in_workers_credits.test.ts");
await import("./in_workers_deaths.test.ts");
await import("./in_workers_errors.test.ts");
await import("./in_workers_faults.test.ts");
await import("./transfer.test.ts");
