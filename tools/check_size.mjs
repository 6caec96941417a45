// The core stays small, and the main entry runs in a browser: bundled, minified, compressed.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { main, read } from "./project.mjs";

// Bytes after gzip. The promise is about the first, with which everything else can be built; the other
// limits are room to grow on purpose, not by accident.
const BUNDLES = [
  {
    name: "Channel and select",
    limit: 5_000,
    code: () => `export { Channel, select } from "./mod.ts";`,
  },
  { name: "all of channel and select", limit: 7_000, code: coreExports },
  { name: "flow", limit: 14_000, code: () => `export * from "./flow/mod.ts";` },
  { name: "main entry", limit: 18_000, code: () => `export * from "./mod.ts";` },
  // With shared memory.
  {
    name: "workers",
    limit: 52_000,
    threads: true,
    code: () => `export * from "./workers/mod.ts";`,
  },
  {
    name: "a thread's own entry",
    limit: 48_000,
    threads: true,
    // Package.json knows the built file as one that does something, not its source.
    imported: true,
    code: () => `import "./workers/entry.ts";`,
  },
];

/** @returns What is too large, or names a module that only one runtime has. */
export async function check(root) {
  const bundles = await Promise.all(BUNDLES.map((bundle) => measure(root, bundle)));
  const problems = bundles.flatMap(({ name, problem, code, size, limit, threads }) => {
    if (problem) return [`${name}: ${problem}`];
    if (!threads && /["'`]node:/.test(code)) return [`${name}: names a node: module`];
    return size >= limit
      ? [`${name}: ${size} bytes minified and gzipped, must be under ${limit}`]
      : [];
  });
  const sizes = bundles.map(({ name, size, limit }) => `${name} ${size ?? "?"} bytes of ${limit}`);
  return { problems, seen: `size: ${sizes.join(", ")}` };
}

function coreExports(root) {
  return read(root, "mod.ts").match(/^export [^;]*"\.\/(channel|select)\/mod\.ts";/gm).join("\n");
}

async function measure(root, bundle) {
  try {
    const code = await bundled(root, bundle.code(root), bundle.imported);
    return { ...bundle, code, size: gzipSync(code, { level: 9 }).length };
  } catch (error) {
    // Such as a module that no browser has.
    return { ...bundle, problem: error.message };
  }
}

async function bundled(root, contents, ignoreAnnotations = false) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    ignoreAnnotations,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

await main(import.meta.url, check);
