import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { Channel, type Flow, from, map, merge, pipe, select, type Stage } from "../../mod.ts";
import { idle, useFakeClock } from "../../testing/mod.ts";
import { counts } from "../unit/counts.ts";
import { DONE, drained, gather, RECEIVED, rejection, settled, watch } from "../unit/watch.ts";
import { heap, NO_GC } from "./heap.ts";
import {
  deferred,
  NEVER,
  Producer,
  same,
  scripted,
  takeAndLeave,
  untilFailure,
} from "./sources.ts";

async function* plusOne(input: AsyncIterable<number>) {
  for await (const n of input) yield n + 1;
}

/** Passes on `n` values and returns, with the next one not asked for. */
function firstOf<T>(n: number): Stage<T, T> {
  return async function* (input) {
    let passed = 0;
    for await (const value of input) {
      yield value;
      if (++passed === n) return;
    }
  };
}

test("pipe() gives what the last stage yields, in order", async () => {
  async function* text(input: AsyncIterable<number>) {
    for await (const n of input) yield `<${n}>`;
  }

  const values = await drained(pipe([1, 2, 3], plusOne, plusOne, text));

  assertEquals(values, ["<3>", "<4>", "<5>"]);
});

test("pipe() takes nine stages, and none", async () => {
  const s = plusOne;

  const nine = pipe([0], s, s, s, s, s, s, s, s, s);

  assertEquals([await drained(nine), await drained(pipe([0]))], [[9], [0]]);
});

test("pipe() runs nothing before the first receive", async () => {
  const producer = new Producer();
  let running = 0;
  async function* stage(input: AsyncIterable<number>) {
    running++;
    yield* input;
  }

  const flow = pipe(producer.values(), stage, stage);
  flow[Symbol.asyncIterator]();
  await idle();

  assertEquals([producer.started, running], [false, 0]);
});

for (const stages of [0, 1, 2, 4]) {
  test(`pipe() lets the source and each stage run one value ahead of the next, ${stages} stages`, async () => {
    const producer = new Producer();
    const pipeAll = pipe as (source: AsyncIterable<number>, ...all: unknown[]) => Flow<number>;
    const flow = pipeAll(producer.values(), ...Array(stages).fill(same));
    const made: number[] = [];

    for (let received = 1; received <= 3; received++) {
      await flow.recv();
      await idle();
      made.push(producer.made);
    }

    assertEquals(made, [2 + stages, 3 + stages, 4 + stages]);
  });
}

test("pipe() runs its stages at the same time", async () => {
  const gates = [deferred<void>(), deferred<void>()];
  const under: number[] = [];
  const waiting = (i: number): Stage<number, number> =>
    async function* (input) {
      for await (const n of input) {
        if (n === 2 - i) {
          under.push(i);
          await gates[i]?.promise;
        }
        yield n;
      }
    };
  const all = watch(gather(pipe(new Producer().values(3), waiting(0), waiting(1)), []));
  await idle();
  const both = [...under].sort();

  for (const gate of gates) gate.resolve();
  await idle();

  assertEquals([both, all.value], [[0, 1], [1, 2, 3]]);
});

test("pipe() closes every stage and the source once after break, before the loop goes on", async () => {
  const producer = new Producer();
  const closed: string[] = [];
  const noting = (name: string): Stage<number, number> =>
    async function* (input) {
      try {
        for await (const n of input) yield n;
      } finally {
        await idle();
        closed.push(name);
      }
    };

  for await (const _ of pipe(producer.values(), noting("a"), noting("b"))) {
    await idle();
    break;
  }

  assertEquals([closed.sort(), producer.closed], [["a", "b"], 1]);
});

