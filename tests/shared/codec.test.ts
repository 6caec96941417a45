import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import { codecOf } from "../../workers/shared/codec/choice.ts";
import { beginBytes, BYTES_START, bytesOf } from "../../workers/shared/codec/auto.ts";
import { check } from "../property/check.ts";
import { AT, createMemory, elsewhere, LIMIT, portrait, sent } from "./codec_memory.ts";

const memory = createMemory();
const here = codecOf<unknown>(memory);
const there = codecOf<unknown>(elsewhere(memory));
const copyOf = <T>(value: T): T => sent(here, there, value) as T;
/** As often as a shape needs for a number, and its reader for a function of its own. */
const OFTEN = 250;

const RUNS = 1000;

/** That a copy is what `structuredClone` makes of the value. */
function assertCloned(value: unknown): void {
  assertEquals(portrait(copyOf(value)), portrait(structuredClone(value)));
}

function cloned(value: unknown): Promise<void> {
  assertCloned(value);
  return Promise.resolve();
}

const EXACT: Record<string, unknown> = {
  "undefined": undefined,
  "null": null,
  "booleans": [true, false],
  "numbers": [
    0,
    -0,
    1.5,
    NaN,
    -Infinity,
    2 ** 53,
    2 ** 23 - 1,
    2 ** 23,
    -(2 ** 23),
    -(2 ** 23) - 1,
  ],
  "a number alone": -0,
  "small numbers among others": ["", 0, -0, 8388607, 8388608, -8388608, -8388609, 0.1],
  "bigints": [0n, -1n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), -(2n ** 63n) - 1n, 10n ** 40n],
  "strings": ["", "a", "é", "ż", "\u{1f600}", "\0", "a".repeat(40), "é".repeat(40), "ż".repeat(40)],
  "a byte order mark": "\ufeff" + "long enough to be written at once".repeat(2),
  "lone surrogates": ["\ud800", "\udc00\ud800", "\ud800".repeat(50), "a".repeat(50) + "\udfff"],
  "a long string": "abcdefghij".repeat(5000),
  "dates": [new Date(0), new Date(NaN), new Date(-1)],
  "regular expressions": [/a\/b/giu, new RegExp("")],
  "boxed values": [Object(1), Object("a"), Object(false), Object(5n)],
  "empty containers": [[], {}, new Map(), new Set(), new Uint8Array(0), new ArrayBuffer(0)],
  "maps": new Map<unknown, unknown>([[{ a: 1 }, new Map([[1, 2]])], [NaN, undefined]]),
  "sets": new Set<unknown>([1, "a", { b: new Set() }]),
  "holes": [1, , undefined, , "a"],
  "a hole first": [, 1],
  "only a length": new Array(1e9),
  "numbers that end in something else": [1, 2, "a"],
  "numbers with something else inside": [1, "a", 2],
  "numbers with a hole": [1, , 2],
  "keys that are indexes": { b: 1, 2: "two", 1: "one", a: 2 },
  "__proto__ as a key": JSON.parse('{"a": 1, "__proto__": {"b": 2}}'),
  "keys of any text": { "": 1, "\ud800": 2, 'a"b': 3, "ż": 4, "\u2028": 5 },
  "many keys": Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i])),
  "a long key": { ["k".repeat(1000)]: 1 },
  "no prototype": Object.assign(Object.create(null), { a: 1 }),
  "bytes in objects": { a: 1, b: new Uint8Array([1, 2, 3]), c: [new Float64Array([1.5, -0])] },
  "a part of a buffer's bytes": new DataView(new Uint8Array([1, 2, 3]).buffer),
};

for (const [what, value] of Object.entries(EXACT)) {
  test(`codec auto keeps ${what}`, () => {
    for (let i = 0; i < OFTEN; i++) assertCloned(value);
  });
}

test("codec auto keeps every class of bytes", () => {
  const source = Uint8Array.from({ length: 16 }, (_, i) => i).buffer;
  const names = Object.getOwnPropertyNames(globalThis).filter((name) => /\w+Array$/.test(name));
  for (const name of names) {
    const Class =
      (globalThis as unknown as Record<string, new (b: ArrayBuffer) => ArrayBufferView>)[
        name
      ]!;
    const view = new Class(source);
    if (ArrayBuffer.isView(view)) assertEquals(portrait(copyOf(view)), portrait(view));
  }
  assert(names.length >= 11);
});

