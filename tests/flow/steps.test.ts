import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import {
  batch,
  Channel,
  drop,
  filter,
  type Flow,
  from,
  map,
  pipe,
  scan,
  select,
  type Stage,
  take,
  tap,
  trySelect,
} from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { DONE, drained, gather, RECEIVED, rejection, settled, watch } from "../unit/watch.ts";
import {
  deferred,
  NEVER,
  Producer,
  same,
  scripted,
  takeAndLeave,
  untilFailure,
} from "./sources.ts";

const odd = (n: number) => n % 2 === 1;
const double = (n: number) => n * 2;
const sum = (before: number, n: number) => before + n;

/** All kinds of sources, and how far they may run ahead. */
const SOURCES: Record<string, (producer: Producer, last?: number) => AsyncIterable<number>> = {
  "an async generator": (producer, last) => producer.values(last),
  "a flow": (producer, last) => from(producer.values(last)),
  "a flow that runs ahead": (producer, last) => from(producer.values(last), { capacity: 3 }),
  "a generator": (producer, last) => producer.now(last) as unknown as AsyncIterable<number>,
  "a stage": (producer, last) => pipe(producer.values(last), same),
  "a map of several": (producer, last) =>
    pipe(producer.values(last), map((n) => n, { concurrency: 2 })),
};

for (const [name, source] of Object.entries(SOURCES)) {
  test(`filter() passes on what its predicate approves of, behind ${name}`, async () => {
    assertEquals(await drained(pipe(source(new Producer(), 6), filter(odd))), [1, 3, 5]);
  });

  test(`take() passes on the first n and ends, behind ${name}`, async () => {
    const producer = new Producer();

    assertEquals(await drained(pipe(source(producer), take(3))), [1, 2, 3]);
    assertEquals(producer.closed, 1);
  });

  test(`take() ends with its input if that is shorter, behind ${name}`, async () => {
    assertEquals(await drained(pipe(source(new Producer(), 2), take(3))), [1, 2]);
  });

  test(`take(0) asks for nothing, behind ${name}`, async () => {
    const producer = new Producer();

    assertEquals(await drained(pipe(source(producer), map(double), take(0))), []);
    assertEquals([producer.started, producer.made], [false, 0]);
  });

  test(`drop() leaves out the first n, behind ${name}`, async () => {
    assertEquals(await drained(pipe(source(new Producer(), 5), drop(3))), [4, 5]);
    assertEquals(await drained(pipe(source(new Producer(), 2), drop(3))), []);
  });

  test(`scan() gives each result and not the start, behind ${name}`, async () => {
    assertEquals(await drained(pipe(source(new Producer(), 4), scan(sum, 10))), [11, 13, 16, 20]);
    assertEquals(await drained(pipe(source(new Producer(), 0), scan(sum, 10))), []);
  });

  test(`tap() shows each value and passes it on, behind ${name}`, async () => {
    const seen: number[] = [];

    const values = await drained(pipe(source(new Producer(), 3), tap((n) => seen.push(n) * 0)));

    assertEquals([values, seen], [[1, 2, 3], [1, 2, 3]]);
  });

  test(`stages that fold wait for promises, one value at a time, behind ${name}`, async () => {
    const events: string[] = [];
    const later = async (name: string, n: number) => {
      events.push(`${name}${n}`);
      await Promise.resolve();
      events.push(`/${name}${n}`);
    };
    const flow = pipe(
      source(new Producer(), 3),
      filter(async (n) => (await later("f", n), n !== 2)),
      map(async (n) => (await later("m", n), n * 10)),
      tap((n) => later("t", n)),
      scan(async (before, n: number) => (await later("s", n), before + n), 0),
    );

    assertEquals(await drained(flow), [10, 40]);
    const all = (n: number) =>
      [`f${n}`, `m${n}`, `t${n}0`, `s${n}0`].flatMap((event) => [event, `/${event}`]);
    assertEquals(events, [...all(1), "f2", "/f2", ...all(3)]);
  });

  for (const how of ["throws", "rejects"]) {
    test(`a step that ${how} fails the flow after the values before it, and closes ${name} first`, async () => {
      const producer = new Producer();
      const error = new Error("broken");
      const reached: number[] = [];
      const failing = (n: number) => {
        if (n !== 3) return n;
        if (how === "rejects") return Promise.reject(error);
        throw error;
      };

      const failed = await untilFailure(pipe(
        source(producer),
        map(failing),
        tap((n) => void reached.push(n)),
      ));

      assertEquals([failed.values, reached, producer.closed], [[1, 2], [1, 2], 1]);
      assertStrictEquals(failed.error, error);
    });
  }

  test(`stages that fold report an error of ${name} after the values`, async () => {
    const error = new Error("broken");
    async function* broken(input: AsyncIterable<number>) {
      yield* input;
      throw error;
    }

    const failed = await untilFailure(
      pipe(source(new Producer(), 2), broken, map(double), filter(() => true)),
    );

    assertEquals(failed.values, [2, 4]);
    assertStrictEquals(failed.error, error);
  });

  test(`a receive that is aborted loses no value, behind ${name}`, async () => {
    const gate = deferred<number>();
    const flow = pipe(source(new Producer(), 2), map((n) => n === 1 ? gate.promise : n));
    const controller = new AbortController();
    const aborted = watch(flow.recv({ signal: controller.signal }));
    await idle();
    controller.abort("enough");

    gate.resolve(7);
    await idle();

    assertEquals([aborted.reason, flow.size], ["enough", 1]);
    assertEquals(await drained(flow), [7, 2]);
  });

  test(`several receives are served in order, behind ${name}`, async () => {
    const flow = pipe(source(new Producer(), 4), map((n) => odd(n) ? Promise.resolve(n) : n));

    const receives = [flow.recv(), flow.recv(), flow.recv(), flow.recv(), flow.recv()];

    assertEquals(await settled(Promise.all(receives)), [...[1, 2, 3, 4].map(RECEIVED), DONE]);
  });
}

