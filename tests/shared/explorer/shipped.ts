/**
 * The code that is explored: the shipped one, or a copy with one mistake in it.
 *
 * @module
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { RECORDED } from "./recorder.ts";

/** What the programs run. */
export interface Shipped {
  readonly ring: typeof import("../../../workers/shared/ring.ts");
  readonly bells: typeof import("../../../workers/shared/bells.ts");
}

/** What the programs of whole channels run. Its `Atomics` are the explorer's. */
export interface ShippedEnds extends Shipped {
  readonly end: typeof import("../../../workers/shared/shared_end.ts");
  readonly pump: typeof import("../../../workers/shared/pump.ts");
  readonly blocking: typeof import("../../../workers/shared/blocking.ts");
  readonly domain: typeof import("../../../workers/shared/domain.ts");
  readonly waiter: typeof import("../../../internal/waiter.ts");
}

/** One mistake: what stands in the source once, and what stands there instead. */
export interface Mistake {
  readonly file: string;
  readonly what: string;
  readonly find: string;
  readonly replace: string;
}

const ROOT = new URL("../../../", import.meta.url);

/** The code as it is. */
export function loadShipped(): Promise<Shipped> {
  return load(ROOT);
}

/** The code with a mistake in it. */
export function loadMistaken(mistake: Mistake): Promise<Shipped> {
  return inCopy(["workers/shared"], mistake, load);
}

/** What is put before each file of shared memory, so that it uses the explorer's atomics, and time stands still. */
const PRELUDE = "const Atomics = globalThis.explored; const performance = { now: () => 0 };\n";

/** The code of whole channels, as it is or with a mistake in it. */
export function loadEnds(mistake?: Mistake): Promise<ShippedEnds> {
  (globalThis as { explored?: unknown }).explored = RECORDED;
  return inCopy(
    ["workers", "internal", "channel", "select", "flow", "scope", "sync"],
    mistake,
    async (folder) => {
      const shared = fileURLToPath(new URL("workers/shared/", folder));
      for (const name of readdirSync(shared)) {
        if (!name.endsWith(".ts")) continue;
        const path = join(shared, name);
        writeFileSync(path, PRELUDE + readFileSync(path, "utf8"));
      }
      const [end, pump, blocking, domain] = await Promise.all(
        ["shared_end", "pump", "blocking", "domain"].map((name) =>
          importFrom(folder, `workers/shared/${name}`)
        ),
      );
      const waiter = await importFrom(folder, "internal/waiter");
      return { ...await load(folder), end, pump, blocking, domain, waiter } as ShippedEnds;
    },
  );
}

async function inCopy<R>(
  folders: readonly string[],
  mistake: Mistake | undefined,
  use: (folder: URL) => Promise<R>,
): Promise<R> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-explorer-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const name of folders) {
      cpSync(new URL(`${name}/`, ROOT), join(folder, name), { recursive: true });
    }
    if (mistake !== undefined) makeMistake(folder, mistake);
    return await use(pathToFileURL(`${folder}/`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function makeMistake(folder: string, { file, find, replace, what }: Mistake): void {
  const path = join(folder, file);
  const source = readFileSync(path, "utf8");
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`${what}: ${file} has the text ${times} times: ${find}`);
  writeFileSync(path, source.replace(find, () => replace));
}

async function load(folder: URL): Promise<Shipped> {
  const ring = await importFrom(folder, "workers/shared/ring");
  const bells = await importFrom(folder, "workers/shared/bells");
  return { ring, bells } as Shipped;
}

function importFrom(folder: URL, name: string): Promise<unknown> {
  return import(new URL(`${name}.ts`, folder).href);
}