test("codec auto copies only what an array of bytes shows", () => {
  const copy = copyOf(new Uint8Array([1, 2, 3, 4]).subarray(1, 3));

  assertEquals([...copy], [2, 3]);
  assertEquals(copy.buffer.byteLength, 2);
  assert(copy.buffer instanceof ArrayBuffer);
});

test("codec auto refuses bytes that have been transferred away", () => {
  const bytes = new Uint8Array(4);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });

  assertThrows(() => copyOf(bytes), DOMException, "Cannot send to a shared channel: ");
  assertThrows(() => copyOf(bytes.buffer), DOMException, "Cannot send to a shared channel: ");
});

test("codec auto keeps which objects are the same one", () => {
  const shared = { a: 1 };
  const ring: Record<string, unknown> = { shared };
  ring["self"] = ring;
  const bytes = new Uint8Array(3);
  const many = Array.from({ length: 30 }, (_, i) => ({ i, of: ring }));
  const map = new Map<unknown, unknown>();
  map.set(map, new Set([map]));

  for (let i = 0; i < OFTEN; i++) {
    assertCloned([shared, shared]);
    assertCloned(ring);
    assertCloned([bytes, bytes, [bytes]]);
    assertCloned([...many, ...many]);
    assertCloned(map);
  }
});

test("codec auto keeps a chain of errors that stands in itself", () => {
  const error = new RangeError("inner", { cause: { code: 5 } });
  const outer = new AggregateError([error, error], "outer") as AggregateError & { code: string };
  outer.code = "E";
  error.cause = outer;

  const copy = copyOf([outer])[0]!;

  assert(copy instanceof AggregateError);
  assertEquals(copy.stack, outer.stack);
  assertEquals(copy.code, "E");
  assert(copy.errors[0] instanceof RangeError);
  assertStrictEquals(copy.errors[0], copy.errors[1]);
  assertStrictEquals(copy.errors[0].cause, copy);
});

test("codec auto sends instances as their own properties", () => {
  class Point {
    x = 1;
    #y = 2;
    get y(): number {
      return this.#y;
    }
  }
  class Named extends Map<string, number> {}
  const looksLikeOne = Object.create(Map.prototype) as object;

  for (let i = 0; i < OFTEN; i++) {
    assertCloned([new Point(), new Point(), new Named([["a", 1]]), looksLikeOne]);
  }
});

test("codec auto reads each getter once", () => {
  for (let i = 0; i < 5; i++) {
    let reads = 0;
    const value = {
      a: {
        get b() {
          return ++reads;
        },
      },
      c: 1,
    };

    assertEquals(copyOf(value) as unknown, { a: { b: 1 }, c: 1 });
    assertEquals(reads, 1);
  }
});

test("codec auto leaves out what an object inherits", () => {
  const value = { own: 1 };
  for (let i = 0; i < 5; i++) copyOf({ own: 1, everybodys: 2 });
  Object.defineProperty(Object.prototype, "everybodys", {
    value: 3,
    enumerable: true,
    configurable: true,
  });
  try {
    assertEquals(Object.keys(copyOf(value)), ["own"]);
  } finally {
    delete (Object.prototype as { everybodys?: number }).everybodys;
  }
});

const REFUSED: [unknown, string][] = [
  [() => 1, "value is function"],
  [{ a: [1, { "b-c": function named() {} }] }, 'value.a[1]["b-c"] is function named'],
  [[Symbol("s")], "value[0] is Symbol(s)"],
  [new Map([["k", { f() {} }]]), 'value.get("k").f is function f'],
  [{ p: Promise.resolve() }, "value.p is a value of type Promise"],
  [[new WeakMap()], "value[0] is a value of type WeakMap"],
  [{ m: new SharedArrayBuffer(8) }, "value.m is a value of type SharedArrayBuffer"],
  [{
    get x() {
      throw new Error("boo");
    },
  }, "value.x cannot be read: boo"],
];

for (const [value, reason] of REFUSED) {
  test(`codec auto refuses a value: ${reason}`, () => {
    const { message } = assertThrows(() => here.encode(value, AT, LIMIT), DOMException);

    assert(message.startsWith(`Cannot send to a shared channel: ${reason}`), message);
    assertCloned({ after: "that" });
  });
}

