// The package as its users meet it, in a folder of their own: plain JavaScript on every Node, TypeScript
// with each kind of module resolution, bundled, Deno with the npm package, and Deno with the sources and
// nothing installed. What the programs of tests/runtimes/programs do is little on purpose: the suite has the rest.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { bundles } from "./bundles.mjs";
import {
  copySources,
  installPackage,
  linkSources,
  RESOLUTIONS,
  succeed,
} from "./consumer_folders.mjs";
import { ROOT } from "./project.mjs";
import { DENO, run } from "./run.mjs";

// Each must end by itself, with this exit code.
const EXITS = {
  "entries.mjs": 0,
  "channels.mjs": 0,
  "workers.mjs": 0,
  "waiting.mjs": 0,
  "cut_off.mjs": 0,
  "unsent.mjs": 1,
};
const JAVASCRIPT = Object.keys(EXITS);
const ALL = [...JAVASCRIPT, "typed.ts"];
const PROGRAM_TIMEOUT = 30_000;

const COMPILERS = {
  "typescript 7": join(ROOT, "node_modules/typescript/bin/tsc"),
  "typescript 5.4": join(ROOT, "tests/runtimes/node_modules/typescript5/bin/tsc"),
};

/** @returns `{ runtime, what, test }` for each consumer; `test` gives `{ passed, failed, why, output }`. */
export function consumers(nodes) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-consumer-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const npm = once(() => installPackage(join(folder, "npm")));
  const sources = once(() => copySources(join(folder, "sources")));
  const linked = once(() => linkSources(join(folder, "linked")));
  const compiled = once(() => emit(npm));
  return [
    ...nodes.map(({ version, bin }) => ({
      runtime: `node ${version}`,
      what: "package",
      // Node 20 strips no types.
      test: () =>
        runPrograms(
          npm,
          [...version.startsWith("20") ? JAVASCRIPT : ALL, "required.cjs"],
          [join(bin, "node")],
        ),
    })),
    ...nodes.filter(({ version }) => version.startsWith("20")).map(({ version, bin }) => ({
      runtime: `node ${version}`,
      what: "package, compiled TypeScript",
      test: () => runPrograms(compiled, ["typed.js", "entries.js"], [join(bin, "node")]),
    })),
    {
      runtime: "attw",
      what: "package, as ES modules",
      test: async () => compile(npm, { attw: attw((await npm()).tarball) }),
    },
    ...bundles(npm, nodes),
    ...Object.entries(COMPILERS).map(([runtime, tsc]) => ({
      runtime,
      what: `package, ${Object.keys(RESOLUTIONS).join(", ")}`,
      test: () => compile(npm, commands(tsc)),
    })),
    {
      runtime: "deno",
      what: "package",
      test: () => runPrograms(npm, ALL, [...DENO, "run", "-A", "--no-lock"]),
    },
    {
      runtime: "deno",
      what: "sources, nothing installed",
      test: () => runPrograms(sources, ALL, [...DENO, "run", "--allow-read", "--no-lock"]),
    },
    {
      runtime: "deno",
      what: "sources by URL, no configuration, nothing cached",
      test: () =>
        runPrograms(linked, ALL, [...DENO, "run", "--allow-read", "--no-config", "--no-lock"]),
    },
    {
      runtime: "deno",
      what: "sources, types",
      test: () =>
        compile(sources, { "deno check": [...DENO, "check", "--quiet", "typed.ts", "entries.ts"] }),
    },
  ];
}

function once(make) {
  let made;
  return () => made ??= make();
}

async function runPrograms(place, programs, command) {
  const { folder, env } = await place();
  const results = [];
  for (const program of programs) {
    const result = await run([...command, program], { cwd: folder, env, timeout: PROGRAM_TIMEOUT });
    const expected = EXITS[program] ?? 0;
    const wrong = result.timedOut
      ? "did not end by itself"
      : result.code !== expected
      ? `ended with ${result.code}, not ${expected}`
      : expected === 0 && !/^done$/m.test(result.stdout)
      ? "ended before its end"
      : expected !== 0 && !/ChannelClosedError/.test(result.output)
      ? "did not say why"
      : undefined;
    results.push({ wrong: wrong && `${program} ${wrong}`, output: result.output });
  }
  return verdict(results);
}

async function compile(place, commands) {
  const { folder, env } = await place();
  const results = [];
  for (const [how, command] of Object.entries(commands)) {
    const { code, output } = await run(command, { cwd: folder, env });
    results.push({ wrong: code === 0 ? undefined : `${how} is not content`, output });
  }
  return verdict(results);
}

function commands(tsc) {
  const command = (resolution) => [process.execPath, tsc, "-p", `tsconfig.${resolution}.json`];
  return Object.fromEntries(Object.keys(RESOLUTIONS).map((name) => [name, command(name)]));
}

// What a user of TypeScript runs where Node strips no types.
async function emit(place) {
  const { folder } = await place();
  const out = join(folder, "compiled");
  const options = ["--noEmit", "false", "--rewriteRelativeImportExtensions", "--outDir", out];
  const tsc = COMPILERS["typescript 7"];
  await succeed([process.execPath, tsc, "-p", "tsconfig.nodenext.json", ...options], folder);
  return { folder: out };
}

// Only `import` is promised; that newer versions of Node can `require` it too is a gift.
function attw(tarball) {
  const cli = join(ROOT, "tests/runtimes/node_modules/@arethetypeswrong/cli/dist/index.js");
  return [process.execPath, cli, tarball, "--profile", "esm-only", "--quiet"];
}

function verdict(results) {
  const wrong = results.filter((result) => result.wrong);
  return {
    passed: results.length - wrong.length,
    failed: wrong.length,
    why: wrong.map((result) => result.wrong).join(", "),
    output: wrong.map((result) => result.output).join("\n"),
  };
}
