// The folders of those who use the package: what they have installed, beside the programs they run.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readJson, ROOT } from "./project.mjs";
import { run } from "./run.mjs";

const PROGRAMS = join(ROOT, "tests", "runtimes", "programs");
const BUNDLED = join(ROOT, "tests", "runtimes", "bundled");

/** The kinds of module resolution, and the `module` that each goes with. */
export const RESOLUTIONS = { node16: "node16", nodenext: "nodenext", bundler: "esnext" };

// Strict, and without @types/node: the declarations must be sound by themselves.
const CONSUMER_OPTIONS = {
  target: "es2022",
  lib: ["es2022", "dom"],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  allowImportingTsExtensions: true,
  noEmit: true,
};

/** What `npm install millrace` lays down, beside the programs. @returns Where, and the tarball. */
export async function installPackage(folder) {
  copyPrograms(folder);
  cpSync(BUNDLED, join(folder, "bundled"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const [moduleResolution, module] of Object.entries(RESOLUTIONS)) {
    const compilerOptions = { ...CONSUMER_OPTIONS, module, moduleResolution };
    const config = JSON.stringify({ compilerOptions, files: ["typed.ts", "entries.ts"] });
    writeFileSync(join(folder, `tsconfig.${moduleResolution}.json`), config);
  }
  await succeed(["npm", "pack", "--pack-destination", folder], ROOT);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  await succeed(["npm", "install", "--offline", "--no-package-lock", `./${tarball}`], folder);
  const stray = readdirSync(join(folder, "node_modules", "millrace", "dist"))
    .find((name) => ["examples", "tests", "bench"].includes(name));
  if (stray) throw new Error(`The package holds dist/${stray}`);
  return { folder, tarball: join(folder, tarball) };
}

/** What `deno publish` would publish, beside the programs; Deno with an empty cache. */
export function copySources(folder) {
  const { publish, exports } = readJson(ROOT, "deno.json");
  copyPrograms(folder);
  const published = publish.include.filter((path) => path !== "deno.json");
  for (const path of published.filter((path) => existsSync(join(ROOT, path)))) {
    cpSync(join(ROOT, path), join(folder, "millrace", path), { recursive: true });
  }
  const imports = Object.fromEntries(
    Object.entries(exports)
      .map(([name, source]) => [`millrace${name.slice(1)}`, source.replace("./", "./millrace/")]),
  );
  writeFileSync(join(folder, "deno.json"), JSON.stringify({ imports }));
  return { folder, imports, env: { DENO_DIR: join(folder, "cache") } };
}

/** The same without a configuration: each program imports the sources by their URLs. */
export function linkSources(folder) {
  const { imports } = copySources(folder);
  for (const program of readdirSync(folder).filter((name) => /\.(mjs|ts)$/.test(name))) {
    const path = join(folder, program);
    const text = readFileSync(path, "utf8").replace(
      /(?<= from )"(millrace[^"]*)"/g,
      (_, name) => `"${pathToFileURL(join(folder, imports[name]))}"`,
    );
    writeFileSync(path, text);
  }
  return { folder, env: { DENO_DIR: join(folder, "cache") } };
}

// The programs, and one that imports every entry point.
function copyPrograms(folder) {
  mkdirSync(folder);
  cpSync(PROGRAMS, folder, { recursive: true });
  const names = Object.keys(readJson(ROOT, "deno.json").exports)
    // The threads' own.
    .filter((name) => !name.endsWith("/entry"));
  const lines = names.flatMap((name, i) => [
    `import * as entry${i} from "millrace${name.slice(1)}";`,
    `if (Object.keys(entry${i}).length === 0) throw new Error("millrace${
      name.slice(1)
    } is empty");`,
  ]);
  const program = [...lines, `console.log("done");`, ""].join("\n");
  for (const file of ["entries.mjs", "entries.ts"]) writeFileSync(join(folder, file), program);
}

/** Runs what must not fail. */
export async function succeed(command, cwd) {
  const result = await run(command, { cwd });
  if (result.code !== 0) throw new Error(`${command.join(" ")} failed:\n${result.output}`);
  return result;
}
