import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { test } from "node:test";
import { pipe } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { inWorkers } from "../../workers/mod.ts";
import { type Cells, count, createCells, moving, signal, still, until } from "./cells.ts";
import { untilFailure } from "../flow/sources.ts";
import { gather } from "./flows.ts";
import type * as gates from "./modules/gates.ts";
import type * as numbers from "./modules/numbers.ts";

const url = new URL("./modules/gates.ts", import.meta.url);
const numbersUrl = new URL("./modules/numbers.ts", import.meta.url);

/** 0, 1, 2 and so on; tells how often it was closed. */
function endless(): { readonly source: AsyncGenerator<number>; closed: number } {
  const state = { source: values(), closed: 0 };
  async function* values(): AsyncGenerator<number> {
    try {
      for (let n = 0;; n++) yield n;
    } finally {
      state.closed++;
    }
  }
  return state;
}

function beating(cells: Cells) {
  return inWorkers<typeof gates.beating>(url, { threads: 2, export: "beating", data: cells });
}

test("inWorkers() ends its threads when the loop is left by break", async () => {
  const cells = createCells();
  const input = endless();

  for await (const n of pipe(input.source, beating(cells))) if (n >= 10) break;

  assert(still(cells, "beats"));
  assertEquals(input.closed, 1);
});

test("inWorkers() ends its threads when the loop is left by a throw", async () => {
  const cells = createCells();
  const input = endless();
  const loop = async () => {
    for await (const _ of pipe(input.source, beating(cells))) throw new Error("enough");
  };

  await assertRejects(loop, Error, "enough");

  assert(still(cells, "beats"));
  assertEquals(input.closed, 1);
});

test("inWorkers() ends its threads with its input", async () => {
  const cells = createCells();

  const results = await gather(pipe([1, 2, 3, 4, 5], beating(cells)));

  assert(still(cells, "beats"));
  assertEquals(results.length, 5);
});

test("inWorkers() ends its threads when a stage behind it throws", async () => {
  const cells = createCells();
  const input = endless();
  async function* breaks(results: AsyncIterable<number>): AsyncGenerator<number> {
    for await (const n of results) {
      if (n > 3) throw new Error("a later stage");
      yield n;
    }
  }

  const { error } = await untilFailure(pipe(input.source, beating(cells), breaks));

  // Here the end is not awaited by the loop: the flow has failed, its upstream is being closed.
  assertEquals((error as Error).message, "a later stage");
  for (let i = 0; i < 100 && !still(cells, "beats"); i++) {
    await new Promise((r) => setTimeout(r, 1));
  }
  assert(still(cells, "beats"));
  assertEquals(input.closed, 1);
});

test("inWorkers() ends its threads on cancel, and reports done", async () => {
  const cells = createCells();
  const input = endless();
  const flow = pipe(input.source, beating(cells));
  await flow.recv();

  flow.cancel();
  const received = await flow.recv();
  await flow[Symbol.asyncDispose]();

  assertEquals(received, { done: true, value: undefined });
  assert(still(cells, "beats"));
  assertEquals(input.closed, 1);
});

test("inWorkers() settles a receive that waits, at once, when the loop is left", async () => {
  const cells = createCells();
  const flow = pipe(
    [-1],
    inWorkers<typeof gates.stuck>(url, { threads: 1, export: "stuck", data: cells }),
  );
  const loop = flow[Symbol.asyncIterator]();
  const next = loop.next();
  await until(cells, "started", 1);

  let left = false;
  const leaving = loop.return().then(() => left = true);
  const result = await next;
  const early = left;
  await leaving;

  assertEquals(result, { done: true, value: undefined });
  assertEquals(early, false);
  assert(still(cells, "beats"));
});

test("inWorkers() tells a running function that nobody wants its result", async () => {
  const cells = createCells();
  const stage = inWorkers<typeof gates.stuck>(url, { threads: 1, export: "stuck", data: cells });
  const flow = pipe([-1], stage);
  const received = flow.recv();
  await until(cells, "started", 1);

  await flow[Symbol.asyncDispose]();

  assertEquals(await received, { done: true, value: undefined });
  assertEquals(count(cells, "aborted"), 1);
  assert(still(cells, "beats"));
});

