import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { execFile } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Channel, from, select, trySelect } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { counts } from "../unit/counts.ts";
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

for (const capacity of [0, 1, 3, 8]) {
  test(`from() advances a generator at most ${capacity} values beyond those received`, async () => {
    const producer = new Producer();
    const flow = from(producer.values(), { capacity });
    const made: number[] = [];

    for (let received = 1; received <= 3; received++) {
      await flow.recv();
      await idle();
      made.push(producer.made);
    }

    assertEquals(made, [1 + capacity, 2 + capacity, 3 + capacity]);
    assertEquals([flow.size, flow.capacity], [capacity, capacity]);
  });
}

test("from() without options does not advance before a receive waits", async () => {
  const producer = new Producer();
  const flow = from(producer.values());

  const before = flow.tryRecv();
  await idle();

  assertEquals([before, producer.started, flow.capacity], [undefined, false, 0]);
});

test("from() advances for each receive that waits", async () => {
  const producer = new Producer();
  const flow = from(producer.values());

  const receives = [flow.recv(), flow.recv(), flow.recv()];

  assertEquals(await settled(Promise.all(receives)), [1, 2, 3].map(RECEIVED));
  assertEquals(producer.made, 3);
});

test("from() runs nothing and opens nothing before the first receive", async () => {
  let opened = 0;
  const source = {
    async *[Symbol.asyncIterator]() {
      opened++;
      yield 1;
    },
  };

  const flow = from(source, { capacity: 4 });
  flow[Symbol.asyncIterator]();
  flow.batches(2)[Symbol.asyncIterator]();
  await idle();

  assertEquals([opened, flow.size], [0, 0]);
});

test("from() runs nothing for a receive that is aborted before", async () => {
  const producer = new Producer();
  const flow = from(producer.values(), { capacity: 4 });

  const reason = await rejection(flow.recv({ signal: AbortSignal.abort("early") }));

  assertEquals([reason, producer.started], ["early", false]);
});

test("from() with capacity 0 is not advanced by a receive that does not wait", async () => {
  const producer = new Producer();
  const flow = from(producer.values());

  const error = await rejection(flow.recv({ timeout: 0 }));

  assertEquals((error as DOMException).name, "TimeoutError");
  assertEquals(producer.started, false);
});

test("from() with a buffer is started by tryRecv(), and by trySelect()", async () => {
  const [one, two] = [
    from(new Producer().values(), { capacity: 1 }),
    from(same(from([7])), { capacity: 1 }),
  ];

  const first = [one.tryRecv(), trySelect({ two })];
  await idle();

  assertEquals(first, [undefined, undefined]);
  assertEquals([one.tryRecv(), trySelect({ two })], [RECEIVED(1), { key: "two", ...RECEIVED(7) }]);
});

test("from() closes when the generator returns", async () => {
  const producer = new Producer();
  const flow = from(producer.values(2), { capacity: 4 });

  const values = await drained(flow);

  assertEquals(values, [1, 2]);
  assertEquals([await settled(flow.recv()), flow.tryRecv(), flow.closed], [DONE, DONE, true]);
  assertEquals(producer.closed, 1);
});

for (const capacity of [0, 1, 5]) {
  test(`from() reports an error of the generator after the values before it, capacity ${capacity}`, async () => {
    const error = new Error("broken");
    const flow = from(new Producer().failingAfter(3, error), { capacity });

    const failed = await untilFailure(flow);

    assertEquals(failed.values, [1, 2, 3]);
    assertStrictEquals(failed.error, error);
  });
}

test("from() rejects every receive with the same error", async () => {
  const error = new Error("broken");
  const flow = from(new Producer().failingAfter(0, error));

  const errors = [
    await rejection(flow.recv()),
    await rejection(flow.recvMany(2)),
    await rejection(select({ flow })),
    await rejection(gather(flow, [])),
    await rejection(gather(flow.batches(2), [])),
    assertThrows(() => flow.tryRecv()),
  ];

  for (const seen of errors) assertStrictEquals(seen, error);
});

