import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { test } from "node:test";
import {
  batch,
  buffer,
  Channel,
  debounce,
  flatMap,
  type Flow,
  from,
  map,
  pipe,
  type Source,
  throttle,
} from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import type { Equals } from "../types/equals.ts";
import { collected, NO_GC } from "../unit/gc.ts";
import { DONE, drained, gather, RECEIVED, rejection, settled, watch } from "../unit/watch.ts";
import { heap } from "./heap.ts";
import { deferred, NEVER, Producer, scripted, takeAndLeave, untilFailure } from "./sources.ts";
import { timelines } from "./timeline.ts";

/** Inner sources that tell what is done to them; each goes on for ever. */
class Inners {
  readonly made: Producer[] = [];

  readonly open = (): AsyncGenerator<number> => this.#producer().values();

  readonly openNow = (): Generator<number> => this.#producer().now();

  get closed(): number[] {
    return this.made.map(({ closed }) => closed);
  }

  #producer(): Producer {
    const producer = new Producer();
    this.made.push(producer);
    return producer;
  }
}

for (const concurrency of [1, 2, Infinity]) {
  test(`flatMap() gives all values of all kinds of sources, concurrency ${concurrency}`, async () => {
    const channel = new Channel<string>(2);
    for (const text of ["a", "b"]) channel.trySend(text);
    channel.close();
    const stream = new ReadableStream<string>({
      start(controller) {
        controller.enqueue("c");
        controller.close();
      },
    });
    async function* generator() {
      yield "d";
    }
    const sources: (Source<string> | Promise<Source<string>>)[] = [
      [],
      ["e", "f"],
      new Set(["g"]),
      "hi",
      channel,
      stream,
      generator(),
      pipe(["j"], map((text: string) => text)),
      Promise.resolve(["k"]),
      [],
    ];
    const flow = pipe(sources.keys(), flatMap((i) => sources[i] ?? [], { concurrency }));

    const values = await drained(flow);

    const inOrder = ["e", "f", "g", "h", "i", "a", "b", "c", "d", "j", "k"];
    assertEquals(
      concurrency === 1 ? values : values.sort(),
      concurrency === 1 ? inOrder : inOrder.sort(),
    );
  });
}

// What the inner sources of the letters give.
const INNER: Record<string, string> = { x: "1-2-3|", y: "7---8|", z: "4--#", w: "--5--6|" };

// What comes with a concurrency of 1, and of 2; then the same for a consumer that works three ticks.
const LINES = [
  ["xy---|", ["1-2-37---8|", "172-38|"], ["1--2--3--7---8--|", "1--7--2--8--3--|"]],
  ["x-----y--|", ["1-2-3-7---8|", "1-2-3-7---8|"], ["1--2--3--7---8--|", "1--2--3--7--8--|"]],
  ["xyx|", ["1-2-37---81-2-3|", "172-3(81)-2-3|"], [
    "1--2--3--7---8--1--2--3--|",
    "1--7--2--8--3--1--2--3--|",
  ]],
  ["wx-#", ["--5--61-2-3#", "-152-(63)#"], ["--5--6--1--2--3--#", "-1--5--2--6--3--#"]],
  ["zx|", ["4--#", "41-#"], ["4--#", "4--1--#"]],
  ["|", ["|", "|"], ["|", "|"]],
  ["#", ["#", "#"], ["#", "#"]],
] as const;

for (const [source, ...lines] of LINES) {
  for (const concurrency of [1, 2] as const) {
    for (const [i, busy] of [0, 3].entries()) {
      const line = lines[i]?.[concurrency - 1];
      test(`flatMap() makes ${line} of ${source}, concurrency ${concurrency}, busy ${busy}`, async (t) => {
        const { clock, play, record } = timelines(t);
        const inner = (name: string) => play(INNER[name] ?? "");

        const seen = await record(pipe(play(source), flatMap(inner, { concurrency })), { busy });

        assertEquals([seen, clock.timers], [line, 0]);
      });
    }
  }
}

