/**
 * The bars that a change must not break, in seconds and on a machine that has other work: a few rows of the target
 * table, half as much again as their target to the floor, by processor time, best against best. Exit code 1 if a row
 * is missed three times in succession. `--runtime`, `--node`, `--deno` and `--library` as in run.mjs.
 */
import process from "node:process";
import { measure } from "./measure.mjs";
import { readOptions, runCommand } from "./options.mjs";
import { contendersOf, runtimes, versionOf } from "./runtimes.mjs";
import { TARGETS } from "./target_table.mjs";

const ROWS = [
  "bounded0_spsc",
  "bounded16_spsc",
  "bounded16_spsc_rxfirst",
  "select_parked2",
  "abort_parked",
  "pipe_map3",
];
/** What a busy machine may add: a core shared with others has caches that are not one's own. */
const SLACK = 1.5;
const TRIES = 3;
const QUICK = { rounds: 5, ms: 20, processes: 1 };

async function main() {
  const options = readOptions(["--runtime", "node", ...process.argv.slice(2)]);
  const start = performance.now();
  let missed = 0;
  for (const name of options.runtimes) {
    const runtime = runtimes(options)[name];
    const version = versionOf(runtime);
    console.log(version ?? `${name} cannot be started`);
    if (version === undefined) missed++;
    else {for (const row of ROWS) {
        missed += await guard(row, barOf(row, name, version), runtime);
      }}
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${missed === 0 ? "All hold" : `${missed} missed`}, after ${seconds} s.`,
  );
  process.exitCode = missed === 0 ? 0 : 1;
}

function barOf(scenario, name, version) {
  const { floor } = TARGETS.find((it) => it.scenario === scenario);
  return SLACK * floor[version.startsWith("Node 20.") ? "node20" : name];
}

/** Prints one line. @returns 1 if the row is missed. */
async function guard(scenario, bar, runtime) {
  const pair = (await contendersOf(runtime)).filter(({ name }) => ["floor", "ours"].includes(name));
  const seen = [];
  while (seen.length < TRIES && !(seen.at(-1) <= bar)) {
    const [floor, ours] = await measure(scenario, pair, QUICK);
    const failure = floor.failure ?? ours.failure;
    if (failure !== undefined) {
      console.log(`MISSED  ${scenario}: ${failure}`);
      return 1;
    }
    seen.push(Math.min(...ours.cpu) / Math.min(...floor.cpu));
  }
  const holds = seen.at(-1) <= bar;
  const told = seen.map((it) => it.toFixed(2)).join(", then ");
  console.log(
    `${holds ? "holds " : "MISSED"}  ${scenario.padEnd(24)}at most ${
      bar.toFixed(2)
    } x floor: ${told}`,
  );
  return holds ? 0 : 1;
}

await runCommand(main);
