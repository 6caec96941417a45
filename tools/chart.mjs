// `node tools/chart.mjs [bench/results/X.jsonl]`: a bar chart of measured ratios, docs/benchmarks.svg.
//
// --unit go|floor (go), --runtime node|node20|deno (node), --scenario NAME,... , --out PATH. Without a file
// the results of the version in package.json, those with the rivals. Bars are on a logarithmic scale, shorter is faster.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { fileOf, readResults } from "../bench/results.mjs";
import { readJson, ROOT } from "./project.mjs";

const UNITS = {
  go: { field: "xGo2", name: "Go", one: "go2" },
  floor: { field: "xFloor", name: "the floor", one: "floor" },
};
const SCENARIOS = [
  "bounded16_spsc",
  "bounded0_spsc",
  "pingpong",
  "bounded16_mpmc",
  "select_parked2",
  "select_timeout",
  "batches",
  "pipe_map3",
  "merge8",
];
/** Beside the rivals: neither the floor nor other languages are to be beaten by a bar. */
const LEFT_OUT = ["floor", "go1", "go2", "asyncio", "python", "python_queue"];

const WIDTH = 760,
  LEFT = 150,
  RIGHT = 60,
  LINE = 15,
  GAP = 14,
  TOP = 64,
  BOTTOM = 30;

const STYLE = `
  text { font: 11px system-ui, sans-serif; fill: #333 }
  .title { font-size: 15px; font-weight: 600 } .scenario { font-weight: 600; font-size: 12px }
  .end { text-anchor: end } .middle { text-anchor: middle }
  .ours { fill: #1769aa } .rival { fill: #b9c2cb } .grid { stroke: #ddd } .one { stroke: #c0392b; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ccc } .ours { fill: #4ea3e0 } .rival { fill: #5b6570 } .grid { stroke: #3a3f45 }
  }`;

/** @returns The chart as SVG. `groups`: `{ scenario, bars: [{ name, ratio }] }`. */
export function chart({ title, caption, unit, groups }) {
  const ratios = groups.flatMap(({ bars }) => bars.map(({ ratio }) => ratio));
  const scale = logarithmic(Math.min(0.5, ...ratios), Math.max(2, ...ratios));
  const height = TOP + BOTTOM +
    groups.reduce((sum, { bars }) => sum + GAP + LINE * (bars.length + 1), 0);
  const parts = [text(12, 24, title, "title"), text(12, 42, caption)];
  parts.push(...grid(scale, unit, height));
  let y = TOP;
  for (const { scenario, bars } of groups) {
    y += GAP;
    parts.push(text(12, y + 11, scenario, "scenario"));
    y += LINE;
    for (const bar of bars) {
      parts.push(...drawn(bar, y, scale));
      y += LINE;
    }
  }
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">\n<title>${
    escaped(title)
  }</title>\n` +
    `<style>${STYLE}\n</style>\n${parts.join("\n")}\n</svg>\n`;
}

function drawn({ name, ratio }, y, scale) {
  const end = scale.at(ratio), ours = name === "ours";
  const width = Math.max(1, end - LEFT).toFixed(1);
  return [
    text(LEFT - 6, y + 11, ours ? "millrace" : name, "end"),
    `<rect class="${ours ? "ours" : "rival"}" x="${LEFT}" y="${y + 2}" width="${width}" height="${
      LINE - 3
    }"/>`,
    text(end + 5, y + 11, ratio < 9.95 ? ratio.toFixed(2) : ratio.toFixed(0)),
  ];
}

function grid(scale, unit, height) {
  return scale.ticks.flatMap((tick) => {
    const x = scale.at(tick).toFixed(1), kind = tick === 1 ? "one" : "grid";
    return [
      `<line class="${kind}" x1="${x}" x2="${x}" y1="${TOP}" y2="${height - BOTTOM}"/>`,
      text(x, height - 12, tick === 1 ? unit : `${tick} x`, "middle"),
    ];
  });
}

/** From a bit below the least to the greatest. Bars have no beginning on such a scale: it is the left edge. */
function logarithmic(least, greatest) {
  const from = Math.log2(least) - 0.5, to = Math.log2(greatest);
  const at = (ratio) => LEFT + (Math.log2(ratio) - from) / (to - from) * (WIDTH - LEFT - RIGHT);
  const ticks = [];
  for (let power = Math.ceil(from); power <= to; power++) {
    ticks.push(2 ** power);
  }
  return { at, ticks };
}

function text(x, y, content, kind) {
  const attribute = kind === undefined ? "" : ` class="${kind}"`;
  return `<text x="${x}" y="${y}"${attribute}>${escaped(content)}</text>`;
}

const escaped = (content) => content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function groupsOf(rows, scenarios, field) {
  return scenarios.map((scenario) => {
    const bars = rows.filter((row) => row.scenario === scenario && row[field] > 0)
      .filter(({ contender }) => !LEFT_OUT.includes(contender) && !/^by\d/.test(contender))
      .map((row) => ({ name: row.contender, ratio: row[field] }))
      .sort((a, b) => a.ratio - b.ratio);
    return { scenario, bars };
  }).filter(({ bars }) => bars.length > 0);
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      unit: { type: "string", default: "go" },
      runtime: { type: "string", default: "node" },
      scenario: { type: "string" },
      out: { type: "string", default: join(ROOT, "docs", "benchmarks.svg") },
    },
  });
  const unit = UNITS[values.unit];
  if (unit === undefined) {
    throw new Error(`--unit is go or floor: ${values.unit}`);
  }
  const { version } = readJson(ROOT, "package.json");
  const { machine, rows } = readResults(
    positionals[0] ?? fileOf(version, { rivals: true }),
    { attempt: 1 },
  );
  const own = rows.filter(({ runtime }) => runtime === values.runtime);
  const groups = groupsOf(
    own,
    values.scenario?.split(",") ?? SCENARIOS,
    unit.field,
  );
  if (groups.length === 0) {
    throw new Error(
      `no results with ratios to ${unit.name} on ${values.runtime}`,
    );
  }
  const where = `${own[0].version}; ${machine.cpu}, ${machine.cores} cores; ${
    machine.date.slice(0, 10)
  }`;
  const title = `Time a value, compared with ${unit.name}: shorter is faster`;
  writeFileSync(
    values.out,
    chart({ title, caption: where, unit: unit.name, groups }),
  );
  console.log(`${groups.length} scenarios in ${values.out}`);
}

if (import.meta.main ?? process.argv[1].endsWith("chart.mjs")) main();
