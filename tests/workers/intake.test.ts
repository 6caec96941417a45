import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { Channel, type Source } from "../../mod.ts";
import { asFlow } from "../../flow/from.ts";
import type { Failure } from "../../internal/case.ts";
import { idle } from "../../testing/mod.ts";
import { Intake } from "../../workers/intake.ts";

/** What an intake of `source` reports. */
function createIntake(source: Source<number>) {
  const came: number[][] = [];
  const ended: (Failure | undefined)[] = [];
  const intake = new Intake(asFlow(source), {
    came: (values) => came.push(values),
    ended: (failure) => ended.push(failure),
  });
  return { intake, came, ended };
}

/** Asks until the end. An empty report, where the machine was busy in between, says the same as none. */
async function askAll(
  { intake, came, ended }: ReturnType<typeof createIntake>,
  max: number,
): Promise<number[][]> {
  while (ended.length === 0) {
    intake.ask(max);
    await idle();
  }
  return came.filter(({ length }) => length > 0);
}

test("Intake.ask() reports no more than it was asked for, and then the end", async () => {
  const state = createIntake([1, 2, 3, 4, 5]);

  const came = await askAll(state, 2);

  assertEquals(came.flat(), [1, 2, 3, 4, 5]);
  assert(came.every(({ length }) => length <= 2));
  assertEquals([state.ended, state.intake.busy], [[undefined], false]);
});

test("Intake.ask() waits for a value if there is none", async () => {
  const channel = new Channel<number>(1);
  const { intake, came, ended } = createIntake(channel);

  intake.ask(2);
  await idle();
  const busy = intake.busy;
  await channel.send(1);
  await idle();
  intake.ask(2);
  channel.close();
  await idle();

  assertEquals([busy, came, ended], [true, [[1]], [undefined]]);
});

test("Intake.ask() asks a slow source no longer than a millisecond in one turn", async () => {
  function* slow(): Generator<number> {
    for (let n = 0;; n++) {
      const end = performance.now() + 3;
      while (performance.now() < end);
      yield n;
    }
  }
  const { intake, came } = createIntake(slow());

  intake.ask(100);
  const busy = intake.busy;
  await idle();

  // An empty report says that it may be asked again.
  assertEquals([busy, intake.busy, came], [true, false, [[0], []]]);
});

test("Intake.ask() reports the error of its input after the values before it", async () => {
  const error = new Error("broken");
  function* broken(): Generator<number> {
    yield 1;
    throw error;
  }
  const state = createIntake(broken());

  const came = await askAll(state, 5);

  assertEquals([came, state.ended], [[[1]], [{ error }]]);
});
