/**
 * The bars of the library: hand-over near its floor, flows faster than what one writes by hand and than
 * the rivals, threads that pay, no leak, one listener a signal, fast cancels, an event loop that lives.
 * Exit code 1 if one is missed. `--group channels,flows,workers` chooses. The other options are those of
 * run.mjs, as far as they fit: `--runtime`, `--node`, `--deno`, `--library`, `--rounds`, `--ms`,
 * `--processes`.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CHECKS, RATIOS, SETS } from "./bars.mjs";
import { measure } from "./measure.mjs";
import { matching, readOptions, runCommand } from "./options.mjs";
import { contendersOf, runtimes, versionOf } from "./runtimes.mjs";
import { SCENARIOS } from "./scenarios.mjs";
import { paired } from "./statistics.mjs";

/** Milliseconds after which a check hangs: the longest takes 20 s where nothing else runs. */
const LONGEST_CHECK = 300_000;

/** A machine with other work can spoil a run: a missed ratio is measured again. */
const TRIES = 3;

async function main() {
  const options = readOptions(process.argv.slice(2));
  const groups = matching("group", Object.keys(RATIOS), options.group);
  let missed = 0;
  for (const name of options.runtimes) {
    const runtime = runtimes(options)[name];
    console.log(`\n${versionOf(runtime) ?? `${name} cannot be started`}`);
    for (const group of groups) {
      for (const bar of RATIOS[group]) {
        missed += await ratio(name, runtime, bar, options);
      }
      for (const check of CHECKS[group]) missed += limit(runtime, check);
    }
  }
  console.log(missed === 0 ? "\nAll hold." : `\n${missed} missed.`);
  process.exitCode = missed === 0 ? 0 : 1;
}

async function ratio(
  name,
  runtime,
  { scenario, to, by = "cpu", beside, ...bars },
  options,
) {
  const bar = bars[name], seen = [];
  const { ours, others, missing } = sides(
    await contendersOf(runtime),
    scenario,
    to,
    beside,
  );
  let failure = missing;
  for (
    let i = 0;
    i < TRIES && failure === undefined && !(seen.at(-1)?.ratio <= bar);
    i++
  ) {
    const [own, ...results] = await measure(
      scenario,
      [ours, ...others],
      options,
    );
    const able = results.filter((it) => it.failure === undefined && it.name !== beside);
    failure = own.failure ??
      (able.length === 0 ? results[0].failure : undefined);
    if (failure !== undefined) break;
    const aside = results.find((it) => it.name === beside && it.failure === undefined);
    seen.push({
      ...nearest(own, able, by),
      aside: aside && nearest(aside, able, by),
    });
  }
  const found = failure ??
    seen.map((it) => told(it, bar, beside)).join(", then ");
  const target = bar < 1 ? `at least ${text(bar, bar, to)}` : `at most ${text(bar, bar, to)}`;
  return report(seen.at(-1)?.ratio <= bar, `${scenario}: ${target}`, found);
}

/** Who runs: the library, those it is measured by, and what is missing of them. */
function sides(contenders, scenario, to, beside) {
  const ours = contenders.find((it) => it.name === "ours");
  if (to in SCENARIOS) {
    return {
      ours,
      others: [{ name: to, start: () => ours.start(to) }],
      missing: ours.missing,
    };
  }
  const isMeant = SETS[to] ?? ((name) => name === to);
  const wanted = contenders.filter((it) => isMeant(it.name) && !(it.missing && it.optional));
  const others = contenders.filter((it) =>
    (wanted.includes(it) || it.name === beside) &&
    it.scenarios?.includes(scenario)
  );
  return {
    ours,
    others,
    missing: [ours, ...wanted].find((it) => it.missing)?.missing,
  };
}

/** The ratio to the one that comes nearest, and who that is. */
function nearest(ours, others, by) {
  const ratios = others.map((it) => ({
    ratio: paired(ours[by], it[by]),
    to: it.name,
  }));
  return ratios.reduce((a, b) => a.ratio > b.ratio ? a : b);
}

function told({ ratio, to, aside }, bar, beside) {
  const own = text(ratio, bar, to);
  return aside === undefined ? own : `${own} (${beside}: ${(1 / aside.ratio).toFixed(2)})`;
}

/** A ratio, in the direction in which the bar is told. */
function text(ratio, bar, to) {
  if (bar < 1) return `${(1 / ratio).toFixed(2)} x as fast as ${to}`;
  return `${ratio.toFixed(2)} x ${to}`;
}

function limit({ command, library }, check) {
  const [binary, ...args] = command;
  const script = fileURLToPath(new URL("./limits.mjs", import.meta.url));
  let answer;
  try {
    const stdio = ["ignore", "pipe", "pipe"];
    const all = [...args, script, check, pathToFileURL(library).href];
    answer = JSON.parse(
      execFileSync(binary, all, {
        encoding: "utf8",
        timeout: LONGEST_CHECK,
        stdio,
      }),
    );
  } catch (error) {
    answer = {
      found: "failed",
      wrong: String(error.stderr || error.message).trim(),
    };
  }
  return report(
    answer.wrong === undefined,
    check,
    answer.wrong ?? "",
    answer.found,
  );
}

/** Prints one line; answers how many bars it missed. */
function report(holds, what, ...details) {
  console.log(
    [holds ? "holds " : "MISSED", what.padEnd(54), ...details.filter(Boolean)]
      .join("  "),
  );
  return holds ? 0 : 1;
}

await runCommand(main);
