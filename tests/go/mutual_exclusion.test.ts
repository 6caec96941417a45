/**
 * After Go's runtime/race/testdata, chan_test.go: TestNoRaceChanMutex, TestNoRaceSelectMutex and
 * TestRaceChanSem. A channel of capacity C lets C tasks in: the k-th receive comes before send k + C.
 */
import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, select } from "../../mod.ts";
import { gosched, run } from "./program.ts";

const TASKS = 12;
const ROUNDS = 50;

const ENTER: Record<string, (places: Channel<void>) => Promise<unknown>> = {
  "send()": (places) => places.send(),
  "select()": (places) => select({ enter: places.sendCase(), quiet: new Channel<void>() }),
};

for (const capacity of [1, 2]) {
  for (const [name, enter] of Object.entries(ENTER)) {
    test(`${name} lets ${capacity} in at a time, and everybody in his turn (TestNoRaceChanMutex, TestRaceChanSem)`, () =>
      run(async () => {
        const places = new Channel<void>(capacity);
        let [inside, most] = [0, 0];

        await Promise.all(Array.from({ length: TASKS }, async (_, task) => {
          for (let round = 0; round < ROUNDS; round++) {
            await enter(places);
            most = Math.max(most, ++inside);
            for (let turn = 0; turn <= (task + round) % 4; turn++) await gosched();
            inside--;
            assert(places.tryRecv() !== undefined, "who is inside holds a place");
          }
        }));

        assertEquals([most, inside, places.size], [capacity, 0, 0]);
      }));
  }
}
