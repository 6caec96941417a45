/**
 * Writes the table of docs/benchmarks.md from a file of results, between its two comments: `node bench/report.mjs`,
 * from that of the version in package.json. What rivals take may stand in a file of its own, `<version>_rivals.jsonl`,
 * since a run with all of them takes three times as long.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileOf, readResults } from "./results.mjs";
import { TARGETS } from "./target_table.mjs";

const BEGIN = "<!-- measured: written by bench/report.mjs -->",
  END = "<!-- end -->";
const page = new URL("../docs/benchmarks.md", import.meta.url);
const NO_RIVALS = ["floor", "ours", "go1", "go2", "asyncio"];
const RUNTIMES = ["node", "node20", "deno"];

function main() {
  const { version } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  const { machine, rows } = readResults(fileOf(version));
  const withRivals = readResults(fileOf(version, { rivals: true }), { attempt: 1 }).rows;
  const of = (runtime, scenario, contender) =>
    rows.find((row) =>
      row.runtime === runtime && row.scenario === scenario &&
      row.contender === contender
    );
  const versions = RUNTIMES.map((name) => rows.find(({ runtime }) => runtime === name)?.version)
    .filter(Boolean);
  const lines = [
    `${versions.join("; ")}; ${machine.go}. ${machine.cpu}, ${machine.cores} cores, ${
      machine.date.slice(0, 10)
    }.`,
    "",
    "| scenario | ns | x floor: newest Node | Node 20 | Deno | x Go | the nearest rival |",
    "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ...TARGETS.map((target) => line(target, of, withRivals)),
  ];
  const text = readFileSync(page, "utf8"),
    from = text.indexOf(BEGIN),
    to = text.indexOf(END);
  if (from < 0 || to < from) {
    throw new Error(`no place for the table in ${page.pathname}`);
  }
  writeFileSync(
    page,
    `${text.slice(0, from + BEGIN.length)}\n${lines.join("\n")}\n${text.slice(to)}`,
  );
  console.log(`${TARGETS.length} rows in docs/benchmarks.md`);
}

/** `measured (target)` in each cell; in bold what is missed. */
function line({ scenario, floor, go }, of, rows) {
  const ours = of("node", scenario, "ours");
  const ratios = RUNTIMES.map((name) => cell(of(name, scenario, "ours")?.xFloor, floor[name]));
  const best = ours?.best === undefined ? "" : ours.best.toPrecision(3);
  return `| ${scenario} | ${
    [best, ...ratios, cell(ours?.xGo2, go), rival(scenario, rows)].join(
      " | ",
    )
  } |`;
}

function cell(measured, target) {
  if (!(measured > 0)) {
    return target === undefined ? "" : `(${target.toFixed(2)})`;
  }
  const told = measured.toFixed(2);
  if (target === undefined) return told;
  return `${measured > target ? `**${told}**` : told} (${target.toFixed(2)})`;
}

/** Who comes nearest on the newest Node, and how many times our time in the same run that is. */
function rival(scenario, rows) {
  const all = rows.filter((row) =>
    row.runtime === "node" && row.scenario === scenario && row.median > 0
  );
  const ours = all.find(({ contender }) => contender === "ours");
  const others = all.filter(({ contender }) => !NO_RIVALS.includes(contender))
    .sort((a, b) => a.median - b.median);
  if (others.length === 0 || !(ours?.median > 0)) return "";
  return `${others[0].contender}, ${(others[0].median / ours.median).toFixed(1)} x`;
}

main();
