import { assert, assertEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel, from, map, pipe } from "../../mod.ts";
import { inWorkers, type WorkersOptions } from "../../workers/mod.ts";
import { createCells, signal } from "./cells.ts";
import { gather } from "./flows.ts";
import type * as gates from "./modules/gates.ts";
import type * as numbers from "./modules/numbers.ts";

const url = new URL("./modules/numbers.ts", import.meta.url);
const gatesUrl = new URL("./modules/gates.ts", import.meta.url);
const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

test("inWorkers() gives the result of each value", async () => {
  const doubled = pipe(TEN, inWorkers<typeof numbers.default>(url, { threads: 2 }));

  const results = await gather(doubled);

  assertEquals(results.sort((a, b) => a - b), TEN.map((n) => n * 2));
});

test("inWorkers() awaits a result that is a promise", async () => {
  const stage = inWorkers<typeof numbers.doubleLater>(url, { threads: 2, export: "doubleLater" });

  const results = await gather(pipe(TEN, stage));

  assertEquals(results.sort((a, b) => a - b), TEN.map((n) => n * 2));
});

test("inWorkers() runs a module in JavaScript", async () => {
  const plain = new URL("./modules/plain.js", import.meta.url);
  const stage = inWorkers<(n: number) => number>(plain, { threads: 1 });

  const results = await gather(pipe(TEN, stage));

  assertEquals(results, TEN.map((n) => n * 2));
});

test("inWorkers() takes the address of the module as text", async () => {
  const stage = inWorkers<typeof numbers.default>(url.href, { threads: 1 });

  assertEquals(await gather(pipe([21], stage)), [42]);
});

test("inWorkers() runs a module from a data: address", async () => {
  const module = new URL("data:text/javascript,export default (n) => Math.sqrt(n)");
  const stage = inWorkers<(n: number) => number>(module, { threads: 1 });

  assertEquals(await gather(pipe([1, 4, 9], stage)), [1, 2, 3]);
});

test("inWorkers() gives results in input order when ordered", async () => {
  const values = Array.from({ length: 200 }, (_, i) => i);
  const stage = inWorkers<typeof numbers.hare>(url, { threads: 3, export: "hare", ordered: true });

  const results = await gather(pipe(values, stage));

  assertEquals(results, values);
});

test("inWorkers() gives results as they are ready when not ordered", async () => {
  const cells = createCells();
  const options = { threads: 2, export: "zeroWaits", data: cells };
  const flow = pipe([0, 1], inWorkers<typeof gates.zeroWaits>(gatesUrl, options));

  const first = await flow.recv();
  signal(cells, "open");
  const rest = await gather(flow);

  assertEquals([first.value, rest], [1, [0]]);
});

test("inWorkers() gives nothing for no values", async () => {
  const results = await gather(pipe([], inWorkers<typeof numbers.default>(url, { threads: 2 })));

  assertEquals(results, []);
});

test("inWorkers() lets undefined and null travel", async () => {
  const module = new URL("data:text/javascript,export default (value) => value");
  const stage = inWorkers(module, { threads: 1 });

  assertEquals(await gather(pipe([undefined, null, 0], stage)), [undefined, null, 0]);
});

test("inWorkers() tells the function its data, its thread and a signal", async () => {
  const data = { words: new Map([["one", 1]]) };
  const stage = inWorkers<typeof numbers.describe>(url, { threads: 1, export: "describe", data });

  const results = await gather(pipe([1], stage));

  assertEquals(results, [{ data, thread: 1, aborted: false, cancelled: false }]);
});

test("inWorkers() stands between other stages and takes from a channel", async () => {
  const channel = new Channel<number>(2);
  const sent = channel.sendMany(TEN).then(() => channel.close());
  const double = inWorkers<typeof numbers.default>(url, { threads: 2, ordered: true });

  const results = await gather(
    pipe(channel, map((n: number) => n + 1), double, map((n: number) => `${n}`)),
  );
  await sent;

  assertEquals(results, TEN.map((n) => `${(n + 1) * 2}`));
});

