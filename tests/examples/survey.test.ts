import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import process from "node:process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import fingerprint, { PIECE } from "../../examples/survey/fingerprint.ts";
import { Totals } from "../../examples/survey/totals.ts";
import { walk } from "../../examples/survey/walk.ts";

const SURVEY = fileURLToPath(new URL("../../examples/survey.ts", import.meta.url));
const REAL = fileURLToPath(new URL("../../node_modules/typescript", import.meta.url));
const PRELOAD = new URL("../fast_typescript.mjs", import.meta.url).href;
const FLAGS = "Deno" in globalThis ? ["run", "--no-check", "-R"] : ["--import", PRELOAD];

interface FileReport {
  readonly path: string;
  readonly bytes: number;
  readonly lines: number;
  readonly deflated: number;
  readonly sha256: string;
  readonly error?: string;
}
interface SurveyReport {
  readonly files: FileReport[];
  readonly largest: FileReport[];
  readonly extensions: Record<string, unknown>;
  readonly totals: Record<
    "files" | "bytes" | "lines" | "deflated" | "unreadable" | "skipped",
    number
  >;
  readonly threads: number;
  readonly speedup: number;
  readonly measured: boolean;
  readonly interrupted: boolean;
}
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function survey(...args: string[]): Promise<Ended> {
  const options = { timeout: 50_000, maxBuffer: 2 ** 28 };
  return new Promise((resolve) => {
    const child: ChildProcess = execFile(
      process.execPath,
      [...FLAGS, SURVEY, ...args],
      options,
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

async function surveyJson(...args: string[]): Promise<SurveyReport> {
  const { code, stdout, stderr } = await survey("--json", ...args);
  assertEquals([code, stderr], [0, ""]);
  return JSON.parse(stdout) as SurveyReport;
}

/** An empty directory, removed at the end. */
function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), "millrace-survey-"));
  // Node cannot remove the paths that are too long for it.
  after(() => void execFileSync("rm", ["-rf", directory]));
  return directory;
}

/**
 * Puts a directory that cannot be read into another. Root reads what it is not allowed to, but nobody reads
 * a path that is too long; it is made of two halves.
 */
function makeUnreadable(directory: string): void {
  const name = "d".repeat(250);
  const upper = join(directory, ...Array<string>(9).fill(name));
  const lower = temporary();
  mkdirSync(upper, { recursive: true });
  mkdirSync(join(lower, ...Array<string>(9).fill(name)), { recursive: true });
  renameSync(join(lower, name), join(upper, name));
}

