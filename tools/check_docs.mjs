// Every exported symbol of the public entry points has a doc comment, and every function and class
// that a user calls has an example.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { main, readJson } from "./project.mjs";
import { DENO, run } from "./run.mjs";

/** @returns The symbols without the documentation they owe. */
export async function check(root) {
  const entries = Object.values(readJson(root, "deno.json").exports)
    .filter((entry) => existsSync(join(root, entry)));
  const [lint, symbols] = await Promise.all([
    lintDocs(root, entries),
    publicSymbols(root, entries),
  ]);
  const missing = symbols.filter(owesExample)
    .map(({ name }) => `${name}: its doc comment has no @example`);
  return {
    problems: [...lint, ...new Set(missing)],
    seen: `docs: ${symbols.length} public symbols in ${entries.length} entry points`,
  };
}

async function lintDocs(root, entries) {
  const { code, output } = await run([...DENO, "doc", "--lint", ...entries], { cwd: root });
  return code === 0 ? [] : [output.trim().replace(/\n+Stack backtrace:[^]*$/, "")];
}

async function publicSymbols(root, entries) {
  const { code, stdout, output } = await run([...DENO, "doc", "--json", ...entries], { cwd: root });
  if (code !== 0) throw new Error(`deno doc failed:\n${output}`);
  return Object.values(JSON.parse(stdout).nodes).flatMap((module) => module.symbols);
}

function owesExample({ declarations }) {
  const tags = declarations.flatMap(({ jsDoc }) => jsDoc?.tags ?? []);
  return declarations.some(called) && !tags.some(({ kind }) => kind === "example");
}

// A class that only the library makes says so at its constructor.
function called({ kind, def }) {
  const made = def?.constructors?.some(({ jsDoc }) =>
    jsDoc?.tags?.some((tag) => tag.kind === "internal")
  );
  return kind === "function" || (kind === "class" && !made);
}

await main(import.meta.url, check);
