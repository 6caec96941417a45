// One test for each row of the table "Who sees what" in docs/flows.md, which names them.
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { map, pipe, take } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { NEVER, Producer, takeAndLeave, untilFailure } from "./sources.ts";

const guide = readFileSync(new URL("../../docs/flows.md", import.meta.url), "utf8");
const [, table = ""] = guide.split(/^## (?:Who sees what|Guides)$/m);
const listed = [...table.matchAll(/^\| ([^|]+?) \|/gm)].map(([, row]) => row)
  .filter((row) => row !== "what happens" && row !== "---");
const tested: string[] = [];

function row(what: string, prove: () => Promise<void>): void {
  tested.push(what);
  test(`a flow, when ${what.replaceAll("`", "")}, is seen to end as the guide says`, prove);
}

/** What came of a flow. */
async function outcome(flow: AsyncIterable<number>): Promise<{ values: number[]; error: unknown }> {
  const values: number[] = [];
  try {
    for await (const value of flow) values.push(value);
    return { values, error: undefined };
  } catch (error) {
    return { values, error };
  }
}

/** Notes what a stage sees. */
class Observed {
  readonly events: string[] = [];

  /** A stage that passes everything on. */
  readonly stage = async function* (
    this: Observed,
    input: AsyncIterable<number>,
  ): AsyncGenerator<number> {
    try {
      for await (const n of input) yield n;
      this.events.push("end of input");
    } catch (error) {
      this.events.push(`caught ${error}`);
      throw error;
    } finally {
      await idle();
      this.events.push("finally");
    }
  }.bind(this);
}

row("the source ends", async () => {
  const [source, stage] = [new Producer(), new Observed()];

  const { values, error } = await outcome(pipe(source.values(3), stage.stage));

  assertEquals([values, error, source.closed], [[1, 2, 3], undefined, 1]);
  assertEquals(stage.events, ["end of input", "finally"]);
});

row("`break` or `return` leaves the loop", async () => {
  const [source, stage] = [new Producer(), new Observed()];

  const values = await takeAndLeave(pipe(source.closingSlowly(), stage.stage), 2);

  assertEquals([values, source.closed], [[1, 2], 1]);
  assertEquals(stage.events.at(-1), "finally");
  assertEquals(stage.events.filter((event) => event === "finally").length, 1);
});

row("a throw in the loop", async () => {
  const [source, stage] = [new Producer(), new Observed()];
  const own = new Error("mine");

  const error = await (async () => {
    for await (const _ of pipe(source.closingSlowly(), stage.stage)) throw own;
  })().catch((error: unknown) => error);

  assertStrictEquals(error, own);
  assertEquals([source.closed, stage.events.at(-1)], [1, "finally"]);
});

row("the flow is disposed of", async () => {
  const [source, stage] = [new Producer(), new Observed()];
  const flow = pipe(source.closingSlowly(), stage.stage);
  await flow.recv();

  await flow[Symbol.asyncDispose]();

  assertEquals([source.closed, stage.events.at(-1)], [1, "finally"]);
});

row("`cancel()`", async () => {
  const [source, stage] = [new Producer(), new Observed()];
  const flow = pipe(source.stuckAfter(1), stage.stage);
  await flow.recv();
  const parked = flow.recv();
  await idle();

  flow.cancel();

  assertEquals([(await parked).done, (await flow.recv()).done], [true, true]);
  await idle();
  assertEquals(stage.events.at(-1), "finally");
});

row("the source throws", async () => {
  const [source, stage] = [new Producer(), new Observed()];

  const { values, error } = await untilFailure(pipe(source.failingAfter(2, "bad"), stage.stage));

  assertEquals([values, error, source.closed], [[1, 2], "bad", 1]);
  assertEquals(stage.events, ["caught bad", "finally"]);
});

row("a stage throws", async () => {
  const source = new Producer();
  async function* breaks(input: AsyncIterable<number>): AsyncGenerator<number> {
    for await (const n of input) {
      if (n === 3) throw "bad";
      yield n;
    }
  }

  const { values, error } = await untilFailure(pipe(source.closingSlowly(), breaks));

  assertEquals([values, error, source.closed], [[1, 2], "bad", 1]);
});

row("a function given to an operator throws", async () => {
  const [source, stage] = [new Producer(), new Observed()];
  const breaks = (n: number) => {
    if (n === 3) throw "bad";
    return n;
  };

  const flow = pipe(source.closingSlowly(), stage.stage, map(breaks));
  const { values, error } = await untilFailure(flow);

  assertEquals([values, error, source.closed], [[1, 2], "bad", 1]);
  assertEquals(stage.events.at(-1), "finally");
});

row("`take(n)` has its values", async () => {
  const [source, stage] = [new Producer(), new Observed()];

  const { values, error } = await outcome(
    pipe(source.closingSlowly(), stage.stage, take(2)),
  );

  assertEquals([values, error, source.closed], [[1, 2], undefined, 1]);
  assertEquals(stage.events.at(-1), "finally");
});

row("a `finally` upstream throws when the loop is left", async () => {
  const [source, stage] = [new Producer(), new Observed()];
  const flow = pipe(source.closingBadly("bad"), stage.stage);

  const error = await takeAndLeave(flow, 1).catch((error: unknown) => error);

  assertEquals([error, source.closed, stage.events.at(-1)], ["bad", 1, "finally"]);
});

row("the signal of a receive is aborted", async () => {
  const stage = new Observed();
  let answer = (_: number) => {};
  async function* source(): AsyncGenerator<number> {
    yield await new Promise<number>((resolve) => answer = resolve);
    yield 2;
  }
  const flow = pipe(source(), stage.stage);
  const abort = new AbortController();
  const received = flow.recv({ signal: abort.signal });
  await idle();

  abort.abort("enough");

  assertEquals(await received.catch((error: unknown) => error), "enough");
  answer(1);
  assertEquals((await outcome(flow)).values, [1, 2]);
  assertEquals(stage.events, ["end of input", "finally"]);
});

row("the loop is left while the source owes an answer", async () => {
  const stage = new Observed();
  let closed = false;
  let answer = () => {};
  async function* source(): AsyncGenerator<number> {
    try {
      yield 1;
      await new Promise<void>((resolve) => answer = resolve);
    } finally {
      closed = true;
    }
  }

  const values = await takeAndLeave(pipe(source(), stage.stage), 1); // it runs one ahead

  assertEquals([values, closed, stage.events.at(-1)], [[1], false, "finally"]);
  answer();
  await idle();
  assertEquals(closed, true);
});

row("a stage waits for input when the flow is cancelled", async () => {
  const stage = new Observed();
  let closed = false;
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => NEVER,
      return() {
        closed = true;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  const flow = pipe(source, stage.stage);
  const received = flow.recv();
  await idle();

  flow.cancel();

  assertEquals((await received).done, true);
  await idle();
  assertEquals([closed, stage.events], [true, ["end of input", "finally"]]);
});

test("each row of the guide's table has its test", () => {
  assert(listed.length > 5);
  assertEquals(tested, listed);
});