test("from() rejects each parked receive with the error", async () => {
  const { promise, reject } = deferred<number>();
  const flow = from(same(from([promise])));
  const receives = [flow.recv(), flow.recv(), select({ flow })].map(watch);

  reject("broken");
  await idle();

  assertEquals(receives.map(({ reason }) => reason), ["broken", "broken", "broken"]);
});

test("from() gives the error of a generator that nobody receives from to nobody", async () => {
  const flow = from(new Producer().failingAfter(1, new Error("broken")), { capacity: 4 });

  await flow.recv();
  await idle();

  // An unhandled rejection would fail this test on every runtime.
  assert(flow.closed);
});

test("from() fails when its source throws at once", async () => {
  const error = new Error("broken");
  const fail = () => {
    throw error;
  };
  const opening = from({ [Symbol.asyncIterator]: fail } as AsyncIterable<number>);
  const asking = from(scripted<number>({ next: fail }), { capacity: 2 });

  const errors = [await rejection(opening.recv()), await rejection(asking.recv())];

  assertEquals(errors, [error, error]);
});

for (const answer of [undefined, null, 5, "text"]) {
  test(`from() fails when its source answers ${JSON.stringify(answer)}`, async () => {
    const later = from(scripted<number>({ next: () => Promise.resolve(answer) }));
    const now = from(
      { [Symbol.iterator]: () => ({ next: () => answer }) } as unknown as Iterable<number>,
    );

    const errors = [await rejection(later.recv()), await rejection(now.recv())];

    for (const error of errors) assertInstanceOf(error, TypeError);
  });
}

test("from() fails when the answer of its source cannot be read", async () => {
  const error = new Error("broken");
  const answer = {
    done: false,
    get value(): number {
      throw error;
    },
  };

  const seen = await rejection(from(scripted({ next: () => Promise.resolve(answer) })).recv());

  assertStrictEquals(seen, error);
});

test("from() takes answers that are no promises, and thenables", async () => {
  let n = 0;
  const bare = scripted<number>({ next: () => ({ done: ++n > 2, value: n }) });
  let m = 0;
  const then = (resolve: (step: unknown) => void) => resolve({ done: ++m > 2, value: m });
  const thenable = scripted<number>({ next: () => ({ then }) });

  assertEquals([await drained(from(bare)), await drained(from(thenable))], [[1, 2], [1, 2]]);
});

test("from() does not report what the generator returns", async () => {
  async function* source() {
    yield 1;
    return 2;
  }

  assertEquals(await drained(from(source())), [1]);
});

test("from() lets promises, thenables, errors and undefined travel untouched", async () => {
  const error = new Error("a value");
  const thenable = { then: () => assert(false, "somebody called then") };
  const values = [undefined, null, Promise.resolve(1), thenable, error, NaN];
  let i = 0;
  const slow = scripted<unknown>({
    next: () => Promise.resolve({ done: i === values.length, value: values[i++] }),
  });

  const received = [await drained(from(slow)), await drained(from(values))];

  for (const list of received) {
    assertEquals(list.length, values.length);
    list.forEach((value, at) => assertStrictEquals(value, values[at]));
  }
});

/** All that ends a flow early, after one value was received. */
const EARLY_ENDS: Record<string, (flow: ReturnType<typeof from<number>>) => unknown> = {
  "break": (flow) => takeAndLeave(flow, 1),
  "a throw in the loop": (flow) =>
    assertRejects(
      async () => {
        for await (const _ of flow) throw new Error("consumer");
      },
      Error,
      "consumer",
    ),
  "break in a loop over batches": (flow) => takeAndLeave(flow.batches(1), 1),
  "return()": async (flow) => {
    const loop = flow[Symbol.asyncIterator]();
    await loop.next();
    assertEquals(await loop.return(), DONE);
    assertEquals(await loop.next(), DONE);
  },
  "cancel()": async (flow) => {
    await flow.recv();
    flow.cancel();
  },
  "[Symbol.dispose]()": async (flow) => {
    await flow.recv();
    (flow as unknown as Disposable)[Symbol.dispose]();
  },
  "[Symbol.asyncDispose]()": async (flow) => {
    await flow.recv();
    await flow[Symbol.asyncDispose]();
  },
};

