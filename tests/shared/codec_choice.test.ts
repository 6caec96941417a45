import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { test } from "node:test";
import type { Codec } from "../../workers/shared/codec/codec.ts";
import { codecOf, type CodecOption } from "../../workers/shared/codec/choice.ts";
import { HANDLE, registerKind } from "../../workers/shared/handle.ts";
import { check } from "../property/check.ts";
import { AT, createMemory, elsewhere, LIMIT, portrait, sent } from "./codec_memory.ts";

const memory = createMemory();
const other = elsewhere(memory);

interface Item {
  id: number;
  name: string;
  values: number[];
}
const ITEM = { id: "i32", name: "string", values: "f64[]" } as const;

interface All {
  b: boolean;
  i: number;
  u: number;
  f: number;
  s: string;
  raw: Uint8Array;
  bs: boolean[];
  is: number[];
  ss: string[];
  raws: Uint8Array[];
  inner: Item;
  list: Item[];
}
const ALL = {
  b: "bool",
  i: "i32",
  u: "u32",
  f: "f64",
  s: "string",
  raw: "bytes",
  bs: "bool[]",
  is: "i32[]",
  ss: "string[]",
  raws: "bytes[]",
  inner: ITEM,
  list: [ITEM],
} as const;

function refusal<T>(codec: Codec<T>, value: unknown): string {
  const error = assertThrows(() => codec.encode(value as T, AT, LIMIT), DOMException);
  assertEquals(error.name, "DataCloneError");
  return error.message.replace("Cannot send to a shared channel: ", "");
}

test("a schema keeps records of its fields", async () => {
  const codecs = [codecOf<All>(memory, ALL), codecOf<All>(other, ALL)] as const;
  const item = fc.record({
    id: fc.integer(),
    name: fc.string({ unit: "binary" }),
    values: fc.array(fc.double()),
  });
  const bytes = fc.uint8Array();
  const all: fc.Arbitrary<All> = fc.record({
    b: fc.boolean(),
    i: fc.integer(),
    u: fc.nat(2 ** 31 - 1).map((n) => n * 2 + 1),
    f: fc.double(),
    s: fc.string({ unit: "grapheme", maxLength: 100 }),
    raw: bytes,
    bs: fc.array(fc.boolean()),
    is: fc.array(fc.integer()),
    ss: fc.array(fc.string()),
    raws: fc.array(bytes),
    inner: item,
    list: fc.array(item),
  }, { noNullPrototype: true });

  await check(all, 300, (value) => {
    assertEquals(portrait(sent(...codecs, value)), portrait(value));
    return Promise.resolve();
  });
});

test("a schema keeps bytes that stand in a record twice", () => {
  const codec = codecOf<{ a: Uint8Array; b: Uint8Array }>(memory, { a: "bytes", b: "bytes" });
  const bytes = new Uint8Array([1, 2]);

  assertEquals(sent(codec, codec, { a: bytes, b: bytes }), { a: bytes, b: bytes });
});

test("a schema leaves out properties that it has not", () => {
  const codec = codecOf<Item>(memory, ITEM);
  const more = { id: 1, name: "a", values: [], more: () => {} };

  assertEquals(sent(codec, codec, more), { id: 1, name: "a", values: [] });
});

test("a schema refuses what does not fit, with the path", () => {
  const codec = codecOf<{ n: number; items: Item[]; u: number; b: boolean }>(memory, {
    n: "f64",
    items: [ITEM],
    u: "u32",
    b: "bool",
  });
  const item = { id: 5, name: "x", values: [1] };
  const right = { n: 5, items: [item], u: 5, b: true };
  const wrong = (part: object) => refusal(codec, { ...right, ...part });
  const wrongItem = (part: object) => wrong({ items: [item, { ...item, ...part }] });

  assertEquals(wrong({ n: "5" }), 'value.n is not a number: "5"');
  assertEquals(wrong({ u: -1 }), "value.u is not a whole number from 0 to 2^32 - 1: -1");
  assertEquals(wrong({ b: undefined }), "value.b is not a boolean: undefined");
  assertEquals(wrong({ items: item }), "value.items is not an array: a value of type Object");
  assertEquals(wrongItem({ id: 0.5 }), "value.items[1].id is not a whole number of 32 bits: 0.5");
  assertEquals(wrongItem({ name: null }), "value.items[1].name is not a string: null");
  assertEquals(
    wrongItem({ values: [1, , 2] }),
    "value.items[1].values[1] is not a number: undefined",
  );
  assertEquals(refusal(codec, null), "value is not an object: null");
  assertEquals(sent(codec, codec, right), right);
});

