/** What of shared memory gets into the threads of a stage. */
import { assertEquals, assertMatch } from "@std/assert";
import { test } from "node:test";
import { Channel, pipe } from "../../mod.ts";
import { inWorkers, SharedChannel, type ThreadError } from "../../workers/mod.ts";
import { untilFailure } from "../flow/sources.ts";
import { gather } from "./flows.ts";
import type * as shared from "./modules/shared.ts";

const url = new URL("./modules/shared.ts", import.meta.url);

test("inWorkers() gives the function the SharedChannels in its data, opened", async () => {
  const log = new SharedChannel<number>(10);
  const data = { name: "mill", channels: [log] };
  const stage = inWorkers<typeof shared.log>(url, { threads: 2, export: "log", data });

  const results = await gather(pipe([1, 2, 3], stage));
  log.close();

  assertEquals(results.sort(), ["mill 1", "mill 2", "mill 3"]);
  assertEquals((await gather(log)).sort(), [1, 2, 3]);
});

test("inWorkers() gives a generator the SharedChannel that is its data", async () => {
  const log = new SharedChannel<number>(10);
  const stage = inWorkers<typeof shared.sum>(url, { threads: 1, export: "sum", data: log });

  const results = await gather(pipe([1, 2, 3], stage));

  assertEquals(results, [6]);
  assertEquals((await log.recv()).value, 6);
});

test("inWorkers() gives the thread that replaces a dead one the same SharedChannel", async () => {
  const log = new SharedChannel<number>(10);
  const options = { threads: 1, export: "mortal", retries: 1, data: log };
  const stage = inWorkers<typeof shared.mortal>(url, options);

  const results = await gather(pipe([1, 2], stage));

  assertEquals(results, [1, 2]);
  assertEquals(await log.recvMany(10), [1, 1, 2]);
});

test("inWorkers() sends the handle of a SharedChannel as a value", async () => {
  const log = new SharedChannel<number>(10);
  const stage = inWorkers<typeof shared.open>(url, { threads: 1, export: "open" });

  const results = await gather(pipe([log.handle], stage));

  assertEquals(results, ["sent"]);
  assertEquals((await log.recv()).value, 7);
});

test("inWorkers() fails when there is a Channel in its data", async () => {
  const data = { channel: new Channel<number>(1) };
  const stage = inWorkers<typeof shared.log>(url, { threads: 1, export: "log", data });

  const { error } = await untilFailure(pipe([1], stage));

  assertMatch(
    String((error as ThreadError).cause),
    /TypeError: options\.data must .*SharedChannel/,
  );
});
