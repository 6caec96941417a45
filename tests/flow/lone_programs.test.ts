/** A loop that waits alone is served as if it stood in the queue: made-up programs give the same both ways. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { filter, type Flow, from, map, merge, pipe, select, type Stage, take } from "../../mod.ts";
import { idle, parked, setSeed } from "../../testing/mod.ts";
import { check } from "../property/check.ts";
import { RECEIVED } from "../unit/watch.ts";

const OPS = [
  ...["next", "next", "next", "next", "other", "give", "give", "give", "give", "recv", "recvMany"],
  ...["batch", "abortable", "abort", "select", "tryRecv", "upstream", "parked", "return", "cancel"],
  ...["turn", "turn", "idle", "idle"],
] as const;
type Op = typeof OPS[number];

const STAGES = {
  none: [],
  map: [map((n: number) => n)],
  steps: [map((n: number) => n * 2), filter((n: number) => n % 3 !== 0)],
  later: [map((n: number) => Promise.resolve(n))],
  take: [take(4)],
  failing: [map((n: number) => n === 5 ? Promise.reject("five") : n)],
  two: [map((n: number) => Promise.resolve(n), { concurrency: 2 })],
} satisfies { readonly [name: string]: Stage<number, number>[] };

interface Program {
  readonly length: number;
  readonly fails: boolean;
  readonly capacity: number;
  readonly stages: keyof typeof STAGES;
  readonly merged: boolean;
  readonly ops: readonly Op[];
}

const programs: fc.Arbitrary<Program> = fc.record({
  length: fc.nat(12),
  fails: fc.boolean(),
  capacity: fc.nat(2),
  stages: fc.constantFrom(...Object.keys(STAGES) as (keyof typeof STAGES)[]),
  merged: fc.boolean(),
  ops: fc.array(fc.constantFrom(...OPS), { maxLength: 40 }),
});

/** A source that gives its values when it is told to, and the flow of a program. */
function world({ length, fails, capacity, stages, merged }: Program) {
  let arrive = (): void => {};
  async function* source() {
    for (let n = 1; n <= length; n++) {
      await new Promise<void>((resolve) => arrive = resolve);
      yield n;
    }
    if (fails) throw "broken";
  }
  const upstream = from(source(), { capacity });
  const pipeAll = pipe as (source: unknown, ...stages: unknown[]) => Flow<number>;
  const piped = pipeAll(upstream, ...STAGES[stages]);
  return { upstream, flow: merged ? merge(piped) : piped, give: () => arrive() };
}

/** What each operation of a program does; its outcome goes to `log`. */
function operations({ upstream, flow, give }: ReturnType<typeof world>, log: string[]) {
  const loops = [flow[Symbol.asyncIterator](), flow[Symbol.asyncIterator]()] as const;
  const batches = flow.batches(2)[Symbol.asyncIterator]();
  const aborts: AbortController[] = [];
  const note = (id: number, promise: Promise<unknown>): void => {
    const tell = (outcome: unknown) => void log.push(`${id}: ${JSON.stringify(outcome)}`);
    promise.then((value) => tell(tidy(value)), (error: unknown) => tell({ error }));
  };
  return {
    next: (id) => note(id, loops[0].next()),
    other: (id) => note(id, loops[1].next()),
    batch: (id) => note(id, batches.next()),
    return: (id) => note(id, loops[0].return()),
    recv: (id) => note(id, flow.recv()),
    recvMany: (id) => note(id, flow.recvMany(2)),
    upstream: (id) => note(id, upstream.recv()),
    select: (id) => note(id, select({ flow, again: flow })),
    abortable: (id) => {
      const controller = new AbortController();
      aborts.push(controller);
      note(id, flow.recv({ signal: controller.signal }));
    },
    abort: () => aborts.shift()?.abort("enough"),
    tryRecv: (id) => note(id, Promise.resolve().then(() => flow.tryRecv())),
    parked: () => log.push(`${parked().length} parked`),
    cancel: () => flow.cancel(),
    give,
    turn: () => Promise.resolve(),
    idle,
  } satisfies Record<Op, (id: number) => unknown>;
}

/** What all operations of a program reported, in the order in which they did. */
async function run(program: Program, alone: boolean): Promise<string[]> {
  const parts = world(program), log: string[] = [];
  const { flow, give } = parts;
  if (!alone) Object.defineProperty(flow, "receiveFor", { value: () => undefined });
  setSeed(1);
  const perform = operations(parts, log);
  for (const [id, op] of program.ops.entries()) await perform[op](id);
  for (let n = 0; n <= program.length; n++) {
    give();
    await idle();
  }
  await flow[Symbol.asyncDispose]();
  await idle();
  return [...log, `${parked().length} parked`];
}

/** The order of the properties says who made the result. */
function tidy(outcome: unknown): unknown {
  const { done, value, key } = Object(outcome) as { done?: boolean; value?: unknown; key?: string };
  if (done === undefined) return outcome;
  return key === undefined ? done ? "done" : RECEIVED(value) : { key, done, value };
}

test("a loop that waits alone is served as if it stood in the queue", () =>
  check(programs, 400, async (program) => {
    const log = await run(program, true);

    assertEquals(log, await run(program, false));
    assertEquals(log.at(-1), "0 parked");
  }));
