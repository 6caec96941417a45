/**
 * Threads that are killed anywhere in whatever operation on a shared channel. `KILLS` in the environment says how many.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import process from "node:process";
import { test } from "node:test";
import { CAN_KILL, Hold } from "../../workers/runtime.ts";
import { Domain } from "../../workers/shared/domain.ts";
import { SharedChannel } from "../../workers/shared/shared_channel.ts";
import { type HostileThread, startHostile } from "./hostile_threads.ts";
import { blocksInUse } from "./rings.ts";
import { type Pair, receiveAll } from "./stress/hostile.ts";
import { type Ledger, makeLedger, mistakes } from "./stress/mark.ts";

const KILLS = Number(process.env["KILLS"] ?? 8);
/** More than a sender gets to before it is killed. */
const EACH = 50_000;
/** Operations of a receiver at once, and values in one of them. */
const AT_HAND = 3 * 5;
/** Looks, each at least a millisecond apart, after which a channel is stuck. */
const PATIENCE = 60_000;
const cannotKill = CAN_KILL ? false : "this runtime does not end threads that are busy";

test("SharedChannel loses no more than what they had with threads that are killed", {
  skip: cannotKill,
}, async () => {
  const both: Pair = [new SharedChannel(2), new SharedChannel(5)];
  const ledger = makeLedger(KILLS + 2, EACH);
  const hold = new Hold();
  hold.on = true;
  const mine = receiveAll(both, ledger, false);
  const running = new Set<HostileThread>();
  let senders = 0;
  const start = (role: HostileThread["role"]) =>
    running.add(startHostile(both, ledger, role, role === "send" ? senders++ : 0));
  for (const role of ["send", "receive", "send", "receive"] as const) start(role);

  const said: (string | undefined)[] = [];
  let receivers = 0;
  for (let killed = 0; killed < KILLS; killed++) {
    await passed(ledger, Math.random() * 60);
    const victim = [...running][Math.floor(Math.random() * running.size)]!;
    victim.thread.terminate();
    said.push(await victim.ended);
    running.delete(victim);
    if (victim.role === "receive") receivers++;
    start(victim.role);
  }
  for (const channel of both) channel.close();
  said.push(await mine, ...await Promise.all([...running].map(({ ended }) => ended)));
  hold.release();

  assertEquals(said.filter((it) => typeof it === "string" && it !== "closed"), []);
  const { lost, doubled, refused } = mistakes(ledger);
  assertEquals({ doubled, refused }, { doubled: [], refused: [] });
  assert(lost.length <= receivers * AT_HAND, `${lost.length} lost with ${receivers} receivers`);
  assertEquals(both.map(({ size }) => size), [0, 0]);
  // What a thread had in its hand, and what it had lent: some are known to nobody but the thread.
  const blocks = blocksInUse(Domain.own);
  assert(blocks <= 10 + 8 * KILLS, `${blocks} blocks are in use after ${KILLS} kills`);
});

/** Waits until so many more values have come. */
async function passed({ come }: Ledger, values: number): Promise<void> {
  const goal = Atomics.load(come, 0) + values;
  for (let looks = 0; Atomics.load(come, 0) < goal; looks++) {
    if (looks > PATIENCE) {
      throw new Error(`nothing has come for ${looks} looks: a channel is stuck`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
