import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { Channel, type Flow, from, map, type MapOptions, pipe, select } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { DONE, drained, gather, RECEIVED, rejection, settled, watch } from "../unit/watch.ts";
import { type Deferred, deferred, NEVER, Producer, takeAndLeave, untilFailure } from "./sources.ts";

/** Calls that are answered by hand, in any order. */
class Calls {
  readonly begun: number[] = [];
  readonly signals: AbortSignal[] = [];
  readonly #answers = new Map<number, Deferred<number>>();

  readonly fn = (value: number, signal: AbortSignal): Promise<number> => {
    const answer = deferred<number>();
    this.begun.push(value);
    this.signals.push(signal);
    this.#answers.set(value, answer);
    return answer.promise;
  };

  async answer(...values: number[]): Promise<void> {
    for (const value of values) this.#answers.get(value)?.resolve(value);
    await idle();
  }

  async fail(value: number, error: unknown): Promise<void> {
    this.#answers.get(value)?.reject(error);
    await idle();
  }
}

/** A flow of calls over the numbers from 1, and what it has given so far. */
async function running(
  calls: Calls,
  options: MapOptions,
  source: AsyncIterable<number> = new Producer().values(),
) {
  const flow = pipe(source, map(calls.fn, options));
  const values: number[] = [];
  const all = watch(gather(flow, values));
  await idle();
  return { flow, values, all };
}

const identity = (n: number) => n;

