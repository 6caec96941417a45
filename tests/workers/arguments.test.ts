import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { test } from "node:test";
import { Channel } from "../../mod.ts";
import { packArguments, unpackArguments } from "../../workers/arguments.ts";
import type { ChannelRef } from "../../workers/parcel.ts";
import { transfer } from "../../workers/mod.ts";

const ANY = (): ChannelRef => ({ yours: 0 });

/** Sends arguments to nobody: what the function would be given, with numbers for channels. */
function sent(...args: unknown[]): unknown[] {
  const known: unknown[] = [];
  const packed = packArguments(args, (channel) => {
    if (!known.includes(channel)) known.push(channel);
    return { yours: known.indexOf(channel) };
  });
  const clone = structuredClone(packed.args);
  return unpackArguments(
    { ...packed, args: clone },
    (ref) => "yours" in ref && `channel ${ref.yours}`,
  );
}

test("packArguments() finds channels in plain objects and arrays, and leaves the rest", () => {
  const [a, b] = [new Channel(), new Channel()];

  const args = sent(a, { deep: [1, b, { a }], none: undefined }, new Map([[1, 2]]), "text");

  const deep = [1, "channel 1", { a: "channel 0" }];
  assertEquals(args, ["channel 0", { deep, none: undefined }, new Map([[1, 2]]), "text"]);
});

test("packArguments() keeps what stands in several places one object, also in itself", () => {
  const shared = { channel: new Channel(), self: undefined as unknown };
  shared.self = shared;

  const [one, two] = sent(shared, [shared]) as [typeof shared, (typeof shared)[]];

  assertStrictEquals(one, two[0]);
  assertStrictEquals(one.self, one);
  assertEquals(one.channel as unknown, "channel 0");
});

test("packArguments() looks at each object once, in however many places it stands", () => {
  let looks = 0;
  let shared: object = {
    get looked() {
      return ++looks;
    },
  };
  for (let n = 0; n < 50; n++) shared = { one: shared, two: shared };

  packArguments([shared], ANY);

  assertEquals(looks, 1);
});

class Holder {
  channel = new Channel();
}

const hidden: Record<string, [value: unknown, path: string]> = {
  "a map": [new Map([["key", new Channel()]]), 'options.args[0]["in"][1]'],
  "a set": [new Set([{ channel: new Channel() }]), 'options.args[0]["in"][0]["channel"]'],
  "an instance of a class": [new Holder(), 'options.args[0]["in"]["channel"]'],
};

for (const [name, [value, path]] of Object.entries(hidden)) {
  test(`packArguments() refuses a channel in ${name}, where none can be put back`, () => {
    const { message } = assertThrows(() => sent({ in: value }), TypeError);

    assert(message.startsWith(`${path} must stand in plain objects and arrays`), message);
  });
}

test("packArguments() moves each thing once, in however many places it is marked", () => {
  const bytes = new Uint8Array(8);
  const marked = transfer(bytes, [bytes.buffer]);

  const packed = packArguments([marked, { marked }, [marked]], ANY);

  assertEquals(packed.transfer, [bytes.buffer]);
});
