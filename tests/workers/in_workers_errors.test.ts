import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertStrictEquals,
} from "@std/assert";
import { test } from "node:test";
import { pipe } from "../../mod.ts";
import { inWorkers, ThreadError } from "../../workers/mod.ts";
import { untilFailure } from "../flow/sources.ts";
import { gather } from "./flows.ts";
import type * as faults from "./modules/faults.ts";

const url = new URL("./modules/faults.ts", import.meta.url);

for (const name of ["throws", "rejects", "yieldsThenThrows"] as const) {
  test(`inWorkers() fails with the error of the function, in its place: ${name}`, async () => {
    const stage = inWorkers<(n: number) => number>(url, {
      threads: 2,
      export: name,
      ordered: true,
    });

    const { values, error } = await untilFailure(pipe([1, 2, 3, 4, 5], stage));

    assertEquals(values, [1, 2]);
    assertInstanceOf(error, RangeError);
    assertEquals([error.name, error.message], ["RangeError", "three is out of range"]);
    const { code, detail } = error as unknown as Record<string, unknown>;
    assertEquals([code, detail], ["ERR_THREE", { n: 3 }]);
    assertMatch(error.stack ?? "", /RangeError: three is out of range\n +at .*throws .*faults\.ts/);
    assertInstanceOf(error.cause, SyntaxError);
    assertEquals(error.cause.message, "the cause");
    assertMatch(error.cause.stack ?? "", /faults\.ts/);
    assertEquals(error.cause.cause, "the end of the chain");
  });
}

test("inWorkers() fails at once when not ordered, after the results that have come", async () => {
  const stage = inWorkers<typeof faults.throws>(url, { threads: 1, export: "throws" });

  const { values, error } = await untilFailure(pipe([1, 2, 3, 4, 5], stage));

  assertEquals(values, [1, 2]);
  assertInstanceOf(error, RangeError);
});

test("inWorkers() fails every later receive with the same error", async () => {
  const stage = inWorkers<typeof faults.throws>(url, { threads: 1, export: "throws" });
  const flow = pipe([3], stage);

  const { error } = await untilFailure(flow);
  const again = await untilFailure(flow);

  assertStrictEquals(again.error, error);
});

test("inWorkers() keeps the errors of an AggregateError", async () => {
  const stage = inWorkers<typeof faults.throwsSeveral>(url, {
    threads: 1,
    export: "throwsSeveral",
  });

  const { error } = await untilFailure(pipe([1], stage));

  assertInstanceOf(error, AggregateError);
  const [first, second] = error.errors;
  assertInstanceOf(first, TypeError);
  assertEquals(first.message, "first");
  assertInstanceOf(second, DOMException);
  assertEquals([second.name, second.message], ["TimeoutError", "second"]);
});

test("inWorkers() keeps the name of an error class of the user's", async () => {
  const stage = inWorkers<typeof faults.throwsCustom>(url, { threads: 1, export: "throwsCustom" });

  const { error } = await untilFailure(pipe([1], stage));

  assertInstanceOf(error, Error);
  assertEquals([error.name, error.message], ["CustomError", "1"]);
});

test("inWorkers() keeps what was thrown and is no error", async () => {
  const stage = () =>
    inWorkers<typeof faults.throwsValue>(url, { threads: 1, export: "throwsValue" });

  const text = await untilFailure(pipe([1], stage()));
  const other = await untilFailure(pipe([2], stage()));

  assertEquals(text.error, "one");
  assertMatch(String(other.error), /function/);
});

test("inWorkers() closes the input when the function throws", async () => {
  let closed = 0;
  async function* source(): AsyncGenerator<number> {
    try {
      for (let n = 0;; n++) yield n;
    } finally {
      closed++;
    }
  }
  const stage = inWorkers<typeof faults.throws>(url, { threads: 2, export: "throws" });

  const { error } = await untilFailure(pipe(source(), stage));

  assertInstanceOf(error, RangeError);
  assertEquals(closed, 1);
});

