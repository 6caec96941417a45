import { assert, assertEquals } from "@std/assert";
import { test } from "node:test";
import { AutoCodec } from "../../workers/shared/codec/auto.ts";
import { type Shape, ShapeTable } from "../../workers/shared/codec/shapes.ts";
import { SHAPES } from "../../workers/shared/layout.ts";
import { AT, createMemory, elsewhere, LIMIT, sent } from "./codec_memory.ts";

function table(memory = createMemory()): { table: ShapeTable; learned: string[] } {
  const learned: string[] = [];
  const learn = ({ number, keys }: Shape) => learned.push(`${number}: ${keys}`);
  return { table: new ShapeTable(memory, learn), learned };
}

test("ShapeTable.add() gives each list of keys one number for all threads", () => {
  const memory = createMemory();
  const one = table(memory);
  const two = table(elsewhere(memory));

  one.table.add(["a", "b"]);
  two.table.add(["c"]);
  one.table.add(["c"]);
  one.table.add(["d"]);
  two.table.add(["e"]);
  one.table.learn();

  assertEquals(one.learned, ["0: a,b", "1: c", "2: d", "3: e"]);
  assertEquals(two.learned, one.learned);
});

test("ShapeTable.at() finds a shape that another thread has added", () => {
  const memory = createMemory();
  const writer = table(memory);
  const reader = table(elsewhere(memory));

  for (const key of ["x", "ż\ud800", ""]) writer.table.add([key]);

  assertEquals(reader.table.at(1).keys, ["ż\ud800"]);
  assertEquals(reader.learned.length, 3);
});

/** Runs `first` in the middle of the first compare-and-swap of `second`, as another thread may. */
function overtaken(second: () => void, first: () => void): void {
  const { compareExchange } = Atomics;
  Atomics.compareExchange = ((...args: [Int32Array, number, number, number]) => {
    Atomics.compareExchange = compareExchange;
    first();
    return compareExchange(...args);
  }) as typeof compareExchange;
  try {
    second();
  } finally {
    Atomics.compareExchange = compareExchange;
  }
}

test("ShapeTable.add() takes the next number when another thread is faster", () => {
  for (const made of [false, true]) {
    const memory = createMemory();
    const [one, two] = [table(memory), table(elsewhere(memory))];
    if (made) one.table.learn();

    overtaken(() => one.table.add(["a"]), () => two.table.add(["b"]));

    assertEquals(one.learned, ["0: b", "1: a"]);
    two.table.learn();
    assertEquals(two.learned, one.learned);
  }
});

test("ShapeTable.add() adds no shape twice when two threads do at once", () => {
  const memory = createMemory();
  const [one, two] = [table(memory), table(elsewhere(memory))];
  one.table.learn();

  overtaken(() => one.table.add(["a", "b"]), () => two.table.add(["a", "b"]));

  assertEquals(one.learned, ["0: a,b"]);
  assertEquals(two.learned, ["0: a,b"]);
});

test("ShapeTable works on when a thread has died before its shape had a number", () => {
  const memory = createMemory();
  const one = table(memory);
  one.table.add(["a"]);
  // What the dead thread has done: taken room for keys, and written half of them.
  const start = memory.words[SHAPES]! >> 2;
  const room = Atomics.add(memory.words, start, 64);
  memory.words.fill(-1, room >> 2, (room >> 2) + 5);

  const two = table(elsewhere(memory));
  two.table.add(["b"]);
  one.table.add(["c"]);

  assertEquals(one.learned, ["0: a", "1: b", "2: c"]);
});

test("ShapeTable works on when a thread has died before its table was the one", () => {
  const memory = createMemory();
  memory.allocate(100);

  const one = table(memory);
  one.table.learn();
  one.table.add(["a"]);

  assertEquals(one.learned, ["0: a"]);
});

test("codec auto sends objects of any keys when the table of shapes is full", () => {
  const memory = createMemory();
  const here = new AutoCodec(memory);
  const there = new AutoCodec(elsewhere(memory));
  const keys = Array.from({ length: 1500 }, (_, i) => `key number ${i}`);

  for (let round = 0; round < 4; round++) {
    for (const key of keys) {
      const value = { [key]: round, other: { x: 2 } };
      assertEquals(sent(here, there, value) as typeof value, value);
    }
  }

  const shaped = here.encode({ [keys[0]!]: 1, other: { x: 1 } }, AT, LIMIT);
  const inline = here.encode({ [keys[1499]!]: 1, other: { x: 1 } }, AT, LIMIT);
  assert(shaped < inline, `${shaped} bytes with a shape, ${inline} without`);
});

test("codec auto sends objects when the memory has no room for a table of shapes", () => {
  const memory = {
    ...createMemory(),
    allocate(): number {
      throw new RangeError("The memory is used up");
    },
  };
  const [here, there] = [new AutoCodec(memory), new AutoCodec(memory)];

  for (let i = 0; i < 5; i++) assertEquals(sent(here, there, { a: { b: i } }), { a: { b: i } });
});

test("codec auto gives a dictionary no shape", () => {
  const memory = createMemory();
  const here = new AutoCodec(memory);

  for (let i = 0; i < 5000; i++) here.encode({ [`key ${i}`]: i }, AT, LIMIT);
  const { table: shapes, learned } = table(elsewhere(memory));
  shapes.learn();

  assertEquals(learned, []);
});

test("codec auto makes objects where functions cannot be made of text", () => {
  const { Function } = globalThis;
  const memory = createMemory();
  try {
    globalThis.Function = (() => {
      throw new EvalError("Refused by a policy");
    }) as unknown as FunctionConstructor;
    const here = new AutoCodec(memory);
    const there = new AutoCodec(elsewhere(memory));
    const record = here.forSchema<{ a: number; b: string }>({ a: "i32", b: "string" });

    for (let i = 0; i < 250; i++) {
      assertEquals(sent(here, there, { a: i, b: "x" }) as unknown, { a: i, b: "x" });
      assertEquals(sent(record, record, { a: i, b: "x" }), { a: i, b: "x" });
    }
  } finally {
    globalThis.Function = Function;
  }
});

test("codec auto keeps strings where there is no Buffer", () => {
  const global = globalThis as { Buffer?: unknown };
  const { Buffer } = global;
  const memory = createMemory();
  const texts = ["a".repeat(10), "a".repeat(30), "\xe9".repeat(20), "\ufeff" + "\u017c".repeat(30)];
  try {
    global.Buffer = undefined;
    const codec = new AutoCodec(memory);

    assertEquals(sent(codec, codec, texts), texts);
  } finally {
    global.Buffer = Buffer;
  }
});
