// The export maps of package.json and deno.json say the same, what they name exists and is published,
// and each mod.ts lists what it exports.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { LIBRARY, librarySources, main, read, readJson } from "./project.mjs";

/** @returns What is wrong with the two manifests and the mod.ts files. */
export function check(root) {
  const npm = readJson(root, "package.json");
  const deno = readJson(root, "deno.json");
  const build = readJson(root, "tsconfig.build.json");
  const modules = librarySources(root).filter((file) => /(^|\/)mod\.ts$/.test(file));
  const folders = LIBRARY.filter((folder) => existsSync(join(root, folder)));
  const problems = [
    ...entryPoints(root, npm, deno),
    ...versions(root, npm, deno),
    ...ownNames(npm, deno),
    ...notIn("deno.json: publish.include", deno.publish?.include, ["mod.ts", ...folders]),
    ...notIn("tsconfig.build.json: include", build.include, ["mod.ts", ...folders]),
    ...modules.flatMap((file) => reExports(root, file)),
  ];
  const entries = Object.keys(deno.exports).length;
  return { problems, seen: `exports: ${entries} entry points, ${modules.length} mod.ts files` };
}

function entryPoints(root, npm, deno) {
  const { "./package.json": _, ...built } = npm.exports;
  const names = new Set([...Object.keys(built), ...Object.keys(deno.exports)]);
  return [...names].flatMap((name) => {
    const source = deno.exports[name];
    if (source === undefined) return [`deno.json: exports: lacks "${name}", package.json has it`];
    if (!existsSync(join(root, source))) return [`deno.json: exports: ${source} does not exist`];
    const expected = {
      types: source.replace(/^\.\/(.*)\.ts$/, "./dist/$1.d.ts"),
      default: source.replace(/^\.\/(.*)\.ts$/, "./dist/$1.js"),
    };
    // As text: the order counts, "types" must come first.
    return JSON.stringify(built[name]) === JSON.stringify(expected)
      ? []
      : [`package.json: exports: "${name}" must be ${JSON.stringify(expected)}`];
  });
}

function versions(root, npm, deno) {
  const said = [["deno.json", deno.version]];
  if (existsSync(join(root, "package-lock.json"))) {
    said.push(["package-lock.json", readJson(root, "package-lock.json").version]);
  }
  return said
    .filter(([, version]) => version !== npm.version)
    .map(([file, version]) => `${file}: version ${version}, package.json has ${npm.version}`);
}

// Examples and tests import the library by its npm name; in Deno the import map makes that true.
function ownNames(npm, deno) {
  return Object.entries(deno.exports)
    .map(([name, source]) => [`${npm.name}${name.slice(1)}`, source])
    .filter(([name, source]) => !name.endsWith("/entry") && deno.imports?.[name] !== source)
    .map(([name, source]) => `deno.json: imports: "${name}" must be "${source}"`);
}

function notIn(where, list = [], names) {
  return names.filter((name) => !list.includes(name)).map((name) => `${where} lacks ${name}`);
}

function reExports(root, file) {
  const code = read(root, file).replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
  const rest = code.replace(/export (type )?\{[^}]*\} from "[^"]+";/g, "").trim();
  return rest === "" ? [] : [
    `${file}: a mod.ts has nothing but \`export { name } from "./file.ts"\`, not: ${
      rest.split("\n")[0]
    }`,
  ];
}

await main(import.meta.url, check);
