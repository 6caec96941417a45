// Puts one mistake at a time into a copy of the project and runs the tests on it: a mistake that no test
// notices marks a rule that nothing guards. The mistakes are listed in tests/mutants/.
//
//   node tools/mutants.mjs                     all of them
//   node tools/mutants.mjs hop 'drop-oldest'   those that have one of the words
//   node tools/mutants.mjs --equivalent        those that change nothing, which no test may notice
//   node tools/mutants.mjs --check             none: only whether the lists fit the sources
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { filesIn, LIBRARY, ROOT } from "./project.mjs";

const COPIED = [...LIBRARY, "mod.ts", "tests", "package.json", "tsconfig.json"];
// The property tests know most: they come first.
const CORE = ["tests/property", "tests/unit"];
// For what ends by itself. A test file may take three times as long as without a mistake, and this.
const PATIENCE = 5_000;
// The made-up programs are the same in each run, and a failure need not be the shortest.
const ENV = { SEED: "1", FAIL_FAST: "1" };

async function readLists() {
  const lists = await Promise.all(
    filesIn(ROOT, ["tests/mutants"], [".mjs"]).map((path) => import(`../${path}`)),
  );
  return lists.flatMap(({ MUTANTS }) => MUTANTS);
}

/** @returns What is wrong with the list itself: a text that is not there, or there twice. */
function misfits(copy, mutants) {
  return mutants.flatMap(({ file, find, replace, what }) => {
    const times = readFileSync(join(copy, file), "utf8").split(find).length - 1;
    if (times !== 1) return [`${what}: ${file} has the text ${times} times: ${find}`];
    return find === replace ? [`${what}: changes nothing`] : [];
  });
}

const isSource = (path) => !path.endsWith("node_modules");

function makeCopy() {
  const copy = mkdtempSync(join(tmpdir(), "millrace-mutants-"));
  for (const path of COPIED) {
    try {
      cpSync(join(ROOT, path), join(copy, path), { recursive: true, filter: isSource });
    } catch (error) {
      if (error.code !== "ENOENT") throw error; // a folder that is not there yet
    }
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/**
 * Runs one test file until it ends, fails or takes too long.
 *
 * @returns What failed; undefined if nothing did.
 * @throws If not a single test was run: a mistake that does not even load is none.
 */
function firstFailure(copy, file, timeout) {
  return new Promise((resolve, reject) => {
    const options = { cwd: copy, env: { ...process.env, ...ENV }, detached: true };
    const child = spawn(process.execPath, [...FLAGS, file], options);
    running.add(child);
    let failure, output = "", errors = "";
    const stop = (why) => {
      failure ??= why;
      killGroup(child);
    };
    const timer = setTimeout(() => stop("takes too long"), timeout);
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      const failed = output.match(/^ *not ok \d+ - (.*)/m);
      if (failed) stop(failed[1]);
    });
    child.stderr.setEncoding("utf8").on("data", (text) => void (errors += text));
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      running.delete(child);
      const ran = failure !== undefined || /^ *ok \d/m.test(output);
      if (!ran) return reject(new Error(`${file} does not run:\n${errors}`));
      resolve(failure ?? (code === 0 ? undefined : `ends with ${code}`));
    });
  });
}

const FLAGS = ["--import", "./tests/fast_typescript.mjs", "--test-reporter=tap"];

const running = new Set();
process.once("SIGINT", () => {
  running.forEach(killGroup);
  process.exit(130);
});

function killGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** How long each test file takes without a mistake. Those that fail even so are left out. */
async function timeFiles(copy, mutants) {
  const times = new Map();
  const suites = new Set(mutants.flatMap(suitesOf));
  for (const file of filesIn(copy, [...suites], [".test.ts"])) {
    const start = performance.now();
    const failure = await firstFailure(copy, file, 60_000);
    if (failure === undefined) times.set(file, performance.now() - start);
    else complain(`${file} fails without any mistake: ${failure}`);
  }
  return times;
}

/** A folder that has tests of its own name is guarded by them, and the core by the rest. */
function suitesOf({ file }) {
  const own = `tests/${basename(dirname(file))}`;
  return existsSync(join(ROOT, own)) ? [own] : CORE;
}

/** The file that is meant to notice comes first, then the suites in their order, short files first. */
function inOrder(times, mutant) {
  const { by } = mutant;
  const suites = suitesOf(mutant);
  const suite = (file) => suites.findIndex((it) => file.startsWith(`${it}/`));
  const rank = (file) => by !== undefined && file.includes(by) ? -1 : suite(file);
  return [...times.keys()].filter((file) => suite(file) >= 0)
    .sort((a, b) => rank(a) - rank(b) || times.get(a) - times.get(b));
}

async function tryMutant(copy, times, mutant) {
  const { file, find, replace, what } = mutant;
  const start = performance.now();
  const path = join(copy, file);
  const original = readFileSync(path, "utf8");
  let failure, noticed;
  for (noticed of inOrder(times, mutant)) {
    writeFileSync(path, original.replace(find, () => replace));
    failure = await failureIn(copy, noticed, times);
    writeFileSync(path, original);
    // A test of times may fail because the machine is busy: it counts if it passes without the mistake.
    const doubtful = failure !== undefined && !noticed.startsWith(CORE[0]);
    if (doubtful && await failureIn(copy, noticed, times) !== undefined) failure = undefined;
    if (failure !== undefined) break;
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
  const verdict = failure === undefined ? "SURVIVED" : "killed";
  console.log(`${verdict.padEnd(9)}${seconds} s  ${file}: ${what}`);
  if (failure !== undefined) {
    console.log(`                   ${noticed.replace("tests/", "")}: ${failure}`);
  }
  return failure !== undefined;
}

function failureIn(copy, file, times) {
  return firstFailure(copy, file, times.get(file) * 3 + PATIENCE);
}

function complain(text) {
  console.error(text);
  process.exitCode = 1;
}

/** A list that has lost its text would be found out only by who runs it. */
async function check() {
  const mutants = await readLists();
  misfits(ROOT, mutants).forEach(complain);
  console.log(`mutants: ${mutants.length}`);
}

async function main(words) {
  const equivalent = words[0] === "--equivalent";
  if (equivalent) words.shift();
  const mutants = await readLists();
  const chosen = mutants.filter((it) => (it.equivalent !== undefined) === equivalent)
    .filter(({ file, what }) =>
      words.length === 0 || words.some((word) => `${file} ${what}`.includes(word))
    );
  const copy = makeCopy();
  try {
    misfits(copy, chosen).forEach(complain);
    if (process.exitCode === 1) return;
    const times = await timeFiles(copy, chosen);
    let killed = 0;
    for (const mutant of chosen) {
      const noticed = await tryMutant(copy, times, mutant);
      if (noticed) killed++;
      if (noticed !== equivalent) continue;
      complain(`${mutant.what}: ${equivalent ? "is no equivalent" : "nothing guards this"}`);
    }
    const rest = mutants.length - chosen.length;
    console.log(`mutants: ${killed} killed, ${chosen.length - killed} survived, ${rest} not tried`);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

if (process.argv[2] === "--check") await check();
else await main(process.argv.slice(2));