for (const end of ["cancel", "dispose", "return"]) {
  for (const moment of ["while it waits", "while it is full"]) {
    test(`pipe() closes everything once after ${end}, ${moment}`, async () => {
      const producer = new Producer();
      const channel = new Channel<number>();
      let closed = 0;
      async function* stage(input: AsyncIterable<number>) {
        try {
          yield* input;
        } finally {
          closed++;
        }
      }
      const source = moment === "while it waits" ? channel : producer.values();
      const flow = pipe(source, stage, stage, stage);
      const loop = flow[Symbol.asyncIterator]();
      const step = watch(loop.next());
      await idle();

      if (end === "cancel") flow.cancel();
      if (end === "dispose") await settled(flow[Symbol.asyncDispose]());
      if (end === "return") await settled(loop.return());
      await idle();

      assertEquals([closed, counts(channel).receivers, flow.size], [3, 0, 0]);
      assertEquals(producer.closed, moment === "while it waits" ? 0 : 1);
      assertEquals([step.state, await settled(loop.next())], ["fulfilled", DONE]);
    });
  }
}

test("pipe() ends when a stage returns early, and closes the source before receivers hear of it", async () => {
  const producer = new Producer();

  const values = await gather(pipe(producer.closingSlowly(), firstOf(2), same), []);

  assertEquals([values, producer.closed], [[1, 2], 1]);
});

test("pipe() closes the source of a stage that stops reading without closing", async () => {
  const producer = new Producer();
  async function* careless(input: AsyncIterable<number>) {
    const step = await input[Symbol.asyncIterator]().next();
    if (!step.done) yield step.value;
  }

  const values = await drained(pipe(producer.values(), careless));

  assertEquals([values, producer.closed], [[1], 1]);
});

test("pipe() asks a stage no more when it has ended, although receivers wait", async () => {
  const gate = deferred<void>();
  let asked = 0;
  async function* source() {
    try {
      for (;;) yield 1;
    } finally {
      await gate.promise;
    }
  }
  const stage = (input: AsyncIterable<number>) =>
    scripted<number>({
      async next() {
        asked++;
        const step = await input[Symbol.asyncIterator]().next();
        await idle();
        return { done: asked > 1, value: step.value };
      },
    });
  const flow = pipe(source(), stage);
  const receives = [watch(flow.recv()), watch(flow.recv())];
  for (let i = 0; i < 4; i++) await idle();
  receives.push(watch(flow.recv()));
  await idle();
  const before = receives.map(({ state }) => state);

  gate.resolve();
  await idle();

  assertEquals([before, asked], [["fulfilled", "waiting", "waiting"], 2]);
  assertEquals(receives.map(({ value }) => value), [{ done: false, value: 1 }, DONE, DONE]);
});

test("pipe() asks a synchronous stage no more when it has ended", async () => {
  const gate = deferred<void>();
  let asked = 0;
  async function* source() {
    try {
      for (;;) yield 1;
    } finally {
      await gate.promise;
    }
  }
  const stage = (input: AsyncIterable<number>) => ({
    [Symbol.iterator]: () => ({
      next() {
        if (++asked === 1) void (input as Flow<number>).recv();
        return { done: asked > 1, value: asked };
      },
    }),
  });
  const flow = pipe(source(), stage as unknown as Stage<number, number>);
  const first = flow.tryRecv();
  await idle();
  const rest = [flow.tryRecv(), flow.tryRecv()];
  const waits = watch(flow.recv());
  await idle();
  const before = waits.state;

  gate.resolve();
  await idle();

  assertEquals([first, rest], [{ done: false, value: 1 }, [undefined, undefined]]);
  assertEquals([before, waits.value, asked], ["waiting", DONE, 2]);
});

test("pipe() gives what a stage yields after its input has ended", async () => {
  async function* sum(input: AsyncIterable<number>) {
    let total = 0;
    for await (const n of input) total += n;
    yield total;
    yield -total;
  }

  assertEquals(await drained(pipe([1, 2, 3], sum)), [6, -6]);
});

