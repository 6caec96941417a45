// `npm run test:runtimes`: the whole suite on the other Node versions of tests/runtimes/package.json, and the
// built package as its users meet it (tools/consumers.mjs). One line for each.
//
// The suite runs through the same npm script as `npm test`, with another `node` first on the PATH.
import { delimiter, join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { consumers } from "./consumers.mjs";
import { installed } from "./installed.mjs";
import { ROOT } from "./project.mjs";
import { inParallel, run } from "./run.mjs";

const HOME = join(ROOT, "tests", "runtimes");
const SUITE_TIMEOUT = 1_200_000;
const LANES = 2;

if (process.platform !== "linux" || process.arch !== "x64") {
  console.error(
    "The other Node versions come as packages for Linux on x64; here only `npm test` can run.",
  );
  process.exit(2);
}
const nodes = (await installed(HOME)).filter(({ name }) => name.startsWith("node"))
  .map((node) => ({ ...node, bin: join(HOME, "node_modules", node.name, "bin") }));
const started = performance.now();
const checks = await inParallel(consumers(nodes), LANES, (consumer) => timed(consumer));
// One at a time: each takes both cores, and some of its tests watch the clock.
// Not the version that runs this: `npm test` has run it.
const others = nodes.filter(({ version }) => `v${version}` !== process.version);
const suites = await inParallel(others.map(suite), 1, (consumer) => timed(consumer));

const all = [...checks, ...suites];
const passed = all.reduce((sum, { passed }) => sum + passed, 0);
const failed = all.reduce((sum, { failed }) => sum + failed, 0);
console.log(`in ${((performance.now() - started) / 1000).toFixed(0)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function suite({ version, bin }) {
  return {
    runtime: `node ${version}`,
    what: "suite",
    async test() {
      const { code, output, timedOut } = await run(["npm", "run", "-s", "test:node"], {
        cwd: ROOT,
        env: { PATH: `${bin}${delimiter}${process.env.PATH}` },
        timeout: SUITE_TIMEOUT,
      });
      const count = (word) =>
        Number(output.match(new RegExp(`^(?:#|ℹ) ${word} (\\d+)`, "m"))?.[1] ?? 0);
      const passed = count("pass");
      const failed = count("fail") + count("cancelled");
      const why = timedOut
        ? `no end after ${SUITE_TIMEOUT / 1000} s`
        : passed === 0
        ? "ran no test"
        : code === 0
        ? undefined
        : "failed";
      return { passed, failed: why ? Math.max(failed, 1) : failed, why, output: failures(output) };
    },
  };
}

// What could not even be tried, such as a package that does not build.
function broken(error) {
  return { passed: 0, failed: 1, why: "could not be tried", output: error.message };
}

// Of a long report only the tests that failed, in the one form (TAP) or the other. A run that was killed
// has no summary; the file that hung is the one after the last that was told.
function failures(output) {
  const tap = output.match(/^ *not ok[^]*?^ *\.\.\.$/gm);
  const spec = output.match(/^✖ failing tests:[^]*/m) ?? output.match(/^ *✖ .*/gm);
  const end = output.trimEnd().split("\n").slice(-5);
  return [...(tap ?? spec ?? []), "The report ends with:", ...end].join("\n");
}

/** Runs one of them and prints its line. */
async function timed({ runtime, what, test }) {
  const start = performance.now();
  const { passed, failed, why, output } = await test().catch(broken);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  const verdict = failed === 0 ? "ok" : "FAIL";
  const count = failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} failed: ${why}`;
  console.log(`${verdict.padEnd(5)}${runtime.padEnd(18)}${seconds} s   ${what}: ${count}`);
  if (failed > 0) console.log(`${output.trim().replace(/^/gm, "     ")}\n`);
  return { passed, failed };
}
