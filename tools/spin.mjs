// Checks the Promela model of the shared channel, tests/shared/model/channel.pml, with spin: small
// configurations that must be right, and mistakes each of which must be found.
//
//   node tools/spin.mjs            what CI runs
//   node tools/spin.mjs --large    configurations of up to 200 million states: minutes, and 16 GB
//   node tools/spin.mjs baton      those that have the word
//
// Needs the Debian packages spin and gcc, and installs nothing: without them it fails, and says so.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { ROOT } from "./project.mjs";
import { run } from "./run.mjs";

const MODEL = join(ROOT, "tests/shared/model/channel.pml");
const ONE_TO_ONE = "SENDERS=1 RECEIVERS=1";
const ONE_TO_TWO = "SENDERS=1 RECEIVERS=2";
const TWO_TO_ONE = "SENDERS=2 RECEIVERS=1";
const DRAINED = "CLOSE_WHEN_RECEIVED";

const RIGHT = {
  "three values through one place, close at any time": `${ONE_TO_ONE} EACH=3`,
  "three values through two places, close at any time": `${ONE_TO_ONE} EACH=3 CAP=2`,
  "two senders": `${TWO_TO_ONE} ${DRAINED}`,
  "two receivers": `${ONE_TO_TWO} ${DRAINED}`,
  "a receiver leaves, close at any time": `${ONE_TO_ONE} EACH=3 QUOTA=1`,
};

const LARGE = {
  "two senders, close at any time": TWO_TO_ONE,
  "two receivers, close at any time": `${ONE_TO_TWO} EACH=2`,
  "two receivers, two places, close at any time": `${ONE_TO_TWO} EACH=2 CAP=2`,
  "two values, two receivers": `${ONE_TO_TWO} EACH=2 ${DRAINED}`,
  "a receiver gives up and comes back": `${ONE_TO_TWO} ${DRAINED} ABORT`,
  "a receiver gives up, two values": `${ONE_TO_TWO} EACH=2 ${DRAINED} ABORT`,
  "two senders, a receiver of two leaves early": `SENDERS=2 RECEIVERS=2 CAP=2 ${DRAINED} QUOTA=1`,
  "a receiver leaves early": `${ONE_TO_TWO} EACH=2 ${DRAINED} QUOTA=1`,
  "a receiver dies in its sleep": `${ONE_TO_TWO} ${DRAINED} DIES`,
  "a receiver dies after it was woken, and is buried": `${ONE_TO_TWO} ${DRAINED} BURIED`,
  "a receiver dies in its sleep and is buried, two values":
    `${ONE_TO_TWO} EACH=2 ${DRAINED} DIES BURIED`,
  "a receiver is buried, two values": `${ONE_TO_TWO} EACH=2 ${DRAINED} BURIED`,
};

/** The mistake, and where it must be found. */
const WRONG = {
  NAIVE_STAMPS: `${ONE_TO_ONE} EACH=2`,
  NO_NOTIFY: `${ONE_TO_ONE} EACH=2`,
  HEARS_LATE: `${ONE_TO_ONE} EACH=2`,
  ENLISTS_LATE: `${ONE_TO_ONE} EACH=2`,
  CLOSED_APART: `${ONE_TO_ONE} EACH=2`,
  TAKES_ASLEEP_BACK: TWO_TO_ONE,
  EMPTY_ONCE: ONE_TO_TWO,
  CLOSED_WAKES_ONE: `${ONE_TO_TWO} EACH=2 CAP=2`,
  CLOSE_FORGETS_SENDERS: `${ONE_TO_ONE} EACH=3 QUOTA=1`,
  CLEARS_ANOTHER: `${ONE_TO_TWO} ${DRAINED}`,
  BATON_IF_CLAIMED: `SENDERS=2 RECEIVERS=2 CAP=2 ${DRAINED} QUOTA=1`,
  NO_BATON: `${ONE_TO_TWO} EACH=2 ${DRAINED} QUOTA=1`,
  NOBODY_WOKEN: `${ONE_TO_TWO} ${DRAINED} DIES`,
  SILENT_BURIAL: `${ONE_TO_TWO} ${DRAINED} BURIED`,
};

async function must(command, folder) {
  const { code, output } = await run(command, { cwd: folder, timeout: 3_600_000 });
  if (code !== 0) throw new Error(`${command.join(" ")} ends with ${code}:\n${output}`);
  return output;
}

/** @returns How many states there are, and whether something is wrong with one of them. */
async function check(defines, { large, expected }) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-spin-"));
  try {
    cpSync(MODEL, join(folder, "channel.pml"));
    const flags = defines.split(" ").map((it) => `-D${it}`);
    await must(["spin", "-a", ...flags, "channel.pml"], folder);
    const memory = ["-DCOLLAPSE", `-DMEMLIM=${large ? 16_000 : 2_000}`];
    // A mistake is found so soon that it is not worth the compiler's time.
    await must(
      ["gcc", expected ? "-O0" : "-O1", "-w", "-DSAFETY", ...memory, "-o", "pan", "pan.c"],
      folder,
    );
    const output = await must(["./pan", "-m1000000"], folder);
    const [, errors] = output.match(/errors: (\d+)/) ?? [];
    const [, states] = output.match(/(\S+) states, stored/) ?? [];
    const [gaveUp] = output.match(/.*(too small|out of memory|memory limit).*/) ?? [];
    if (errors === undefined || gaveUp !== undefined) throw new Error(gaveUp ?? output);
    return { wrong: errors !== "0", states: Number(states) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function report({ name, defines, expected, large }) {
  const start = performance.now();
  const { wrong, states } = await check(defines, { large, expected });
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  const verdict = wrong !== expected ? "FAIL" : wrong ? "found" : "ok";
  console.log(`${verdict.padEnd(6)}${seconds} s ${String(states).padStart(10)} states  ${name}`);
  if (verdict === "FAIL") process.exitCode = 1;
}

async function isMissing(command) {
  try {
    return (await run(command, { cwd: ROOT })).code !== 0;
  } catch {
    return true;
  }
}

async function main(words) {
  const large = words[0] === "--large";
  if (large) words.shift();
  const missing = [];
  if (await isMissing(["spin", "-V"])) missing.push("spin");
  if (await isMissing(["gcc", "--version"])) missing.push("gcc");
  if (missing.length > 0) {
    console.error(
      `Cannot check the model: install ${missing.join(" and ")} (apt-get install spin gcc)`,
    );
    process.exit(1);
  }
  const rights = Object.entries(large ? LARGE : RIGHT);
  const queue = [
    ...rights.map(([name, defines]) => ({ name, defines, expected: false, large })),
    ...(large ? [] : Object.entries(WRONG)).map(([bug, defines]) => {
      return { name: `BUG_${bug}`, defines: `${defines} BUG_${bug}`, expected: true, large };
    }),
  ].filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const next = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await report(job);
  };
  await Promise.all(Array.from({ length: large ? 1 : Math.min(availableParallelism(), 4) }, next));
}

await main(process.argv.slice(2));
