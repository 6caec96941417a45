/**
 * The target table, row by row, on the newest Node, Node 20 and Deno: what was measured, what is wanted, and
 * whether it holds; exit code 1 if a row is missed. All of it goes to `results/<version>.jsonl`.
 *
 * Options of run.mjs: `--runtime node,node20,deno`, `--scenario`, `--contender` (who takes part beside the floor, the
 * library and Go), `--rounds`, `--ms`, `--processes`, `--library`, `--node`, `--deno`, `--name` (of the file). Its own:
 * `--node20 PATH`; `--rivals`: all contenders; `--by cpu`: the ratios to the floor by processor time, where the machine
 * has other work; `--tries N` (3): a row that is missed is measured again.
 */
import process from "node:process";
import { measure } from "./measure.mjs";
import { readOptions, runCommand } from "./options.mjs";
import { writeResults } from "./results.mjs";
import { contendersOf, runtimes, versionOf } from "./runtimes.mjs";
import { paired, summarize } from "./statistics.mjs";
import { TARGETS } from "./target_table.mjs";
import { nodeOf } from "./versions.mjs";

const ALWAYS = ["floor", "ours", "go2"];
const NAMES = { node: "the newest Node", node20: "Node 20", deno: "Deno" };

async function main() {
  const options = readOptions(process.argv.slice(2), Object.keys(NAMES));
  const rows = [];
  let missed = 0;
  for (const name of options.runtimes) {
    const runtime = await runtimeOf(name, options);
    const version = runtime && versionOf(runtime);
    if (version === undefined) {
      console.log(
        `\n${NAMES[name]} cannot be started: all its rows are missed`,
      );
      missed++;
      continue;
    }
    console.log(`\n${version}\n${HEAD}`);
    for (const target of TARGETS) {
      if (!options.scenarios.includes(target.scenario)) continue;
      const holds = await tryRow(
        name,
        { name, version, runtime },
        target,
        options,
        rows,
      );
      if (!holds) missed++;
    }
    // After each runtime: a run that is stopped has not been in vain.
    console.log(writeResults(options, rows));
  }
  console.log(missed === 0 ? "\nAll hold." : `\n${missed} missed.`);
  process.exitCode = missed === 0 ? 0 : 1;
}

async function runtimeOf(name, options) {
  if (name === "deno") return runtimes(options).deno;
  const node = options[name] ?? await nodeOf(name);
  return node && runtimes({ ...options, node }).node;
}

/** Measures a row, again where it is missed, and prints its line. */
async function tryRow(name, { version, runtime }, target, options, rows) {
  const { scenario } = target, seen = [];
  const able = await chosen(runtime, scenario, options);
  for (let i = 0; i < options.tries && !seen.at(-1)?.holds; i++) {
    const again = i > 0 ? able.filter((it) => ALWAYS.includes(it.name)) : able;
    const results = await measure(scenario, again, options);
    seen.push(judge(results, target, name, options.by));
    rows.push(
      ...summarize(results).map((row) => {
        return { runtime: name, version, scenario, attempt: i + 1, ...row };
      }),
    );
  }
  console.log(line(scenario, seen));
  return seen.at(-1).holds;
}

async function chosen(runtime, scenario, { rivals, contender }) {
  const asked = contender?.split(",") ?? [];
  return (await contendersOf(runtime)).filter(({ name, missing, scenarios }) =>
    missing === undefined && (scenarios?.includes(scenario) ?? true) &&
    (rivals || ALWAYS.includes(name) || asked.includes(name))
  );
}

/** The ratios, and whether each is within its target. No figure is a miss, too. */
function judge(results, { floor, go, bytes }, runtime, by) {
  const of = (name) => results.find((it) => it.name === name && it.failure === undefined);
  const ours = of("ours"),
    newest = runtime === "node" || floor[runtime] === undefined;
  const figures = [
    { ratio: paired(ours?.[by], of("floor")?.[by]), target: floor[runtime] },
    {
      ratio: paired(ours?.rounds, of("go2")?.rounds),
      target: newest ? go : undefined,
    },
    {
      ratio: ours?.bytes / of("go2")?.bytes,
      target: newest ? bytes : undefined,
    },
  ];
  const holds = figures.every(({ ratio, target }) => target === undefined || ratio <= target);
  return { figures, holds };
}

const HEAD = "        scenario                x floor  target     x Go  target    bytes  target";

function line(scenario, seen) {
  const { figures, holds } = seen.at(-1);
  const cells = figures.flatMap((
    { ratio, target },
  ) => [text(ratio).padStart(9), text(target)]);
  const before = seen.slice(0, -1).map(({ figures }) => {
    return figures.slice(0, 2).map(({ ratio }) => text(ratio).trim() || "-")
      .join(" and ");
  });
  const told = before.length > 0 ? `   before: ${before.join("; ")}` : "";
  return `${holds ? "held  " : "MISSED"}  ${scenario.padEnd(22)}${cells.join("")}${told}`;
}

function text(ratio) {
  return (ratio > 0 ? ratio.toFixed(2) : "").padStart(8);
}

await runCommand(main);
