/**
 * The bars of the library: hand-over near its floor, no leak, one listener a signal, fast cancels, an
 * event loop that lives. Exit code 1 if one is missed. The options are those of run.mjs, as far as they
 * fit: `--runtime`, `--node`, `--deno`, `--library`, `--rounds`, `--ms`, `--processes`.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { measure } from "./measure.mjs";
import { readOptions, UsageError } from "./options.mjs";
import { contendersOf, runtimes, versionOf } from "./runtimes.mjs";
import { paired } from "./statistics.mjs";

const RATIOS = [
  { scenario: "bounded16_spsc", to: "floor", node: 1.25, deno: 1.4 },
  { scenario: "bounded16_spsc", to: "generator", node: 1, deno: 1 },
  { scenario: "bounded16_spsc_rxfirst", to: "floor", node: 1.25, deno: 1.4 },
  { scenario: "pingpong", to: "floor", node: 1.6, deno: 1.6 },
];

const CHECKS = [
  "idle_selects",
  "lost_timers",
  "signal_waits",
  "signal_waits_at_once",
  "scattered_cancels",
  "hot_rendezvous",
  "hot_buffer",
  "hot_sends",
];

/** A machine with other work can spoil a run: a missed ratio is measured again. */
const TRIES = 3;

async function main() {
  const options = readOptions(process.argv.slice(2));
  let missed = 0;
  for (const name of options.runtimes) {
    const runtime = runtimes(options)[name];
    console.log(`\n${versionOf(runtime) ?? `${name} cannot be started`}`);
    for (const bar of RATIOS) {
      missed += await ratio(name, runtime, bar, options);
    }
    for (const check of CHECKS) missed += limit(name, runtime, check);
  }
  console.log(missed === 0 ? "\nAll hold." : `\n${missed} missed.`);
  process.exitCode = missed === 0 ? 0 : 1;
}

async function ratio(name, runtime, { scenario, to, ...bars }, options) {
  const taking = (await contendersOf(runtime)).filter((it) => it.name === "ours" || it.name === to);
  const bar = bars[name], seen = [];
  let failure;
  for (let i = 0; i < TRIES && !(seen.at(-1) <= bar); i++) {
    const results = await measure(scenario, taking, options);
    failure = results.find((result) => result.failure)?.failure;
    if (failure !== undefined) break;
    const [ours, base] = ["ours", to].map((it) => results.find((result) => result.name === it));
    seen.push(paired(ours.rounds, base.rounds));
  }
  const found = failure ??
    `${seen.map((it) => it.toFixed(2)).join(", then ")} x ${to}`;
  return report(
    seen.at(-1) <= bar,
    `${scenario}: at most ${bar} x ${to}`,
    found,
  );
}

function limit(name, { command, library }, check) {
  const [binary, ...args] = command;
  const expose = name === "node" ? ["--expose-gc"] : [];
  const denoArgs = name === "deno" ? [...args, "--v8-flags=--expose-gc"] : args;
  const script = fileURLToPath(new URL("./limits.mjs", import.meta.url));
  let answer;
  try {
    const stdio = ["ignore", "pipe", "pipe"];
    const all = [
      ...expose,
      ...denoArgs,
      script,
      check,
      pathToFileURL(library).href,
    ];
    answer = JSON.parse(
      execFileSync(binary, all, { encoding: "utf8", timeout: 60_000, stdio }),
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
    [holds ? "holds " : "MISSED", what.padEnd(48), ...details.filter(Boolean)]
      .join("  "),
  );
  return holds ? 0 : 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
