import { assertEquals } from "@std/assert";
import { test } from "node:test";
import type { Receiver } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { Answers } from "../../workers/answers.ts";
import { GeneratorRunner } from "../../workers/generator_runner.ts";
import { Notes } from "../../workers/notes.ts";
import type { WorkerGenerator } from "../../workers/mod.ts";
import { BARE, END, FrameReader } from "../../workers/wire.ts";

/** A runner in this thread. */
function createRunner(run: WorkerGenerator<number, number>): GeneratorRunner {
  const { signal } = new AbortController();
  return new GeneratorRunner(run as WorkerGenerator<unknown, unknown>, {
    context: { data: undefined, thread: 1, signal, cancelled: () => false },
    answers: new Answers({ post() {} }),
    notes: new Notes(undefined, () => {}),
    window: 8,
  });
}

test("GeneratorRunner.give() runs no second generator for what comes after one has left", async () => {
  let runs = 0;
  const runner = createRunner(async function* (input: Receiver<number>) {
    runs++;
    yield (await input.recv()).value ?? 0;
    input.cancel();
  });

  runner.give(new FrameReader([0, 0, 1, "first"]));
  await idle();
  runner.give(new FrameReader([1, 0, 1, "on its way when the generator has left"]));
  await idle();

  assertEquals(runs, 1);
});

test("GeneratorRunner.give() runs another generator when the input of the one before is over", async () => {
  const seen: number[][] = [];
  const runner = createRunner(async function* (input: AsyncIterable<number>) {
    const values: number[] = [];
    seen.push(values);
    for await (const n of input) yield values.push(n);
  });

  for (const flow of [0, 10]) {
    runner.give(new FrameReader([0, 0, 2, flow, flow + 1]));
    runner.give(new FrameReader([2, BARE | END, 1]));
    await idle();
  }

  assertEquals(seen, [[0, 1], [10, 11]]);
});
