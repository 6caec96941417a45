/** The Node versions to measure: those of tests/runtimes, installed where they are missing. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installed } from "../tools/installed.mjs";

const home = fileURLToPath(new URL("../tests/runtimes", import.meta.url));
let versions;

/** The binary of `node20`, or of `node`, the newest; undefined where there is none. */
export async function nodeOf(name) {
  versions ??= (await installed(home)).filter((it) => /^node\d+$/.test(it.name));
  const newest = (a, b) => Number(b.name.slice(4)) - Number(a.name.slice(4));
  const wanted = name === "node" ? versions.sort(newest)[0].name : name;
  const binary = `${home}/node_modules/${wanted}/bin/node`;
  return existsSync(binary) ? binary : undefined;
}
