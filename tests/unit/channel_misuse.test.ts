import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { test } from "node:test";
import { after, Channel, every, once, select, selectEach, trySelect } from "../../mod.ts";
import { idle } from "../../testing/mod.ts";
import { counts } from "./counts.ts";

type Kind = typeof RangeError | typeof TypeError;

/** Asserts that `call` throws at once and that the message names the argument and the value. */
function refuses(call: () => unknown, kind: Kind, argument: string, value: string): void {
  const error = assertThrows(call, kind);
  assertStringIncludes(error.message, argument);
  assertStringIncludes(error.message, value);
}

const WRONG_CAPACITIES: [unknown, Kind, string][] = [
  [-1, RangeError, "-1"],
  [1.5, RangeError, "1.5"],
  [NaN, RangeError, "NaN"],
  [-Infinity, RangeError, "-Infinity"],
  ["5", TypeError, "5"],
  [null, TypeError, "null"],
  [{}, TypeError, "Object"],
  [Object.create(null), TypeError, "an object"],
  [Symbol("five"), TypeError, "Symbol(five)"],
  [() => 5, TypeError, "function"],
  [3n, TypeError, "3"],
  [true, TypeError, "true"],
];

for (const [capacity, kind, shown] of WRONG_CAPACITIES) {
  test(`new Channel() throws ${kind.name} for the capacity ${typeof capacity} ${shown}`, () => {
    const make = () => new Channel(capacity as number);

    refuses(make, kind, "capacity", shown);
  });
}

const WRONG_OPTIONS: [string, unknown, Kind, string, string][] = [
  ["an unknown overflow", { overflow: "drop" }, RangeError, "overflow", "drop"],
  ["an overflow that is no text", { overflow: 5 }, TypeError, "overflow", "5"],
  ["an onDrop that is no function", { onDrop: 5 }, TypeError, "onDrop", "5"],
  ["a name that is no text", { name: 5 }, TypeError, "name", "5"],
  ["options that are a number", 5, TypeError, "options", "5"],
  ["options that are null", null, TypeError, "options", "null"],
];

for (const [what, options, kind, argument, shown] of WRONG_OPTIONS) {
  test(`new Channel() throws for ${what}`, () => {
    const make = () => new Channel(1, options as object);

    // For a text that is not among the known ones the contract leaves the class open.
    const either = kind === RangeError ? [RangeError, TypeError] : [TypeError];
    const error = assertThrows(make, Error);
    assert(either.some((allowed) => error instanceof allowed), String(error));
    assertStringIncludes(error.message, argument);
    assertStringIncludes(error.message, shown);
  });
}

for (const overflow of ["drop-oldest", "drop-newest"] as const) {
  test(`new Channel() throws RangeError for "${overflow}" with capacity 0`, () => {
    const make = () => new Channel(0, { overflow });

    refuses(make, RangeError, "capacity", "0");
  });
}

test("new Channel() takes undefined for a capacity and for each option", () => {
  const options = { overflow: undefined, onDrop: undefined, name: undefined };

  const channel = new Channel(undefined, options);

  assertEquals(channel.capacity, 0);
});

const WRONG_WAITS: [string, object, Kind, string, string][] = [
  ["a negative timeout", { timeout: -1 }, RangeError, "timeout", "-1"],
  ["a timeout that is NaN", { timeout: NaN }, RangeError, "timeout", "NaN"],
  ["a timeout that is a text", { timeout: "5" }, TypeError, "timeout", "5"],
  ["a timeout that is null", { timeout: null }, TypeError, "timeout", "null"],
  ["a signal that is an object", { signal: {} }, TypeError, "signal", ""],
  ["a signal that is a controller", { signal: new AbortController() }, TypeError, "signal", ""],
  ["a signal that is null", { signal: null }, TypeError, "signal", "null"],
];

for (const [what, options, kind, argument, shown] of WRONG_WAITS) {
  const wrong = options as { timeout?: number };

  test(`Channel.recv() throws at once for ${what}, and takes nothing`, async () => {
    const channel = new Channel<number>(2);
    channel.trySend(1);

    refuses(() => channel.recv(wrong), kind, argument, shown);

    await idle();
    assertEquals(counts(channel).size, 1);
  });

  test(`Channel.recv() throws at once for ${what}, and does not wait`, () => {
    const channel = new Channel<number>();

    refuses(() => channel.recv(wrong), kind, argument, shown);

    assertEquals(counts(channel).receivers, 0);
  });

  test(`Channel.send() throws at once for ${what}, and sends nothing`, () => {
    const channel = new Channel<number>(1);

    refuses(() => channel.send(1, wrong), kind, argument, shown);

    assertEquals([counts(channel).size, counts(channel).senders], [0, 0]);
  });

  test(`Channel.recvMany() throws at once for ${what}, and takes nothing`, () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);

    refuses(() => channel.recvMany(2, wrong), kind, argument, shown);

    assertEquals(counts(channel).size, 1);
  });

  test(`Channel.sendMany() throws at once for ${what}, and sends nothing`, () => {
    const channel = new Channel<number>(3);

    refuses(() => channel.sendMany([1, 2], wrong), kind, argument, shown);

    assertEquals(counts(channel).size, 0);
  });

  test(`select() throws at once for ${what}, and takes nothing`, () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);

    refuses(() => select({ in: channel }, wrong), kind, argument, shown);

    assertEquals(counts(channel).size, 1);
  });

  test(`selectEach() throws at once for ${what}`, () => {
    const channel = new Channel<number>(1);

    refuses(() => selectEach({ in: channel }, wrong), kind, argument, shown);

    assertEquals(counts(channel).receivers, 0);
  });
}

