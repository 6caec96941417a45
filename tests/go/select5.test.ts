/**
 * After Go's test/chan/select5.go, which generates a program for every form in which an operation can be
 * written, with every set of cases beside it that can never go. Each does one operation; the point is
 * that it is the right one, that operands are evaluated in order and that nothing else happens.
 */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { test } from "node:test";
import { after, Channel, select, type Selectable, selectEach, trySelect } from "../../mod.ts";
import { waiting } from "../unit/counts.ts";
import { type Choose, everyPath } from "./paths.ts";

/** Buffered, so that one task can do all: concurrency is not what this is about. */
const channel = new Channel<number>(1);
/** Where nothing ever happens. */
const dummy = new Channel<number>();

/** The order in which operands were evaluated, as text. */
let evaluated = "";

function operand<T>(name: string, value: T): T {
  evaluated += name;
  return value;
}

/** A case as it is written: what its evaluation leaves in `evaluated`, and the evaluation. */
interface Written {
  readonly trace: string;
  readonly evaluate: () => Selectable;
}

const OFF = [null, undefined, false] as const;

/** Cases that can never go. */
function besides(choose: Choose): Written[] {
  const maybe = (trace: string, evaluate: () => Selectable): Written[] =>
    choose(2) === 1 ? [{ trace, evaluate }] : [];
  return [
    ...maybe("dv", () => operand("d", dummy).sendCase(operand("v", 1))),
    ...maybe("d", () => operand("d", dummy)),
    ...maybe("o", () => operand("o", OFF[choose(OFF.length)])),
    ...maybe("t", () => operand("t", after(1e9))),
    ...maybe("s", () => operand("s", new AbortController().signal)),
  ];
}

/** A record of `own` and some others, in any place among them. Operands are evaluated once, in order. */
function casesAround(own: Written, choose: Choose): Record<string, Selectable> {
  const written = besides(choose);
  written.splice(choose(written.length + 1), 0, own);
  evaluated = "";
  const cases = written.map((it, i) => [it === own ? "own" : `beside${i}`, it.evaluate()] as const);
  assertEquals(evaluated, written.map(({ trace }) => trace).join(""));
  return Object.fromEntries(cases);
}

/** Selects, in one of the forms; the outcome of the case "own". */
async function selected(cases: Record<string, Selectable>, choose: Choose): Promise<unknown> {
  const priority = choose(2) === 1;
  const keys = Object.keys(cases);
  const list = choose(2) === 1;
  const input = list ? Object.values(cases) : cases;
  const outcome = await [
    () => select(input, { priority }),
    () => trySelect(input, { priority }),
    async () => {
      for await (const first of selectEach(input, { priority })) return first;
      return undefined;
    },
  ][choose(3)]!();
  assert(outcome !== undefined);
  assertEquals(list ? keys[outcome.key as number] : outcome.key, "own");
  return outcome.value;
}

const RECEIVES: readonly (() => unknown)[] = [
  async () => (await channel.recv()).value,
  () => channel.tryRecv()?.value,
  async () => (await channel.recvMany(5))[0],
  async () => (await channel[Symbol.asyncIterator]().next()).value,
  async () => {
    for await (const value of channel) return value;
    return undefined;
  },
  async () => {
    for await (const [value] of channel.batches(3)) return value;
    return undefined;
  },
];

const SENDS: readonly ((value: number) => unknown)[] = [
  (value) => channel.send(value),
  (value) => channel.trySend(value),
  (value) => channel.sendMany([value]),
];

/** Runs all programs; between two, nothing must be left anywhere. */
async function programs(
  body: (n: number, choose: Choose) => void | Promise<void>,
): Promise<number> {
  let n = 0;
  return await everyPath(async (choose) => {
    await body(++n, choose);
    assertEquals([channel.size, waiting(channel), waiting(dummy)], [0, 0, 0]);
  });
}

test("every form of a receive takes the value, whatever stands beside it (select5.go)", async () => {
  const runs = await programs(async (n, choose) => {
    await channel.send(n);
    const form = choose(RECEIVES.length + 1);

    if (form < RECEIVES.length) return assertEquals(await RECEIVES[form]!(), n);

    const own = { trace: "c", evaluate: () => operand("c", channel) };
    assertEquals(await selected(casesAround(own, choose), choose), n);
  });

  assertGreater(runs, 2_000);
});

test("every form of a send gives the value, whatever stands beside it (select5.go)", async () => {
  const runs = await programs(async (n, choose) => {
    const form = choose(SENDS.length + 1);

    if (form < SENDS.length) await SENDS[form]!(n);
    else {
      const evaluate = () => operand("c", channel).sendCase(operand("v", n));
      const own = { trace: "cv", evaluate };
      assertEquals(await selected(casesAround(own, choose), choose), undefined);
    }

    assertEquals(channel.tryRecv(), { done: false, value: n });
  });

  assertGreater(runs, 2_000);
});

test("every set of cases that cannot go lets trySelect() take none (select5.go)", async () => {
  const runs = await programs((_, choose) => {
    const cases = casesAround({ trace: "", evaluate: () => null }, choose);
    const input = choose(2) === 1 ? cases : Object.values(cases);

    assertEquals(trySelect(input, { priority: choose(2) === 1 }), undefined);
  });

  assertGreater(runs, 500);
});

test("everyPath() runs each sequence of answers once", async () => {
  const seen: string[] = [];

  const runs = await everyPath((choose) => {
    const first = choose(2);
    seen.push(first === 0 ? "0" : `1${choose(3)}`);
  });

  assertEquals(seen, ["0", "10", "11", "12"]);
  assertEquals(runs, 4);
});