for (const name of ["an async generator", "a generator"]) {
  const source = SOURCES[name] as (producer: Producer) => AsyncIterable<number>;

  test(`take() asks ${name} for no value after its last, however long the consumer takes`, async () => {
    const producer = new Producer();
    const flow = pipe(source(producer), map(double), filter((n) => n > 2), take(2), map(double));

    const values: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      values.push(await flow.recv());
      await idle();
    }

    assertEquals(values, [RECEIVED(8), RECEIVED(12), DONE]);
    assertEquals([producer.made, producer.closed], [3, 1]);
  });

  test(`take() closes ${name} when its last value is taken, and not with the next receive`, async () => {
    const producer = new Producer();
    const flow = pipe(source(producer), take(1));

    await flow.recv();
    await idle();

    assertEquals([producer.closed, flow.closed], [1, true]);
  });

  test(`take() by itself takes ${name} as it is`, async () => {
    const producer = new Producer();

    assertEquals(await drained(take<number>(2)(source(producer))), [1, 2]);
    assertEquals([producer.made, producer.closed], [2, 1]);
  });
}

test("take() that has ended lets no function run any more, before it or behind", async () => {
  const [before, behind] = [[] as number[], [] as number[]];
  const flow = pipe(
    new Producer().values(),
    tap((n) => void before.push(n)),
    take(2),
    filter(odd),
    tap((n) => void behind.push(n)),
  );

  assertEquals(await drained(flow), [1]);
  assertEquals([before, behind], [[1, 2], [1]]);
});

for (const name of ["an async generator", "a flow", "a generator"]) {
  test(`take() asks ${name} for no value while its last one waits for a promise`, async () => {
    const producer = new Producer();
    const { promise, resolve } = deferred<void>();
    const source = SOURCES[name]?.(producer) ?? [];
    const flow = pipe(source, take(2), map((n) => n < 2 ? n : promise.then(() => n)));
    const receives = Promise.all([flow.recv(), flow.recv(), flow.recv()]);
    await idle();
    const made = producer.made;

    resolve();

    assertEquals(await settled(receives), [RECEIVED(1), RECEIVED(2), DONE]);
    assertEquals([made, producer.made, producer.closed], [2, 2, 1]);
  });
}

