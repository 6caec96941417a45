/**
 * Operations of every form at random, on two channels, in real threads and in the main thread: what was sent comes
 * once, and what was given up does not come. `VALUES` in the environment says how many there are.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import process from "node:process";
import { test } from "node:test";
import { spawn } from "../../workers/mod.ts";
import { SharedChannel } from "../../workers/shared/shared_channel.ts";
import * as hostile from "./stress/hostile.ts";
import { makeLedger, mistakes } from "./stress/mark.ts";

const VALUES = Number(process.env["VALUES"] ?? 600);
const SENDERS = 3;
const CAPACITIES = [[1, 1], [2, 5]] as const;

const url = new URL("./stress/hostile.ts", import.meta.url);

for (const [one, other] of CAPACITIES) {
  test(`SharedChannel(${one}) and (${other}) keep values while operations of every form give up`, async () => {
    const both: hostile.Pair = [new SharedChannel(one), new SharedChannel(other)];
    const ledger = makeLedger(SENDERS, Math.ceil(VALUES / CAPACITIES.length / SENDERS));
    const sending = [1, 2].map((id) =>
      spawn<typeof hostile.sendAll>(url, { export: "sendAll", args: [both, ledger, id, true] })
    );
    const receiving = [1, 2].map(() =>
      spawn<typeof hostile.receiveAll>(url, { export: "receiveAll", args: [both, ledger, true] })
    );
    const closing = Promise.all([...sending, hostile.sendAll(both, ledger, 0, false)]).then(() => {
      for (const channel of both) channel.close();
    });

    const wrong = [await hostile.receiveAll(both, ledger, false), ...await Promise.all(receiving)];
    await closing;

    assertEquals(wrong.filter((it) => it !== undefined), []);
    assertEquals(mistakes(ledger), { lost: [], doubled: [], refused: [] });
  });
}