for (const [name, end] of Object.entries(EARLY_ENDS)) {
  for (const capacity of [0, 2]) {
    test(`from() runs the finally of its generator once after ${name}, capacity ${capacity}`, async () => {
      const producer = new Producer();
      const flow = from(producer.values(), { capacity });

      await end(flow);
      await idle();
      const { closed, made } = producer;
      flow.cancel();
      await flow[Symbol.asyncDispose]();

      assertEquals([closed, producer.closed, producer.made, flow.size], [1, 1, made, 0]);
      assertEquals([flow.tryRecv(), await settled(flow.recv())], [DONE, DONE]);
    });
  }

  test(`from() runs the finally of its synchronous generator once after ${name}`, async () => {
    const producer = new Producer();
    const flow = from(producer.now());

    await end(flow);
    const { closed } = producer;
    flow.cancel();
    await flow[Symbol.asyncDispose]();

    assertEquals([closed, producer.closed, producer.made, flow.tryRecv()], [1, 1, 1, DONE]);
  });
}

test("from() does not start a generator to cancel it", async () => {
  const [one, two, three] = [new Producer(), new Producer(), new Producer()];
  const flows = [from(one.values(), { capacity: 2 }), from(two.values()), from(three.now())];

  flows[0]?.cancel();
  await flows[1]?.[Symbol.asyncDispose]();
  flows[2]?.cancel();

  assertEquals([one, two, three].map(({ started, closed }) => [started, closed]), [
    [false, 0],
    [false, 0],
    [false, 0],
  ]);
  for (const flow of flows) assertEquals(await settled(flow.recv()), DONE);
});

test("from() closes its source before the loop goes on after break", async () => {
  const producer = new Producer();

  await takeAndLeave(from(producer.closingSlowly()), 1);

  assertEquals(producer.closed, 1);
});

test("from() closes its source before disposal is over", async () => {
  const producer = new Producer();
  const flow = from(producer.closingSlowly(), { capacity: 3 });
  await flow.recv();

  await flow[Symbol.asyncDispose]();

  assertEquals(producer.closed, 1);
});

test("from() does not wait for a source that owes an answer after break", async () => {
  const flow = from(new Producer().stuckAfter(1), { capacity: 1 });

  const left = await settled(takeAndLeave(flow, 1));

  assertEquals(left, [1]);
});

test("from() waits with disposal for a source that owes an answer, and for its finally", async () => {
  const { promise, resolve } = deferred<number>();
  const closed: string[] = [];
  async function* source() {
    try {
      yield await promise;
      closed.push("too far");
    } finally {
      closed.push("closed");
    }
  }
  const flow = from(source());
  flow.recv();
  const disposal = watch(flow[Symbol.asyncDispose]());
  await idle();
  const before = disposal.state;

  resolve(1);
  await idle();

  assertEquals([before, disposal.state, closed], ["waiting", "fulfilled", ["closed"]]);
});

test("from() reports done to whoever waits at cancel(), although the source owes an answer", async () => {
  const producer = new Producer();
  const flow = from(producer.stuckAfter(0));
  const receives = [flow.recv(), flow.recv()];

  flow.cancel("enough");

  assertEquals(await settled(Promise.all(receives)), [DONE, DONE]);
});

test("from() drops the answer that comes after cancel()", async () => {
  const { promise, resolve } = deferred<number>();
  let asked = 0;
  const flow = from(same(from([promise])), { capacity: 4 });
  const counting = from(scripted<number>({
    next: async () => ({ done: false, value: await promise + asked++ }),
  }));
  for (const each of [flow, counting]) {
    each.recv();
    each.cancel();
  }

  resolve(1);
  await idle();

  assertEquals([flow.size, flow.tryRecv(), counting.size, asked], [0, DONE, 0, 1]);
});