test("inWorkers() reports an error of the input after the results of the values before it", async () => {
  const broken = new Error("the source has run dry");
  async function* source(): AsyncGenerator<number> {
    for (let n = 10; n < 20; n++) yield n;
    throw broken;
  }
  const stage = inWorkers<typeof faults.throws>(url, { threads: 2, export: "throws" });

  const { values, error } = await untilFailure(pipe(source(), stage));

  assertEquals(values.sort(), [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  assertStrictEquals(error, broken);
});

test("inWorkers() names the part of a result that cannot be cloned", async () => {
  const cases: [kind: string, message: RegExp][] = [
    ["function", /: result\.rows\[1\]\.show is .*function/],
    ["promise", /: result\["the value"\] is .*Promise/],
    ["map", /: result\.get\("key"\)\.symbol is Symbol\(s\)/],
    ["itself", /: result is .*function/],
    ["cycle", /: result\.fn is .*function/],
  ];
  for (const [kind, message] of cases) {
    // The promise of an async function's result is awaited; only one inside of it is a part.
    const stage = inWorkers<typeof faults.uncloneable>(url, { threads: 1, export: "uncloneable" });

    const { error } = await untilFailure(pipe([kind], stage));

    assertInstanceOf(error, DOMException);
    assertEquals(error.name, "DataCloneError");
    assertMatch(error.message, /^Cannot send a result to the main thread: /);
    assertMatch(error.message, message);
  }
});

test("inWorkers() delivers the results beside one that cannot be cloned", async () => {
  const options = { threads: 1, export: "uncloneable", ordered: true };
  const stage = inWorkers<typeof faults.uncloneable>(url, options);

  const { values, error } = await untilFailure(pipe(["a", "b", "function", "c"], stage));

  assertEquals(values, ["a", "b"]);
  assertEquals((error as Error).name, "DataCloneError");
});

test("inWorkers() names the part of a value that cannot be cloned", async () => {
  const options = { threads: 1, export: "uncloneable", ordered: true };
  const stage = inWorkers<(value: unknown) => unknown>(url, options);

  const { values, error } = await untilFailure(pipe(["a", { b: [() => {}] }, "c"], stage));

  assertEquals(values, ["a"]);
  assertMatch((error as Error).message, /^Cannot send a value to a thread: value\.b\[0\] is /);
});

test("inWorkers() names the part of the data that cannot be cloned", async () => {
  const data = { table: { lookup: () => 1 } };
  const stage = inWorkers<typeof faults.throws>(url, { threads: 1, export: "throws", data });

  const { error } = await untilFailure(pipe([1], stage));

  assertInstanceOf(error, ThreadError);
  assertMatch(error.message, /Cannot send the data to a thread: options\.data\.table\.lookup is /);
});

test("inWorkers() says that a plain function must not give an async iterable", async () => {
  const stage = inWorkers<(n: number) => unknown>(url, { threads: 1, export: "plainIterable" });

  const { error } = await untilFailure(pipe([1], stage));

  assertInstanceOf(error, TypeError);
  assertMatch(error.message, /must be declared as async function\*/);
});

test("inWorkers() fails when the module cannot be imported, with the reason as cause", async () => {
  const broken = new URL("./modules/broken.ts", import.meta.url);

  const { error } = await untilFailure(
    pipe([1, 2, 3], inWorkers(broken, { threads: 2, name: "hash" })),
  );

  assertInstanceOf(error, ThreadError);
  assertMatch(
    error.message,
    /^Worker thread [12] of "hash" failed: cannot use the module ".*broken\.ts"/,
  );
  assertInstanceOf(error.cause, RangeError);
  assertMatch(error.cause.message, /does not like to be imported/);
  assertMatch(error.cause.stack ?? "", /broken\.ts/);
});

test("inWorkers() fails when there is no such module, or no such function in it", async () => {
  const missing = new URL("./modules/no_such_module.ts", import.meta.url);

  const nowhere = await untilFailure(pipe([1], inWorkers(missing, { threads: 1 })));
  const nothing = await untilFailure(pipe([1], inWorkers(url, { threads: 1 })));
  const number = await untilFailure(
    pipe([1], inWorkers(url, { threads: 1, export: "noFunction" })),
  );

  assertMatch((nowhere.error as Error).message, /no_such_module\.ts/);
  assertMatch((nothing.error as Error).message, /export "default" must be a function: undefined/);
  assertMatch((number.error as Error).message, /export "noFunction" must be a function: 42/);
});

test("inWorkers() fails also without values when the module cannot be imported", async () => {
  const broken = new URL("./modules/broken.ts", import.meta.url);

  const { error } = await untilFailure(pipe([], inWorkers(broken, { threads: 1 })));

  assertInstanceOf(error, ThreadError);
});

test("inWorkers() fails when a thread exits", async () => {
  const stage = inWorkers<typeof faults.exits>(url, { threads: 2, export: "exits" });

  const { error } = await untilFailure(pipe([1, 2, 3, 4, 5], stage));

  assertInstanceOf(error, ThreadError);
  assertMatch(error.message, /^Worker thread [12] failed: it exited with code 7/);
  assertEquals(error.exitCode, 7);
  assert(error.thread === 1 || error.thread === 2);
});

test(
  "inWorkers() fails when a thread runs out of memory",
  { skip: "Deno" in globalThis && "Deno has no resource limits" },
  async () => {
    const resourceLimits = { maxOldGenerationSizeMb: 32 };
    const stage = inWorkers<typeof faults.hoards>(url, {
      threads: 1,
      export: "hoards",
      resourceLimits,
    });

    const { error } = await untilFailure(pipe([1], stage));

    assertInstanceOf(error, ThreadError);
    assertEquals((error.cause as { code?: unknown }).code, "ERR_WORKER_OUT_OF_MEMORY");
  },
);

for (const name of ["throwsLater", "rejectsUnseen"] as const) {
  test(`inWorkers() fails when nobody catches an error in a thread: ${name}`, async () => {
    const stage = inWorkers<typeof faults.throwsLater>(url, { threads: 2, export: name });

    const { error } = await untilFailure(pipe([1, 2, 3, 4, 5], stage));

    assertInstanceOf(error, ThreadError);
    assertMatch(error.message, /an error that nobody caught: three is out of range/);
    assertInstanceOf(error.cause, RangeError);
    assertEquals((error.cause as unknown as { code: string }).code, "ERR_THREE");
    assertMatch(error.cause.stack ?? "", /faults\.ts/);
  });
}

test("inWorkers() can be used again after a failure", async () => {
  const stage = inWorkers<typeof faults.throws>(url, { threads: 1, export: "throws" });
  await untilFailure(pipe([3], stage));

  const results = await gather(pipe([1, 2], stage));
  await stage[Symbol.asyncDispose]();

  assertEquals(results, [1, 2]);
});
