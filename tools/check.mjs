// `npm run check`: everything that can be said about the project without running its tests, one line
// each. `npm run check -- docs links` runs only those.
import { performance } from "node:perf_hooks";
import process from "node:process";
import { ROOT } from "./project.mjs";
import { DENO, run } from "./run.mjs";

const tool = (name) => [process.execPath, `tools/check_${name}.mjs`];
const TSC = [process.execPath, "node_modules/typescript/bin/tsc"];
const PUBLINT = [process.execPath, "node_modules/publint/src/cli.js"];

// The name, and the commands that must all end with 0.
const STEPS = {
  tsc: [TSC],
  types: [[...DENO, "check", "--quiet"]],
  lint: [[...DENO, "lint"]],
  format: [[...DENO, "fmt", "--check"]],
  style: [tool("style")],
  ring: [[process.execPath, "tools/build_ring.mjs", "--check"]],
  mutants: [[process.execPath, "tools/mutants.mjs", "--check"]],
  imports: [tool("imports")],
  exports: [tool("exports")],
  docs: [tool("docs")],
  reference: [tool("reference")],
  examples: [tool("examples")],
  links: [tool("links")],
  paths: [tool("paths")],
  size: [tool("size")],
  release: [tool("release")],
  npm: [["npm", "run", "-s", "build"], [...PUBLINT, "--strict"]],
  jsr: [[...DENO, "publish", "--dry-run", "--allow-dirty"]],
  tools: [[process.execPath, "--test", "tools/check_tools.mjs"]],
};

async function runStep(name) {
  const start = performance.now();
  const results = [];
  for (const command of STEPS[name]) {
    results.push(await run(command, { cwd: ROOT }));
    if (results.at(-1).code !== 0) break;
  }
  const { code, output, timedOut } = results.at(-1);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
  const verdict = code === 0 ? "ok" : timedOut ? "TIME" : "FAIL";
  const seen = code === 0 && output.match(new RegExp(`^${name}: (.*)`, "m"))?.[1];
  console.log(`${verdict.padEnd(5)}${name.padEnd(10)}${seconds} s${seen ? `   ${seen}` : ""}`);
  if (code !== 0) console.log(`${output.trim().replace(/^/gm, "     ")}\n`);
  return code === 0;
}

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !(name in STEPS));
if (unknown !== undefined) {
  console.error(`Cannot check ${unknown}: there are ${Object.keys(STEPS).join(", ")}`);
  process.exit(2);
}
const failed = [];
for (const name of chosen.length > 0 ? chosen : Object.keys(STEPS)) {
  if (!await runStep(name)) failed.push(name);
}
console.log(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
