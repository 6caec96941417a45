// The core stays small, and the main entry runs in a browser: bundled, minified, compressed.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { main, read } from "./project.mjs";

// Bytes after gzip. The promise is about the two that everything else can be built with; what the rest
// of their folders adds (timers, `selectEach` and so on) is told.
const BUNDLES = [
  {
    name: "Channel and select",
    limit: 5000,
    code: () => `export { Channel, select } from "./mod.ts";`,
  },
  { name: "all of channel and select", code: coreExports },
  { name: "main entry", code: () => `export * from "./mod.ts";` },
];

/** @returns What is too large, or names a module that only one runtime has. */
export async function check(root) {
  const bundles = await Promise.all(BUNDLES.map((bundle) => measure(root, bundle)));
  const problems = bundles.flatMap(({ name, problem, code, size, limit }) => {
    if (problem) return [`${name}: ${problem}`];
    if (/["'`]node:/.test(code)) return [`${name}: names a node: module`];
    return size >= limit
      ? [`${name}: ${size} bytes minified and gzipped, must be under ${limit}`]
      : [];
  });
  const sizes = bundles.map(({ name, size, limit }) =>
    `${name} ${size ?? "?"} bytes${limit ? ` of ${limit}` : ""}`
  );
  return { problems, seen: `size: ${sizes.join(", ")}` };
}

function coreExports(root) {
  return read(root, "mod.ts").match(/^export [^;]*"\.\/(channel|select)\/mod\.ts";/gm).join("\n");
}

async function measure(root, bundle) {
  try {
    const code = await bundled(root, bundle.code(root));
    return { ...bundle, code, size: gzipSync(code, { level: 9 }).length };
  } catch (error) {
    // Such as a module that no browser has.
    return { ...bundle, problem: error.message };
  }
}

async function bundled(root, contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

await main(import.meta.url, check);
