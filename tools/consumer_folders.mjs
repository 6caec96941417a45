// The folders of those who use the package: what they have installed, beside the programs they run.
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson, ROOT } from "./project.mjs";
import { run } from "./run.mjs";

const PROGRAMS = join(ROOT, "tests", "runtimes", "programs");

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

/** What `npm install millrace` lays down, beside the programs. */
export async function installPackage(folder) {
  mkdirSync(folder);
  cpSync(PROGRAMS, folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const [moduleResolution, module] of Object.entries(RESOLUTIONS)) {
    const compilerOptions = { ...CONSUMER_OPTIONS, module, moduleResolution };
    const config = JSON.stringify({ compilerOptions, files: ["typed.ts"] });
    writeFileSync(join(folder, `tsconfig.${moduleResolution}.json`), config);
  }
  await succeed(["npm", "pack", "--pack-destination", folder], ROOT);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  await succeed(["npm", "install", "--offline", "--no-package-lock", `./${tarball}`], folder);
  const stray = readdirSync(join(folder, "node_modules", "millrace", "dist"))
    .find((name) => ["examples", "tests", "bench"].includes(name));
  if (stray) throw new Error(`The package holds dist/${stray}`);
  return { folder };
}

/** What `deno publish` would publish, beside the programs; Deno with an empty cache. */
export function copySources(folder) {
  const { publish, exports } = readJson(ROOT, "deno.json");
  mkdirSync(folder);
  cpSync(PROGRAMS, folder, { recursive: true });
  const published = publish.include.filter((path) => path !== "deno.json");
  for (const path of published.filter((path) => existsSync(join(ROOT, path)))) {
    cpSync(join(ROOT, path), join(folder, "millrace", path), { recursive: true });
  }
  const imports = Object.entries(exports)
    .map(([name, source]) => [`millrace${name.slice(1)}`, source.replace("./", "./millrace/")]);
  writeFileSync(
    join(folder, "deno.json"),
    JSON.stringify({ imports: Object.fromEntries(imports) }),
  );
  return { folder, env: { DENO_DIR: join(folder, "cache") } };
}

async function succeed(command, cwd) {
  const result = await run(command, { cwd });
  if (result.code !== 0) throw new Error(`${command.join(" ")} failed:\n${result.output}`);
  return result;
}
