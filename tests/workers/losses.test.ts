import { assertEquals, assertInstanceOf, assertMatch } from "@std/assert";
import { test } from "node:test";
import { ThreadError } from "../../workers/errors.ts";
import { Losses, type Verdict } from "../../workers/losses.ts";
import type { Job } from "../../workers/thread_life.ts";
import type { Legacy, WorkerThread } from "../../workers/worker_thread.ts";

const JOB: Job = { module: "file:///module.js", results: 64 };
const ERROR = new Error("a loss");

/** A thread with all that a verdict goes by. */
function thread(proven: boolean, generator: boolean | undefined = false): WorkerThread {
  return { number: 1, proven, generator } as WorkerThread;
}

function legacy(suspect?: number): Legacy {
  const value = suspect === undefined ? undefined : { sequence: suspect, value: "a value" };
  return { suspect: value, others: [], end: undefined };
}

/** How many losses it takes until the flow fails, 100 at most; and with what. */
function lossesUntilFatal(judge: () => Verdict): { count: number; error: unknown } {
  for (let count = 1; count <= 100; count++) {
    const verdict = judge();
    if ("fatal" in verdict) return { count, error: verdict.fatal };
  }
  return { count: Infinity, error: undefined };
}

test("Losses.judge() gives up when threads die before they begin anything", () => {
  const losses = new Losses(JOB, 2);

  const { count, error } = lossesUntilFatal(() => losses.judge(thread(false), legacy(), ERROR));

  assertEquals(count, 11);
  assertInstanceOf(error, ThreadError);
  assertMatch(error.message, /^Cannot go on: 11 threads in a row/);
  assertEquals(error.cause, ERROR);
});

test("Losses.judge() gives up when threads die before they begin anything, though others work", () => {
  const losses = new Losses(JOB, 2);

  const { count } = lossesUntilFatal(() => {
    losses.finished(thread(true), 0);
    return losses.judge(thread(false), legacy(), ERROR);
  });

  assertEquals(count, 11);
});

test("Losses.judge() goes on as long as each new thread finishes something", () => {
  const losses = new Losses({ ...JOB, onError: "skip" }, 2);
  let sequence = 0;

  const { count } = lossesUntilFatal(() => {
    losses.finished(thread(false), sequence++);
    return losses.judge(thread(true), legacy(sequence++), ERROR);
  });

  assertEquals(count, Infinity);
});

test("Losses.judge() gives up later when values are tried again", () => {
  const losses = new Losses({ ...JOB, retries: 2 }, 1);
  let count = 0;

  const fatal = lossesUntilFatal(() =>
    losses.judge(thread(true), legacy(Math.floor(count++ / 3)), ERROR)
  );

  assertEquals(fatal.count, 28);
});

test("Losses.judge() lets a value be tried again as often as it may", () => {
  const losses = new Losses({ ...JOB, retries: 2 }, 1);

  const verdicts = [1, 2, 3].map(() => losses.judge(thread(true), legacy(7), ERROR));

  assertEquals(verdicts, [{ again: true }, { again: true }, { again: false }]);
  assertEquals([losses.attempts(7), losses.attempts(8)], [3, 1]);
});

test("Losses.judge() fails the flow when a thread could not start, or a generator is lost", () => {
  const losses = new Losses({ ...JOB, retries: 2, onError: "skip" }, 1);

  const verdicts = [
    losses.judge(
      { number: 1, proven: false, generator: undefined } as WorkerThread,
      legacy(),
      ERROR,
    ),
    losses.judge(thread(true, true), legacy(1), ERROR),
    losses.judge(thread(true, true), legacy(), ERROR),
    losses.judge(thread(false, true), legacy(), ERROR),
  ];

  assertEquals(verdicts, [{ fatal: ERROR }, { fatal: ERROR }, { fatal: ERROR }, { again: false }]);
});

test("Losses.judge() fails the flow when no value is to blame, unless it is to go on", () => {
  const verdicts = [JOB, { ...JOB, retries: 1 }, { ...JOB, onError: () => {} }].map((job) =>
    new Losses(job, 1).judge(thread(true), legacy(), ERROR)
  );

  assertEquals(verdicts, [{ fatal: ERROR }, { again: false }, { again: false }]);
});
