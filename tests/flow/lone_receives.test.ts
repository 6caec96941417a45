import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { test } from "node:test";
import { type Flow, from, map, merge, pipe, select } from "../../mod.ts";
import { idle, parked } from "../../testing/mod.ts";
import { DONE, RECEIVED, settled, watch } from "../unit/watch.ts";
import { Producer } from "./sources.ts";

/** Gives a value each time that `give` is called. */
function slow() {
  let arrive = (): void => {};
  async function* source() {
    for (let n = 1;; n++) {
      await new Promise<void>((resolve) => arrive = resolve);
      yield n;
    }
  }
  return { source: source(), give: () => arrive() };
}

for (const stages of [0, 1]) {
  const flowOf = (source: AsyncIterable<number>) =>
    stages === 0 ? from(source) : pipe(source, map((n: number) => n));

  test(`a loop that waits alone is served before who comes later, ${stages} stages`, async () => {
    const { source, give } = slow();
    const flow = flowOf(source);
    const loop = flow[Symbol.asyncIterator]();
    void loop.next();
    await idle();
    give();
    await idle();
    const served: string[] = [];

    void loop.next().then(({ value }) => served.push(`loop ${value}`));
    void select({ flow }).then(({ value }) => served.push(`select ${value}`));
    void flow.recv().then(({ value }) => served.push(`recv ${value}`));
    for (let i = 0; i < 3; i++) {
      await idle();
      give();
    }
    await idle();

    assertEquals(served, ["loop 2", "select 3", "recv 4"]);
    flow.cancel();
  });

  test(`return() settles the receive that a loop waits alone with, ${stages} stages`, async () => {
    const { source, give } = slow();
    const loop = flowOf(source)[Symbol.asyncIterator]();
    void loop.next();
    await idle();
    give();
    await idle();

    const pending = watch(loop.next());
    await idle();
    const before = [pending.state, parked().length];
    const results = await settled(Promise.all([loop.next(), loop.return(), loop.next()]));

    assertEquals([before, results], [["waiting", 1], [DONE, DONE, DONE]]);
    assertEquals([pending.state, parked().length], ["fulfilled", 0]);
  });

  test(`each result is an object of its own, ${stages} stages`, async () => {
    async function* source() {
      yield* [1, 2, 3];
    }
    const loop = flowOf(source())[Symbol.asyncIterator]();

    const results = [await loop.next(), await loop.next(), await loop.next(), await loop.next()];

    assertEquals(results, [RECEIVED(1), RECEIVED(2), RECEIVED(3), DONE]);
    for (const i of [0, 1, 2]) assertNotStrictEquals(results[i], results[i + 1]);
  });
}

const MAKE: { readonly [name: string]: (source: AsyncIterable<number>) => Flow<number> } = {
  from,
  pipe: (source) => pipe(source),
  merge: (source) => merge(source),
};

for (const [name, make] of Object.entries(MAKE)) {
  test(`a loop over ${name}() that is left takes nothing any more, and starts nothing`, async () => {
    const [fresh, begun] = [new Producer(), new Producer()];
    const flow = make(begun.values());
    const loop = flow[Symbol.asyncIterator]();
    await loop.next();
    await flow.recv();
    await idle();

    const results = [
      await make(fresh.values())[Symbol.asyncIterator]().return(),
      ...await Promise.all([loop.return(), loop.next(), loop.return()]),
    ];

    assertEquals(results, [DONE, DONE, DONE, DONE]);
    assertEquals([fresh.started, begun.closed], [false, 1]);
  });
}

test("a generator that gives on the results of another one keeps its own", async () => {
  const kept: IteratorResult<number>[] = [];
  async function* inner() {
    yield* [1, 2, 3];
  }
  const numbers = inner();
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const step = await numbers.next();
        kept.push(step);
        return step;
      },
    }),
  };

  const doubled: number[] = [];
  for await (const n of pipe(source, map((n: number) => n * 2))) doubled.push(n);

  assertEquals(doubled, [2, 4, 6]);
  assertEquals(kept.slice(0, 3).map(({ value }) => value as number), [1, 2, 3]);
  assert(kept.at(-1)?.done);
});
