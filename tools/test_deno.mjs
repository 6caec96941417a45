// `npm run test:deno`: the whole suite on Deno, or the paths that are given.
//
// Two processes at a time, each with some files of one folder, because `deno test` runs file after file, and
// many of them wait most of the time. Not `deno test --parallel`: its files are threads of one process, and
// some tests look at what is the process's own, such as its processor time, its memory and its end.
import { performance } from "node:perf_hooks";
import process from "node:process";
import { filesIn, ROOT } from "./project.mjs";
import { DENO, inParallel, run } from "./run.mjs";

const LANES = 2;
/** Few enough that the lanes end at about the same time, though some files take long. */
const MOST_FILES = 8;
/** Many times what any of them takes: a test that hangs is to fail, and be seen. */
const TIMEOUT = 600_000;
/** Those that take long come first. */
const LONG = ["workers", "shared", "unit"];

/** The test files, in groups of one folder each, in which its long ones are apart. */
function groups() {
  const files = filesIn(ROOT, ["tests"], [".test.ts"]);
  const folderOf = (file) => file.split("/")[1];
  const others = new Set(files.map(folderOf).filter((folder) => !LONG.includes(folder)));
  return [...LONG, ...others].flatMap((folder) => {
    const own = files.filter((file) => folderOf(file) === folder);
    const count = Math.ceil(own.length / MOST_FILES);
    return Array.from({ length: count }, (_, i) => own.filter((_, at) => at % count === i));
  });
}

/** Runs the tests of some paths and prints what they said. Tells how many passed, and if all is well. */
async function testGroup(paths) {
  const command = [...DENO, "test", "--no-check", "-A", ...paths];
  const { code, output, timedOut } = await run(command, { cwd: ROOT, timeout: TIMEOUT });
  console.log(`\n${output.trim()}`);
  if (timedOut) console.log(`No end after ${TIMEOUT / 1000} s: ${paths.join(" ")}`);
  const [, passed = 0, failed = 0] = output.match(/\| (\d+) passed.*? \| (\d+) failed/) ?? [];
  const well = code === 0 && passed > 0;
  return { paths, well, passed: Number(passed), failed: Math.max(failed, well ? 0 : 1) };
}

const given = process.argv.slice(2);
const started = performance.now();
const results = await inParallel(given.length > 0 ? [given] : groups(), LANES, testGroup);
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const unwell = results.filter(({ well }) => !well).length;
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(`\nDeno: ${sum("passed")} passed, ${sum("failed")} failed, in ${seconds} s`);
process.exitCode = unwell === 0 ? 0 : 1;
