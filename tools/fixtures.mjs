// A small sound project, and what each check is there to find: files to put in the place of its own,
// what the check then says, and in how many problems (1).

const entry = (path) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` });
const NPM = { name: "millrace", version: "1.0.0", exports: { ".": entry("mod") } };
const DENO = {
  version: "1.0.0",
  exports: { ".": "./mod.ts" },
  imports: { millrace: "./mod.ts" },
  publish: { include: ["mod.ts", "internal", "channel", "select", "flow", "workers"] },
};

const example = (...lines) => ["# Sound", "", "```ts", ...lines, "```", ""].join("\n");
const documented = (comment, code) => `/**\n * ${comment}\n */\n${code}\n`;
const withExample = (comment, code) =>
  documented(`${comment}\n *\n * @example\n * \`\`\`ts\n * import "millrace";\n * \`\`\``, code);

const MOD =
  `/**\n * The mill.\n *\n * @module\n */\nexport { Channel } from "./channel/mod.ts";\nexport { select } from "./select/mod.ts";\n`;

// Hard to compress.
const noise = (length) => Array.from({ length }, (_, i) => Math.sin(i).toString(36)[5]).join("");

// What tools/reference.mjs makes of it.
const REFERENCE = `<!-- Made from the doc comments by \`npm run reference\`: change those. -->

# millrace

The mill.

## In channel/

### Channel

\`\`\`ts ignore
class Channel {
  // How many.
  readonly slots: number = SLOTS;
}
\`\`\`

Opens. ([source](../../channel/channel.ts))

## In select/

### select

\`\`\`ts ignore
function select(): void
\`\`\`

Selects. ([source](../../select/select.ts))
`;

export const SOUND = {
  "package.json": JSON.stringify(NPM),
  "deno.json": JSON.stringify(DENO),
  "tsconfig.json": JSON.stringify({ compilerOptions: { strict: true, module: "nodenext" } }),
  "tsconfig.build.json": JSON.stringify({ include: DENO.publish.include }),
  "mod.ts": MOD,
  "internal/ring.ts": "export const SLOTS = 8;\n",
  "channel/mod.ts": `export { Channel } from "./channel.ts";\n`,
  "channel/channel.ts": `import { SLOTS } from "../internal/ring.ts";\n` +
    withExample(
      "Opens.",
      "export class Channel {\n  /** How many. */\n  readonly slots: number = SLOTS;\n}",
    ),
  "select/mod.ts": `export { select } from "./select.ts";\n`,
  "select/select.ts": withExample("Selects.", "export function select(): void {}"),
  "docs/reference/millrace.md": REFERENCE,
  "CHANGELOG.md": "# Changes\n\n## Unreleased\n\n- Faster.\n\n## 1.0.0 (2026-01-31)\n\n- Sound.\n",
  "flow/mod.ts": `export { pipe } from "./pipe.ts";\n`,
  "flow/pipe.ts": withExample("Pipes.", "export function pipe(): void {}"),
  "workers/mod.ts": `export { spawn } from "./spawn.ts";\n`,
  "workers/spawn.ts": withExample("Spawns.", "export function spawn(): void {}"),
  "workers/entry.ts": documented("Starts.", "export const STARTED = 1;"),
  "README.md": example(
    `import { Channel } from "millrace";`,
    `if (new Channel().slots !== 8) throw new Error();`,
  ) +
    "\n[here](#sound) and [there](channel/channel.ts)\n",
};

const json = (base, change) => JSON.stringify({ ...base, ...change });
const selectSource = (code) => ({ "select/select.ts": withExample("Selects.", code) });
const folder = (name) => ["", name, "somebody", "project"].join("/");

