/**
 * After Go's runtime/chan_test.go, TestMultiConsumer: 23 workers between two channels, as many loops over
 * the first; the second is closed when all of them have ended.
 */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel } from "../../mod.ts";
import { gosched, run } from "./program.ts";

const WORKERS = 23;
const VALUES = 27_182;
const PRIMES = [2, 3, 7, 11, 13, 17, 19, 23, 27, 31];

test("Channel shares its values among 23 loops and loses none (TestMultiConsumer)", () =>
  run(async (go) => {
    const [queue, results] = [new Channel<number>(WORKERS * 3), new Channel<number>(WORKERS * 3)];
    const working = Array.from({ length: WORKERS }, async (_, worker) => {
      for await (const value of queue) {
        if (PRIMES[worker % PRIMES.length] === value) await gosched(); // not all equally fast
        await results.send(value);
      }
    });
    let expected = 0;
    go(async () => {
      for (let n = 0; n < VALUES; n++) {
        const value = PRIMES[n % PRIMES.length]!;
        expected += value;
        await queue.send(value);
      }
      queue.close();
      await Promise.all(working);
      results.close();
    });

    let [count, sum] = [0, 0];
    for await (const value of results) {
      count++;
      sum += value;
    }

    assertEquals([count, sum], [VALUES, expected]);
  }));
