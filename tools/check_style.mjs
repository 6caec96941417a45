// The habits that `deno lint` knows no rule for: oxlint with tools/oxlint.json (no promise is dropped, no
// `any`, no function longer than a page, snake_case files), and that nothing switches a rule off in silence.
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { LIBRARY, librarySources, main, read } from "./project.mjs";
import { run } from "./run.mjs";

const inProject = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const CONFIG = inProject("tools/oxlint.json");
const OXLINT = [process.execPath, inProject("node_modules/oxlint/bin/oxlint")];
const TSGOLINT = { OXLINT_TSGOLINT_PATH: inProject("node_modules/.bin/tsgolint") };

// Names that say nothing about what is inside.
const EMPTY_NAMES = /(^|\/|_)(utils?|helpers?|common|misc|shared|index)\.ts$/;

/** @returns What breaks the habits of CONTRIBUTING.md. */
export async function check(root) {
  const sources = librarySources(root);
  const problems = [
    ...sources.filter((file) => EMPTY_NAMES.test(file))
      .map((file) => `${file}: the name does not say what is inside`),
    ...sources.flatMap((file) => silentExceptions(file, read(root, file))),
    ...await lint(root, sources),
  ];
  return { problems, seen: `style: ${sources.length} sources` };
}

// A rule may be switched off for one line, with a reason after "--".
function silentExceptions(file, text) {
  return text.split("\n").flatMap((line, index) => {
    const off = line.match(
      /(deno-lint-ignore|oxlint-disable|eslint-disable|@ts-ignore|@ts-nocheck)(.*)/,
    );
    return off && !/ -- \S/.test(off[2])
      ? [`${file}:${index + 1}: ${off[1]} without a reason (" -- why")`]
      : [];
  });
}

async function lint(root, sources) {
  if (sources.length === 0) return [];
  const options = [
    "-c",
    CONFIG,
    "--type-aware",
    "--format=unix",
    "--report-unused-disable-directives",
  ];
  const paths = ["mod.ts", ...LIBRARY].filter((path) => existsSync(join(root, path)));
  const { code, output } = await run([...OXLINT, ...options, ...paths], {
    cwd: root,
    env: TSGOLINT,
  });
  return code === 0 ? [] : [output.trim()];
}

await main(import.meta.url, check);