test("return() settles a pending next() at once, although the source is stuck", async () => {
  const flow = from(new Producer().stuckAfter(0));
  const loop = flow[Symbol.asyncIterator]();
  const pending = [loop.next(), loop.next()];

  const returned = loop.return();

  assertEquals(await settled(Promise.all([...pending, returned])), [DONE, DONE, DONE]);
});

test("from() of a source without return() is cancelled", async () => {
  let n = 0;
  const source = scripted<number>({ next: () => Promise.resolve({ done: false, value: ++n }) });
  const flow = from(source);
  await flow.recv();

  await flow[Symbol.asyncDispose]();

  assertEquals([n, flow.tryRecv()], [1, DONE]);
});

test("from() closes a source of which return() calls back once", async () => {
  let returned = 0;
  const flow = from(scripted<number>({
    next: () => Promise.resolve({ done: false, value: 1 }),
    return() {
      returned++;
      flow.cancel();
      void flow[Symbol.asyncDispose]();
      return Promise.resolve({ done: true, value: undefined });
    },
  }));
  await flow.recv();

  await flow[Symbol.asyncDispose]();

  assertEquals(returned, 1);
});

for (const how of ["throws", "rejects"]) {
  const source = (error: unknown) =>
    scripted<number>({
      next: () => Promise.resolve({ done: false, value: 1 }),
      return() {
        if (how === "throws") throw error;
        return Promise.reject(error);
      },
    });

  test(`break rejects when the source's return() ${how}, disposal after it does not`, async () => {
    const error = new Error("not closed");
    const flow = from(source(error));

    const seen = await rejection(takeAndLeave(flow, 1));

    assertStrictEquals(seen, error);
    await settled(flow[Symbol.asyncDispose]());
  });

  test(`disposal rejects when the source's return() ${how}`, async () => {
    const error = new Error("not closed");
    const flow = from(source(error));
    await flow.recv();

    const seen = await rejection(flow[Symbol.asyncDispose]());

    assertStrictEquals(seen, error);
  });
}

test("break and disposal reject with an error thrown in a finally", async () => {
  const [first, second, third] = [new Error("1"), new Error("2"), new Error("3")];
  const broken = from(new Producer().closingBadly(first));
  const disposed = from(new Producer().closingBadly(second), { capacity: 2 });
  await disposed.recv();
  function* badly() {
    try {
      yield 1;
    } finally {
      // deno-lint-ignore no-unsafe-finally
      throw third;
    }
  }

  const errors = [
    await rejection(takeAndLeave(broken, 1)),
    await rejection(disposed[Symbol.asyncDispose]()),
    await rejection(takeAndLeave(from(badly()), 1)),
  ];

  assertEquals(errors, [first, second, third]);
});

test("an error thrown in a finally is for one who waits, or else an unhandled rejection", async () => {
  const program = fileURLToPath(new URL("./bare_cancel.ts", import.meta.url));
  const preload = new URL("../fast_typescript.mjs", import.meta.url).href;
  const flags = "Deno" in globalThis ? ["run", "--no-check", "-A"] : ["--import", preload];

  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program]);

  assertEquals(stdout.trim().split("\n").sort(), [
    "cancelled",
    "disposal: disposed",
    "disposal: left, then disposed",
    "unhandled: at once",
    "unhandled: bare",
    "unhandled: bare stage",
    "unhandled: ended, then cancelled",
    "unhandled: left twice",
    "unhandled: stage that was given up",
  ]);
});

test("a throw in the loop is not hidden by an error thrown in a finally", async () => {
  const consumer = new Error("consumer");

  const seen = await rejection((async () => {
    for await (const _ of from(new Producer().closingBadly(new Error("finally")))) throw consumer;
  })());

  assertStrictEquals(seen, consumer);
});

