import { assert, assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { once } from "node:events";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { createMemory, Domain } from "../../workers/shared/domain.ts";
import type { SharedMemory } from "../../workers/shared/handle.ts";
import { Place } from "../../workers/shared/place.ts";
import { domainOf } from "./rings.ts";

/** The same memory as another object, as a message brings it. */
function arrived(memory: SharedMemory): SharedMemory {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(memory);
  const { message } = receiveMessageOnPort(port2) as { message: SharedMemory };
  port1.close();
  return message;
}

test("Domain.own is one for the thread", () => {
  assert(Domain.own === Domain.own);
  assertEquals(Domain.own.alive, true);
});

test("Domain.of() knows a memory again that comes with a handle", () => {
  const foreign = createMemory(2 ** 20);

  const one = Domain.of(foreign);

  assert(Domain.of(arrived(foreign)) === one);
  assert(Domain.of(arrived(Domain.own.memory)) === Domain.own);
  assert(one !== Domain.own);
});

test("Domain() throws for memory that is none of the library's", () => {
  assertThrows(
    () => new Domain(new SharedArrayBuffer(65_536)),
    TypeError,
    "its memory is not one of this version of millrace",
  );
});

test("createMemory() is content with less than is wished for", () => {
  const { buffer } = createMemory(2 ** 60, 2 ** 20) as WebAssembly.Memory;

  assertEquals(buffer.byteLength, 2 ** 20);
});

test("Domain has scratch memory that no other thread has", () => {
  const one = domainOf("wasm");
  const other = domainOf("wasm", one.memory);

  assert(one.scratchBytes >= 4_096);
  assert(Math.abs(one.scratch - other.scratch) >= one.scratchBytes);
});

test("Domain leaves its scratch memory to the next thread in its slot", () => {
  const one = domainOf("wasm");
  const other = domainOf("wasm", one.memory);

  one.bury(other.seat);

  assertEquals(domainOf("wasm", one.memory).scratch, other.scratch);
});

test("Domain.copy() copies bytes of every length", () => {
  const domain = domainOf("fallback");
  const { bytes, scratch } = domain;
  for (const length of [0, 1, 7, 8, 9, 63, 64, 65, 1_000]) {
    bytes.fill(0, scratch, scratch + 4_096);
    for (let i = 0; i < length; i++) bytes[scratch + i] = i + 1;

    domain.copy(scratch + 2_048, scratch, length);

    const copied = [...bytes.subarray(scratch + 2_048, scratch + 2_048 + length)];
    assertEquals(copied, Array.from({ length }, (_, i) => (i + 1) & 255));
  }
});

test("Domain.leaveAll() gives back the slots of this thread", () => {
  const memory = createMemory(2 ** 20);
  const { self } = Domain.of(memory);

  Domain.leaveAll();

  assertEquals(new Domain(memory).self, self);
});

/** What a thread says, when it has ended: its end may bring its last message, so both are waited for at once. */
async function lastWords(thread: Worker) {
  const [[said]] = await Promise.all([once(thread, "message"), once(thread, "exit")]);
  return said;
}

test("Domain.own of a thread that the library has started is that of its parent", async () => {
  const place = new Place();
  const { memory, seat } = place.inheritance;
  const thread = new Worker(new URL("./modules/heir.ts", import.meta.url), {
    workerData: { millrace: place.inheritance },
  });

  thread.postMessage({ memory });
  const said = await lastWords(thread);
  place.ended(false);

  assertEquals(said, { self: seat!.slot, same: true });
  assertEquals(new Place().inheritance.seat?.slot, seat!.slot);
});

test("Domain.own of a thread that somebody else has started is a new one", async () => {
  const { memory } = Domain.own;
  const thread = new Worker(new URL("./modules/heir.ts", import.meta.url), { workerData: null });

  thread.postMessage({ memory });
  const said = await lastWords(thread);

  assertEquals(said.same, false);
});