test("inWorkers() runs the finally of a generator in a thread when the loop is left", async () => {
  const cells = createCells();
  const stage = inWorkers<typeof gates.careful>(url, {
    threads: 1,
    export: "careful",
    data: cells,
  });

  for await (const n of pipe(endless().source, stage)) if (n === 3) break;

  assertEquals(count(cells, "finally"), 1);
});

test("inWorkers() runs the finally of a generator in a thread once, at its end", async () => {
  const cells = createCells();
  const stage = inWorkers<typeof gates.careful>(url, {
    threads: 1,
    export: "careful",
    data: cells,
  });

  await gather(pipe([1, 2, 3], stage));

  assertEquals(count(cells, "finally"), 1);
});

test("inWorkers() does not wait for a function that is busy", async () => {
  const cells = createCells();
  const stage = inWorkers<typeof gates.busy>(url, { threads: 1, export: "busy", data: cells });
  const flow = pipe([Infinity], stage);
  const received = flow.recv();
  await until(cells, "started", 1);

  await flow[Symbol.asyncDispose]();
  signal(cells, "open"); // Deno has not ended it

  assertEquals(await received, { done: true, value: undefined });
});

test("inWorkers() does not wait for an input that is stuck, when the loop is left", async () => {
  async function* source(): AsyncGenerator<number> {
    yield 1;
    await new Promise(() => {});
  }
  const stage = inWorkers<typeof numbers.default>(numbersUrl, { threads: 1 });

  const results: number[] = [];
  for await (const n of pipe(source(), stage)) {
    results.push(n);
    break;
  }

  assertEquals(results, [2]);
});

test("inWorkers() rejects with the reason of its signal, and closes the input", async () => {
  const cells = createCells();
  const input = endless();
  const abort = new AbortController();
  const reason = new Error("no longer needed");
  const options = { threads: 2, export: "beating", data: cells, signal: abort.signal };
  const flow = pipe(input.source, inWorkers<typeof gates.beating>(url, options));
  await flow.recv();

  abort.abort(reason);
  const { error } = await untilFailure(flow);

  assertStrictEquals(error, reason);
  assert(still(cells, "beats"));
  assertEquals(input.closed, 1);
});

test("inWorkers() ends a thread that is busy when its signal is aborted", async () => {
  const cells = createCells();
  const abort = new AbortController();
  const options = { threads: 1, export: "stuck", data: cells, signal: abort.signal };
  const flow = pipe([-1], inWorkers<typeof gates.stuck>(url, options));
  const received = flow.recv();
  await until(cells, "started", 1);

  abort.abort("stop");

  assertEquals(await received.catch((error: unknown) => error), "stop");
  assertEquals(count(cells, "aborted"), 1);
});

test("inWorkers() starts nothing when its signal is aborted already", async () => {
  const cells = createCells();
  const input = endless();
  const signal = AbortSignal.abort("too late");
  const options = { threads: 1, export: "beating", data: cells, signal };

  const { values, error } = await untilFailure(
    pipe(input.source, inWorkers<typeof gates.beating>(url, options)),
  );

  assertEquals([values, error, count(cells, "started")], [[], "too late", 0]);
});

test("inWorkers() leaves no listener on its signal", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...parameters: unknown[]) => {
    listeners++;
    addEventListener.apply(signal, parameters as never);
  };
  signal.removeEventListener = (...parameters: unknown[]) => {
    listeners--;
    removeEventListener.apply(signal, parameters as never);
  };

  await gather(pipe([1], inWorkers<typeof numbers.default>(numbersUrl, { threads: 1, signal })));
  for (let i = 0; i < 3; i++) await idle();

  assertEquals(listeners, 0);
});

test("inWorkers() reports what the input's finally throws when the loop is left", async () => {
  async function* source(): AsyncGenerator<number> {
    try {
      for (let n = 0;; n++) yield n;
    } finally {
      await Promise.reject(new Error("cannot close"));
    }
  }
  const stage = inWorkers<typeof numbers.default>(numbersUrl, { threads: 1, window: 1 });
  const flow = pipe(source(), stage);
  await flow.recv();

  await assertRejects(() => flow[Symbol.asyncDispose]() as Promise<void>, Error, "cannot close");
});

