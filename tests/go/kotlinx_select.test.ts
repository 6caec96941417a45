/**
 * After kotlinx.coroutines' jvm/test/selects: SelectDeadlockStressTest and SelectPhilosophersStressTest,
 * with a fixed number of rounds instead of a fixed time.
 */
import { assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, type Receiver, select, type Sender } from "../../mod.ts";
import { setSeed } from "../../testing/mod.ts";
import { gosched, run, take } from "./program.ts";

const ROUNDS = 5_000;

/** Sends numbers one way and receives numbers the other way, whichever can go. */
async function exchange(to: Sender<number>, from: Receiver<number>): Promise<void> {
  let [sent, received] = [0, 0];
  while (sent < ROUNDS || received < ROUNDS) {
    const { key, value } = await select({
      out: sent < ROUNDS && to.sendCase(sent),
      in: received < ROUNDS && from,
    });
    if (key === "out") sent++;
    else assertEquals(value, received++);
  }
}

for (const capacity of [0, 1]) {
  test(`select() of two tasks that send to each other does not lock up, capacity ${capacity} (SelectDeadlockStressTest)`, () =>
    run(async () => {
      const [a, b] = [new Channel<number>(capacity), new Channel<number>(capacity)];

      await Promise.all([exchange(a, b), exchange(b, a)]);
    }));
}

const PHILOSOPHERS = 10;
const MEALS = 200;

/** A fork lies in its channel, or is in somebody's hand. */
type Fork = Channel<"fork">;

/** Takes one of two forks, and the other only if it is free; lays the first back if it is not. */
async function takeBoth(left: Fork, right: Fork): Promise<void> {
  for (;;) {
    const { key } = await select({ left, right });
    const [first, second] = key === "left" ? [left, right] : [right, left];
    if (second.tryRecv() !== undefined) return;
    first.trySend("fork");
    await take(second);
    if (first.tryRecv() !== undefined) return;
    second.trySend("fork");
    await gosched();
  }
}

test("select() lets ten philosophers eat: nobody starves, no deadlock (SelectPhilosophersStressTest)", () =>
  run(async () => {
    setSeed(20_261_126);
    const forks = Array.from({ length: PHILOSOPHERS }, () => new Channel<"fork">(1));
    for (const fork of forks) fork.trySend("fork");
    const eating = new Set<number>();

    await Promise.all(forks.map(async (left, place) => {
      const right = forks[(place + 1) % PHILOSOPHERS]!;
      for (let meal = 0; meal < MEALS; meal++) {
        await takeBoth(left, right);
        const neighbours = [place + 1, place + PHILOSOPHERS - 1].map((it) => it % PHILOSOPHERS);
        assertEquals(neighbours.filter((it) => eating.has(it)), []);
        eating.add(place);
        await gosched();
        eating.delete(place);
        left.trySend("fork");
        right.trySend("fork");
        await gosched();
      }
    }));

    assertEquals(forks.map(({ size }) => size), Array(PHILOSOPHERS).fill(1));
  }));
