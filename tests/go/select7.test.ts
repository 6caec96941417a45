/** After Go's test/chan/select7.go: every form of a receive meets every form of a send. */
import { test } from "node:test";
import { Channel, type Receiver, select, selectEach, type Sender } from "../../mod.ts";
import { gosched, run } from "./program.ts";

const RECEIVES: Record<string, (from: Receiver<number>) => Promise<unknown>> = {
  "recv()": (from) => from.recv(),
  "recvMany()": (from) => from.recvMany(1),
  "a step of a loop": (from) => from[Symbol.asyncIterator]().next(),
  "a step of batches()": (from) => from.batches(2)[Symbol.asyncIterator]().next(),
  "select() of one case": (from) => select({ from }),
  "select() of two cases": (from) => select({ from, quiet: new Channel<number>() }),
  "a step of selectEach()": (from) => selectEach({ from })[Symbol.asyncIterator]().next(),
};

const SENDS: Record<string, (to: Sender<number>) => Promise<unknown>> = {
  "send()": (to) => to.send(1),
  "sendMany()": (to) => to.sendMany([1]),
  "select() of one send": (to) => select({ out: to.sendCase(1) }),
  "select() of two sends": (to) =>
    select({ out: to.sendCase(1), quiet: new Channel<number>().sendCase(1) }),
};

for (const [receive, receives] of Object.entries(RECEIVES)) {
  for (const [send, sends] of Object.entries(SENDS)) {
    test(`${receive} meets ${send}, whoever comes first (select7.go)`, () =>
      run(async (go) => {
        const [early, late] = [new Channel<number>(), new Channel<number>()];
        go(() => receives(early));
        go(() => sends(late));
        await gosched();

        await sends(early);
        await receives(late);
      }));
  }
}