test("survey agrees with sha256sum over a directory of real files", async () => {
  const { files } = await surveyJson(REAL);

  const sums = execFileSync("find", [REAL, "-type", "f", "-exec", "sha256sum", "{}", "+"], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const expected = sums.trim().split("\n").sort();
  const actual = files.map(({ sha256, path }) => `${sha256}  ${path}`).sort();
  assert(expected.length > 100, "this directory has too few files to be a test");
  assertEquals(actual, expected);
});

test("survey counts bytes, lines and deflated bytes as they are", async () => {
  const { files, totals } = await surveyJson("--threads", "2", REAL);

  for (const file of files) {
    const content = readFileSync(file.path);
    assertEquals(file.bytes, content.length);
    assertEquals(file.lines, content.toString("latin1").split("\n").length - 1);
    assertEquals(file.deflated, deflateSync(content).length);
  }
  const sum = (key: "bytes" | "lines" | "deflated") => files.reduce((n, file) => n + file[key], 0);
  const sums = { bytes: sum("bytes"), lines: sum("lines"), deflated: sum("deflated") };
  assertEquals(totals, { files: files.length, ...sums, unreadable: 0, skipped: 0 });
});

test("survey reads files that are larger than a piece, and odd ones", async () => {
  const directory = temporary();
  const text = "all that is gold does not glitter\n".repeat(Math.ceil(2.5 * PIECE / 34));
  writeFileSync(join(directory, "large.txt"), text);
  writeFileSync(join(directory, "exact.txt"), text.slice(0, PIECE));
  writeFileSync(join(directory, "one more.txt"), text.slice(0, PIECE + 1));
  writeFileSync(join(directory, "empty"), "");
  writeFileSync(join(directory, "näme with 'quotes'\nand more.TXT"), "no end of line");

  const { files, largest, extensions } = await surveyJson(directory);

  for (const { path, sha256, bytes, lines } of files) {
    const content = readFileSync(path);
    const [sum] = execFileSync("sha256sum", { input: content, encoding: "utf8" }).split(" ");
    const newlines = content.toString("latin1").split("\n").length - 1;
    assertEquals([path, sha256, bytes, lines], [path, sum, content.length, newlines]);
  }
  assertEquals(files.length, 5);
  assertEquals(largest.map(({ bytes }) => bytes), [text.length, PIECE + 1, PIECE, 14, 0]);
  assertEquals(Object.keys(extensions).sort(), ["(none)", ".txt"]);
});

test("survey does not follow symbolic links", async () => {
  const directory = temporary();
  mkdirSync(join(directory, "inner"));
  writeFileSync(join(directory, "inner", "file.txt"), "text\n");
  symlinkSync("..", join(directory, "inner", "loop"));
  symlinkSync("inner/file.txt", join(directory, "link.txt"));
  symlinkSync("nowhere", join(directory, "dangling"));
  symlinkSync(REAL, join(directory, "elsewhere"));

  const { files, totals } = await surveyJson(directory);

  assertEquals(files.map(({ path }) => path), [join(directory, "inner", "file.txt")]);
  assertEquals([totals.skipped, totals.unreadable], [4, 0]);
});

test("survey does not open what is neither a file nor a directory", async () => {
  const directory = temporary();
  execFileSync("mkfifo", [join(directory, "pipe")]);

  const { files, totals } = await surveyJson(directory);

  assertEquals([files, totals.skipped], [[], 1]);
});

test("survey reports and counts what cannot be read, and goes on", async () => {
  const directory = temporary();
  writeFileSync(join(directory, "file.txt"), "text\n");
  makeUnreadable(directory);

  const text = await survey(directory);
  const { files, totals } = await surveyJson(directory);

  assertEquals(text.code, 0);
  assertMatch(text.stderr, /^survey: .*: ENAMETOOLONG\n$/);
  assertStringIncludes(text.stdout, "1 unreadable");
  assertEquals(totals.unreadable, 1);
  assertEquals(files.map(({ error }) => error).sort(), ["ENAMETOOLONG", undefined]);
});

test("fingerprint() answers with the error of a file that has gone since it was listed", () => {
  const print = fingerprint({ path: join(temporary(), "gone"), start: 0, tasks: 1 });

  assertEquals([print.error, print.bytes, print.sha256], ["ENOENT", 0, ""]);
});

test("Totals.add() counts a file once when several of its pieces cannot be read", () => {
  const totals = new Totals();
  const sizes = { bytes: 0, lines: 0, deflated: 0, sha256: "" };
  const piece = { path: "a/b.bin", tasks: 3, ...sizes, busy: 1 };

  const answers = [
    totals.add({ ...piece, error: "EIO" }),
    totals.add({ ...piece, bytes: 5 }),
    totals.add({ ...piece, error: "EIO" }),
  ];

  assertEquals(answers.map((file) => file?.error), [undefined, undefined, "EIO"]);
  assertEquals([totals.unreadable, totals.all.files], [1, 0]);
});

test("walk() tells of a directory that has gone", async () => {
  const unreadable: string[] = [];
  const events = { unreadable: (...args: string[]) => unreadable.push(...args), skipped: () => {} };

  for await (const piece of walk("no/such/directory", events)) throw new Error(piece.path);

  assertEquals(unreadable, ["no/such/directory", "ENOENT"]);
});

test("survey prints a table, and nothing else when there is no terminal", async () => {
  const { code, stdout, stderr } = await survey("--threads", "1", REAL);

  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^extension +files +bytes +lines +deflated +%\n/);
  assertMatch(stdout, /\nall +[\d,]+ +[\d,]+ +[\d,]+ +[\d,]+ +[\d.]+\n/);
  assertMatch(stdout, /files in [\d.]+ s, [\d,.]+ files\/s; 0 unreadable, 0 skipped/);
  assertMatch(stdout, /\n1 threads: [\d.]+ times as fast as one \(estimated/);
  assertEquals(stdout.split("\n").filter((line) => /^[0-9a-f]{12} /.test(line)).length, 10);
});

test("survey measures the speed-up when it is asked to", async () => {
  const { measured, speedup, threads } = await surveyJson("--compare", "--threads", "2", REAL);

  assertEquals([measured, threads], [true, 2]);
  assert(speedup > 0);
});

test("survey prints valid JSON for an empty directory", async () => {
  const { files, largest, totals } = await surveyJson(temporary());

  assertEquals([files, largest, totals.bytes], [[], [], 0]);
});

test("survey prints its usage", async () => {
  const { code, stdout, stderr } = await survey("--help");

  assertEquals([code, stderr], [0, ""]);
  assertMatch(stdout, /^Usage: survey \[options\] \[directory\]/);
});

test("survey refuses what it does not understand: one line, exit code 2", async () => {
  const file = join(temporary(), "file");
  writeFileSync(file, "");
  const cases: [args: string[], message: RegExp][] = [
    [["--fast"], /--fast/],
    [["/no/such/directory"], /no such directory: \/no\/such\/directory/],
    [[file], /no such directory/],
    [["a", "b"], /one directory, please: a b/],
    [["--threads", "0", "."], /--threads must be a number from 1 to 999: 0/],
    [["--threads", "many", "."], /many/],
    [["--threads"], /threads/],
    [["--json=yes", "."], /json/],
  ];
  const results = await Promise.all(cases.map(([args]) => survey(...args)));

  for (const [i, { code, stdout, stderr }] of results.entries()) {
    assertEquals([code, stdout], [2, ""]);
    assertMatch(stderr, /^survey: [^\n]+\n$/);
    assertMatch(stderr, cases[i]?.[1] ?? /^$/);
  }
});

for (const json of [true, false]) {
  test(`survey ends cleanly on an interrupt with what was done so far, ${json ? "JSON" : "text"}`, async () => {
    const directory = temporary();
    const noise = randomBytes(2 ** 19).toString("hex");
    for (let i = 0; i < 100; i++) writeFileSync(join(directory, `${i}.txt`), noise);
    makeUnreadable(directory);
    const args = ["--threads", "1", ...json ? ["--json"] : [], directory];
    const child = spawn(process.execPath, [...FLAGS, SURVEY, ...args], { stdio: "pipe" });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (chunk) => {
        // The first thing that is printed, a file or what cannot be read, tells that it is at work.
        if (output.stdout + output.stderr === "") child.kill("SIGINT");
        output[stream] += chunk;
      });
    }

    const code = await new Promise((resolve) => child.on("close", resolve));

    // A parent that is Deno takes this code for a death by the signal, and says null.
    assertEquals(code ?? 130, 130);
    if (!json) {
      return assertStringIncludes(output.stdout, "Interrupted: this is what was done so far.");
    }
    const { files, interrupted } = JSON.parse(output.stdout) as SurveyReport;
    assertEquals(interrupted, true);
    assert(files.length < 100, `${files.length} files`);
  });
}