test("disposal does not report an answer that came too late and is an error", async () => {
  const { promise, reject } = deferred<number>();
  const flow = from(same(scripted<number>({ next: () => promise })));
  const receive = flow.recv();
  const disposal = watch(flow[Symbol.asyncDispose]());
  await idle();
  const before = disposal.state;

  reject(new Error("a value that nobody wants"));
  await idle();

  assertEquals([before, disposal.state, await settled(receive)], [
    "waiting",
    "fulfilled",
    DONE,
  ]);
});

test("an answer that nobody waits for and that is an error is no unhandled rejection", async () => {
  const { promise, reject } = deferred<number>();
  const flows = [1, 2].map((capacity) =>
    from(scripted<number>({ next: () => promise }), { capacity })
  );
  const loops = flows.map((flow) => flow[Symbol.asyncIterator]());
  for (const loop of loops) loop.next();
  flows[0]?.cancel();
  await loops[1]?.return();

  reject(new Error("too late"));
  await idle();

  // An unhandled rejection would fail this test on every runtime.
  assertEquals(flows.map((flow) => flow.tryRecv()), [DONE, DONE]);
});

for (const capacity of [0, 1]) {
  test(`a receive that is aborted leaves the value to the next, capacity ${capacity}`, async () => {
    const { promise, resolve } = deferred<number>();
    const flow = from(scripted({ next: async () => ({ done: false, value: await promise }) }), {
      capacity,
    });
    const controller = new AbortController();
    const aborted = watch(flow.recv({ signal: controller.signal }));
    const loop = flow.recv({ timeout: Infinity });
    controller.abort("enough");

    resolve(1);
    await idle();

    assertEquals([aborted.reason, await settled(loop)], ["enough", RECEIVED(1)]);
    assertEquals(await settled(flow.recv()), RECEIVED(1));
  });

  test(`a receive that is aborted alone loses no value, capacity ${capacity}`, async () => {
    const { promise, resolve } = deferred<void>();
    let made = 0;
    const flow = from(
      scripted<number>({
        next: async () => {
          await promise;
          return { done: false, value: ++made };
        },
      }),
      { capacity },
    );
    const controller = new AbortController();
    const aborted = rejection(flow.recv({ signal: controller.signal }));
    controller.abort("enough");
    resolve();
    await aborted;

    assertEquals([made, flow.size], [1, 1]);
    assertEquals([flow.tryRecv(), await settled(flow.recv())], [RECEIVED(1), RECEIVED(2)]);
  });
}

test("concurrent next() calls are served in order, and all end", async () => {
  const loop = from(new Producer().values(2))[Symbol.asyncIterator]();

  const steps = [loop.next(), loop.next(), loop.next(), loop.next()];

  assertEquals(await settled(Promise.all(steps)), [RECEIVED(1), RECEIVED(2), DONE, DONE]);
});

test("two loops over one flow share its values", async () => {
  const flow = from(new Producer().values(5));

  const lists = await settled(Promise.all([gather(flow, []), gather(flow, [])]));

  assertEquals((lists as number[][]).flat().sort(), [1, 2, 3, 4, 5]);
});

test("select() over two flows takes from one and loses nothing of the other", async () => {
  const a = from(same(from([1, 2, 3])));
  const b = from(same(from([1, 2, 3])));
  const taken: Record<string, number[]> = { a: [], b: [] };

  for (let i = 0; i < 6; i++) {
    const r = await settled(select({ a, b }));
    if (!r.done) taken[r.key]?.push(r.value);
    else i--;
    if (taken["a"]?.length === 3 || taken["b"]?.length === 3) break;
  }
  for (const [key, flow] of [["a", a], ["b", b]] as const) taken[key]?.push(...await drained(flow));

  assertEquals(taken, { a: [1, 2, 3], b: [1, 2, 3] });
});

