import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import process from "node:process";
import { CAN_KILL } from "../../workers/runtime.ts";
import type { CoreKind } from "../../workers/shared/core.ts";
import { eachObject } from "../../workers/shared/heap.ts";
import { IN_BLOCK } from "../../workers/shared/layout.ts";
import type { Domain } from "../../workers/shared/domain.ts";
import { RingThreads } from "./ring_threads.ts";
import { blocksInUse, drain, halfDone, put, ringIn } from "./rings.ts";

/** In all; `npm run stress` has more. */
const KILLS = Number(process.env["KILLS"] ?? 40);
const SEED = Number(process.env["SEED"] ?? 1);
const CAPACITIES = [1, 3, 7, 1024];
const AT_ONCE = 2;

function* lots(seed: number): Generator<number, never> {
  for (let state = seed + 1;;) yield state = (state * 48_271) % 0x7fffffff;
}

/** Takes all there is, whatever it is. */
function empty(domain: Domain, channel: number): void {
  for (;;) {
    const header = domain.core.pop(channel, domain.scratch, domain.self, true);
    if (header < 0) return;
    if ((header & IN_BLOCK) !== 0) domain.free(domain.words[domain.scratch >> 2]!);
  }
}

const cannotKill = CAN_KILL ? false : "this runtime does not end threads that are busy";

for (const [index, capacity] of CAPACITIES.entries()) {
  test(`a channel of ${capacity} lives on when busy threads are killed`, {
    skip: cannotKill,
  }, async () => {
    const kills = Math.ceil(KILLS / CAPACITIES.length);
    const lot = lots(SEED + index);
    const threads = new RingThreads(capacity, kills + 2);
    let senders = 0;
    const start = (role: "send" | "receive") =>
      threads.start(role, role === "send" ? senders++ : 0, "wasm");
    for (const role of ["send", "send", "receive", "receive"] as const) start(role);

    for (let killed = 0; killed < kills; killed += AT_ONCE) {
      await threads.passed(lot.next().value % 2_000 + 1);
      const victims = [...threads.running].sort(() => lot.next().value % 3 - 1).slice(0, AT_ONCE);
      for (const { thread } of victims) thread.terminate();
      for (const { ended, role } of victims) {
        assert([undefined, "sent"].includes(await ended), await ended);
        start(role);
      }
    }
    await threads.passed(1_000);
    const left = [...threads.running];
    for (const { thread } of left) thread.terminate();
    const said = await Promise.all(left.map(({ ended }) => ended));

    const { domain, channel } = threads;
    empty(domain, channel);
    assertEquals(said.filter((each) => each !== undefined && each !== "sent"), []);
    assertEquals(halfDone(domain, channel), []);
    const values = Array.from({ length: capacity }, (_, i) => i);
    assertEquals(values.map((value) => put(domain, channel, value)), values.map(() => 0));
    assertEquals(drain(domain, channel), values);
    // Between two lines of JavaScript a thread may die with a block that nobody knows of.
    const lost = blocksInUse(domain);
    assert(lost <= kills + left.length, `${lost} blocks are lost after ${kills} kills`);
  });
}

for (const cores of [["wasm", "fallback"], ["fallback", "wasm"]] as CoreKind[][]) {
  test(`a channel takes threads with both cores: sends in ${cores.join(", receives in ")}`, async () => {
    const count = 3_000;
    const threads = new RingThreads(3, 2);
    for (const id of [0, 1]) threads.start("send", id, cores[id]!, count);
    const receivers = [0, 1].map((id) => threads.start("receive", id, cores[1 - id]!));
    const sent = [...threads.running].filter(({ role }) => role === "send");

    const ends = await Promise.all(sent.map(({ ended }) => ended));
    threads.domain.core.close(threads.channel);
    ends.push(...await Promise.all(receivers.map(({ ended }) => ended)));

    assertEquals(ends, ["sent", "sent", "drained", "drained"]);
    assertEquals([threads.receivedFrom(0), threads.receivedFrom(1)], [count, count]);
    assertEquals(halfDone(threads.domain, threads.channel), []);
  });
}

test("Domain.bury() finds every object while other threads allocate", async () => {
  const threads = new RingThreads(2, 1);
  const objects = [threads.channel, ringIn(threads.domain, 1)];
  const sender = threads.start("send", 0, "wasm", 2_000);
  const receiver = threads.start("receive", 0, "wasm");

  await threads.passed(100);
  const seen: number[] = [];
  eachObject(threads.domain, (object) => seen.push(object));
  await sender.ended;
  threads.domain.core.close(threads.channel);

  assertEquals(await receiver.ended, "drained");
  assertEquals(seen, objects);
});