for (const kind of ["open", "openNow"] as const) {
  test(`flatMap() asks nobody ahead of a receive, ${kind}`, async () => {
    const [outer, inners] = [new Producer(), new Inners()];
    const flow = pipe(from(outer.values()), flatMap(inners[kind]));
    const made: unknown[] = [];

    made.push(flow.tryRecv());
    for (let n = 0; n < 3; n++) {
      await idle();
      made.push([outer.made, ...inners.made.map(({ made }) => made)]);
      await flow.recv();
    }

    assertEquals(made, [undefined, [0], [1, 1], [1, 2]]);
  });

  for (const [concurrency, capacity] of [[1, 2], [2, 0], [3, 0], [2, 2]] as const) {
    const bound = concurrency === 1 ? capacity : concurrency + capacity;

    test(`flatMap() holds ${bound} values that are not taken, ${JSON.stringify({ concurrency, capacity })}, ${kind}`, async () => {
      const [outer, inners] = [new Producer(), new Inners()];
      const flow = pipe(from(outer.values()), flatMap(inners[kind], { concurrency, capacity }));
      const made: number[] = [];

      for (let n = 0; n < 3; n++) {
        await flow.recv();
        await idle();
        made.push(inners.made.reduce((sum, { made }) => sum + made, 0));
      }

      assertEquals(made, [1 + bound, 2 + bound, 3 + bound]);
      assertEquals([flow.size, outer.made, inners.made.length], [bound, concurrency, concurrency]);
    });
  }
}

test("flatMap() with a concurrency of Infinity holds one value of each inner source", async () => {
  const inners = new Inners();
  const flow = pipe([1, 2, 3], flatMap(inners.open, { concurrency: Infinity }));

  await flow.recv();
  await idle();

  assertEquals([flow.size, inners.made.map(({ made }) => made)], [3, [2, 1, 1]]);
});

test("flatMap() gives each inner source its turn", async () => {
  const endless = (n: number) => pipe(new Producer().now(), map(() => n));
  const flow = pipe([1, 2, 3], flatMap(endless, { concurrency: 3 }));

  const values = await takeAndLeave(flow, 300);

  for (const n of [1, 2, 3]) {
    const share = values.filter((value) => value === n).length;
    assert(share > 90 && share < 110, `${share} of 300 values come from source ${n}`);
  }
});

/** All that ends a flow early, after a value was received. */
const EARLY_ENDS: Record<string, (flow: Flow<number>) => unknown> = {
  "break": (flow) => takeAndLeave(flow, 1),
  "cancel()": async (flow) => {
    await flow.recv();
    flow.cancel();
    await idle();
  },
  "[Symbol.asyncDispose]()": async (flow) => {
    await flow.recv();
    await flow[Symbol.asyncDispose]();
  },
};

for (const [name, end] of Object.entries(EARLY_ENDS)) {
  for (const concurrency of [1, 3]) {
    test(`flatMap() closes each inner source once after ${name}, concurrency ${concurrency}`, async () => {
      const [outer, inners] = [new Producer(), new Inners()];
      const flow = pipe(outer.values(), flatMap(inners.open, { concurrency }));

      await end(flow);
      const closed = [outer.closed, ...inners.closed];
      await flow[Symbol.asyncDispose]();
      await idle();

      assert(inners.made.length > 0);
      assertEquals(closed, [1, ...inners.made.map(() => 1)]);
      assertEquals([outer.closed, ...inners.closed], closed);
      assertEquals([flow.size, flow.tryRecv()], [0, DONE]);
    });
  }
}