test("select() that was decided elsewhere leaves the value in flight in the flow", async () => {
  const { promise, resolve } = deferred<number>();
  const flow = from(scripted({ next: async () => ({ done: false, value: await promise }) }));
  const other = new Channel<string>(1);
  const selected = select({ flow, other });
  other.trySend("first");

  resolve(1);
  await idle();

  assertEquals(await settled(selected), { key: "other", ...RECEIVED("first") });
  assertEquals([flow.size, flow.tryRecv()], [1, RECEIVED(1)]);
});

for (const capacity of [0, 1]) {
  test(`select() hears of what the source of one case sends to the channel of another, capacity ${capacity}`, async () => {
    const log = new Channel<string>(1);
    async function* source() {
      log.trySend("started");
      yield await NEVER;
    }

    const first = await settled(select({ flow: from(source(), { capacity }), log }));
    const last = await settled(select({ log, flow: from(source(), { capacity }) }));

    assertEquals([first.key, first.value], ["log", "started"]);
    assertEquals(last, first);
  });
}

test("select() that a source fails inside the call takes nothing from the other cases", async () => {
  const error = new Error("broken");
  const failing = from(scripted<number>({
    next() {
      throw error;
    },
  }));
  const channel = new Channel<number>();

  const seen = await rejection(select({ failing, channel }));

  assertStrictEquals(seen, error);
  assertEquals([counts(channel).receivers, channel.trySend(1)], [0, false]);
});

test("select() answers the key of its own case when a source selects, too", async () => {
  const [ready, other] = [new Channel<number>(1), new Channel<number>(1)];
  ready.trySend(1);
  other.trySend(2);
  async function* source() {
    trySelect({ other });
    yield 3;
  }

  const r = await settled(select({ ready, flow: from(source(), { capacity: 1 }) }));

  assertEquals(r, { key: "ready", done: false, value: 1 });
});

test("a receive that its source fails inside the call leaves no listener", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  signal.addEventListener = () => void listeners++;
  signal.removeEventListener = () => void listeners--;
  const flow = from(scripted<number>({
    next() {
      throw new Error("broken");
    },
  }));

  await rejection(flow.recv({ signal }));

  assertEquals(listeners, 0);
});

test("recvMany() takes what the source has run ahead, and one at least", async () => {
  const [ahead, lazy] = [
    from(new Producer().values(), { capacity: 3 }),
    from(new Producer().values()),
  ];
  await ahead.recv();
  await idle();

  assertEquals(await settled(ahead.recvMany(2)), [2, 3]);
  await idle();
  assertEquals(await settled(ahead.recvMany(10)), [4, 5, 6]);
  assertEquals(await settled(lazy.recvMany(10)), [1]);
});

test("batches() gives everything, then throws the error", async () => {
  const flow = from(new Producer().failingAfter(5, "broken"), { capacity: 2 });

  const { values, error } = await untilFailure(flow.batches(2));

  assertEquals([values.flat(), error], [[1, 2, 3, 4, 5], "broken"]);
  assert(values.every((batch) => batch.length <= 2));
});

test("from() of a synchronous source makes a value when it is taken", async () => {
  const producer = new Producer();
  const flow = from(producer.now(), { capacity: 5 });

  const seen = [flow.tryRecv(), producer.made, await settled(flow.recvMany(2)), producer.made];
  await idle();

  assertEquals(seen, [RECEIVED(1), 1, [2, 3], 3]);
  assertEquals([producer.made, flow.size, flow.capacity], [3, 0, 5]);
});

test("from() takes arrays, strings, sets and maps", async () => {
  const lists = [
    await drained(from([1, 2])),
    await drained(from("ab")),
    await drained(from(new Set([3]))),
    await drained(from(new Map([["k", 4]]))),
    await drained(from([])),
  ];

  assertEquals(lists, [[1, 2], ["a", "b"], [3], [["k", 4]], []]);
});

test("from() prefers the async iterator", async () => {
  const both = {
    ...scripted<string>({ next: () => ({ done: true }) }),
    *[Symbol.iterator]() {
      yield "sync";
    },
  };

  assertEquals(await drained(from(both)), []);
});

