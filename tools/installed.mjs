// The folders below tests/ with packages of their own: what only one command needs stays out of `npm ci`.
import { readJson } from "./project.mjs";
import { run } from "./run.mjs";

const TIMEOUT = 1_200_000;

/** Installs what `home/package.json` wants and is not there yet. @returns `{ name, version }` for each. */
export async function installed(home) {
  const wanted = Object.entries(readJson(home, "package.json").devDependencies)
    .map(([name, spec]) => ({ name, version: spec.split("@").at(-1) }));
  if (!wanted.every((one) => isThere(home, one))) {
    const { code, output } = await run(["npm", "ci", "--prefix", home], { timeout: TIMEOUT });
    if (code !== 0) throw new Error(`npm ci failed in ${home}:\n${output}`);
  }
  return wanted;
}

function isThere(home, { name, version }) {
  try {
    return readJson(home, `node_modules/${name}/package.json`).version === version;
  } catch {
    return false;
  }
}