test("a schema never writes beyond its limit", () => {
  const codec = codecOf<Item>(memory, ITEM);
  const value = { id: 1, name: "a".repeat(30), values: [1, 2, 3] };
  const bytes = codec.encode(value, AT, LIMIT);

  for (let limit = 0; limit < bytes; limit++) {
    const beyond = memory.bytes.subarray(AT + limit, AT + bytes + 99).fill(7);
    const answer = codec.encode(value, AT, limit);
    assert(answer < 0 && -answer > limit);
    assert(beyond.every((byte) => byte === 7));
  }
});

test("a schema is checked at compile time against the type of the values", () => {
  const right: CodecOption<Item> = ITEM;
  // @ts-expect-error -- a field is missing
  const missing: CodecOption<Item> = { id: "i32", name: "string" };
  // @ts-expect-error -- no number is a string
  const wrong: CodecOption<Item> = { id: "string", name: "string", values: "f64[]" };
  const nested: CodecOption<{ list: { at: Uint8Array }[] }> = { list: [{ at: "bytes" }] };

  assert([right, missing, wrong, nested].every((option) => typeof option === "object"));
});

test("codec json changes what JSON changes", () => {
  const [here, there] = [codecOf<unknown>(memory, "json"), codecOf<unknown>(other, "json")];
  const value = { at: new Date(0), none: undefined, list: [undefined, NaN], text: "ż\ud800" };

  assertEquals(sent(here, there, value), JSON.parse(JSON.stringify(value)));
  assertEquals(sent(here, there, 1), 1);
  assertEquals(sent(here, there, ""), "");
  assertEquals(refusal(here, undefined), "JSON has no undefined");
});

test("codec json tells how much room is missing", () => {
  const codec = codecOf<unknown>(memory, "json");

  assert(codec.encode("a".repeat(1000), AT, 100) < -1000);
});

test("a codec of the user's own carries the bytes that it makes", () => {
  const own: CodecOption<Date> = {
    encode: (value) => new TextEncoder().encode(value.toISOString()),
    decode: (bytes) => new Date(new TextDecoder().decode(bytes)),
  };
  const [here, there] = [codecOf(memory, own), codecOf(other, own)];

  assertEquals(sent(here, there, new Date(5)), new Date(5));
  assert(here.encode(new Date(5), AT, 20) < -20);
});

test("a codec of the user's own carries no bytes at all", () => {
  const own = { encode: () => new Uint8Array(0), decode: (bytes: Uint8Array) => bytes.length };
  const codec = codecOf<number>(memory, own);

  assertEquals(sent(codec, codec, 5), 0);
});

test("a codec of the user's own throws what it throws", () => {
  const failure = new Error("no");
  const own = {
    encode: () => {
      throw failure;
    },
    decode: () => 0,
  };
  const wrong = { encode: () => "text" as never, decode: () => 0 };

  const thrown = assertThrows(() => codecOf<number>(memory, own).encode(1, AT, LIMIT));
  assertStrictEquals(thrown, failure);
  assertThrows(() => codecOf<number>(memory, wrong).encode(1, AT, LIMIT), TypeError);
});

test("codecOf() refuses what is no codec", () => {
  const wrong = ["xml", null, 5, [], { a: "i64" }, { a: ["i32"] }, { a: [ITEM, ITEM] }, {
    a: {},
    b: 1,
  }];
  for (const option of wrong) {
    assertThrows(() => codecOf<never>(memory, option as never), TypeError, "options.codec");
  }
});

test("codec auto sends what lives in the memory as what it is", () => {
  class Shared {
    readonly offset: number;
    constructor(offset: number) {
      this.offset = offset;
    }
    [HANDLE]() {
      return { kind: "codec test", memory: memory.memory, offset: this.offset, generation: 3 };
    }
  }
  registerKind("codec test", ({ offset, generation }) => new Shared(offset + generation));
  const [here, there] = [codecOf<unknown>(memory), codecOf<unknown>(other)];
  const shared = new Shared(64);

  const [one, two] = sent(here, there, [shared, { shared }]) as [Shared, { shared: Shared }];

  assert(one instanceof Shared);
  assertEquals(one.offset, 67);
  assertStrictEquals(two.shared, one);
  const copy = sent(here, there, { memory: memory.memory }) as { memory: unknown };
  assertStrictEquals(copy.memory, memory.memory);
});

test("codec auto refuses what lives in another memory", () => {
  const codec = codecOf<unknown>(memory);
  const foreign = createMemory(4096).memory;
  const shared = {
    __proto__: { [HANDLE]: () => ({ kind: "x", memory: foreign, offset: 0, generation: 0 }) },
  };

  assertEquals(refusal(codec, [shared]), "value[0] lives in another memory");
});