test("pipe() does not start the source of a stage that ignores its input, and closes it", async () => {
  const producer = new Producer();
  const cancelled: unknown[] = [];
  const stream = new ReadableStream<number>({ cancel: (reason) => void cancelled.push(reason) });
  async function* other(_: AsyncIterable<number>) {
    yield "other";
  }
  const array = (_: AsyncIterable<number>) => ["array"] as unknown as AsyncIterable<string>;
  const flow = (_: AsyncIterable<number>) => from(["flow"]);

  const lists = [
    await drained(pipe(producer.values(), other)),
    await drained(pipe(stream, flow)),
    await drained(pipe(producer.values(), array)),
  ];

  assertEquals(lists, [["other"], ["flow"], ["array"]]);
  assertEquals([producer.started, cancelled.length], [false, 1]);
});

test("pipe() closes the source of a stage that answers with a flow which is over", async () => {
  const reasons: unknown[] = [];
  const stream = new ReadableStream({ cancel: (reason) => void reasons.push(reason) });

  assertEquals(await drained(pipe(stream, () => merge())), []);

  assertEquals(reasons.length, 1);
});

test("pipe() takes a stage that gives its input back", async () => {
  const producer = new Producer();

  const values = await takeAndLeave(pipe(producer.values(), (input) => input, plusOne), 2);

  assertEquals([values, producer.closed], [[2, 3], 1]);
});

test("pipe() takes a stage that is a pipe", async () => {
  const producer = new Producer();
  const twice: Stage<number, number> = (input) => pipe(input, plusOne, plusOne);

  const values = await takeAndLeave(pipe(producer.values(), twice, twice), 2);

  assertEquals([values, producer.closed], [[5, 6], 1]);
});

test("pipe() ends a stage that wraps a generator in a flow, although the source is silent", async () => {
  const channel = new Channel<number>();
  let closed = 0;
  async function* stage(input: AsyncIterable<number>) {
    try {
      yield* input;
    } finally {
      closed++;
    }
  }
  const flow = pipe(channel, (input) => from(stage(input), { capacity: 3 }));
  const receive = flow.recv();
  await idle();

  await settled(flow[Symbol.asyncDispose]());

  assertEquals([closed, counts(channel).receivers, await settled(receive)], [1, 0, DONE]);
});

test("pipe() reports an error of the source after the values, through all stages", async () => {
  const error = new Error("broken");
  let closed = 0;
  async function* stage(input: AsyncIterable<number>) {
    try {
      for await (const n of input) yield n;
    } finally {
      closed++;
    }
  }

  const failed = await untilFailure(pipe(new Producer().failingAfter(3, error), stage, stage));

  assertEquals([failed.values, closed], [[1, 2, 3], 2]);
  assertStrictEquals(failed.error, error);
});

for (const before of [0, 2]) {
  test(`pipe() fails when a stage throws after ${before} values, and closes what is upstream first`, async () => {
    const error = new Error("broken");
    const producer = new Producer();
    async function* throwing(input: AsyncIterable<number>) {
      let n = 0;
      for await (const value of input) {
        if (n++ === before) throw error;
        yield value;
      }
    }

    const failed = await untilFailure(pipe(producer.closingSlowly(), same, throwing, same));

    assertEquals([failed.values.length, producer.closed], [before, 1]);
    assertStrictEquals(failed.error, error);
  });
}

test("pipe() fails when a stage throws before it reads, and starts nothing upstream", async () => {
  const producer = new Producer();
  // deno-lint-ignore require-yield
  async function* throwing(_: AsyncIterable<number>): AsyncGenerator<number> {
    throw "broken";
  }

  const failed = await untilFailure(pipe(producer.values(), throwing));

  assertEquals([failed, producer.started], [{ values: [], error: "broken" }, false]);
});

test("pipe() throws what a stage throws at once, and starts nothing", async () => {
  const producer = new Producer();
  const throwing = (): AsyncIterable<number> => {
    throw new Error("broken");
  };

  assertThrows(() => pipe(producer.values(), same, throwing, same), Error, "broken");
  await idle();

  assertEquals(producer.started, false);
});

