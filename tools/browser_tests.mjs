// The tests that can run in a browser, bundled: all that need nothing of Node but `node:test`. Each file
// stays a module of its own, as each is a process of its own elsewhere.
import { join } from "node:path";
import { build } from "esbuild";
import { filesIn, read, ROOT } from "./project.mjs";

const SHIMS = {
  "node:test": "tests/browser/node_test.ts",
  "node:assert/strict": "tests/browser/node_assert.ts",
  "node:util": "tests/browser/node_assert.ts",
  "node:process": "tests/browser/node_rest.ts",
  "node:timers": "tests/browser/node_rest.ts",
  "node:v8": "tests/browser/node_rest.ts",
  "node:vm": "tests/browser/node_rest.ts",
};
// Of the library's folders that a browser is promised. Threads and examples need Node or Deno.
const FOLDERS = ["conformance", "unit", "flow", "go", "property", "scope", "sync", "testing"];
// Without these a green run would say nothing.
const OWED = [
  "tests/conformance/memory.test.ts",
  "tests/unit/channel_send.test.ts",
  "tests/unit/select_atomic.test.ts",
  "tests/flow/pipe.test.ts",
  "tests/flow/merge.test.ts",
];

/** @returns `{ tests, left, files }`: the tests that run, those that cannot, and the bundle by path. */
export async function browserTests() {
  const all = filesIn(ROOT, FOLDERS.map((folder) => join("tests", folder)), [".test.ts"]);
  const { inputs } = (await bundle(all, {})).metafile;
  const tests = all.filter((test) => !reach(inputs, test).some(needsNode));
  const owed = OWED.filter((test) => !tests.includes(test));
  if (owed.length > 0) throw new Error(`Must run in a browser, and cannot: ${owed.join(", ")}`);
  const { outputFiles } = await bundle(tests, SHIMS);
  const files = new Map(outputFiles.map(({ path, text }) => [path.slice(ROOT.length), text]));
  return { tests, left: all.length - tests.length, files };
}

function bundle(tests, shims) {
  return build({
    entryPoints: [...tests, SHIMS["node:test"]],
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    outdir: ROOT,
    outbase: ROOT,
    // Some tests look for their own name in a stack.
    outExtension: { ".js": ".ts" },
    write: false,
    metafile: true,
    logLevel: "silent",
    // The name alone, not the property of `globalThis` by which the library looks for it.
    inject: [join(ROOT, SHIMS["node:timers"])],
    external: ["node:*"],
    alias: Object.fromEntries(
      Object.entries(shims).map(([name, path]) => [name, join(ROOT, path)]),
    ),
  });
}

// Threads are Node's and Deno's. Of `node:util` the shims have what tests/std_assert takes, of `process` the environment.
function needsNode([path, { imports }]) {
  const known = Object.keys(SHIMS)
    .filter((name) => name !== "node:util" || path.startsWith("tests/std_assert/"));
  return path.startsWith("workers/") ||
    imports.some(({ external, path }) =>
      external && path.startsWith("node:") && !known.includes(path)
    ) ||
    path.endsWith(".test.ts") && /\bprocess\.(?!env\b)/.test(read(ROOT, path));
}

function reach(inputs, test) {
  const seen = new Map();
  const visit = (path) => {
    if (seen.has(path) || inputs[path] === undefined) return;
    seen.set(path, inputs[path]);
    inputs[path].imports.forEach((one) => visit(one.path));
  };
  visit(test);
  return [...seen];
}
