// `npm run reference`: docs/reference/, one page for each entry point, from the doc comments: each signature
// as it stands in the source, the first sentence, and where to read the rest.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LIBRARY, read, readJson, ROOT } from "./project.mjs";
import { DENO, run } from "./run.mjs";
import { signature } from "./signature.mjs";

/** Where the pages are. */
export const FOLDER = "docs/reference";
const FOLDERS = [...LIBRARY.filter((folder) => folder !== "internal"), "internal"];
const TYPES = ["interface", "typeAlias"];

/** @returns The pages by path. */
export async function pages(root) {
  const { name: library } = readJson(root, "package.json");
  const entries = Object.entries(readJson(root, "deno.json").exports)
    // The threads' own.
    .filter(([name]) => !name.endsWith("/entry"));
  const made = entries.map(async ([name, source]) => {
    const entry = `${library}${name.slice(1)}`;
    const page = pageOf(root, entry, await documentation(root, source));
    return [`${FOLDER}/${entry.replaceAll("/", "_")}.md`, page];
  });
  return new Map(await Promise.all(made));
}

async function documentation(root, source) {
  const { code, stdout, output } = await run([...DENO, "doc", "--json", source], { cwd: root });
  if (code !== 0) throw new Error(`deno doc failed:\n${output}`);
  return Object.values(JSON.parse(stdout).nodes)[0];
}

function pageOf(root, entry, { module_doc: about, symbols }) {
  const byFolder = FOLDERS.map((folder) => [
    folder,
    symbols.filter((symbol) => fileOf(root, symbol).startsWith(`${folder}/`)),
  ]).filter(([, inside]) => inside.length > 0);
  const shown = byFolder.flatMap(([, inside]) => inside);
  const left = symbols.find((symbol) => !shown.includes(symbol));
  if (left) {
    throw new Error(`${left.name} is in ${fileOf(root, left)}, which is no folder of the library`);
  }
  const body = byFolder.map(([folder, inside]) =>
    [`## In ${folder}/`, ...ordered(inside).map((symbol) => section(root, symbol))].join("\n\n")
  );
  return [
    "<!-- Made from the doc comments by `npm run reference`: change those. -->",
    `# ${entry}`,
    firstParagraph(about?.doc),
    ...body,
    "",
  ].join("\n\n").replace(/\n+$/, "\n");
}

// What one calls or makes before what one only names.
function ordered(symbols) {
  const rank = ({ declarations: [{ kind }] }) => TYPES.includes(kind) ? 1 : 0;
  return symbols.toSorted((a, b) => rank(a) - rank(b));
}

function section(root, { name, declarations }) {
  const file = fileOf(root, { declarations });
  const { doc } = declarations.map(({ jsDoc }) => jsDoc).find((jsDoc) => jsDoc?.doc) ?? {};
  const code = declarations.map((declaration) => codeOf(root, declaration)).join("\n");
  return [
    `### ${name}`,
    "```ts ignore\n" + code + "\n```",
    `${firstSentence(doc)} ([source](../../${file}))`,
  ].join("\n\n");
}

function codeOf(root, { location, def }) {
  const head = signatureAt(root, location);
  const members = [def?.constructors, def?.properties, def?.methods].flatMap((list) => list ?? [])
    .filter(({ jsDoc }) => !isInternal(jsDoc))
    .filter((member) => member.location.filename === location.filename)
    .sort((a, b) => a.location.byteIndex - b.location.byteIndex);
  if (members.length === 0) return head;
  const lines = members.map((member) => memberOf(root, member));
  return [`${head} {`, ...lines, "}"].join("\n");
}

// On one line with the text it is no tag for Deno.
function isInternal({ doc = "", tags = [] } = {}) {
  return doc.includes("@internal") || tags.some(({ kind }) => kind === "internal");
}

function memberOf(root, { location, jsDoc }) {
  const said = firstSentence(jsDoc?.doc);
  const text = `  ${signatureAt(root, location)};`;
  return said === "" ? text : `  // ${said}\n${text}`;
}

function signatureAt(root, { filename, byteIndex }) {
  return signature(read(root, pathOf(root, filename)), byteIndex);
}

function fileOf(root, { declarations: [{ location }] }) {
  return pathOf(root, location.filename);
}

function pathOf(root, url) {
  return relative(root, fileURLToPath(url));
}

function firstParagraph(doc = "") {
  return doc.trim().split(/\n\s*\n/)[0];
}

function firstSentence(doc) {
  const paragraph = firstParagraph(doc).replace(/\s+/g, " ");
  const sentence = paragraph.match(/^.*?\.(?= [A-Z`"]|$)/)?.[0] ?? paragraph;
  // What follows is a list.
  return sentence.replace(/:$/, ".");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const made = await pages(ROOT);
  mkdirSync(join(ROOT, FOLDER), { recursive: true });
  for (const [path, text] of made) writeFileSync(join(ROOT, path), text);
  console.log(`${made.size} pages in ${FOLDER}`);
}
