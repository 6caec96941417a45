import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { PARTS } from "../../internal/case.ts";
import { Channel, from } from "../../mod.ts";
import { spawn, ThreadError, transfer } from "../../workers/mod.ts";
import { counts } from "../unit/counts.ts";
import { watch } from "../unit/watch.ts";
import { count, createCells, moving, still, until } from "./cells.ts";
import type * as tasks from "./modules/tasks.ts";

const url = new URL("./modules/tasks.ts", import.meta.url);

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Resolves when `ready`, which a thread brings about. */
async function eventually(ready: () => boolean): Promise<void> {
  while (!ready()) await new Promise<void>((resolve) => setTimeout(resolve, 1));
}

test("spawn() gives the result of the function for clones of the arguments", async () => {
  const args = [[1, 2, 3], 10] as const;

  const result = await spawn<typeof tasks.sum>(url, { export: "sum", args });

  assertEquals(result, 60);
});

test("spawn() runs one producer and three consumers that all end by close()", async () => {
  const jobs = new Channel<tasks.Job>(4);
  const results = new Channel<string>(4);

  const producer = spawn<typeof tasks.produce>(url, { export: "produce", args: [jobs, 1, 200] });
  const consumers = ["a", "b", "c"].map((name) =>
    spawn<typeof tasks.consume>(url, { export: "consume", args: [jobs, results, name] })
  );
  void producer.then(() => jobs.close());
  const summaries = Promise.all(consumers);
  void summaries.finally(() => results.close());
  const received: string[] = [];
  for await (const result of results) received.push(result);

  assertEquals(await producer, 200);
  const expected = range(1, 200).map((id) => `${id} JOB ${id}`);
  assertEquals(received.toSorted(), expected.toSorted());
  assertEquals((await summaries).reduce((total, { done }) => total + done, 0), 200);
});

test("spawn() gives the function a channel that can all that a channel can", async () => {
  const [there, back] = [new Channel<number>(10), new Channel<string>()];
  await there.sendMany(range(1, 10));
  const echo = spawn<typeof tasks.echo>(url, { export: "echo", args: [there, back] });
  there.close();
  const received: string[] = [];

  const error = await assertRejects(async () => {
    for await (const text of back) received.push(text);
  }, RangeError);
  await echo;

  assertEquals(error.message, "enough");
  const expected = [
    "recv 1",
    "recvMany 2",
    "recvMany 3",
    "loop 4",
    "select 5",
    "batch 6,7,8,9,10",
  ];
  assertEquals(received, expected);
});

test("spawn() gives a channel that it finds several times as one", async () => {
  const channel = new Channel<number>(1);
  await channel.send(5);

  const result = await spawn<typeof tasks.same>(url, {
    export: "same",
    args: [channel, { list: [channel] }],
  });

  assertEquals(result, 5);
});

test("spawn() gives a channel on that was given to this thread", async () => {
  const [jobs, results] = [new Channel<tasks.Job>(), new Channel<string>()];
  const task = spawn<typeof tasks.passesOn>(url, { export: "passesOn", args: [jobs, results] });

  void jobs.sendMany(range(1, 5).map((id) => ({ id, text: "x" }))).then(() => jobs.close());
  const received = [];
  while (received.length < 5) received.push((await results.recv()).value);

  assertEquals(received, range(1, 5).map((id) => `${id} X`));
  assertEquals(await task, 5);
});

test("spawn() delivers what a task has sent, also when nobody had received it at its end", async () => {
  const channel = new Channel<number>();

  await spawn<typeof tasks.leaves>(url, { export: "leaves", args: [channel] });

  assertEquals(await channel.recvMany(10), [1, 2, 3]);
});

test("spawn() moves what is transferred, both ways", async () => {
  const bytes = transfer(new Uint8Array(1_000), []);
  const moved = transfer(bytes, [bytes.buffer]);

  const result = await spawn<typeof tasks.fill>(url, { export: "fill", args: [moved] });

  assertEquals([bytes.length, result.length, result[999]], [0, 1_000, 7]);
});

