/** Files of results: JSON lines, of which the first tells the machine. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { goVersion } from "./runtimes.mjs";

const folder = new URL("./results/", import.meta.url);
const root = new URL("../package.json", import.meta.url);

/** Writes `rows` to `results/<name or version>.jsonl`. @returns What was written. */
export function writeResults({ name, rounds, ms, processes }, rows) {
  const { version } = JSON.parse(readFileSync(root, "utf8"));
  const machine = {
    version,
    date: new Date().toISOString(),
    go: goVersion(),
    cpu: os.cpus()[0]?.model,
    cores: os.cpus().length,
    rounds,
    ms,
    processes,
  };
  mkdirSync(folder, { recursive: true });
  const file = `${name ?? version}.jsonl`;
  const lines = [machine, ...rows].map((row) => `${JSON.stringify(row)}\n`);
  writeFileSync(new URL(file, folder), lines.join(""));
  return `${rows.length} results in bench/results/${file}`;
}

/** @returns The machine, and the rows: of several attempts the last. */
export function readResults(file) {
  const [machine, ...rows] = readFileSync(file, "utf8").trim().split("\n").map((
    it,
  ) => JSON.parse(it));
  const last = new Map();
  for (const row of rows) {
    last.set(`${row.runtime} ${row.scenario} ${row.contender}`, row);
  }
  return { machine, rows: [...last.values()] };
}
