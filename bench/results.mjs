/** Files of results: JSON lines, of which the first tells the machine. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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

/** The file of a version: the one with the rivals, if they were measured by themselves and are wanted. */
export function fileOf(version, { rivals = false } = {}) {
  const besides = new URL(`${version}_rivals.jsonl`, folder);
  return rivals && existsSync(besides) ? besides : new URL(`${version}.jsonl`, folder);
}

/**
 * @returns The machine, and the rows: of several attempts the last. In the first one all take part, rivals too, so
 * it is that which compares them: `attempt: 1`.
 */
export function readResults(file, { attempt = Infinity } = {}) {
  const [machine, ...rows] = readFileSync(file, "utf8").trim().split("\n").map((
    it,
  ) => JSON.parse(it));
  const last = new Map();
  for (const row of rows) {
    if (row.attempt > attempt) continue;
    last.set(`${row.runtime} ${row.scenario} ${row.contender}`, row);
  }
  return { machine, rows: [...last.values()] };
}