test("spawn() rejects with the error of the function, with its stack", async () => {
  const task = spawn<typeof tasks.fails>(url, { export: "fails", args: ["too far"] });

  const error = await assertRejects(async () => await task, RangeError, "too far");

  assertEquals((error as { code?: string }).code, "ERR_TASK");
  assertMatch(error.stack ?? "", /at .*fails.*tasks\.ts/);
});

test("spawn() delivers what a function has sent that throws in the same turn", async () => {
  const channel = new Channel<number>(1);

  const task = spawn<typeof tasks.sendsAndFails>(url, { export: "sendsAndFails", args: [channel] });

  assertEquals(await task.then(() => 0, (error: unknown) => error), undefined);
  assertEquals(channel.tryRecv(), { done: false, value: 1 });
});

test("spawn() rejects with the path of a result that cannot be cloned", async () => {
  const task = spawn<typeof tasks.givesFunction>(url, { export: "givesFunction" });

  const error = await assertRejects(async () => await task, DOMException, "result.deep[0]");

  assertEquals(error.name, "DataCloneError");
});

test("spawn() throws at once for arguments that cannot be sent, and starts nothing", () => {
  const channel = new Channel<number>();
  const args = [channel, { deep: () => 1 }] as unknown as [Channel<number>, { list: [] }];

  const attempt = () => spawn<typeof tasks.same>(url, { export: "same", args });

  const error = assertThrows(attempt, DOMException, "options.args[1].deep");
  assertEquals(error.name, "DataCloneError");
  assertEquals(counts(channel).receivers, 0);
});

test("spawn() that throws for an argument lets go of the channels before it", () => {
  const channel = new Channel<number>();
  const { receivers } = channel[PARTS]();
  const before = Object.keys(receivers);

  assertThrows(() => spawn(url, { args: [channel, from([1])] }), TypeError, "options.args[1]");

  assertEquals(Object.keys(receivers), before);
});

test("spawn() throws at once for wrong options", () => {
  const wrong: [unknown, unknown][] = [
    ["./relative.ts", {}],
    [url, null],
    [url, { export: 1 }],
    [url, { args: 1 }],
    [url, { name: 1 }],
    [url, { signal: 1 }],
    [url, { daemon: 1 }],
    [url, { resourceLimits: 1 }],
    [url, { args: [{ list: [from([1])] }] }],
  ];

  for (const [module, options] of wrong) {
    assertThrows(() => spawn(module as URL, options as { args?: [] }), Error);
  }
});

const broken: Record<string, RegExp> = {
  missing: /cannot use the module .*"missing" must be a function/,
  notAFunction: /"notAFunction" must be a function: 1/,
  throwsLater: /nobody catches this/,
  exits: /exited with code 4/,
};

for (const [name, message] of Object.entries(broken)) {
  test(`spawn() rejects with a ThreadError when its thread fails: ${name}`, async () => {
    const task = spawn(url, { export: name, args: [4], name: "mill" });

    const error = await assertRejects(async () => await task, ThreadError);

    assertMatch(error.message, message);
    assertMatch(error.message, /"mill"/);
  });
}

test("spawn() rejects with a ThreadError when the module cannot be imported", async () => {
  const task = spawn(new URL("./no_such_module.ts", url));

  const error = await assertRejects(async () => await task, ThreadError);

  assertInstanceOf(error.cause, Error);
});

test("spawn() puts back what a thread had not received when it died, and what it waited for", async () => {
  const values = new Channel<number>();
  const go = new Channel<void>();
  const task = spawn<typeof tasks.receivesAndExits>(url, {
    export: "receivesAndExits",
    args: [values, go],
  });
  await eventually(() => counts(values).receivers === 2);
  const before = watch(values.send(1)); // to the one that waits

  await go.send();
  await assertRejects(async () => await task, ThreadError, "code 3");

  assertEquals(before.state, "fulfilled");
  assertEquals(counts(values).receivers, 0);
  void values.send(2);
  assertEquals((await values.recv()).value, 2);
});

