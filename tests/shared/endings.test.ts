/**
 * Channels that are closed, failed and cancelled while threads send and receive. `ROUNDS` in the environment says how
 * many there are.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import process from "node:process";
import { test } from "node:test";
import { spawn } from "../../workers/mod.ts";
import { Domain } from "../../workers/shared/domain.ts";
import { SharedChannel } from "../../workers/shared/shared_channel.ts";
import * as endings from "./stress/endings.ts";
import { makeLedger, mistakes } from "./stress/mark.ts";
import { blocksInUse } from "./rings.ts";

const ROUNDS = Number(process.env["ROUNDS"] ?? 150);
const THREADS = 2;
/** The channels that a thread has not yet forgotten, each with its slots, its name and its error. */
const NOT_YET = 4;

const url = new URL("./stress/endings.ts", import.meta.url);

for (const end of ["close", "fail", "cancel"] as const) {
  test(`SharedChannel.${end}() loses and doubles nothing while threads send and receive`, async () => {
    const rounds = Array.from({ length: THREADS + 1 }, () => new SharedChannel<endings.Round>(1));
    const count = Math.ceil(ROUNDS / 3);
    const ledger = makeLedger(THREADS + 1, count * endings.PER_ROUND);
    const parts: PromiseLike<string | undefined>[] = rounds.slice(1).map((own, i) =>
      spawn<typeof endings.takePart>(url, { export: "takePart", args: [own, ledger, i + 1, true] })
    );
    parts.push(endings.takePart(rounds[0]!, ledger, 0, false));

    for (let round = 0; round < count; round++) {
      const channel = new SharedChannel<Uint8Array>(1 + round % 3);
      const given = { channel, first: round * endings.PER_ROUND, end };
      await Promise.all(rounds.map((each) => each.send(given)));
    }
    for (const each of rounds) each.close();

    assertEquals((await Promise.all(parts)).filter((wrong) => wrong !== undefined), []);
    assertEquals(mistakes(ledger), { lost: [], doubled: [], refused: [] });
    const most = (count + 10) * NOT_YET;
    const blocks = blocksInUse(Domain.own);
    assert(blocks < most, `${blocks} blocks are in use after ${count} rounds`);
  });
}