test("inWorkers() can be followed by itself", async () => {
  const options: WorkersOptions = { threads: 1, ordered: true };
  const double = () => inWorkers<typeof numbers.default>(url, options);

  assertEquals(await gather(pipe(TEN, double(), double())), TEN.map((n) => n * 4));
});

test("inWorkers() gives a flow with all that a receiver has", async () => {
  const double = inWorkers<typeof numbers.default>(url, { threads: 1, ordered: true });
  const flow = pipe([1, 2, 3], double);

  const received = [await flow.recv(), await flow.recv(), await flow.recv(), await flow.recv()];

  assertEquals(received.map(({ value }) => value), [2, 4, 6, undefined]);
  assertEquals(flow.tryRecv(), { done: true, value: undefined });
});

test("inWorkers() runs a generator once in each thread", async () => {
  const stage = inWorkers<typeof numbers.twice>(url, { threads: 2, export: "twice" });

  const results = await gather(pipe(TEN, stage));

  const ends = results.filter((text) => text.startsWith("end of "));
  const total = ends.reduce((sum, text) => sum + Number(text.slice("end of ".length)), 0);
  assertEquals(total, TEN.length);
  assertEquals(
    results.filter((text) => !text.startsWith("end")).sort(),
    TEN.flatMap((n) => [`${n}a`, `${n}b`]),
  );
});

test("inWorkers() gives a generator's results in input order when ordered, its last ones last", async () => {
  const values = Array.from({ length: 100 }, (_, i) => i);
  const stage = inWorkers<typeof numbers.twice>(url, {
    threads: 2,
    export: "twice",
    ordered: true,
  });

  const results = await gather(pipe(values, stage));

  assertEquals(results.slice(0, 200), values.flatMap((n) => [`${n}a`, `${n}b`]));
  assertEquals(results.slice(200).every((text) => text.startsWith("end of ")), true);
});

test("inWorkers() runs a generator also for no values", async () => {
  const stage = inWorkers<typeof numbers.twice>(url, { threads: 2, export: "twice" });

  assertEquals(await gather(pipe([], stage)), ["end of 0"]);
});

test("inWorkers() ends the flow when every generator has returned", async () => {
  let closed = 0;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let n = 0;; n++) yield n;
    } finally {
      closed++;
    }
  }
  const stage = inWorkers<typeof numbers.three>(url, { threads: 2, export: "three" });

  const results = await gather(pipe(endless(), stage));

  assert(results.length === 3 || results.length === 6, `3 from each thread: ${results}`);
  assertEquals(new Set(results).size, results.length);
  assertEquals(closed, 1);
});

test("inWorkers() gives what a generator has left to the other threads", async () => {
  const values = Array.from({ length: 40 }, (_, i) => i);
  const module = new URL(
    "data:text/javascript," + encodeURIComponent(`
      export default async function* (input, { thread }) {
        for await (const n of input) {
          yield n;
          if (thread === 1) return;
        }
      }`),
  );
  type Some = (input: AsyncIterable<number>) => AsyncIterable<number>;

  const results = await gather(pipe(values, inWorkers<Some>(module, { threads: 2, window: 8 })));

  assertEquals(results.sort((a, b) => a - b), values);
});

test("inWorkers() gives what generators have left to others that wait for their results to be taken, ordered", async () => {
  const values = Array.from({ length: 10_000 }, (_, i) => i);
  const module = new URL(
    "data:text/javascript," + encodeURIComponent(`
      export default async function* (input) {
        for (let i = 0; i < 700; i++) yield (await input.recv()).value;
      }`),
  );
  type Some = (input: AsyncIterable<number>) => AsyncIterable<number>;

  const results = await gather(
    pipe(values, inWorkers<Some>(module, { threads: 3, ordered: true })),
  );

  assertEquals(results.length % 700, 0);
  assertEquals([...new Set(results)].sort((a, b) => a - b), results);
});

