/** The command line of the benchmarks. */
import { relative, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { SCENARIOS } from "./scenarios.mjs";

const HELP = `Usage: node ${relative("", process.argv[1])} [options]

What run.mjs knows; what another program adds or leaves out stands at the head of its file.

  --runtime node|deno|all   where to run (default: all)
  --scenario NAME,...       only these; a * at the end stands for any ending
  --contender NAME,...      only these; the floor always takes part
  --rounds N                interleaved rounds (default: 9)
  --ms N                    milliseconds a round (default: 100)
  --processes N             fresh processes of each contender, over which the rounds are spread (default: 3)
  --quick                   3 rounds of 30 ms in one process: to see that everything runs
  --json                    also writes JSON lines to bench/results/
  --name NAME               their file's name (default: the version)
  --node PATH, --deno PATH  the binaries to use
  --library PATH            the library's main module (default: dist/mod.js on Node, mod.ts on Deno)
  --variant NAME=PATH       another main module, as a contender of its own; may be repeated
  --help

Scenarios:
${
  Object.entries(SCENARIOS).map(([name, text]) => `  ${name.padEnd(24)}${text}`)
    .join("\n")
}
`;

const OPTIONS = {
  runtime: { type: "string", default: "all" },
  scenario: { type: "string" },
  contender: { type: "string" },
  group: { type: "string" },
  rounds: { type: "string" },
  ms: { type: "string" },
  processes: { type: "string" },
  quick: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  name: { type: "string" },
  node: { type: "string" },
  deno: { type: "string" },
  library: { type: "string" },
  variant: { type: "string", multiple: true, default: [] },
  help: { type: "boolean", default: false },
  // Of targets.mjs only.
  node20: { type: "string" },
  rivals: { type: "boolean", default: false },
  by: { type: "string", default: "rounds" },
  tries: { type: "string" },
};

/** A wrong command line: one line, exit code 2. */
class UsageError extends Error {}

/** Reads the command line of a program that knows these runtimes. */
export function readOptions(args, known = ["node", "deno"]) {
  let values;
  try {
    values = parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
  if (values.help) {
    console.log(HELP);
    process.exit();
  }
  if (!["rounds", "cpu"].includes(values.by)) {
    throw new UsageError(`--by is rounds or cpu: ${values.by}`);
  }
  return {
    ...values,
    library: values.library && resolve(values.library),
    rounds: count("rounds", values.rounds, values.quick ? 3 : 9),
    ms: count("ms", values.ms, values.quick ? 30 : 100),
    processes: count("processes", values.processes, values.quick ? 1 : 3),
    tries: count("tries", values.tries, 3),
    runtimes: matching(
      "runtime",
      known,
      values.runtime === "all" ? undefined : values.runtime,
    ),
    scenarios: matching("scenario", Object.keys(SCENARIOS), values.scenario),
    variants: Object.fromEntries(values.variant.map(readVariant)),
  };
}

/** The `names` that the comma list asks for: all of them without a list. */
export function matching(option, names, list) {
  if (list === undefined) return names;
  const wanted = list.split(",");
  const chosen = names.filter((name) => wanted.some((pattern) => matches(name, pattern)));
  const unknown = wanted.find((pattern) => !names.some((name) => matches(name, pattern)));
  if (unknown !== undefined) {
    throw new UsageError(`--${option}: there is no ${unknown}`);
  }
  return chosen;
}

function matches(name, pattern) {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function count(option, text, otherwise) {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UsageError(
    `--${option} must be a whole number of 1 or more: ${text}`,
  );
}

function readVariant(text) {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--variant must be NAME=PATH: ${text}`);
  return [text.slice(0, at), resolve(text.slice(at + 1))];
}

/** Runs a command of the benchmarks; a mistake on its command line is told in one line, with exit code 2. */
export async function runCommand(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
