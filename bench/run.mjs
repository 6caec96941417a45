/**
 * The benchmarks: scenarios x contenders, as ratios in one run. `node bench/run.mjs --help` tells the
 * options, README.md how it is measured.
 */
import process from "node:process";
import { measure } from "./measure.mjs";
import { matching, readOptions, runCommand } from "./options.mjs";
import { writeResults } from "./results.mjs";
import { contendersOf, runtimes, versionOf } from "./runtimes.mjs";
import { summarize } from "./statistics.mjs";
import { table } from "./table.mjs";

async function main() {
  const options = readOptions(process.argv.slice(2));
  const rows = [];
  for (const name of options.runtimes) rows.push(...await runIn(name, options));
  if (options.json) console.log(`\n${writeResults(options, rows)}`);
}

/** Runs everything in one runtime and prints its table. */
async function runIn(name, options) {
  const runtime = runtimes(options)[name];
  const version = versionOf(runtime);
  if (version === undefined) {
    console.log(
      `\n${name}: cannot be started as ${runtime.command[0]}: left out`,
    );
    return [];
  }
  const contenders = chosen(
    await contendersOf(runtime, options.variants),
    options,
  );
  const rows = [];
  for (const scenario of options.scenarios) {
    const able = contenders.filter((it) => it.scenarios?.includes(scenario) ?? true);
    process.stderr.write(`${name} ${scenario}: ${able.length} contenders\n`);
    const results = summarize(await measure(scenario, able, options));
    rows.push(
      ...results.map((result) => ({
        runtime: name,
        version,
        scenario,
        ...result,
      })),
    );
  }
  console.log(
    `\n${version}; ${options.rounds} rounds of ${options.ms} ms, ${options.processes} processes each\n\n${
      table(rows)
    }`,
  );
  console.log(notes(contenders, rows));
  return rows;
}

/** The contenders that take part; says who does not. */
function chosen(contenders, { contender, variants }) {
  const names = contenders.map((it) => it.name);
  const wanted = matching("contender", names, contender);
  const always = ["floor", ...Object.keys(variants)];
  const able = contenders.filter((it) => wanted.includes(it.name) || always.includes(it.name));
  for (const { name, missing } of able) {
    if (missing !== undefined) console.log(`${name}: left out, ${missing}`);
  }
  return able.filter((it) => it.missing === undefined);
}

/** What the rivals leave out, and how those failed that did. */
function notes(contenders, rows) {
  const present = contenders.filter((it) =>
    it.leavesOut && rows.some((r) => r.contender === it.name)
  );
  const left = present.map((it) => `  ${it.name}: ${it.leavesOut}`);
  const failed = rows.filter((row) => row.failure).map((row) => {
    return `  ${row.scenario}, ${row.contender}: ${row.failure}`;
  });
  return [
    ...(left.length > 0 ? ["\nWhat they leave out:", ...left] : []),
    ...(failed.length > 0 ? ["\nFailed:", ...failed] : []),
  ].join("\n");
}

await runCommand(main);