test("spawn() gives each value to one thread, though threads exit in the middle of one", async () => {
  const jobs = new Channel<number>(8);
  const seen = new Int32Array(new SharedArrayBuffer(4_000_000));
  const start = (last: number) =>
    spawn<typeof tasks.marks>(url, { export: "marks", args: [jobs, seen, last] })
      .then((done) => done, (error) => error instanceof ThreadError ? last : -1);

  const dying = watch(Promise.all([1, 20, 90].map(start)));
  const lasting = [Infinity, Infinity].map(start);
  let sent = 0;
  while (dying.state === "waiting" && sent < seen.length) await jobs.send(sent++);
  // What was on its way to the dead is back before the end is told.
  await eventually(() => dying.state !== "waiting");
  jobs.close();
  const done = await Promise.all(lasting);

  assertEquals(dying.value, [1, 20, 90]);
  assertEquals(done.reduce((total, n) => total + n, 0), sent - 111);
  assertEquals(seen.findIndex((times, n) => times !== (n < sent ? 1 : 0)), -1);
});

test("Task.cancel() ends what waits for a channel, with the reason", async () => {
  const [values, cells] = [new Channel<number>(), createCells()];
  const task = spawn<typeof tasks.waits>(url, { export: "waits", args: [values, cells] });
  await until(cells, "started", 1);
  const reason = new RangeError("enough");

  task.cancel(reason);
  task.cancel("again");

  const error = await assertRejects(async () => await task, RangeError);
  assertStrictEquals(error, reason);
  assertEquals([count(cells, "finally"), count(cells, "aborted")], [1, 1]);
  assertEquals(counts(values).receivers, 0);
});

test("Task.cancel() ends a task by force that does not end", async () => {
  const cells = createCells();
  const task = spawn<typeof tasks.spins>(url, { export: "spins", args: [cells] });
  await until(cells, "started", 1);
  assert(moving(cells, "beats"));

  await task[Symbol.asyncDispose]();

  await assertRejects(async () => await task, DOMException, "cancelled");
  // Deno ends no thread that spins: it is only no longer waited for.
  for (let tries = 100; !("Deno" in globalThis) && !still(cells, "beats"); tries--) {
    assert(tries > 0);
  }
});

test("Task.cancel() does nothing to a task that has ended", async () => {
  const task = spawn<typeof tasks.sum>(url, { export: "sum", args: [[1]] });
  await task;

  task.cancel();
  await task[Symbol.asyncDispose]();

  assertEquals(await task, 1);
});

test("Task.cancel() lets a function end that has operations which it does not await", async () => {
  const [values, out, cells] = [new Channel<number>(), new Channel<number>(), createCells()];
  const args = [values, out, cells] as const;
  const task = spawn<typeof tasks.leavesWaiting>(url, { export: "leavesWaiting", args });
  await eventually(() => counts(values).receivers === 2 && counts(out).senders === 1);

  task.cancel("enough");
  await task.then(() => {}, () => {});

  assertEquals(count(cells, "finally"), 1);
});

test("spawn() whose signal was aborted before rejects, and needs nobody to catch it", async () => {
  // An unhandled rejection would fail this test.
  const task = spawn(url, { signal: AbortSignal.abort("enough") });
  await new Promise<void>((resolve) => setTimeout(resolve));

  assertEquals(await task.then(() => "", (reason: unknown) => reason), "enough");
});

test("spawn() is cancelled by its signal, also by one that was aborted before", async () => {
  const [values, cells] = [new Channel<number>(), createCells()];
  const [stop, args] = [new AbortController(), [values, cells] as const];
  const late = spawn<typeof tasks.waits>(url, { export: "waits", args, signal: stop.signal });
  await until(cells, "started", 1);

  stop.abort("enough");
  const early = spawn<typeof tasks.waits>(url, { export: "waits", args, signal: stop.signal });

  const reasons = await Promise.all([late, early].map((task) => task.then(() => "", (r) => r)));
  assertEquals(reasons, ["enough", "enough"]);
  assertEquals(count(cells, "started"), 1);
});