test("take() lets its last value wait for the steps behind it", async () => {
  const gate = deferred<number>();
  const producer = new Producer();
  const flow = pipe(producer.values(), take(1), map(() => gate.promise));
  const values = watch(gather(flow, []));
  await idle();
  const before = values.state;

  gate.resolve(5);
  await idle();

  assertEquals([before, values.value, producer.closed], ["waiting", [5], 1]);
});

test("take() fails when a finally that it causes to run throws", async () => {
  const failed = await untilFailure(pipe(new Producer().closingBadly("finally"), take(1)));
  const now = pipe(
    function* () {
      try {
        yield 1;
      } finally {
        // deno-lint-ignore no-unsafe-finally
        throw "now";
      }
    }(),
    take(1),
  );

  assertEquals([failed, await untilFailure(now)], [
    { values: [1], error: "finally" },
    { values: [1], error: "now" },
  ]);
});

test("take() does not wait for a source that owes an answer to a receive of somebody else", async () => {
  const channel = new Channel<number>(2);
  channel.trySend(1);

  assertEquals(await drained(pipe(channel, take(1))), [1]);
  assertEquals(channel.closed, false);
});

test("a stage that folds keeps its state to one flow", async () => {
  const [two, skip, total] = [take<number>(2), drop<number>(1), scan(sum, 0)];
  const run = () => drained(pipe([1, 2, 3, 4], skip, two, total));

  assertEquals(await Promise.all([run(), run()]), [[2, 5], [2, 5]]);
  assertEquals(await run(), [2, 5]);
});

test("stages that fold work one in the other without pipe()", async () => {
  const flow = take<number>(2)(map(double)(filter(odd)(new Producer().values())));

  assertEquals(await drained(flow), [2, 6]);
});

test("stages that fold stand before and behind those that do not", async () => {
  const producer = new Producer();
  const flow = pipe(
    producer.values(),
    filter(odd),
    map(double),
    batch({ size: 2 }),
    map(([a = 0, b = 0]) => a + b),
    same,
    scan(sum, 0),
    map((n) => n, { concurrency: 2 }),
    take(2),
  );

  assertEquals(await drained(flow), [8, 32]);
  assertEquals(producer.closed, 1);
});

test("take() and drop() take Infinity", async () => {
  assertEquals(await drained(pipe([1, 2], take(Infinity))), [1, 2]);
  assertEquals(await drained(pipe([1, 2], drop(Infinity))), []);
});

test("filter() and tap() hand on promises untouched", async () => {
  const promises = [Promise.resolve(1), NEVER];

  const values: unknown[] = await drained(
    pipe(promises, filter(() => true), tap(() => {}), drop(0)),
  );

  assertStrictEquals(values[0], promises[0]);
  assertStrictEquals(values[1], promises[1]);
});

test("stages that fold pass any value on", async () => {
  const values = [undefined, null, NaN, false, 0, "", new Error("a value"), () => 1];

  const received = await drained(
    pipe(
      values,
      map((value) => value),
      filter(() => true),
      scan((_, value) => value, {} as unknown),
    ),
  );

  assertEquals(received.length, values.length);
  received.forEach((value, i) => assertStrictEquals(value, values[i]));
});

const five = (source: AsyncIterable<number> | Iterable<number>) =>
  pipe(source, map(double), filter((n) => n > 2), scan(sum, 0), tap(() => {}), take(3));

