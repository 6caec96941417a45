/**
 * After Go's runtime/chan_test.go, TestSelectFairness and TestPseudoRandomSend. As there, the limits are
 * those of a confidence level of six nines: a fair select exceeds each once in 1,000,000 runs. The seed
 * is fixed, so a run that passed passes again.
 */
import { assertLess } from "@std/assert";
import { test } from "node:test";
import { Channel, select } from "../../mod.ts";
import { setSeed } from "../../testing/mod.ts";
import { gosched, run, take } from "./program.ts";

const TRIALS = 10_000;
const SEED = 20_261_123;
/** In standard deviations of the normal distribution, both sides together. */
const SIX_NINES = 4.891676;

/** Asserts that `hits` of `trials` is no further from one half than chance can explain. */
function isHalf(hits: number, trials: number): void {
  assertLess(Math.abs(hits / trials - 0.5), SIX_NINES / (2 * Math.sqrt(trials)), `${hits} hits`);
}

test("select() takes from two full channels equally often (TestSelectFairness)", () =>
  run(async (go) => {
    setSeed(SEED);
    const [ones, twos] = [new Channel<number>(TRIALS + 1), new Channel<number>(TRIALS + 1)];
    for (let n = 0; n <= TRIALS; n++) await Promise.all([ones.send(1), twos.send(2)]);
    const [quiet, out, done] = [new Channel<number>(), new Channel<number>(), new Channel<void>()];
    go(async () => {
      for (;;) {
        const { value } = await select({ quiet, other: quiet, ones, twos });
        const { key } = await select({ out: out.sendCase(value!), done });
        if (key === "done") return;
      }
    });

    let hits = 0;
    for (let n = 0; n < TRIALS; n++) if (await take(out) === 1) hits++;
    await done.send();

    isHalf(hits, TRIALS);
  }));

const SENDS = 1_000;

for (const capacity of [0, SENDS]) {
  test(`select() of two sends on one channel sends each equally often, capacity ${capacity} (TestPseudoRandomSend)`, () =>
    run(async (go) => {
      setSeed(SEED);
      const channel = new Channel<number>(capacity);
      const received: number[] = [];
      const receiving = (async () => {
        for await (const value of channel) {
          received.push(value);
          await gosched();
        }
      })();
      go(() => receiving);

      for (let n = 0; n < SENDS; n++) await select([channel.sendCase(1), channel.sendCase(0)]);
      channel.close();
      await receiving;

      isHalf(received.reduce((sum, bit) => sum + bit, 0), SENDS);
    }));
}