test("pipe() rejects every receive that is parked when a stage fails", async () => {
  const channel = new Channel<number>();
  async function* throwing(input: AsyncIterable<number>) {
    for await (const _ of input) throw "broken";
    yield 1;
  }
  const flow = pipe(channel, throwing, same);
  const receives = [watch(flow.recv()), watch(select({ flow })), watch(flow.recvMany(2))];
  await idle();

  channel.trySend(1);
  await idle();

  assertEquals(receives.map(({ reason }) => reason), ["broken", "broken", "broken"]);
});

test("break rejects with an error of a finally upstream, once", async () => {
  const error = new Error("finally");
  const flow = pipe(new Producer().closingBadly(error), same, same);

  const seen = await rejection((async () => {
    for await (const _ of flow) {
      await idle();
      break;
    }
  })());

  assertStrictEquals(seen, error);
  await settled(flow[Symbol.asyncDispose]());
});

test("disposal reports the errors of several finally blocks together", async () => {
  const [source, stage] = [new Error("source"), new Error("stage")];
  async function* badly(input: AsyncIterable<number>) {
    try {
      yield* input;
    } finally {
      // deno-lint-ignore no-unsafe-finally
      throw stage;
    }
  }
  const flow = pipe(new Producer().closingBadly(source), badly);
  await flow.recv();
  await idle();

  const seen = await rejection(flow[Symbol.asyncDispose]());

  assertInstanceOf(seen, AggregateError);
  assertEquals(seen.errors, [stage, source]);
  assertStrictEquals(seen.cause, stage);
});

test("disposal reports the error of a stage that was waiting for its input", async () => {
  const channel = new Channel<number>();
  const error = new Error("finally");
  async function* badly(input: AsyncIterable<number>) {
    try {
      yield* input;
    } finally {
      // deno-lint-ignore no-unsafe-finally
      throw error;
    }
  }
  const flow = pipe(channel, badly, same);
  const receive = flow.recv();
  await idle();

  assertStrictEquals(await rejection(flow[Symbol.asyncDispose]()), error);
  assertEquals(await settled(receive), DONE);
});

test("an error of a finally upstream fails a flow of which a stage ended early", async () => {
  const error = new Error("finally");
  const closing = () => new Producer().closingBadly(error);
  async function* careless(input: AsyncIterable<number>) {
    const step = await input[Symbol.asyncIterator]().next();
    await idle();
    if (!step.done) yield step.value;
  }

  const left = await untilFailure(pipe(closing(), firstOf(1)));
  const forgotten = await untilFailure(pipe(closing(), careless));

  for (const { values, error: seen } of [left, forgotten]) {
    assertEquals(values, [1]);
    assertStrictEquals(seen, error);
  }
});

test("an error of a stage comes before one of a finally upstream", async () => {
  const error = new Error("stage");
  async function* throwing(input: AsyncIterable<number>) {
    for await (const _ of input) {
      await idle();
      throw error;
    }
    yield 0;
  }
  async function* careless(input: AsyncIterable<number>) {
    await input[Symbol.asyncIterator]().next();
    await idle();
    yield* [];
    throw error;
  }

  const inLoop = await untilFailure(pipe(new Producer().closingBadly("finally"), throwing));
  const outside = await untilFailure(pipe(new Producer().closingBadly("finally"), careless));

  // The loop in the stage has heard of both, and JavaScript lets the first of them pass.
  assertStrictEquals(inLoop.error, error);
  assertInstanceOf(outside.error, AggregateError);
  assertEquals([outside.error.errors, outside.error.cause], [[error, "finally"], error]);
});

test("an error of a finally is not lost when the loop is left while upstream is closed", async () => {
  const gate = deferred<void>();
  async function* source() {
    try {
      for (;;) yield 1;
    } finally {
      await gate.promise;
      // deno-lint-ignore no-unsafe-finally
      throw "finally";
    }
  }
  async function* careless(input: AsyncIterable<number>) {
    const step = await input[Symbol.asyncIterator]().next();
    await idle();
    if (!step.done) yield step.value;
  }
  const flow = pipe(source(), careless);
  await flow.recv();
  await idle();
  const left = watch(flow[Symbol.asyncIterator]().return());
  await idle();
  const before = left.state;

  gate.resolve();
  await idle();

  assertEquals([before, left.reason], ["waiting", "finally"]);
});