for (const concurrency of [1, 2]) {
  test(`flatMap() waits for the finally of its inner sources, concurrency ${concurrency}`, async () => {
    const inner = new Producer();
    const flow = pipe([1], flatMap(() => inner.closingSlowly(), { concurrency }));
    await flow.recv();
    await idle(); // What runs ahead has answered.

    await flow[Symbol.asyncIterator]().return();

    assertEquals(inner.closed, 1);
  });

  test(`flatMap() reports an error in the finally of an inner source, concurrency ${concurrency}`, async () => {
    const make = async () => {
      const open = () => new Producer().closingBadly("not closed");
      const flow = pipe([1], flatMap(open, { concurrency }));
      await flow.recv();
      await idle();
      return flow;
    };
    const [left, disposed] = [await make(), await make()];

    const seen = [
      await rejection(left[Symbol.asyncIterator]().return()),
      await rejection(disposed[Symbol.asyncDispose]()),
    ];

    assertEquals(seen, ["not closed", "not closed"]);
  });

  test(`flatMap() leaves an inner source that never answers, concurrency ${concurrency}`, async () => {
    const [stuck, other] = [new Producer(), new Producer()];
    const open = (n: number) => n === 1 ? stuck.stuckAfter(1) : other.closingSlowly();
    const flow = pipe([1, 2], flatMap(open, { concurrency }));

    const left = await settled(takeAndLeave(flow, concurrency));

    assertEquals(left.length, concurrency);
    assertEquals(other.closed, concurrency - 1);
  });

  test(`flatMap() leaves a call that never answers, concurrency ${concurrency}`, async () => {
    const flow = pipe([1], flatMap((): Promise<number[]> => NEVER, { concurrency }));
    const loop = flow[Symbol.asyncIterator]();
    const step = loop.next();
    await idle();

    assertEquals(await settled(Promise.all([step, loop.return()])), [DONE, DONE]);
  });
}

test("flatMap() closes all that is open when an inner source fails, before receivers learn of it", async () => {
  const [outer, other] = [new Producer(), new Producer()];
  const error = new Error("broken");
  const open = (n: number) =>
    n === 1 ? new Producer().failingAfter(2, error) : other.closingSlowly();
  const flow = pipe(outer.values(2), flatMap(open, { concurrency: 2 }));

  const failed = await untilFailure(flow);

  assertEquals([failed.error, other.closed, outer.closed], [error, 1, 1]);
  assertEquals(failed.values.filter((n) => n <= 2).length, failed.values.length);
});

for (const concurrency of [1, 2]) {
  test(`flatMap() fails with the error of an inner source that answers at once, concurrency ${concurrency}`, async () => {
    const outer = new Producer();
    function* open(n: number) {
      yield n;
      // deno-lint-ignore no-throw-literal
      if (n === 3) throw "broken";
    }

    const failed = await untilFailure(pipe(outer.values(5), flatMap(open, { concurrency })));

    assertEquals(failed, { values: [1, 2, 3], error: "broken" });
    assertEquals(outer.closed, 1);
  });
}

test("flatMap() fails with what its function throws, or answers, after the values before it", async () => {
  const open = (how: string) => (n: number): number[] | Promise<number[]> => {
    if (n < 3) return [n, n * 10];
    if (how === "rejects") return Promise.reject(how);
    // deno-lint-ignore no-throw-literal
    if (how === "throws") throw how;
    return 5 as unknown as number[];
  };
  const producers = [new Producer(), new Producer(), new Producer()];
  const ends = await Promise.all(
    ["throws", "rejects", "answers"].map((how, i) =>
      untilFailure(pipe(producers[i]?.values() ?? [], flatMap(open(how))))
    ),
  );

  for (const { values } of ends) assertEquals(values, [1, 10, 2, 20]);
  assertEquals(ends.slice(0, 2).map(({ error }) => error), ["throws", "rejects"]);
  assertInstanceOf(ends[2]?.error, TypeError);
  assertEquals(producers.map(({ closed }) => closed), [1, 1, 1]);
});