test("a folded pipe over an array gives its values to who does not wait", async () => {
  const polled = five([1, 2, 3, 4, 5]);
  const selected = five([1, 2, 3, 4, 5]);
  const many = five([1, 2, 3, 4, 5]);

  const seen = [polled.tryRecv(), polled.tryRecv(), polled.tryRecv(), polled.tryRecv()];
  const cases = [1, 2, 3, 4].map(() => trySelect({ selected }));
  const batch = await settled(many.recvMany(10));

  assertEquals(seen, [RECEIVED(4), RECEIVED(10), RECEIVED(18), DONE]);
  assertEquals(cases.map((r) => [r?.done, r?.value]), [
    [false, 4],
    [false, 10],
    [false, 18],
    [true, undefined],
  ]);
  assertEquals([batch, await settled(many.recvMany(10))], [[4, 10, 18], []]);
  assertEquals(await gather(five([1, 2]).batches(10), []), [[4]]);
});

test("a folded pipe over an array ends for who does not wait, with its error", () => {
  const flow = pipe([1, 2], tap(() => {}), filter(odd));
  const failing = pipe(
    [1],
    map((): number => {
      throw "broken";
    }),
  );

  assertEquals([flow.tryRecv(), flow.tryRecv(), flow.closed], [RECEIVED(1), DONE, true]);
  assertEquals(String(assertThrowsAny(() => failing.tryRecv())), "broken");
});