test("inWorkers() lets a generator receive batches", async () => {
  const values = Array.from({ length: 100 }, (_, i) => i);
  const stage = inWorkers<typeof numbers.batches>(url, { threads: 1, export: "batches" });

  const results = await gather(pipe(values, stage));

  assertEquals(results.flat(), values);
});

test("inWorkers() holds a generator with many results by the window", async () => {
  const stage = inWorkers<typeof numbers.countTo>(url, {
    threads: 1,
    export: "countTo",
    window: 4,
  });
  const flow = pipe([1_000], stage);

  const first = await flow.recv();
  const rest = await gather(flow);

  assertEquals(first.value, 1);
  assertEquals(rest, Array.from({ length: 999 }, (_, i) => i + 2));
});

test("inWorkers() starts nothing before the first receive", async () => {
  let started = false;
  async function* source(): AsyncGenerator<number> {
    started = true;
    yield 1;
  }

  const flow = pipe(source(), inWorkers<typeof numbers.default>(url));
  const before = started;
  await flow[Symbol.asyncDispose]();

  assertEquals([before, started], [false, false]);
});

test("inWorkers() refuses arguments that make no sense, at once", () => {
  const refuse = (options: unknown) => () => inWorkers(url, options as WorkersOptions);

  assertThrows(() => inWorkers("./numbers.ts"), TypeError, "module must be an absolute URL");
  assertThrows(() => inWorkers(undefined as never), TypeError, "undefined");
  assertThrows(refuse(null), TypeError, "options must be an object: null");
  assertThrows(refuse({ threads: 0 }), RangeError, "options.threads");
  assertThrows(refuse({ threads: 1.5 }), RangeError, "1.5");
  assertThrows(refuse({ threads: Infinity }), RangeError, "Infinity");
  assertThrows(refuse({ threads: "2" }), TypeError, '"2"');
  assertThrows(refuse({ window: -1 }), RangeError, "options.window");
  assertThrows(refuse({ window: NaN }), RangeError, "NaN");
  assertThrows(refuse({ export: 1 }), TypeError, "options.export");
  assertThrows(refuse({ ordered: "yes" }), TypeError, "options.ordered");
  assertThrows(refuse({ name: 3 }), TypeError, "options.name");
  assertThrows(refuse({ signal: {} }), TypeError, "options.signal");
  assertThrows(refuse({ retries: -1 }), RangeError, "options.retries");
  assertThrows(refuse({ retries: Infinity }), RangeError, "Infinity");
  assertThrows(refuse({ timeout: 0 }), RangeError, "options.timeout must be more than 0 ms: 0");
  assertThrows(refuse({ timeout: NaN }), RangeError, "NaN");
  assertThrows(refuse({ timeout: "1 s" }), TypeError, '"1 s"');
  assertThrows(
    refuse({ onError: "retry" }),
    TypeError,
    'options.onError must be "fail", "skip" or',
  );
  assertThrows(refuse({ resourceLimits: 5 }), TypeError, "options.resourceLimits");
  const size = "options.resourceLimits.stackSizeMb";
  assertThrows(refuse({ resourceLimits: { stackSizeMb: "4" } }), TypeError, size);
  assertThrows(refuse({ resourceLimits: { stackSizeMb: -1 } }), RangeError, `${size} must be more`);
  assertThrows(() => inWorkers(url)(5 as never), TypeError, "source must be iterable: 5");
});

test("inWorkers() accepts a flow as input and owns it", async () => {
  const flow = from(TEN, { capacity: 2 });

  const results = await gather(inWorkers<typeof numbers.default>(url, { threads: 1 })(flow));

  assertEquals(results, TEN.map((n) => n * 2));
  assertEquals(flow.closed, true);
});
