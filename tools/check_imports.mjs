// Who may import whom, and no cycles. The table is the one of docs/architecture.md; the graph is Deno's own.
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { librarySources, main, read } from "./project.mjs";
import { DENO, run } from "./run.mjs";

// All that is not a concrete channel.
const CHANNEL_PARTS = ["types", "errors", "base", "send_case", "send_many", "supplied"].map((
  name,
) => `channel/${name}.ts`);

// Beside its own folder each may import what is listed: a folder (with a slash) or one file.
const MAY_IMPORT = {
  "mod.ts": ["channel", "select", "scope", "sync", "flow", "queue"].map((f) => `${f}/mod.ts`),
  "internal/": [],
  "channel/": ["internal/"],
  "select/": ["internal/", ...CHANNEL_PARTS],
  "sync/": ["internal/"],
  "scope/": ["internal/", "sync/"],
  "flow/": ["internal/", "channel/mod.ts", "select/mod.ts", "scope/mod.ts"],
  "workers/": ["internal/", ...CHANNEL_PARTS, "select/cases.ts", "flow/", "sync/name.ts"],
  "queue/": ["internal/", "channel/", "scope/"],
  "brokers/": ["internal/", "channel/", "scope/"],
  "inspect/": ["internal/", "channel/"],
  "testing/": ["internal/", "channel/mod.ts", "select/mod.ts", "scope/"],
};

// The one file that knows Node from Deno.
const SEAM = "workers/runtime.ts";

// The main entry runs in a browser unchanged.
const NOT_FROM_MAIN = ["workers/", "brokers/", "inspect/", "testing/"];

/** @returns What is wrong with the imports of the library's sources. */
export async function check(root) {
  const files = librarySources(root);
  const graph = await importGraph(resolve(root), files);
  const problems = [
    ...files.flatMap((file) => forbiddenImports(file, graph.get(file) ?? [])),
    ...files.filter((file) => file !== SEAM).flatMap((file) => runtimeNames(root, file)),
    ...cycles(graph),
    ...leavesBrowser(graph),
  ];
  return { problems, seen: `imports: ${files.length} files, ${count(graph)} imports` };
}

async function importGraph(root, files) {
  const all = files.map((file) => `import "${pathToFileURL(resolve(root, file))}";`).join("");
  const entry = `data:text/typescript,${encodeURIComponent(all)}`;
  const { code, stdout, output } = await run([...DENO, "info", "--no-config", "--json", entry]);
  if (code !== 0) throw new Error(`deno info failed:\n${output}`);
  const inProject = (url) =>
    url.startsWith(`${pathToFileURL(root)}/`) ? fileURLToPath(url).slice(root.length + 1) : url;
  const modules = JSON.parse(stdout).modules.filter((module) => module.specifier !== entry);
  return new Map(modules.map((module) => [
    inProject(module.specifier),
    (module.dependencies ?? []).map(({ specifier, code, type }) =>
      inProject(code?.specifier ?? type?.specifier ?? specifier)
    ),
  ]));
}

function forbiddenImports(file, imports) {
  const folder = Object.keys(MAY_IMPORT).find((name) => file.startsWith(name));
  const allowed = [folder, ...MAY_IMPORT[folder]];
  return imports
    .filter((target) => !(file === SEAM && target.startsWith("node:")))
    .filter((target) =>
      !allowed.some((a) => a === target || a.endsWith("/") && target.startsWith(a))
    )
    .map((target) =>
      `${file}: may not import ${target} (${folder} may import ${
        MAY_IMPORT[folder].join(", ") || "nothing"
      })`
    );
}

function runtimeNames(root, file) {
  const code = withoutComments(read(root, file));
  return [
    ...(/\bDeno\b/.test(code) ? [`${file}: names Deno; only ${SEAM} may`] : []),
    ...(/["'`]node:/.test(code) ? [`${file}: names a node: module; only ${SEAM} may`] : []),
  ];
}

function leavesBrowser(graph) {
  const path = reachable(graph, "mod.ts")
    .find((path) => NOT_FROM_MAIN.some((folder) => path.at(-1).startsWith(folder)));
  return path ? [`mod.ts: reaches ${path.at(-1)}: ${path.join(" -> ")}`] : [];
}

// Strings are matched too, so that a // inside one begins no comment.
function withoutComments(text) {
  const tokens =
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[^]*?\*\/|\/\/.*/g;
  return text.replace(tokens, (_, string) => string ?? "");
}

function cycles(graph) {
  return [...graph.keys()].flatMap((file) => {
    const back = reachable(graph, file).find((path) => graph.get(path.at(-1))?.includes(file));
    // Each cycle is told once, from its first file in the alphabet.
    return back && back.every((other) => file <= other)
      ? [`${file}: imports itself: ${[...back, file].join(" -> ")}`]
      : [];
  });
}

/** The shortest path to each file that `start` reaches, itself included. */
function reachable(graph, start) {
  const paths = graph.has(start) ? [[start]] : [];
  const seen = new Set([start]);
  for (const path of paths) {
    for (const next of graph.get(path.at(-1)) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return paths;
}

function count(graph) {
  return [...graph.values()].reduce((sum, imports) => sum + imports.length, 0);
}

await main(import.meta.url, check);