test("inWorkers() ends its flows, which reject, and its threads when it is disposed of", async () => {
  const cells = createCells();
  const input = endless();
  const stage = beating(cells);
  const flow = pipe(input.source, stage);
  await flow.recv();

  await stage[Symbol.asyncDispose]();
  const { error } = await untilFailure(flow);

  assertInstanceOf(error, DOMException);
  assertEquals(error.name, "AbortError");
  assert(still(cells, "beats"));
  assertEquals(input.closed, 1);
});

test("inWorkers() can be disposed of twice, before its first use and after its last", async () => {
  const stage = inWorkers<typeof numbers.default>(numbersUrl, { threads: 1 });
  await gather(pipe([1], stage));

  await stage[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();

  let error: unknown;
  try {
    stage(pipe([1]));
  } catch (thrown) {
    error = thrown;
  }
  assertInstanceOf(error, TypeError);
});

test("inWorkers() fails a flow that was not begun when it is disposed of", async () => {
  const stage = inWorkers<typeof numbers.default>(numbersUrl, { threads: 1 });
  const flow = pipe([1], stage);
  await stage[Symbol.asyncDispose]();

  const { error } = await untilFailure(flow);

  assertInstanceOf(error, TypeError);
});

test("inWorkers() keeps its threads from the second use on, until it is disposed of", async () => {
  const cells = createCells();
  const stage = beating(cells);

  await gather(pipe([1, 2, 3], stage));
  const endedFirst = still(cells, "beats");
  await gather(pipe([1, 2, 3], stage));
  const keptSecond = moving(cells, "beats");
  const third = await gather(pipe([1, 2, 3], stage));
  await stage[Symbol.asyncDispose]();

  assertEquals([endedFirst, keptSecond], [true, true]);
  assertEquals(third.sort(), [1, 2, 3]);
  assert(still(cells, "beats"));
});

test("inWorkers() runs a generator anew in a thread that it has kept", async () => {
  const options = { threads: 1, export: "twice", ordered: true };
  const stage = inWorkers<typeof numbers.twice>(numbersUrl, options);
  const results: string[][] = [];

  for (let i = 0; i < 4; i++) results.push(await gather(pipe([1, 2], stage)));
  await stage[Symbol.asyncDispose]();

  assertEquals(results, Array(4).fill(["1a", "1b", "2a", "2b", "end of 2"]));
});

test("inWorkers() gives several flows at once threads of their own", async () => {
  const stage = inWorkers<typeof numbers.default>(numbersUrl, { threads: 1, ordered: true });

  const flows = [pipe([1, 2], stage), pipe([3, 4], stage), pipe([5, 6], stage)];
  const results = await Promise.all(flows.map(gather));
  await stage[Symbol.asyncDispose]();

  assertEquals(results, [[2, 4], [6, 8], [10, 12]]);
});

const NEVER = new URL(
  "data:text/javascript,setInterval(() => {}, 1e6); await new Promise(() => {}); export default (n) => n",
);

test("inWorkers() ends a thread whose import does not settle when its signal is aborted", async () => {
  const abort = new AbortController();
  const stage = inWorkers<(n: number) => number>(NEVER, { threads: 1, signal: abort.signal });
  const failed = untilFailure(pipe([1, 2], stage));

  for (let i = 0; i < 20; i++) await idle();
  abort.abort("too late");

  assertEquals((await failed).error, "too late");
});

test("inWorkers() ends a thread whose import does not settle when it is disposed of", async () => {
  const stage = inWorkers<(n: number) => number>(NEVER, { threads: 1 });
  const flow = pipe([1, 2], stage);
  const received = flow.recv();
  const warm = inWorkers<(n: number) => number>(NEVER, { threads: 1 });
  const prewarmed = warm.prewarm();

  for (let i = 0; i < 20; i++) await idle();
  await Promise.all([flow[Symbol.asyncDispose](), warm[Symbol.asyncDispose]()]);

  assertEquals(await received, { done: true, value: undefined });
  await prewarmed;
});