test("flatMap() closes a source that comes when nobody wants it any more", async () => {
  const { promise, resolve } = deferred<AsyncIterable<number>>();
  const returned: string[] = [];
  const flow = pipe([1], flatMap(() => promise));
  flow.recv();
  await idle();
  const disposal = watch(flow[Symbol.asyncDispose]());
  await idle();
  const before = disposal.state;

  resolve({
    [Symbol.asyncIterator]: () => ({
      next: () => NEVER,
      return: () => {
        returned.push("closed");
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  });
  await idle();

  assertEquals([before, disposal.state, returned], ["waiting", "fulfilled", ["closed"]]);
});

test("flatMap() that is disposed of waits for the end of a source that comes later", async () => {
  const answer = deferred<AsyncIterable<number>>();
  const closed = deferred<IteratorResult<number>>();
  const flow = pipe([1], flatMap(() => answer.promise));
  void flow.recv();
  await idle();
  const disposal = watch(flow[Symbol.asyncDispose]());

  answer.resolve(scripted({ next: () => NEVER, return: () => closed.promise }));
  await idle();
  const before = disposal.state;
  closed.resolve({ done: true, value: undefined });
  await idle();

  assertEquals([before, disposal.state], ["waiting", "fulfilled"]);
});

test("flatMap() counts calls, open sources and those of which a value waits together", async () => {
  const second = deferred<number[]>();
  const called: number[] = [];
  const answer = (n: number) => {
    called.push(n);
    return n === 1 ? Promise.resolve([10, 11]) : n === 2 ? second.promise : NEVER;
  };
  const flow = pipe([1, 2, 3, 4, 5], flatMap(answer, { concurrency: 3 }));
  await settled(flow.recv());

  second.resolve([20]); // open, while 11 waits and 3 is called
  await idle();

  assertEquals(called, [1, 2, 3]);
  flow.cancel();
});

for (const [concurrency, capacity] of [[1, 2], [2, 1], [2, 3], [3, 0]] as const) {
  const bound = concurrency + capacity;
  test(`flatMap() has ${bound} unfinished inner sources at most, ${concurrency} + ${capacity}`, async () => {
    const left = new Map<number, number>();
    const open = (n: number) => {
      const values = Array.from({ length: 1 + n * n % 5 }, () => n);
      left.set(n, values.length);
      return Promise.resolve(values);
    };
    const flow = pipe(new Producer().now(), flatMap(open, { concurrency, capacity }));

    for (let i = 0; i < 200; i++) {
      const { value = NaN } = await settled(flow.recv());
      left.set(value, left.get(value)! - 1);
      if (left.get(value) === 0) left.delete(value);
      assert(left.size <= bound, `${left.size} after ${i}`);
    }
    flow.cancel();
  });
}

test("flatMap() keeps nothing of the calls that have answered", { skip: NO_GC }, async () => {
  const flow = pipe(new Producer().now(), flatMap((n) => Promise.resolve([n])));
  for (let i = 0; i < 1_000; i++) await flow.recv();
  const before = await heap();

  for (let i = 0; i < 20_000; i++) await flow.recv();

  const grown = await heap() - before;
  assert(grown < 3, `${grown} MB`);
  flow.cancel();
});

test("flatMap() drops an answer that comes too late and is an error", async () => {
  const { promise, reject } = deferred<number[]>();
  const flow = pipe([1], flatMap(() => promise));
  flow.recv();
  await idle();
  flow.cancel();

  reject(new Error("too late"));
  await idle();

  // An unhandled rejection would fail this test on every runtime.
  assertEquals(flow.tryRecv(), DONE);
});

test("flatMap() aborts its signal when the flow ends early, and not otherwise", async () => {
  const signals: AbortSignal[] = [];
  const open = (n: number, signal: AbortSignal) => {
    signals.push(signal);
    return new Producer().values(n);
  };

  await drained(pipe([1, 2], flatMap(open)));
  const all = signals.splice(0).map(({ aborted }) => aborted);
  await takeAndLeave(pipe([3], flatMap(open)), 1);

  assertEquals([all, signals.map(({ aborted }) => aborted)], [[false, false], [true]]);
});

test("flatMap() goes through inner sources that are empty", async () => {
  const flow = pipe(
    Array.from({ length: 10_000 }, (_, i) => i),
    flatMap((i) => i % 5_000 === 4_999 ? [i] : []),
  );

  assertEquals(await gather(flow, []), [4_999, 9_999]);
});

test("flatMap() lets nobody overtake who waits while it lets timers and I/O run", async () => {
  const many = 2_000;
  const answer = deferred<Iterable<number>>();
  const flow = pipe([0], flatMap(() => answer.promise));
  const received: unknown[] = [];
  for (let i = 0; i < many; i++) void flow.recv().then(({ value }) => received.push(value));
  await idle();

  answer.resolve(tiring());
  while (received.length === 0) await null;
  for (let i = 0; i < 9; i++) await null;
  const [before, overtaking] = [received.length, flow.tryRecv()];

  assert(before < many, "it did not stop for the event loop");
  assertEquals(overtaking, undefined);
  await idle();
  assertEquals(received, Array.from({ length: many }, (_, i) => i));
  flow.cancel();
});

/** Counts up; a turn of the event loop is too short for many of these. */
function* tiring(): Generator<number> {
  for (let n = 0;; n++) {
    const start = performance.now();
    while (n % 64 === 63 && performance.now() - start < 1);
    yield n;
  }
}

test("flatMap() lets timers and I/O run while all its inner sources are empty", async () => {
  const outer = new Producer();
  const end = performance.now() + 10_000;
  // The limit only ends the test where nothing else would run.
  const flow = pipe(outer.now(), flatMap(() => performance.now() > end ? [1] : []));
  const receive = watch(flow.recv());

  await new Promise((resolve) => setImmediate(resolve));
  flow.cancel();
  await idle();

  assertEquals([receive.value, outer.closed], [DONE, 1]);
});

test("flatMap() takes what an inner source has at hand together", async () => {
  const flow = pipe([1, 2], flatMap((n) => [n, n * 10, n * 100]));
  const batches: number[][] = [];

  for await (const batch of flow.batches(10)) batches.push(batch);

  assertEquals(batches.flat(), [1, 10, 100, 2, 20, 200]);
  assert(batches.length < 6, `${batches.length} batches`);
});

test("flatMap() closes the input when its function cancels the flow, and the source it opened", async () => {
  const outer = new Producer();
  let returned = 0;
  const inner = scripted<number>({
    next: () => NEVER,
    return: () => Promise.resolve({ done: true, value: ++returned }),
  });
  const flow: Flow<number> = pipe(
    outer.values(),
    flatMap(() => {
      flow.cancel();
      return inner;
    }),
  );

  assertEquals(await settled(flow.recv()), DONE);
  await idle();
  assertEquals([outer.closed, returned], [1, 1]);
});

test("flatMap() of a source that receives from the flow serves it in order", async () => {
  const inside: unknown[] = [];
  const flow: Flow<number> = pipe(
    [1, 2],
    flatMap(function* (n) {
      flow.recv().then((received) => inside.push(received));
      yield n;
    }),
  );

  const outside = [await settled(flow.recv()), await settled(flow.recv())];
  await idle();

  assertEquals([outside, inside], [[RECEIVED(1), DONE], [RECEIVED(2), DONE]]);
});

test("flatMap() keeps no inner source that is over", { skip: NO_GC }, async () => {
  const refs: WeakRef<object>[] = [];
  const flow = pipe(
    from([1, 2, 3, 4]),
    flatMap((n) => {
      const inner = new Producer().values(n);
      refs.push(new WeakRef(inner));
      return inner;
    }),
  );

  for (let n = 0; n < 7; n++) await flow.recv(); // 1, 1 2, 1 2 3, and then the first of four

  const gone = await Promise.all(refs.slice(0, 3).map(collected));
  assertEquals(gone, [true, true, true]);
  flow.cancel();
});

test("stages in a pipe know the type of what comes to them", async () => {
  const flow = pipe(
    ["a", "b"],
    buffer(1),
    debounce(1_000),
    batch({ size: 2 }),
    flatMap((list) => list.map((text) => text.length)),
    throttle(1_000),
  );
  const same: Equals<typeof flow, Flow<number>> = true;

  assertEquals([same, await drained(flow)], [true, [1]]);
});

test("flatMap() rejects arguments of the wrong type", () => {
  assertThrows(() => flatMap(5 as unknown as () => []), TypeError, "fn");
  assertThrows(() => flatMap(() => [], { concurrency: 0 }), RangeError, "concurrency");
  assertThrows(() => flatMap(() => [], { capacity: -1 }), RangeError, "capacity");
});
