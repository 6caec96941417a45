// The examples work: every ```ts block in the doc comments of the library, in README.md and in docs/ is
// type-checked and then run by Deno as it stands, importing the library by its name.
//
// As in Deno, "```ts no_run" is only type-checked, and "```ts ignore" is no example at all.
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { examplesOf } from "./examples.mjs";
import { filesIn, librarySources, main, read, readJson } from "./project.mjs";
import { DENO, inParallel, run } from "./run.mjs";

const TIMEOUT = 15_000;
const LANES = 2;

/** @returns The examples that do not compile, fail, or do not end. */
export async function check(root, timeout = TIMEOUT) {
  const files = ["README.md", ...filesIn(root, ["docs"], [".md"]), ...librarySources(root)];
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "millrace-examples-")));
  try {
    writeConfig(root, folder);
    const examples = files.filter((file) => existsSync(join(root, file)))
      .flatMap((file) => examplesOf(file, read(root, file)))
      .map((example) => placed(folder, example));
    const toRun = examples.filter(({ runs }) => runs);
    const compileProblems = await typeErrors(folder, examples);
    const problems = compileProblems.length > 0
      ? compileProblems
      : await inParallel(toRun, LANES, (example) => failure(folder, example, timeout));
    return {
      problems: problems.filter((problem) => problem !== undefined),
      seen: `examples: ${examples.length} type-checked, ${toRun.length} run`,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// The project's import map, for files that stand elsewhere. Nothing else of the project's options: an
// example must compile where its reader pastes it.
function writeConfig(root, folder) {
  const url = (path) => pathToFileURL(resolve(root, path)).href;
  const own = Object.entries(readJson(root, "deno.json").imports)
    .filter(([, target]) => target.startsWith("./"))
    .map(([name, target]) => [name, url(target)]);
  const imports = { ...Object.fromEntries(own), "@std/assert": url("tests/std_assert/mod.ts") };
  const compilerOptions = { strict: true, noUncheckedIndexedAccess: true };
  writeFileSync(
    join(folder, "deno.json"),
    JSON.stringify({ imports, compilerOptions, lock: false }),
  );
}

// The blank lines make the line numbers in messages those of the source.
function placed(folder, example) {
  const path = `${example.file.replaceAll("/", ".")}.${example.line}.ts`;
  writeFileSync(join(folder, path), "\n".repeat(example.line - 1) + example.code);
  return { ...example, path };
}

async function typeErrors(folder, examples) {
  if (examples.length === 0) return [];
  const paths = examples.map(({ path }) => `./${path}`);
  const { code, output } = await run([...DENO, "check", "--quiet", ...paths], { cwd: folder });
  return code === 0 ? [] : [`examples do not compile:\n${inSource(output, folder, examples)}`];
}

async function failure(folder, example, timeout) {
  const command = [...DENO, "run", "--no-check", "--quiet", "-A", `./${example.path}`];
  const { code, output, timedOut } = await run(command, { cwd: folder, timeout });
  if (code === 0) return undefined;
  const what = timedOut ? `did not end within ${timeout / 1000} s` : `exit code ${code}`;
  return `${example.file}:${example.line}: example: ${what}\n${
    inSource(output, folder, [example])
  }`;
}

function inSource(output, folder, examples) {
  const base = pathToFileURL(folder).href;
  return examples.reduce(
    (text, { path, file }) => text.replaceAll(`${base}/${path}`, file),
    output.trim(),
  );
}

await main(import.meta.url, check);
