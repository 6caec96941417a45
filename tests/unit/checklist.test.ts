/** CHECKLIST.md names tests: this keeps the names true. */
import { assert, assertEquals } from "@std/assert";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const TESTS = new URL("../", import.meta.url);

/** The rows of the table of the semantics. */
const ROWS = [
  "order",
  "hand-off",
  "unbuffered",
  "close()",
  "fail(e)",
  "cancel(reason?)",
  "one owner per value",
  "send after close",
  "many at once",
  "trySend, tryRecv",
  "abort, timeout",
  "select",
  "for await",
  "generators as producers",
  "timers",
  "operators",
  "any value",
  "event loop",
  "dropping channels",
  "memory",
  "invalid use",
];

interface Clause {
  readonly row: string;
  readonly clause: string;
  readonly guards: readonly string[];
}

function read(path: string): string {
  return readFileSync(new URL(path, TESTS), "utf8");
}

function clauses(): Clause[] {
  return read("CHECKLIST.md").split(/^## /m).slice(1).flatMap((section) => {
    const [row = "", ...lines] = section.split("\n");
    return lines.filter((line) => line.startsWith("| ")).slice(2).map((line) => {
      const [, clause = "", guards = ""] = line.split(/(?<!\\)\| /);
      return { row, clause, guards: guards.replace(/ \|$/, "").split("<br>") };
    });
  });
}

/** What the names of the tests of a file may be: a name that is made from a table is a pattern. */
function patterns(source: string): RegExp[] {
  const names = source.matchAll(/\btest\(\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|`([^`]*)`)/g);
  return Array.from(names, ([, double, single, template]) => {
    const parts = (double ?? single ?? template ?? "").split(/\$\{.*?\}/);
    return new RegExp(`^${parts.map(literal).join("(.*)")}$`);
  });
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Whether `guard`, "file: name", names something that exists. */
function exists(guard: string): boolean {
  const [, file = "", name = ""] = guard.match(/^([\w/]+): (.*)$/) ?? [];
  if (file.startsWith("types/")) return read(`${file}.ts`).includes(`function ${name}`);
  const source = read(`unit/${file}.test.ts`);
  // What a table puts into a name stands somewhere in the file, too.
  return patterns(source).some((pattern) => {
    return pattern.exec(name)?.slice(1).every((part) => source.includes(part)) === true;
  });
}

function isFile(guard: string): boolean {
  return /^[\w/]+: /.test(guard);
}

test("CHECKLIST.md names only tests that exist", () => {
  const named = clauses().flatMap(({ guards }) => guards).filter(isFile);

  const missing = named.filter((guard) => !exists(guard));

  assertEquals(missing, []);
  assert(named.length > 150);
});

test("CHECKLIST.md has every row of the semantics", () => {
  const rows = new Set(clauses().map(({ row }) => row));

  const missing = ROWS.filter((row) => !rows.has(row));

  assertEquals(missing, []);
});

test("CHECKLIST.md names a test, an issue or a reason for each clause", () => {
  const bare = clauses().filter(({ guards }) => {
    return !guards.some((guard) => isFile(guard) || /^(issue \d|\()/.test(guard));
  });

  assertEquals(bare.map(({ clause }) => clause), []);
});

test("CHECKLIST.md names tests of every file of unit tests that guards a rule", () => {
  const files = readdirSync(new URL("unit/", TESTS))
    .filter((name) => name.endsWith(".test.ts") && name !== "checklist.test.ts")
    .map((name) => name.replace(".test.ts", ""));
  const named = new Set(clauses().flatMap(({ guards }) => guards).map((g) => g.split(":")[0]));

  // Tests of the testing kit and of signals in combination guard no clause of their own.
  const unnamed = files.filter((file) => !named.has(file) && file !== "fake_clock");

  assertEquals(unnamed, []);
});