test("a stage that leaves its loop is no unhandled rejection, whatever the source's finally throws", async () => {
  const flow = pipe(new Producer().closingBadly("finally"), firstOf(1), same);

  const failed = await untilFailure(flow);
  await idle();

  // An unhandled rejection would fail this test on every runtime.
  assertEquals(failed, { values: [1], error: "finally" });
  await settled(flow[Symbol.asyncDispose]());
});

test("break does not wait for a stuck source behind a stage that is full", async () => {
  const producer = new Producer();
  let closed = 0;
  async function* stage(input: AsyncIterable<number>) {
    try {
      yield* input;
    } finally {
      closed++;
    }
  }
  const left = watch((async () => {
    for await (const _ of pipe(producer.stuckAfter(2), stage)) {
      await idle();
      break;
    }
  })());
  await idle();
  await idle();

  assertEquals([left.state, closed, producer.made], ["fulfilled", 1, 2]);
});

test("an error that comes before does not wait for a stuck source", async () => {
  async function* throwing(input: AsyncIterable<number>) {
    for await (const n of input) {
      yield n;
      await idle();
      throw "broken";
    }
  }

  const failed = await untilFailure(pipe(new Producer().stuckAfter(1), throwing));

  assertEquals(failed, { values: [1], error: "broken" });
});

test("break waits a second for stages that never answer, however many", async () => {
  const clock = useFakeClock();
  try {
    const producer = new Producer();
    const flow = pipe(producer.values(), stuck, map((n) => n, { concurrency: 2 }), stuck, stuck);
    await flow.recv();
    await idle();
    const left = watch(flow[Symbol.asyncIterator]().return());

    await clock.advance(999);
    const before = left.state;
    await clock.advance(1);

    assertEquals([before, left.state], ["waiting", "fulfilled"]);
  } finally {
    clock.restore();
  }
});

async function* stuck(input: AsyncIterable<number>) {
  const { value } = await input[Symbol.asyncIterator]().next();
  yield value as number;
  await NEVER;
}

test("break waits for the finally of a stage that answers in time, however long it takes", async () => {
  const clock = useFakeClock();
  try {
    const [answer, closed] = [deferred<number>(), deferred<void>()];
    const flow = pipe([1, 2], async function* () {
      try {
        yield 1;
        yield await answer.promise;
      } finally {
        await closed.promise;
      }
    });
    await flow.recv();
    await idle();
    const left = watch(flow[Symbol.asyncIterator]().return());

    answer.resolve(2);
    await clock.advance(5_000);
    const before = left.state;
    closed.resolve();
    await idle();

    assertEquals([before, left.state], ["waiting", "fulfilled"]);
  } finally {
    clock.restore();
  }
});

test("break reports the error of a stage that reads its input through a pipe of its own", async () => {
  async function* stage(input: AsyncIterable<number>) {
    yield* pipe(input, map((n) => n));
    throw "stage";
  }
  const flow = pipe(new Producer().stuckAfter(1), stage);
  await flow.recv();
  await idle();

  assertEquals(await rejection(flow[Symbol.asyncIterator]().return()), "stage");
});

test("disposal waits for a source that owes an answer, behind all stages", async () => {
  const { promise, resolve } = deferred<number>();
  let closed = false;
  async function* source() {
    try {
      yield await promise;
    } finally {
      await idle();
      closed = true;
    }
  }
  const flow = pipe(source(), same, map((n: number) => n), same);
  flow.recv();
  await idle();
  const disposal = watch(flow[Symbol.asyncDispose]());
  await idle();
  const before = disposal.state;

  resolve(1);
  await idle();
  await idle();

  assertEquals([before, disposal.state, closed], ["waiting", "fulfilled", true]);
});

