// The package in bundles, as docs/workers.md tells to make them: by esbuild and by Vite, for Node with the
// library outside and inside, and for a page. What is whole runs in a folder without node_modules.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "./project.mjs";
import { run } from "./run.mjs";

const ESBUILD = join(ROOT, "node_modules/esbuild/bin/esbuild");
const VITE = join(ROOT, "tests/runtimes/node_modules/vite/bin/vite.js");
const NODE_OPTIONS = ["--bundle", "--format=esm", "--platform=node"];
const ENTRY = "entry=millrace/workers/entry";
const PROGRAM_TIMEOUT = 30_000;

// The result, the options, and whether it takes the library in.
const BUNDLES = [
  esbuild("outside", false, "main.ts", "stage.ts", ...NODE_OPTIONS, "--packages=external"),
  esbuild("whole", true, "main.ts", "stage.ts", ENTRY, ...NODE_OPTIONS),
  esbuild("split", true, "main.ts", "stage.ts", ENTRY, ...NODE_OPTIONS, "--splitting", "--minify"),
  esbuild("page", true, "page.ts", "--bundle", "--format=esm", "--target=es2022", "--minify"),
  vite("outside", false),
  vite("whole", true),
  vite("page", true),
];

/** @returns `{ runtime, what, test }` for each bundle; each runs on the first and the last of `nodes`. */
export function bundles(npm, nodes) {
  return BUNDLES.map(({ bundler, name, whole, command }) => ({
    runtime: bundler,
    what: `bundle ${name}`,
    async test() {
      const { folder } = await npm();
      const place = join(folder, "bundled");
      const out = join(place, `${bundler}_${name}`);
      const built = await run(command(out), { cwd: place });
      if (built.code !== 0) return failed("does not build", built.output);
      if (name === "page" && textOf(out).includes("node:")) {
        return failed("names a node: module", "");
      }
      const home = whole ? moved(out, join(folder, "..", `${bundler}_${name}`)) : out;
      return await runOn(
        [nodes[0], nodes.at(-1)],
        join(home, name === "page" ? "page.js" : "main.js"),
      );
    },
  }));
}

function esbuild(name, whole, ...args) {
  const command = (out) => [process.execPath, ESBUILD, ...args, `--outdir=${out}`];
  return { bundler: "esbuild", name, whole, command };
}

function vite(name, whole) {
  const command = (out) => [process.execPath, VITE, "build", "--mode", name, "--outDir", out];
  return { bundler: "vite", name, whole, command };
}

function textOf(folder) {
  return readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
}

function moved(from, to) {
  mkdirSync(to);
  cpSync(from, to, { recursive: true });
  writeFileSync(join(to, "package.json"), JSON.stringify({ type: "module" }));
  return to;
}

async function runOn(nodes, program) {
  for (const { version, bin } of nodes) {
    const { code, output, stdout } = await run([join(bin, "node"), program], {
      timeout: PROGRAM_TIMEOUT,
    });
    if (code !== 0 || !/^done$/m.test(stdout)) return failed(`fails on Node ${version}`, output);
  }
  return { passed: nodes.length, failed: 0 };
}

function failed(why, output) {
  return { passed: 0, failed: 1, why, output };
}