test("from() reports an error of a synchronous source after the values, once it is asked again", async () => {
  const error = new Error("broken");
  function* source() {
    yield 1;
    throw error;
  }
  const flow = from(source());

  const failed = await untilFailure(flow);

  assertEquals(failed.values, [1]);
  assertStrictEquals(failed.error, error);
  assertStrictEquals(assertThrows(() => flow.tryRecv()), error);
});

test("from() serves a synchronous generator that receives from its own flow", async () => {
  const inner: unknown[] = [];
  let closed = 0;
  function* source() {
    try {
      inner.push(flow.tryRecv());
      void flow.recv().then((received) => inner.push(received));
      yield 1;
      yield 2;
      yield 3;
    } finally {
      closed++;
    }
  }
  const flow: ReturnType<typeof from<number>> = from(source());

  const outer = [
    await settled(flow.recv()),
    await settled(flow.recv()),
    await settled(flow.recv()),
  ];

  assertEquals(outer, [RECEIVED(1), RECEIVED(3), DONE]);
  assertEquals([inner, closed], [[undefined, RECEIVED(2)], 1]);
});

test("a receive that a synchronous generator made is not overtaken", async () => {
  const order: string[] = [];
  const note = (name: string) => (received: { readonly value: number | undefined }) =>
    void order.push(`${name} ${received.value}`);
  function* source() {
    void flow.recv().then(note("inner"));
    yield* [1, 2, 3, 4];
  }
  const flow: ReturnType<typeof from<number>> = from(source());

  void flow.recv().then(note("a"));
  void flow.recv().then(note("b"));
  const tried = flow.tryRecv();
  void select({ flow }).then(note("c"));
  await idle();

  assertEquals([tried, order], [undefined, ["a 1", "inner 2", "b 3", "c 4"]]);
});

test("a receive that a synchronous generator made and aborted takes nothing", async () => {
  const controller = new AbortController();
  function* source() {
    flow.recv({ signal: controller.signal }).catch(() => {});
    yield* [1, 2, 3];
  }
  const flow: ReturnType<typeof from<number>> = from(source());
  const first = flow.tryRecv();

  controller.abort();
  await idle();

  assertEquals([first, flow.tryRecv(), flow.tryRecv()], [1, 2, 3].map(RECEIVED));
});

test("an async generator that waits for its own flow is ended by cancel()", async () => {
  const seen: unknown[] = [];
  async function* source() {
    seen.push(await flow.recv());
    yield 1;
  }
  const flow: ReturnType<typeof from<number>> = from(source());
  const receive = watch(flow.recv());
  await idle();
  const before = receive.state;

  flow.cancel();
  await idle();

  assertEquals([before, receive.value, seen], ["waiting", DONE, [DONE]]);
});

test("a synchronous generator may cancel its own flow", async () => {
  const producer = new Producer();
  function* source() {
    flow.cancel();
    yield* producer.now();
  }
  const flow: ReturnType<typeof from<number>> = from(source());

  const received = await settled(flow.recv());
  await flow[Symbol.asyncDispose]();

  assertEquals([received, producer.closed, flow.tryRecv()], [DONE, 1, DONE]);
});

test("from() of a channel leaves it open after break, and takes nothing more", async () => {
  const channel = new Channel<number>(4);
  for (const value of [1, 2, 3]) channel.trySend(value);

  const values = await takeAndLeave(from(channel), 1);

  assertEquals([values, channel.closed, channel.size], [[1], false, 2]);
  assertEquals(channel.tryRecv(), RECEIVED(2));
});

test("from() of a channel that is cancelled while it waits leaves nobody parked", async () => {
  const channel = new Channel<number>();
  const flow = from(channel);
  const receive = flow.recv();
  await idle();
  const before = counts(channel).receivers;

  flow.cancel();

  assertEquals([before, counts(channel).receivers, channel.closed], [1, 0, false]);
  assertEquals([await settled(receive), channel.trySend(1)], [DONE, false]);
});