test("a receive on a pipe that is aborted loses no value", async () => {
  const { promise, resolve } = deferred<number>();
  const flow = pipe(
    scripted<number>({ next: async () => ({ done: false, value: await promise }) }),
    same,
  );
  const controller = new AbortController();
  const aborted = watch(flow.recv({ signal: controller.signal }));
  const selected = watch(select({ flow, stop: controller.signal }));
  controller.abort("enough");

  resolve(1);
  await idle();

  assertEquals([aborted.reason, selected.value?.key], ["enough", "stop"]);
  assertEquals(await settled(flow.recv()), { done: false, value: 1 });
});

test("pipe() of a channel leaves it open and nobody parked after break", async () => {
  const channel = new Channel<number>(1);
  const flow = pipe(channel, same, same);
  const values = takeAndLeave(flow, 1);
  await idle();

  channel.trySend(1);

  assertEquals([await settled(values), channel.closed, counts(channel).receivers], [[1], false, 0]);
});

test("pipe() works in a loop with cycles: a stage may feed the channel it reads", async () => {
  const channel = new Channel<number>(8);
  channel.trySend(1);
  async function* doubling(input: AsyncIterable<number>) {
    for await (const n of input) {
      if (n < 50) channel.trySend(n * 2);
      else channel.close();
      yield n;
    }
  }

  assertEquals(await drained(pipe(channel, doubling)), [1, 2, 4, 8, 16, 32, 64]);
});

test("pipe() refuses stages that are none, and names them", () => {
  const error = assertThrows(() => pipe([1], 5 as unknown as Stage<number, number>), TypeError);
  assertEquals(error.message, "stage must be a function: 5");
  assertThrows(() => pipe(5 as unknown as number[], same), TypeError, "source must be iterable: 5");
  // An `async function` with its star forgotten.
  const promised = (() => Promise.resolve()) as unknown as Stage<number, number>;
  assertThrows(() => pipe([1], promised), TypeError, "stage");
  assertThrows(
    () => pipe([1], (() => undefined) as unknown as typeof promised),
    TypeError,
    "stage",
  );
});

test("3,000 pipes of three stages that are started and cancelled leave the heap flat", {
  skip: NO_GC,
}, async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  signal.addEventListener = () => void listeners++;
  signal.removeEventListener = () => void listeners--;
  const channel = new Channel<number>(1);
  let open = 0;
  async function* stage(input: AsyncIterable<number>) {
    open++;
    try {
      for await (const n of input) yield n;
    } finally {
      open--;
    }
  }
  const cycle = async (i: number) => {
    const flow = pipe(
      i % 2 === 0 ? channel : new Producer().values(),
      stage,
      map((n: number) => n),
      stage,
    );
    const receive = flow.recv({ signal });
    if (i % 2 === 0) channel.trySend(i);
    await receive;
    flow.cancel();
  };
  for (let i = 0; i < 1_000; i++) await cycle(i);
  await idle();
  const before = await heap();

  for (let i = 0; i < 2_000; i++) await cycle(i);
  await idle();
  const grown = await heap() - before;

  assertLess(grown, 1);
  assertEquals([open, counts(channel).receivers, listeners], [0, 0, 0]);
});

test("a pipe passes 20,000 values on in constant memory", { skip: NO_GC }, async () => {
  let most = 0;
  const before = await heap();

  for await (
    const n of pipe(new Producer().values(20_000), same, map((n: number) => ({ n })), same)
  ) {
    if (n.n % 5_000 === 0) most = Math.max(most, await heap());
  }

  assert(most > 0);
  assertLess(most - before, 1);
});

test("pipe() reads nothing of a channel ahead, so that a loop that is left loses nothing", async () => {
  for (const stages of [[], [map((n: number) => n)]]) {
    const channel = new Channel<number>(8);
    for (const n of [1, 2, 3, 4]) channel.trySend(n);
    const flow = (pipe as (source: unknown, ...stages: unknown[]) => Flow<number>)(
      channel,
      ...stages,
    );

    for await (const n of flow) if (n === 2) break;
    await idle();

    assertEquals([channel.closed, channel.tryRecv()], [false, RECEIVED(3)]);
  }
});
