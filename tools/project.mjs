// What the checks share: where the project's files are, and how a check reports.
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The folders of the library; those that are not there yet are simply empty. */
export const LIBRARY = [
  "internal",
  "channel",
  "select",
  "scope",
  "sync",
  "flow",
  "queue",
  "workers",
  "brokers",
  "inspect",
  "testing",
];

const SKIPPED = new Set([".git", "node_modules", "dist", "coverage"]);

/** The paths, relative to `root` and with `/`, of all files below `folders` that end with one of `endings`. */
export function filesIn(root, folders, endings) {
  return folders.flatMap((folder) => [...walk(join(root, folder))])
    .map((path) => relative(root, path).split(sep).join("/"))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort();
}

/** The paths of the library's own sources, the main entry first. */
export function librarySources(root) {
  const sources = filesIn(root, LIBRARY, [".ts"]);
  return readdirSync(root).includes("mod.ts") ? ["mod.ts", ...sources] : sources;
}

/** The text of a file of the project. */
export function read(root, path) {
  return readFileSync(join(root, path), "utf8");
}

/** A JSON file of the project as an object. */
export function readJson(root, path) {
  return JSON.parse(read(root, path));
}

/**
 * Runs `check` over the project (or the folder given as argument) if `moduleUrl` is the program that
 * was started: prints each problem and exits with 1, or prints what was looked at.
 *
 * A check is `(root) => { problems, seen }`: sentences that begin with the file, and a count of what it
 * looked at, so that a check that has become blind shows.
 */
export async function main(moduleUrl, check) {
  if (realpathSync(process.argv[1]) !== realpathSync(fileURLToPath(moduleUrl))) return;
  const { problems, seen } = await check(process.argv[2] ?? ROOT);
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? seen : `${seen}, ${problems.length} wrong`);
  if (problems.length > 0) process.exitCode = 1;
}

function* walk(path) {
  for (const entry of readFolder(path)) {
    if (SKIPPED.has(entry.name)) continue;
    const inner = join(path, entry.name);
    if (entry.isDirectory()) yield* walk(inner);
    else if (entry.isFile()) yield inner;
  }
}

function readFolder(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