test("from() of a channel fails as the channel does", async () => {
  const channel = new Channel<number>(2);
  channel.trySend(1);
  channel.fail("broken");

  assertEquals(await untilFailure(from(channel)), { values: [1], error: "broken" });
});

test("from() of a flow is that flow, unless it is to run ahead", async () => {
  const producer = new Producer();
  const flow = from(producer.values());

  const further = from(flow, { capacity: 2 });
  await further.recv();
  await idle();

  assertStrictEquals(from(flow), flow);
  assertEquals(producer.made, 3);
});

test("from() of a flow closes it, and waits for it with disposal", async () => {
  const { promise, resolve } = deferred<number>();
  let closed = false;
  async function* source() {
    try {
      yield await promise;
    } finally {
      closed = true;
    }
  }
  const further = from(from(source()), { capacity: 2 });
  further.recv();
  await idle();
  const disposal = watch(further[Symbol.asyncDispose]());
  await idle();
  const before = disposal.state;

  resolve(1);
  await idle();

  assertEquals([before, disposal.state, closed], ["waiting", "fulfilled", true]);
});

/** A stream of numbers that notes how it is cancelled. */
function stream(last: number, cancelled: unknown[]): ReadableStream<number> {
  let n = 0;
  return new ReadableStream({
    pull(controller) {
      return n < last ? controller.enqueue(++n) : NEVER;
    },
    cancel: (reason) => void cancelled.push(reason),
  }, { highWaterMark: 0 });
}

test("from() of a stream gives its chunks and cancels it after break", async () => {
  const cancelled: unknown[] = [];
  const source = stream(5, cancelled);

  const values = await takeAndLeave(from(source), 2);

  assertEquals([values, cancelled.length, source.locked], [[1, 2], 1, false]);
});

test("from() of a stream cancels it at once, although a read is under way", async () => {
  const cancelled: unknown[] = [];
  const flow = from(stream(1, cancelled), { capacity: 2 });
  await flow.recv();
  const receive = flow.recv();
  await idle();

  await settled(flow[Symbol.asyncDispose]());

  assertEquals([cancelled.length, await settled(receive)], [1, DONE]);
});

test("from() of a stream that was not read cancels it", async () => {
  const cancelled: unknown[] = [];
  const flow = from(stream(1, cancelled));

  await settled(flow[Symbol.asyncDispose]());

  assertEquals(cancelled.length, 1);
});

test("from() of a stream ends and fails with it", async () => {
  const ended = new ReadableStream<number>({
    start(controller) {
      controller.enqueue(1);
      controller.close();
    },
  });
  const failed = new ReadableStream<number>({
    pull: (controller) => controller.error("broken"),
  });

  assertEquals(await drained(from(ended)), [1]);
  assertEquals([ended.locked, await rejection(from(failed).recv())], [false, "broken"]);
});

test("a hot generator lets timers and I/O run", async () => {
  let turns = 0;
  const next = () => void setImmediate(() => ++turns < 3 && next());
  next();
  // Generous: one turn should take some milliseconds.
  const end = performance.now() + 10_000;
  async function* source() {
    while (turns < 3 && performance.now() < end) yield 1;
  }

  for await (const _ of from(source(), { capacity: 4 }));
  for await (const _ of from(source()));

  assertEquals(turns, 3);
});

test("from() refuses what it cannot use, and names it", () => {
  for (const source of [undefined, null, 5, {}, Promise.resolve([]), { [Symbol.iterator]: 1 }]) {
    const error = assertThrows(() => from(source as unknown as number[]), TypeError);
    assert(error.message.startsWith("source must be iterable: "), error.message);
  }
  for (const capacity of [-1, 0.5, NaN]) {
    const error = assertThrows(() => from([1], { capacity }), RangeError);
    assert(
      error.message.includes("capacity") && error.message.includes(`${capacity}`),
      error.message,
    );
  }
  assertThrows(() => from([1], { capacity: "1" as unknown as number }), TypeError, '"1"');
  assertThrows(() => from([1], null as unknown as object), TypeError, "options");
});