function assertThrowsAny(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("a folded pipe over an array makes each value when it is taken", () => {
  const producer = new Producer();
  const flow = pipe(producer.now(), map(double), tap(() => {}));
  const made: number[] = [producer.made];

  for (let i = 0; i < 3; i++) {
    flow.tryRecv();
    made.push(producer.made);
  }

  assertEquals([made, flow.size], [[0, 1, 2, 3], 0]);
});

test("select() takes from one folded pipe and loses nothing of the other", async () => {
  const [a, b] = [pipe(new Producer().values(4), map(double)), pipe([10, 20, 30, 40], map(double))];
  const seen: number[] = [];

  for (let i = 0; i < 8;) {
    const r = await select({ a, b, off: undefined });
    if (!r.done) seen.push(r.value), i++;
    else await (r.key === "a" ? gather(b, seen) : gather(a, seen)), i = 8;
  }

  assertEquals(seen.sort((a, b) => a - b), [2, 4, 6, 8, 20, 40, 60, 80]);
});

for (const when of ["at once", "later"]) {
  const answer = <T>(value: T) => when === "later" ? Promise.resolve(value) : value;

  test(`a step that receives from its own flow and answers ${when} gets a value, and none is lost`, async () => {
    for (const source of [new Producer().values(3), new Producer().now(3)]) {
      const inner: number[] = [];
      const flow: Flow<number> = pipe(
        source,
        map((n: number) => {
          if (n === 1) flow.recv().then(({ value = 0 }) => inner.push(value));
          assertEquals(flow.tryRecv(), undefined);
          return answer(n);
        }),
      );

      const values = await drained(flow);

      assertEquals([inner.length, [...inner, ...values].sort()], [1, [1, 2, 3]]);
    }
  });

  test(`a step that cancels its own flow ${when} lets no further step run`, async () => {
    const producer = new Producer();
    for (const source of [producer.values(), [1, 2]]) {
      const reached: number[] = [];
      const flow: Flow<number> = pipe(
        source,
        map(async (n: number) => {
          if (when === "later") await Promise.resolve();
          if (n === 2) flow.cancel();
          return n;
        }),
        tap((n) => void reached.push(n)),
      );

      assertEquals([await drained(flow), reached], [[1], [1]]);
    }
    await idle();
    assertEquals(producer.closed, 1);
  });
}

test("a step that cancels its own flow at once lets no further step run", async () => {
  for (const [name, source] of Object.entries(SOURCES)) {
    const [producer, reached] = [new Producer(), [] as number[]];
    const flow: Flow<number> = pipe(
      source(producer),
      tap((n: number) => n === 2 && flow.cancel()),
      tap((n) => void reached.push(n)),
    );

    assertEquals([await drained(flow), reached], [[1], [1]], name);
    await idle();
    assertEquals(producer.closed, 1, name);
  }
});

test("a synchronous source that receives from the folded flow is served when it has answered", async () => {
  const inner: Promise<unknown>[] = [];
  function* source(): Generator<number> {
    inner.push(flow.recv());
    yield 1;
    yield 2;
    yield 3;
  }
  const flow: Flow<number> = pipe(source(), map(double), filter(() => true));

  const outer = [flow.tryRecv(), await settled(flow.recv()), await settled(flow.recv())];

  assertEquals(await settled(Promise.all(inner)), [RECEIVED(4)]);
  assertEquals(outer, [RECEIVED(2), RECEIVED(6), DONE]);
});

test("what becomes of the promise of a step after the end is nobody's", async () => {
  const gate = deferred<number>();
  const flow = pipe([1, 2], map(() => gate.promise), tap(() => assert(false, "too far")));
  const receive = flow.recv();
  flow.cancel();

  gate.reject("late");

  // An unhandled rejection would fail this test on every runtime.
  assertEquals([await settled(receive), flow.tryRecv()], [DONE, DONE]);
});

test("break does not wait for a step that owes an answer", async () => {
  const producer = new Producer();
  const flow = pipe(producer.values(), map((n) => n === 1 ? n : NEVER));
  const loop = flow[Symbol.asyncIterator]();
  await loop.next();
  const pending = loop.next();
  await idle();

  assertEquals(await settled(Promise.all([loop.return(), pending])), [DONE, DONE]);
  assertEquals(producer.closed, 1);
});

test("the signal of map() is aborted for a call in a folded pipe, and not without one", async () => {
  const signals: AbortSignal[] = [];
  const flow = (fn: (n: number) => unknown) =>
    pipe(
      new Producer().values(),
      map((n, signal) => {
        signals.push(signal);
        return n;
      }),
      map(fn),
    );
  const [idling, waiting] = [flow((n) => n), flow((n) => n === 1 ? n : NEVER)];
  await takeAndLeave(idling, 1);
  await waiting.recv();
  waiting.recv();
  await idle();

  waiting.cancel();

  assertEquals(signals.map(({ aborted }) => aborted), [false, true, true]);
  assertStrictEquals(signals[1], signals[2]);
});

test("the signal of map() is aborted when a result is dropped that was ready, in a folded pipe", async () => {
  const [signals, gate] = [[] as AbortSignal[], deferred<number>()];
  const flow = pipe([1], map((_, signal) => (signals.push(signal), gate.promise)));
  const controller = new AbortController();
  const aborted = rejection(flow.recv({ signal: controller.signal }));
  controller.abort("enough");
  gate.resolve(1);
  await aborted;
  const before = [flow.size, signals[0]?.aborted];

  flow.cancel();

  assertEquals([before, signals.map(({ aborted }) => aborted)], [[1, false], [true]]);
});

test("a pipe that was never received from makes no AbortController", () => {
  const { AbortController } = globalThis;
  let made = 0;
  globalThis.AbortController = class extends AbortController {
    constructor() {
      super();
      made++;
    }
  };
  try {
    pipe(new Producer().values(), map(double), map(double)).cancel();
    pipe([1], filter(odd), take(1)).tryRecv();
  } finally {
    globalThis.AbortController = AbortController;
  }

  assertEquals(made, 0);
});

/** Whether three turns of the event loop go by while `run` does; it is told when they have. */
async function turnsDuring(run: (over: () => boolean) => Promise<unknown>): Promise<number> {
  let turns = 0;
  const next = () => void setImmediate(() => ++turns < 3 && next());
  next();
  const end = performance.now() + 10_000;
  await run(() => turns >= 3 || performance.now() > end);
  return turns;
}

test("filter() that leaves out what a source gives at once keeps no timer waiting", async () => {
  const turns = await turnsDuring((over) =>
    gather(
      pipe(
        function* () {
          while (!over()) yield 1;
        }(),
        filter(() => false),
      ),
      [],
    )
  );

  assertEquals(turns, 3);
});

test("filter() that leaves out what a hot generator gives keeps no timer waiting", async () => {
  for (const through of [[], [same]] as Stage<number, number>[][]) {
    const turns = await turnsDuring((over) => {
      async function* hot() {
        while (!over()) yield 1;
      }
      const source = (through[0] ?? ((input) => input))(hot());
      return gather(pipe(from(source), drop(1), filter(() => false)), []);
    });

    assertEquals(turns, 3);
  }
});

for (const [name, passes] of [["passes on", true], ["leaves out", false]] as const) {
  test(`filter() that ${name} what a source gives at once keeps no timer waiting if it answers a promise`, async () => {
    const turns = await turnsDuring((over) =>
      gather(
        pipe(
          function* () {
            while (!over()) yield 1;
          }(),
          filter(() => Promise.resolve(passes)),
          drop(Infinity),
        ),
        [],
      )
    );

    assertEquals(turns, 3);
  });
}

test("map() whose function answers a promise keeps no timer waiting, nor does who receives", async () => {
  const turns = await turnsDuring(async (over) => {
    const flow = pipe(new Producer().now(), map((n) => Promise.resolve(n)));
    while (!over()) await flow.recv();
    flow.cancel();
  });

  assertEquals(turns, 3);
});

test("filter() of a million values of an array is soon over, and gives what is left", async () => {
  const numbers = Array.from({ length: 1_000_000 }, (_, i) => i);

  assertEquals(await gather(pipe(numbers, filter((n) => n % 400_000 === 1)), []), [
    1,
    400_001,
    800_001,
  ]);
});

test("a folded flow that is cancelled while its guard rests ends at once", async () => {
  let given = 0;
  const flow = pipe(
    function* () {
      for (;;) yield ++given;
    }(),
    filter(() => false),
  );
  const receive = watch(flow.recv());
  assert(given > 0);

  flow.cancel();
  const before = given;
  await idle();

  assertEquals([receive.value, given, flow.tryRecv()], [DONE, before, DONE]);
});

test("stages that fold refuse arguments that are wrong, and name them", () => {
  const wrong: [() => unknown, string][] = [
    [() => filter(5 as unknown as () => boolean), "predicate must be a function: 5"],
    [() => tap(null as unknown as () => void), "fn must be a function: null"],
    [() => scan("no" as unknown as typeof sum, 0), 'fn must be a function: "no"'],
    [() => take(-1), "n must be a whole number of at least 0, or Infinity: -1"],
    [() => take(1.5), "n must be a whole number of at least 0, or Infinity: 1.5"],
    [() => drop(NaN), "n must be a whole number of at least 0, or Infinity: NaN"],
    [() => drop("1" as unknown as number), 'n must be a number: "1"'],
    [() => take(undefined as unknown as number), "n must be a number: undefined"],
  ];

  for (const [run, message] of wrong) {
    const error = assertThrows(run);
    assert(error instanceof TypeError || error instanceof RangeError);
    assertEquals(error.message, message);
  }
  const none = assertThrows(() => filter(odd)(5 as unknown as AsyncIterable<number>));
  assertInstanceOf(none, TypeError);
});

test("a predicate may answer anything, as that of an array", async () => {
  const truthy = filter((value: unknown) => value as boolean);

  assertEquals(await drained(pipe([0, 1, "", "a", null, {}], truthy)), [1, "a", {}]);
});

test("a thenable that a step answers is waited for, and answers once", async () => {
  const twice = {
    then(resolve: (n: number) => void) {
      resolve(1);
      resolve(2);
    },
  };
  const unreadable = scripted<number>({ next: () => ({ done: false, value: 1 }) });

  assertEquals(await drained(pipe([0], map(() => twice as unknown as Promise<number>))), [1]);
  const failed = await untilFailure(pipe(
    unreadable,
    tap(() => ({
      get then(): unknown {
        throw "unreadable";
      },
    })),
  ));
  assertEquals(failed, { values: [], error: "unreadable" });
  assertEquals(await rejection(pipe([1], filter(() => Promise.reject("no"))).recv()), "no");
});
