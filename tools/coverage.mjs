// Prints how many branches and lines of the core the tests take, by file, and fails if it is too few
// branches in total. `npm run cover` runs the tests first. What stays open, and why, is listed in
// tests/CHECKLIST.md.
//
//   node tools/coverage.mjs [folder of the profiles] [least share of branches, in percent]
import process from "node:process";
import { relative, sep } from "node:path";
import { ROOT } from "./project.mjs";
import { DENO, run } from "./run.mjs";

const FOLDERS = /^(channel|select|scope|sync|internal)\//;
const LEAST = 98;

/** The counts of each file of the core in a report of the form that lcov writes, in the order of their names. */
export function readLcov(text, root) {
  const files = new Map();
  let file;
  for (const line of text.split("\n")) {
    const [, kind, rest] = line.match(/^([A-Z]+):(.*)$/) ?? [];
    if (kind === "SF") file = entry(files, relative(root, rest).split(sep).join("/"));
    else if (kind === "BRDA") count(file.branches, rest.split(","), 0, 3);
    else if (kind === "DA") count(file.lines, rest.split(","), 0, 1);
  }
  return [...files.values()].filter(({ path }) => FOLDERS.test(path))
    .sort((a, b) => a.path < b.path ? -1 : 1);
}

function entry(files, path) {
  const nothing = () => ({ taken: 0, all: 0, open: [] });
  if (!files.has(path)) files.set(path, { path, branches: nothing(), lines: nothing() });
  return files.get(path);
}

function count(counts, fields, line, times) {
  counts.all++;
  if (Number(fields[times]) > 0) counts.taken++; // "-": nobody came to the place at all
  else counts.open.push(fields[line]);
}

/** The sums of all files, in the shape of one. */
export function total(files) {
  const sum = (kind, count) => files.reduce((n, file) => n + file[kind][count], 0);
  const of = (kind) => ({ taken: sum(kind, "taken"), all: sum(kind, "all"), open: [] });
  return { path: "all", branches: of("branches"), lines: of("lines") };
}

/** How many of 100 are taken; of nothing all. */
export function share({ taken, all }) {
  return all === 0 ? 100 : 100 * taken / all;
}

function row({ path, branches, lines }) {
  const cell = (counts) =>
    `${share(counts).toFixed(1).padStart(6)} ${`${counts.taken}/${counts.all}`.padStart(9)}`;
  const open = [...new Set([...branches.open, ...lines.open])].join(" ");
  return `${path.padEnd(26)}${cell(branches)}   ${cell(lines)}   ${open}`.trimEnd();
}

async function main(profiles = "coverage", least = LEAST) {
  const { code, output, stdout } = await run([...DENO, "coverage", "--lcov", profiles], {
    cwd: ROOT,
  });
  if (code !== 0) throw new Error(output);
  const files = readLcov(stdout, ROOT);
  const all = total(files);
  console.log(`${"".padEnd(26)}branches           lines              open, by line`);
  for (const file of [...files, all]) console.log(row(file));
  // A run that has measured nothing has found nothing.
  if (all.branches.all > 0 && share(all.branches) >= Number(least)) return;
  console.error(
    `Too few branches: ${share(all.branches).toFixed(2)} %, must be ${least} % or more`,
  );
  process.exitCode = 1;
}

await main(...process.argv.slice(2));