for (
  const [concurrency, capacity] of [[1, 0], [1, 2], [2, 0], [3, 2], [1, 1], [4, 0]] as const
) {
  const options = { concurrency, capacity };
  // One call at a time starts only when its result has somewhere to go.
  const bound = concurrency === 1 ? capacity : concurrency + capacity;

  for (const ordered of [true, false]) {
    test(`map() holds ${bound} results that are not taken, ${JSON.stringify({ ...options, ordered })}`, async () => {
      const [producer, begun] = [new Producer(), [] as number[]];
      const fn = (n: number) => begun.push(n);
      const flow = pipe(producer.values(), map(fn, { ...options, ordered }));
      const counts: number[] = [];

      for (let received = 1; received <= 3; received++) {
        await flow.recv();
        await idle();
        counts.push(begun.length);
      }

      assertEquals(counts, [1 + bound, 2 + bound, 3 + bound]);
      // The source runs one value ahead of the stage.
      assertEquals([flow.size, producer.made], [bound, 3 + bound + 1]);
    });

    test(`map() never has more than ${concurrency} calls under way, ${JSON.stringify({ ...options, ordered })}`, async () => {
      let [now, most] = [0, 0];
      const fn = async (n: number) => {
        most = Math.max(most, ++now);
        for (let i = n % 3; i >= 0; i--) await new Promise((resolve) => setImmediate(resolve));
        now--;
        return n;
      };
      const flow = pipe(new Producer().values(100), map(fn, { ...options, ordered }));

      const values = await drained(flow);

      assertEquals(most, concurrency);
      assertEquals(values.sort((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i + 1));
    });
  }
}

test("map() counts a call until its result is taken, also while those before it are under way", async () => {
  const calls = new Calls();
  const flow = pipe(new Producer().values(), map(calls.fn, { concurrency: 3 }));
  const first = watch(flow.recv());
  await idle();

  await calls.answer(2, 3);
  const blocked = [...calls.begun];
  await calls.answer(1);

  assertEquals([blocked, first.value], [[1, 2, 3], { done: false, value: 1 }]);
  assertEquals([calls.begun, flow.size], [[1, 2, 3, 4], 2]);
});

test("map() keeps the order of its inputs", async () => {
  const calls = new Calls();
  const { values } = await running(calls, { concurrency: 3 });

  await calls.answer(3);
  await calls.answer(2);
  const before = [...values];
  await calls.answer(1);

  assertEquals([before, values], [[], [1, 2, 3]]);
});

test("map() without order gives results as they are ready", async () => {
  const calls = new Calls();
  const { values } = await running(calls, { concurrency: 3, ordered: false });

  await calls.answer(3);
  await calls.answer(2);
  await calls.answer(4);

  assertEquals([values, calls.begun], [[3, 2, 4], [1, 2, 3, 4, 5, 6]]);
});

test("map() runs nothing before the first receive", async () => {
  const [producer, calls] = [new Producer(), new Calls()];

  pipe(producer.values(), map(calls.fn, { concurrency: 4, capacity: 4 }));
  await idle();

  assertEquals([producer.started, calls.begun], [false, []]);
});

test("map() gives its function the value and a signal, and nothing else", async () => {
  const seen: unknown[][] = [];

  await drained(pipe([1], map((...args: unknown[]) => seen.push(args))));

  assertEquals([seen.length, seen[0]?.length, seen[0]?.[0]], [1, 2, 1]);
  assertInstanceOf(seen[0]?.[1], AbortSignal);
});

test("map() takes any value and gives any result", async () => {
  const error = new Error("a value");
  const results = [undefined, null, error, NaN, () => 1];

  const sync = await drained(pipe(results, map((value: unknown) => value)));
  const later = await drained(
    pipe(results, map((value: unknown) => Promise.resolve(value), { concurrency: 3 })),
  );

  for (const list of [sync, later]) {
    assertEquals(list.length, results.length);
    list.forEach((value, at) => assertStrictEquals(value, results[at]));
  }
});

test("map() hands a promise of the input over untouched, and waits for the one its function makes", async () => {
  const promise = Promise.resolve(5);
  const seen: unknown[] = [];

  const values = await drained(pipe(
    [promise],
    map((value: Promise<number>) => {
      seen.push(value);
      return value;
    }),
  ));

  assertStrictEquals(seen[0], promise);
  assertEquals(values, [5]);
});

test("map() waits for thenables, and lets none of them answer twice", async () => {
  const thenable = (
    ...answers: ((resolve: (n: number) => void, reject: (e: unknown) => void) => void)[]
  ) => ({
    then(resolve: (n: number) => void, reject: (e: unknown) => void) {
      for (const answer of answers) answer(resolve, reject);
    },
  });
  const twice = thenable((resolve) => resolve(1), (resolve) => resolve(2));
  const both = thenable((resolve) => resolve(3), (_, reject) => reject("late"));
  const thrower = thenable((resolve) => resolve(4), () => {
    throw "late";
  });
  const list = [twice, both, thrower] as unknown as Promise<number>[];

  for (const concurrency of [1, 2, 4]) {
    const values = await drained(
      pipe(list, map((value: Promise<number>) => value, { concurrency })),
    );

    assertEquals(values, [1, 3, 4]);
  }
});

test("map() fails when the then of a result cannot be read", async () => {
  const result = {
    get then(): unknown {
      throw "unreadable";
    },
  };

  const failed = await untilFailure(pipe([1], map(() => result as unknown)));

  assertEquals(failed, { values: [], error: "unreadable" });
});

for (const how of ["throws", "rejects"]) {
  test(`map() fails in the order of the inputs when its function ${how}`, async () => {
    const [calls, error, producer] = [new Calls(), new Error("broken"), new Producer()];
    const fn = (n: number, signal: AbortSignal) => {
      if (n !== 3) return calls.fn(n, signal);
      if (how === "throws") throw error;
      return Promise.reject(error);
    };
    const flow = pipe(producer.values(), map(fn, { concurrency: 4 }));
    const values: number[] = [];
    const all = watch(gather(flow, values));
    await idle();
    const begun = [...calls.begun];
    await calls.answer(4, 1);
    const [state, aborted, closed] = [all.state, calls.signals[0]?.aborted, producer.closed];

    await calls.answer(2);
    await idle();

    // How far it came before the error was known depends on how it came; not further after that.
    assertEquals(calls.begun, begun);
    assertEquals([state, aborted, closed], ["waiting", false, 0]);
    assertEquals([values, producer.closed], [[1, 2], 1]);
    assertStrictEquals(all.reason, error);
  });
}

test("map() gives no result that comes after an error in the order", async () => {
  const calls = new Calls();
  const { values, all } = await running(calls, { concurrency: 4 });
  await calls.answer(4, 3, 1);

  await calls.fail(2, "broken");

  assertEquals([values, all.reason], [[1], "broken"]);
});

test("map() without order fails at once, after the results that have come", async () => {
  const [calls, producer] = [new Calls(), new Producer()];
  const flow = pipe(producer.values(), map(calls.fn, { concurrency: 4, ordered: false }));
  const first = watch(flow.recv());
  await idle();
  await calls.answer(4);
  await calls.answer(2);

  await calls.fail(3, "broken");

  assertEquals(first.value, { done: false, value: 4 });
  assertEquals([await settled(flow.recv()), await rejection(flow.recv())], [{
    done: false,
    value: 2,
  }, "broken"]);
  assertEquals([calls.signals[0]?.aborted, producer.closed], [true, 1]);
});

test("map() calls its function no more after an error, although input comes", async () => {
  const gate = deferred<void>();
  const channel = new Channel<number>(4);
  const begun: number[] = [];
  const fn = async (n: number) => {
    begun.push(n);
    await gate.promise;
    if (n === 2) throw "broken";
    await NEVER;
  };
  const flow = pipe(channel, map(fn, { concurrency: 4 }));
  flow.recv();
  for (const value of [1, 2]) channel.trySend(value);
  await idle();

  gate.resolve();
  await idle();
  channel.trySend(3);
  await idle();

  assertEquals(begun, [1, 2]);
  flow.cancel();
});

for (const ordered of [true, false]) {
  test(`map() gives the results under way before an error of its input, ordered ${ordered}`, async () => {
    const calls = new Calls();
    const source = new Producer().failingAfter(2, "broken");
    const { values, all } = await running(calls, { concurrency: 4, ordered }, source);
    const before = all.state;

    await calls.answer(2);
    await calls.answer(1);

    assertEquals([before, all.reason], ["waiting", "broken"]);
    assertEquals([values, calls.signals[0]?.aborted], [ordered ? [1, 2] : [2, 1], false]);
  });

  test(`map() ends when the results under way were given, ordered ${ordered}`, async () => {
    const calls = new Calls();
    const { values, all } = await running(
      calls,
      { concurrency: 4, ordered },
      new Producer().values(2),
    );
    const before = all.state;

    await calls.answer(1, 2);

    assertEquals([before, all.state, values], ["waiting", "fulfilled", [1, 2]]);
  });

  test(`map() aborts its signal when the loop is left with calls under way, ordered ${ordered}`, async () => {
    const [calls, producer] = [new Calls(), new Producer()];
    const flow = pipe(producer.values(), map(calls.fn, { concurrency: 2, ordered }));
    const taken = watch(takeAndLeave(flow, 1));
    await idle();
    const before = calls.signals[0]?.aborted;

    await calls.answer(1);

    assertEquals([before, calls.signals[0]?.aborted, taken.value], [false, true, [1]]);
    assertEquals([calls.begun.slice(0, 2), producer.closed], [[1, 2], 1]);
  });
}

test("map() does not abort its signal when every result was taken", async () => {
  const calls = new Calls();
  const { all } = await running(calls, { concurrency: 2 }, new Producer().values(2));
  await calls.answer(1, 2);
  const signals: AbortSignal[] = [];

  await takeAndLeave(pipe([1, 2], map((_: number, signal) => void signals.push(signal))), 1);

  assertEquals([all.state, calls.signals.map(({ aborted }) => aborted)], ["fulfilled", [
    false,
    false,
  ]]);
  assertEquals(signals.map(({ aborted }) => aborted), [false]);
});

test("map() aborts its signal when results are dropped that were ready", async () => {
  const signals: AbortSignal[] = [];
  const flow = pipe(
    [1, 2, 3],
    map((_: number, signal) => void signals.push(signal), { concurrency: 2 }),
  );
  await flow.recv();
  await idle();
  const before = [flow.size, signals[0]?.aborted];

  flow.cancel();

  assertEquals([before, signals[0]?.aborted], [[2, false], true]);
});

test("map() aborts its signal inside cancel(), once", async () => {
  const calls = new Calls();
  let aborted = 0;
  const flow = pipe(
    new Producer().values(),
    map((n: number, signal) => {
      signal.addEventListener("abort", () => {
        aborted++;
        flow.cancel();
      });
      return calls.fn(n, signal);
    }),
  ) as Flow<number>;
  flow.recv();
  await idle();

  flow.cancel();
  const inside = aborted;
  flow.cancel();

  assertEquals([inside, aborted], [1, 1]);
});

test("map() aborts calls that are under way when another one fails", async () => {
  const calls = new Calls();
  const { all } = await running(calls, { concurrency: 3 });

  await calls.fail(1, "broken");

  assertEquals([all.reason, calls.signals.map(({ aborted }) => aborted)], ["broken", [
    true,
    true,
    true,
  ]]);
});

test("map() does not report what becomes of calls after the end", async () => {
  const calls = new Calls();
  const { flow, all } = await running(calls, { concurrency: 2 });
  const disposal = flow[Symbol.asyncDispose]();

  await calls.fail(1, "late");
  await calls.answer(2);

  // An unhandled rejection would fail this test on every runtime.
  assertEquals([all.state, await settled(disposal), flow.tryRecv()], [
    "fulfilled",
    undefined,
    DONE,
  ]);
});

test("map() with a call that never settles is left at once, and its source is closed first", async () => {
  const producer = new Producer();
  const fn = (n: number) => n === 1 ? n : NEVER;
  const flow = pipe(producer.closingSlowly(), map(fn, { concurrency: 3 }));

  for await (const _ of flow) {
    await idle();
    break;
  }

  assertEquals(producer.closed, 1);
});

test("map() whose function leaves the flow calls it no more", async () => {
  const begun: number[] = [];
  const flow: Flow<number> = pipe(
    new Producer().values(),
    map((n: number) => {
      begun.push(n);
      if (n === 2) flow.cancel();
      return n;
    }, { concurrency: 3 }),
  );

  const values = await drained(flow);
  await idle();

  assertEquals([values, begun], [[1], [1, 2]]);
});

test("map() whose function throws does not keep timers and I/O waiting, nor one that answers at once", async () => {
  let turns = 0;
  const next = () => void setImmediate(() => ++turns < 3 && next());
  next();
  const end = performance.now() + 10_000;
  function* source() {
    while (turns < 3 && performance.now() < end) yield 1;
  }

  for await (const _ of pipe(source(), map(identity), map(identity, { concurrency: 2 })));

  assertEquals(turns, 3);
});

test("map() is a case of select like any other, and keeps the result of a call that lost", async () => {
  const calls = new Calls();
  const flow = pipe(new Producer().values(), map(calls.fn));
  const other = new Channel<string>(1);
  const selected = select({ flow, other });
  await idle();
  other.trySend("first");

  await calls.answer(1);

  assertEquals((await settled(selected)).key, "other");
  assertEquals([flow.size, flow.tryRecv(), calls.begun], [1, { done: false, value: 1 }, [1]]);
});

test("map() of a synchronous generator runs its code when nothing else is half done", async () => {
  const log = new Channel<string>(1);
  function* source() {
    log.trySend("started");
    yield 1;
  }
  const selected = select({ flow: pipe(source(), map(() => NEVER)), log });

  const r = await settled(selected);

  assertEquals(r, { key: "log", done: false, value: "started" });
});

test("map() makes a stage that can be used any number of times, also by itself", async () => {
  const double = map((n: number) => n * 2, { concurrency: 2 });

  const lists = [
    drained(pipe([1, 2], double, double)),
    drained(pipe([3], double)),
    drained(double(new Producer().values(2))),
    drained(double(from([5]))),
  ];

  assertEquals(await Promise.all(lists), [[4, 8], [6], [2, 4], [10]]);
});

test("map() refuses options that are wrong, and names them", () => {
  const wrong: [unknown, unknown, string][] = [
    [5, {}, "fn must be a function: 5"],
    [identity, null, "options must be an object: null"],
    [identity, { concurrency: 0 }, "concurrency"],
    [identity, { concurrency: 1.5 }, "1.5"],
    [identity, { concurrency: "2" }, '"2"'],
    [identity, { capacity: -1 }, "capacity"],
    [identity, { ordered: 1 }, "ordered"],
  ];

  for (const [fn, options, part] of wrong) {
    const error = assertThrows(() => map(fn as () => number, options as MapOptions));
    assert(error instanceof TypeError || error instanceof RangeError);
    assert(error.message.includes(part), error.message);
  }
});

test("map() takes options that are Infinity", async () => {
  const calls = new Calls();
  const { values } = await running(
    calls,
    { concurrency: Infinity, capacity: Infinity },
    new Producer().values(50),
  );

  const begun = calls.begun.length;
  await calls.answer(...calls.begun);

  assertEquals([begun, values.length], [50, 50]);
});

for (const ordered of [true, false]) {
  test(`map({ ordered: ${ordered} }) gives each call its result, however often places are used again`, async () => {
    const later = (n: number) => {
      let promise = Promise.resolve(n);
      for (let turns = (n * 7) % 11; turns > 0; turns--) promise = promise.then((n) => n);
      return n % 3 === 0 ? n : promise;
    };

    const values = await drained(
      pipe(new Producer().values(500), map(later, { concurrency: 4, ordered })),
    );

    if (!ordered) values.sort((one, other) => one - other);
    assertEquals(values, Array.from({ length: 500 }, (_, i) => i + 1));
  });
}

test("map() with concurrency takes ten thousand values that are at hand, one after the other", async () => {
  const ahead = from(new Producer().values(10_000), { capacity: 10_000 });
  await settled(ahead.recv());
  await idle();
  const flow = pipe(ahead, map((n: number) => n, { concurrency: 2 }));

  const receives = Array.from({ length: 9_999 }, () => flow.recv());

  assertEquals((await settled(Promise.all(receives))).at(-1), RECEIVED(10_000));
});

test("map() with concurrency takes no value of a source that another one reads before it is read", async () => {
  const source = from(new Producer().values());
  const flow = pipe(source, map((n: number) => n, { concurrency: 3 }));

  const first = await settled(source.recv());
  await idle();

  assertEquals([first, await settled(flow.recv())], [RECEIVED(1), RECEIVED(2)]);
});