export const DEFECTS = {
  imports: [
    {
      defect: "an import against the table",
      files: selectSource(`import "../channel/channel.ts";\nexport function select(): void {}`),
      says: /select\/select\.ts: may not import channel\/channel\.ts/,
    },
    {
      defect: "an import of a type against the table",
      files: selectSource(
        `import type { Channel } from "../channel/channel.ts";\nexport type select = Channel;`,
      ),
      says: /select\/select\.ts: may not import channel\/channel\.ts/,
    },
    {
      defect: "a package imported by the library",
      files: selectSource(`import "effect";\nexport function select(): void {}`),
      says: /select\/select\.ts: may not import effect/,
    },
    {
      defect: "a cycle",
      files: {
        "internal/ring.ts": `import "./slot.ts";\nexport const SLOTS = 8;\n`,
        "internal/slot.ts":
          `import type { SLOTS } from "./ring.ts";\nexport type Slots = typeof SLOTS;\n`,
      },
      says: /ring\.ts -> internal\/slot\.ts -> internal\/ring\.ts/,
    },
    {
      defect: "a node: module looked up outside the seam",
      files: selectSource(`export const select = process.getBuiltinModule("node:fs");`),
      says: /names a node: module/,
    },
    {
      defect: "Deno named outside the seam",
      files: selectSource(`export const select = "http://x" + Deno.cwd();`),
      says: /select\/select\.ts: names Deno/,
    },
    {
      defect: "a main entry that reaches the workers",
      files: {
        "workers/start.ts": "export const start = 1;\n",
        "internal/ring.ts": `import "../workers/start.ts";\nexport const SLOTS = 8;\n`,
      },
      says: /ring\.ts: may not import workers[^]*mod\.ts: reaches workers\/start\.ts/,
      count: 2,
    },
  ],
  exports: [
    {
      defect: "an entry point that deno.json lacks",
      files: {
        "package.json": json(NPM, { exports: { ...NPM.exports, "./select": entry("select/mod") } }),
      },
      says: /deno\.json: exports: lacks "\.\/select"/,
    },
    {
      defect: "an entry point whose types come last",
      files: {
        "package.json": json(NPM, {
          exports: { ".": { default: "./dist/mod.js", types: "./dist/mod.d.ts" } },
        }),
      },
      says: /package\.json: exports: "\." must be/,
    },
    {
      defect: "an entry point without a file",
      files: {
        "deno.json": json(DENO, {
          exports: { ...DENO.exports, "./entry": "./workers/gone.ts" },
        }),
      },
      says: /workers\/gone\.ts does not exist/,
    },
    {
      defect: "two versions",
      files: { "deno.json": json(DENO, { version: "1.0.1" }) },
      says: /deno\.json: version 1\.0\.1, package\.json has 1\.0\.0/,
    },
    {
      defect: "a name that examples cannot import",
      files: { "deno.json": json(DENO, { imports: {} }) },
      says: /imports: "millrace" must be "\.\/mod\.ts"/,
    },
    {
      defect: "a folder that is not published",
      files: {
        "sync/mutex.ts": "",
        "tsconfig.build.json": json({}, { include: [...DENO.publish.include, "sync"] }),
      },
      says: /publish\.include lacks sync/,
    },
    {
      defect: "a folder that is not built",
      files: { "tsconfig.build.json": json({}, { include: DENO.publish.include.slice(1) }) },
      says: /tsconfig\.build\.json: include lacks mod\.ts/,
    },
    {
      defect: "an entry that exports everything",
      files: { "select/mod.ts": `export * from "./select.ts";\n` },
      says: /select\/mod\.ts: .*export \*/,
    },
    {
      defect: "an entry with code of its own",
      files: { "select/mod.ts": `export { select } from "./select.ts";\nconsole.log(1);\n` },
      says: /select\/mod\.ts: .*console\.log/,
    },
  ],
  docs: [
    {
      defect: "an export without a doc comment",
      files: {
        "select/select.ts": `export type select = number;\n`,
        "select/mod.ts": `export type { select } from "./select.ts";\n`,
      },
      says: /missing-jsdoc/,
    },
    {
      defect: "a function without an example",
      files: {
        "select/select.ts": documented("Selects.", "export function select(): void {}"),
      },
      says: /select: its doc comment has no @example/,
    },
  ],
  reference: [
    {
      defect: "a page that is older than a doc comment",
      files: { "select/select.ts": withExample("Chooses.", "export function select(): void {}") },
      says: /docs\/reference\/millrace\.md: is not what the doc comments say/,
    },
    {
      defect: "a page of an entry point that is gone",
      files: { "docs/reference/millrace_gone.md": REFERENCE },
      says: /docs\/reference\/millrace_gone\.md: there is no such entry point/,
    },
  ],
  examples: [
    {
      defect: "an example that does not compile",
      files: { "README.md": example(`import { Channel } from "millrace";`, `new Channel("all");`) },
      says: /README\.md:5:\d+/,
    },
    {
      defect: "an example that throws",
      files: { "docs/guide.md": example(`throw new Error("false");`) },
      says: /docs\/guide\.md:4: example: exit code 1[^]*false/,
    },
    {
      defect: "an example in a doc comment that throws",
      files: {
        "internal/ring.ts": documented(
          "Slots.\n * ```ts\n * throw new Error('false');\n * ```",
          "export const SLOTS = 8;",
        ),
      },
      says: /internal\/ring\.ts:4: example: exit code 1/,
    },
    {
      defect: "an example that never ends",
      files: { "README.md": example("setInterval(() => {}, 1000);") },
      says: /README\.md:4: example: did not end/,
    },
  ],
  links: [
    {
      defect: "a link to no file",
      files: { "docs/guide.md": "See [the entry](../mode.ts)." },
      says: /docs\/guide\.md:1: the link \.\.\/mode\.ts leads to mode\.ts/,
    },
    {
      defect: "an anchor without a heading",
      files: { "docs/guide.md": "[x](../README.md#sounds)\n```\n# sounds\n[not](a link)\n```\n" },
      says: /names no heading of README\.md/,
    },
    {
      defect: "a link out of the project",
      files: { "docs/guide.md": "[x]: ../../elsewhere.md" },
      says: /leaves the project/,
    },
  ],
  paths: [
    {
      defect: "a folder of one machine",
      files: { "docs/guide.md": `cd ${folder("home")}` },
      says: /docs\/guide\.md:1: names a folder of one machine/,
    },
    {
      defect: "a registry's address in a lock file",
      files: { "tests/package-lock.json": `{\n"resolved": "${"https:"}//example.org/x.tgz"\n}` },
      says: /tests\/package-lock\.json:2: names a registry's address/,
    },
    {
      defect: "a registry's host",
      files: { ".npmrc": `registry=${"https:"}//${["registry", "example", "org"].join(".")}/` },
      says: /\.npmrc:1: names a registry's host/,
    },
  ],
  release: [
    {
      defect: "a version without notes",
      files: { "CHANGELOG.md": "# Changes\n\n## 0.9.0 (2026-01-31)\n\n- Sound.\n" },
      says: /CHANGELOG\.md: begins with 0\.9\.0, must be Unreleased or 1\.0\.0/,
    },
    {
      defect: "a heading without notes",
      files: {
        "CHANGELOG.md": "# Changes\n\n## Unreleased\n\n## 1.0.0 (2026-01-31)\n\n- Sound.\n",
      },
      says: /CHANGELOG\.md: says nothing about Unreleased/,
    },
    {
      defect: "a release without a date",
      files: { "CHANGELOG.md": "# Changes\n\n## 1.0.0\n\n- Sound.\n" },
      says: /CHANGELOG\.md: 1\.0\.0 has no date/,
    },
    {
      defect: "a version that is none",
      files: { "package.json": json(NPM, { version: "1.0" }) },
      says: /package\.json: version 1\.0 is not/,
    },
  ],
  size: [
    {
      defect: "a core that is too large",
      files: selectSource(`export const select = "${noise(9_000)}";`),
      says: /^Channel and select: \d+ bytes minified and gzipped, must be under 5000/,
    },
    {
      defect: "workers that are too large",
      files: {
        "workers/entry.ts": `console.log("${noise(80_000)}");`,
      },
      says: /^a thread's own entry: \d+ bytes minified and gzipped, must be under 48000/,
    },
    {
      defect: "a main entry without one of its files",
      files: { "mod.ts": `${MOD}export { gone } from "./flow/gone.ts";` },
      says: /main entry: .*gone\.ts/s,
      count: 2,
    },
    {
      defect: "a main entry that names a node: module",
      files: { "mod.ts": `${MOD}export const fs = process.getBuiltinModule("node:fs");` },
      says: /main entry: names a node: module/,
      count: 2,
    },
    {
      defect: "a main entry that imports a node: module",
      files: { "mod.ts": `${MOD}export * from "node:fs";` },
      says: /main entry: .*node:fs/s,
      count: 2,
    },
  ],
  style: [
    {
      defect: "a dropped promise",
      files: selectSource(`export function select(): void {\n  Promise.resolve();\n}`),
      says: /select\/select\.ts:\d+:\d+: Promises must be awaited/,
    },
    {
      defect: "an any",
      files: selectSource(`export function select(_: any): void {}`),
      says: /select\/select\.ts:\d+:\d+: Unexpected `any`/,
    },
    {
      defect: "a long function",
      files: selectSource(
        `export function select(): void {\n${"  console.log(1);\n".repeat(41)}}`,
      ),
      says: /too many lines/,
    },
    {
      defect: "a file name in camel case",
      files: { "select/trySelect.ts": "export const X = 1;\n" },
      says: /trySelect\.ts.*name/i,
    },
    {
      defect: "a file name that says nothing",
      files: { "select/select_utils.ts": "export const X = 1;\n" },
      says: /select_utils\.ts: the name does not say what is inside/,
    },
    {
      defect: "a rule switched off without a reason",
      files: selectSource(
        `// deno-lint-ignore no-unused-vars\nexport function select(): void {}`,
      ),
      says: /select\/select\.ts:\d+: deno-lint-ignore without a reason/,
    },
  ],
};