const WRONG_MAXIMA: [unknown, Kind, string][] = [
  [0, RangeError, "0"],
  [-1, RangeError, "-1"],
  [1.5, RangeError, "1.5"],
  [NaN, RangeError, "NaN"],
  ["3", TypeError, "3"],
  [undefined, TypeError, "undefined"],
];

for (const [max, kind, shown] of WRONG_MAXIMA) {
  test(`Channel.recvMany() throws ${kind.name} at once for the max ${typeof max} ${shown}`, () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);

    refuses(() => channel.recvMany(max as number), kind, "max", shown);

    assertEquals(counts(channel).size, 1);
  });

  test(`Channel.batches() throws ${kind.name} at once for the max ${typeof max} ${shown}`, () => {
    const channel = new Channel<number>(1);

    refuses(() => channel.batches(max as number), kind, "max", shown);

    assertEquals(counts(channel).receivers, 0);
  });
}

for (const [shown, source] of [["5", 5], ["null", null], ["undefined", undefined]] as const) {
  test(`Channel.sendMany() throws TypeError at once for ${shown}, which is not iterable`, () => {
    const channel = new Channel<number>(1);

    refuses(() => channel.sendMany(source as unknown as number[]), TypeError, "values", shown);

    assertEquals(counts(channel).size, 0);
  });
}

const WRONG_CASES: [string, unknown, string][] = [
  ["a bare promise", Promise.resolve(1), "once"],
  ["a number", 5, "5"],
  ["0", 0, "0"],
  ["a text", "jobs", "jobs"],
  ["an empty text", "", ""],
  ["true", true, "true"],
  ["a function", () => {}, ""],
  ["an object that is no channel", {}, ""],
  ["an object with a recv method", { recv: () => {}, tryRecv: () => {} }, ""],
  ["an array", [1, 2], ""],
  ["an AbortController", new AbortController(), ""],
];

for (const [what, wrong, shown] of WRONG_CASES) {
  test(`select() throws TypeError at once for ${what} as a case, and nothing happens`, () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);

    refuses(
      () => select({ good: channel, bad: wrong as Channel<number> }),
      TypeError,
      "bad",
      shown,
    );

    assertEquals(counts(channel).size, 1);
  });

  test(`trySelect() throws TypeError for ${what} as a case, and nothing happens`, () => {
    const channel = new Channel<number>(1);

    const call = () => trySelect({ good: channel.sendCase(1), bad: wrong as Channel<number> });

    refuses(call, TypeError, "bad", shown);
    assertEquals(counts(channel).size, 0);
  });

  test(`selectEach() throws TypeError at once for ${what} as a case`, () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);

    const call = () => selectEach({ good: channel, bad: wrong as Channel<number> });

    refuses(call, TypeError, "bad", shown);
    assertEquals(counts(channel).size, 1);
  });
}

test("select() names the index of a wrong case in an array", () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);

  refuses(() => select([channel, 5 as unknown as Channel<number>]), TypeError, "1", "5");

  assertEquals(counts(channel).size, 1);
});

for (const [what, cases] of [["an empty record", {}], ["an empty array", []]] as const) {
  test(`select(), trySelect() and selectEach() throw TypeError at once for ${what}`, () => {
    for (const call of [select, trySelect, selectEach]) {
      assertThrows(() => call(cases), TypeError);
    }
  });
}

for (const wrong of [null, undefined, 5, "cases"]) {
  test(`select(), trySelect() and selectEach() throw TypeError at once for ${wrong}`, () => {
    for (const call of [select, trySelect, selectEach]) {
      assertThrows(() => call(wrong as unknown as []), TypeError);
    }
  });
}

test("after() throws RangeError for NaN and TypeError for what is no number", () => {
  refuses(() => after(NaN), RangeError, "ms", "NaN");
  refuses(() => after("5" as unknown as number), TypeError, "ms", "5");
  refuses(() => after(undefined as unknown as number), TypeError, "ms", "undefined");
});

test("every() throws RangeError for 0, less than 0 and NaN, and TypeError for what is no number", () => {
  for (const ms of [0, -1, NaN]) refuses(() => every(ms), RangeError, "ms", String(ms));
  refuses(() => every("5" as unknown as number), TypeError, "ms", "5");
});

test("every() throws TypeError for a signal that is none", () => {
  const call = () => every(10, { signal: {} as AbortSignal });

  refuses(call, TypeError, "signal", "");
});

for (const wrong of [5, null, {}]) {
  test(`once() throws TypeError for ${JSON.stringify(wrong)}, which is no promise`, () => {
    const error = assertThrows(() => once(wrong as unknown as Promise<number>), TypeError);

    assertInstanceOf(error, TypeError);
    assertStringIncludes(error.message, "promise");
  });
}
