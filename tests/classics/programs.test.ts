import { assert, assertEquals, assertMatch } from "@std/assert";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const EXAMPLES = new URL("../../examples/", import.meta.url);
const FOLDERS = ["classics", "flows"] as const;
const PRELOAD = new URL("../fast_typescript.mjs", import.meta.url).href;
const FLAGS = "Deno" in globalThis ? ["run", "-A", "--no-check"] : ["--import", PRELOAD];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const programs = FOLDERS.flatMap((folder) =>
  readdirSync(new URL(folder, EXAMPLES)).filter((name) => name.endsWith(".ts")).sort()
    .map((name) => `${folder}/${name}`)
);

/** What the comment at the end of a program says that it prints. */
function promised(source: string): string {
  const [, comment] = source.split("\n// Output:\n");
  assert(comment !== undefined, "there is no comment that says what is printed");
  const lines = comment.trimEnd().split("\n");
  for (const line of lines) assertMatch(line, /^\/\/ \S/);
  return lines.map((line) => `${line.slice("// ".length)}\n`).join("");
}

/** Ends by itself, or by the signal of the time limit; then the code is null. */
function start(name: string): Promise<Ended> {
  const args = [...FLAGS, fileURLToPath(new URL(name, EXAMPLES))];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { timeout: 50_000 }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

for (const name of programs) {
  test(`${name} prints what its comment says, and ends`, async () => {
    const expected = promised(readFileSync(new URL(name, EXAMPLES), "utf8"));

    const ended = await start(name);

    assertEquals(ended, { code: 0, stdout: expected, stderr: "" });
  });
}

test("classics/prime_factors.ts ends at once by Ctrl-C, with what it has", async () => {
  const program = fileURLToPath(new URL("classics/prime_factors.ts", EXAMPLES));
  // Days of work.
  const args = [...FLAGS, program, "1000000000000", "100000000"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (output === "") child.kill("SIGINT");
    output += text;
  });

  const [code] = await once(child, "close");

  // A parent that is Deno takes this code for a death by the signal, and says null.
  assertEquals(code ?? 130, 130);
  assertMatch(output, /^1000000000000 = 2 [^]*\ninterrupted\n$/);
});

test("each program is short, says what to watch for, and stands in the table", () => {
  const table = readFileSync(new URL("README.md", EXAMPLES), "utf8");
  for (const name of programs) {
    const source = readFileSync(new URL(name, EXAMPLES), "utf8");
    const length = source.trimEnd().split("\n").length;
    assert(length <= 60, `${name} has ${length} lines`);
    assertMatch(source, /^\/\/ [^]*?\n\/\/ Watch for: /, `${name} does not begin as it should`);
    assert(table.includes(`](${name})`), `${name} is missing in examples/README.md`);
  }
  const listed = [...table.matchAll(/\]\((\w+\/\w+\.ts)\)/g)].map(([, name]) => name);
  assertEquals(listed.sort(), programs);
});