test("codec auto refuses what is nested too deeply, and takes what is not", () => {
  const nested = (levels: number): unknown => {
    let value: unknown = "x";
    for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { value };
    return value;
  };

  for (let i = 0; i < OFTEN; i++) copyOf(nested(1000));
  const { message } = assertThrows(() => copyOf(nested(10_000)), DOMException);
  assert(message.endsWith("is nested deeper than 1000 levels"), message.slice(-100));
});

test("codec auto refuses to send from a getter of what is being sent", () => {
  const value = {
    get x(): number {
      return here.encode(1.5, AT, LIMIT) && here.encode("", AT, 9);
    },
  };

  const { message } = assertThrows(() => copyOf(value), DOMException);

  assert(message.includes("Cannot send while the value of another send is being read"), message);
});

test("codec auto never writes beyond its limit, and tells how much is missing", () => {
  const values = [...Object.values(EXACT), [[1, [2]], "a".repeat(99), { a: "b".repeat(30) }]];
  for (const value of values) {
    here.encode(value, AT, LIMIT);
    const bytes = here.encode(value, AT, LIMIT);
    for (let limit = 0; limit < Math.min(bytes, 600); limit++) {
      const beyond = memory.bytes.subarray(AT + limit, AT + limit + 1000).fill(7);
      const answer = here.encode(value, AT, limit);
      assert(answer < 0 && -answer > limit, `${answer} for a limit of ${limit}`);
      assert(beyond.every((byte) => byte === 7));
    }
  }
});

test("codec auto finds the room for a value in a few attempts", () => {
  const values = ["ż".repeat(1e4), "a".repeat(1e5), new Uint8Array(1e5), Array(1e4).fill(0.5)];
  for (const value of values) {
    const first = here.encode(value, AT, 64);
    assert(here.encode(value, AT, -first) > 0 || typeof value === "string");
    assert(here.encode(value, AT, -2 * first) > 0);
  }
});

test("bytesOf() finds the bytes of a message that is an array of bytes", () => {
  const source = new Uint8Array([1, 2, 3, 4, 5]);
  const bytes = here.encode(source, AT, LIMIT);

  assertEquals(bytesOf(memory, AT, bytes), 5);
  assertEquals([...memory.bytes.subarray(AT + BYTES_START, AT + BYTES_START + 5)], [...source]);
  for (const other of [1.5, 1, "abcde", [source], new Int8Array(4), null, new ArrayBuffer(5)]) {
    assertEquals(bytesOf(memory, AT, here.encode(other, AT, LIMIT)), -1);
  }
});

test("beginBytes() makes a message of bytes that are put there later", () => {
  for (const length of [0, 1, 3, 4, 5, 100]) {
    const bytes = beginBytes(memory, AT, length);
    memory.bytes.fill(9, AT + BYTES_START, AT + BYTES_START + length);

    assertEquals(there.decode(AT, bytes), new Uint8Array(length).fill(9));
    assertEquals(here.encode(new Uint8Array(length), AT, LIMIT), bytes);
  }
});

test("codec auto makes of anything what structuredClone makes of it", async () => {
  const any = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withTypedArray: true,
    withSparseArray: true,
    maxDepth: 4,
    key: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("a", "b", "id", "__proto__", "1")),
  });

  await check(any, RUNS, cloned, portrait);
});

test("codec auto makes of records what structuredClone makes of them", async () => {
  const text = fc.string({ unit: fc.integer({ max: 0xffff }).map((n) => String.fromCharCode(n)) });
  const { record } = fc.letrec<{ record: unknown; value: unknown }>((tie) => ({
    value: fc.oneof(
      fc.integer(),
      fc.double(),
      text,
      fc.array(fc.double()),
      fc.array(tie("record"), { maxLength: 3 }),
      tie("record"),
      fc.constantFrom(null, undefined, true),
    ),
    record: fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("value")),
  }));

  await check(record, RUNS, cloned, portrait);
});

test("codec auto makes of any graph of objects what structuredClone makes of it", async () => {
  const edge = fc.tuple(fc.nat(11), fc.nat(11), fc.constantFrom("a", "b"));
  const graph = fc.array(edge, { maxLength: 30 }).map((edges) => {
    const nodes = Array.from({ length: 12 }, (_, i): Record<string, unknown> => ({ i }));
    for (const [from, to, key] of edges) nodes[from]![key] = nodes[to];
    return [nodes[0], nodes];
  });

  await check(graph, RUNS, cloned, portrait);
});
