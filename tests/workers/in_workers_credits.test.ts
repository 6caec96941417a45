import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { test } from "node:test";
import { pipe } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { inWorkers } from "../../workers/mod.ts";
import { count, createCells, signal, until } from "./cells.ts";
import { gather } from "./flows.ts";
import type * as gates from "./modules/gates.ts";
import type * as numbers from "./modules/numbers.ts";

const url = new URL("./modules/numbers.ts", import.meta.url);
const gatesUrl = new URL("./modules/gates.ts", import.meta.url);

/** A source that tells how many values were taken from it. */
function counted(size: number): { readonly source: Iterable<number>; taken: number } {
  const state = { source: values(), taken: 0 };
  function* values(): Generator<number> {
    while (state.taken < size) yield state.taken++;
  }
  return state;
}

for (const ordered of [false, true]) {
  const name = ordered ? "ordered" : "not ordered";

  test(`inWorkers() has at most threads x window values in flight, ${name}`, async () => {
    const input = counted(3_000);
    const stage = inWorkers<typeof numbers.default>(url, { threads: 2, window: 5, ordered });
    let received = 0;
    let most = 0;

    for await (const _ of pipe(input.source, stage)) {
      received++;
      most = Math.max(most, input.taken - received);
    }

    assertEquals(received, 3_000);
    assertLessOrEqual(most, 10);
  });

  test(`inWorkers() takes no input while results are not taken, ${name}`, async () => {
    const input = counted(1_000);
    const stage = inWorkers<typeof numbers.default>(url, { threads: 2, window: 5, ordered });
    const flow = pipe(input.source, stage);
    await flow.recv();

    // Whatever threads still have to say, they say it within these turns, or a little later.
    let before = -1;
    while (before !== input.taken) {
      before = input.taken;
      for (let i = 0; i < 20; i++) await idle();
    }
    const stopped = input.taken;
    const rest = await gather(flow);

    assertLessOrEqual(stopped, 11);
    assertEquals(rest.length, 999);
  });
}

test("inWorkers() has one value in flight with one thread and a window of 1", async () => {
  const input = counted(50);
  const stage = inWorkers<typeof numbers.default>(url, { threads: 1, window: 1 });
  const most: number[] = [];
  let received = 0;

  for await (const _ of pipe(input.source, stage)) most.push(input.taken - ++received);

  assertEquals(received, 50);
  assertLessOrEqual(Math.max(...most), 1);
});

test("inWorkers() takes no more input while failed values wait for one before them, ordered", async () => {
  const cells = createCells();
  const input = counted(3_000);
  const module = new URL(
    "data:text/javascript," + encodeURIComponent(`
      export default async function (n, { data: cells }) {
        if (n > 0) throw new Error("skipped");
        while (Atomics.load(cells, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        return n;
      }`),
  );
  let failures = 0;
  const flow = pipe(
    input.source,
    inWorkers<(n: number) => number>(module, {
      threads: 2,
      window: 10,
      ordered: true,
      data: cells,
      onError: () => void failures++,
    }),
  );
  const first = flow.recv();

  await new Promise<void>((resolve) => {
    const look = () => failures < 19 ? setTimeout(look, 1) : resolve();
    look();
  });
  for (let i = 0; i < 50; i++) await idle();
  const taken = input.taken;
  signal(cells, "open");

  assertEquals((await first).value, 0);
  assertEquals(await gather(flow), []);
  assertLessOrEqual(taken, 20);
  assertEquals(failures, 2_999);
});

test("inWorkers() holds the results of a generator by the window", async () => {
  const options = { threads: 1, export: "countTo", window: 8 };
  const stage = inWorkers<typeof numbers.countTo>(url, options);
  const flow = pipe([100_000], stage);
  await flow.recv();

  for (let i = 0; i < 50; i++) await idle();
  const held = flow.size;
  await flow[Symbol.asyncDispose]();

  assertLessOrEqual(held, 8);
});

test("inWorkers() gives a lone value to a thread at once", async () => {
  const cells = createCells();
  let give: (n: number) => void = () => {};
  async function* source(): AsyncGenerator<number> {
    yield 1;
    yield await new Promise<number>((resolve) => give = resolve);
  }
  const stage = inWorkers<typeof gates.beating>(gatesUrl, {
    threads: 1,
    export: "beating",
    data: cells,
  });
  const flow = pipe(source(), stage);

  const first = await flow.recv();
  const rest = gather(flow);
  give(2);

  assertEquals([first.value, await rest], [1, [2]]);
});

test("inWorkers() starts as many threads as there is work for", async () => {
  const cells = createCells();
  const stage = inWorkers<typeof gates.gated>(gatesUrl, {
    threads: 3,
    export: "gated",
    data: cells,
  });
  const results = gather(pipe([1, 2, 3, 4, 5], stage));

  // Each thread holds one value; the others wait for a free one.
  await until(cells, "started", 3);
  for (let i = 0; i < 20; i++) await idle();
  const started = count(cells, "started");
  signal(cells, "open");

  assertEquals(started, 3);
  assertEquals((await results).sort(), [1, 2, 3, 4, 5]);
});

test("inWorkers() deals to a free thread while another is held up", async () => {
  const cells = createCells();
  const options = { threads: 2, export: "zeroWaits", data: cells };
  const stage = inWorkers<typeof gates.zeroWaits>(gatesUrl, options);
  const values = Array.from({ length: 100 }, (_, i) => i);
  const flow = pipe(values, stage);

  const others: (number | undefined)[] = [];
  while (others.length < 99) others.push((await flow.recv()).value);
  signal(cells, "open");
  const last = await flow.recv();

  assert(!others.includes(0));
  assertEquals(last.value, 0);
  assertEquals(await gather(flow), []);
});

test("inWorkers() uses all its threads although each has one credit only", async () => {
  const cells = createCells();
  const options = { threads: 3, window: 1, export: "gated", data: cells };
  const results = gather(pipe([1, 2, 3], inWorkers<typeof gates.gated>(gatesUrl, options)));

  await until(cells, "started", 3); // all three have begun, although none has ended
  signal(cells, "open");

  assertEquals((await results).sort(), [1, 2, 3]);
});
