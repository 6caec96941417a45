/**
 * How a contender is started in each runtime, and what contenders there are.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SCENARIOS } from "./scenarios.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const main = path("./contender_main.mjs");
const goProgram = path("./go/millrace_bench");

/** Contenders in JavaScript, in the order of the table. */
const MODULES = [
  "floor",
  "ours",
  "generator",
  "webstream",
  "events",
  "race",
  "medium",
  "thi_ng",
  "ts_chan",
  "async_channel",
  "js_csp",
  "repeater",
  "effect",
  "streaming_iterables",
  "ix",
  "rxjs",
  "it",
  "piscina",
  "tinypool",
  "workerpool",
  "poolifier",
  "multithreading",
];

const DENO_FLAGS = ["-A", "--no-check", "--no-lock", "--quiet"];

/** The library where the user sends arrays of so many values. */
const BATCHES = [1, 16, 64, 256];

/** The commands that start the runtimes, and the library as each of them loads it. */
export function runtimes({ node, deno, library }) {
  const installed = path("../node_modules/.bin/deno");
  const denoCommand = deno ?? (existsSync(installed) ? installed : "deno");
  return {
    node: {
      command: [node ?? process.execPath, "--expose-gc"],
      version: [
        "-p",
        "`Node ${process.versions.node}, V8 ${process.versions.v8}`",
      ],
      library: library ?? path("../dist/mod.js"),
    },
    deno: {
      command: [denoCommand, "run", ...DENO_FLAGS, "--v8-flags=--expose-gc"],
      version: [
        "eval",
        "console.log(`Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`)",
      ],
      library: library ?? path("../mod.ts"),
    },
  };
}

/** What a runtime calls itself; undefined if it cannot be started. */
export function versionOf({ command, version }) {
  try {
    return execFileSync(command[0], version, { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/**
 * All contenders for one runtime: name, scenarios, how to start one, and why it cannot take part. A
 * variant of the library (`name=module`) is a contender like the others.
 */
export async function contendersOf(runtime, variants = {}) {
  const contenders = [];
  for (const name of MODULES) {
    contenders.push(await scripted(name, runtime, name));
  }
  for (const [name, module] of Object.entries(variants)) {
    contenders.push(
      await scripted("ours", { ...runtime, library: module }, name),
    );
  }
  for (const size of BATCHES) {
    contenders.push(
      await scripted("fixed_batch", runtime, `by${size}`, `?${size}`),
    );
  }
  return [...contenders, ...pythonContenders(), ...goContenders()];
}

async function scripted(module, { command, library }, name, query = "") {
  const file = new URL(`./contenders/${module}.mjs${query}`, import.meta.url).href;
  const start = (
    scenario,
  ) => [...command, main, file, scenario, pathToFileURL(library).href];
  if (module === "ours") {
    const missing = existsSync(library) ? undefined : `${library} is missing: npm run build`;
    return { name, missing, scenarios: undefined, start };
  }
  try {
    const { scenarios, leavesOut } = await import(file);
    return { name, leavesOut, scenarios: Object.keys(scenarios), start };
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    return {
      name,
      missing: "not installed: npm ci --prefix bench",
      scenarios: [],
      start,
    };
  }
}

const shared = [
  "shared_spsc",
  "shared_main",
  "shared_objects",
  "shared_pingpong",
];
const asyncio = [
  ...[
    "seq",
    "bounded_seq",
    "pingpong",
    "bounded1_spsc",
    "bounded16_spsc",
    "bounded1024_spsc",
  ],
  ...[
    "bounded_spsc",
    "unbounded_spsc",
    "bounded16_mpsc8",
    "bounded_mpsc",
    "bounded16_mpmc",
  ],
  "bounded_mpmc",
];

const PYTHON = [
  {
    name: "python",
    program: "pool",
    scenarios: Object.keys(SCENARIOS).filter((scenario) => scenario.startsWith("workers_")),
    leavesOut: "imap in chunks of one, calls to apply: reads all of its input at once",
  },
  {
    name: "python_queue",
    program: "queue_between",
    scenarios: shared,
    leavesOut:
      "multiprocessing.Queue: processes, a thread that feeds each queue; no close, no select",
  },
  {
    name: "asyncio",
    program: "asyncio_queue",
    scenarios: asyncio,
    leavesOut: "asyncio.Queue: no rendezvous (pingpong: capacity 1), no close, no select",
  },
];

/** Not asked for: there may be no Python. */
function pythonContenders() {
  const version = versionOf({ command: ["python3"], version: ["--version"] });
  const missing = version === undefined ? "python3 is not installed" : undefined;
  return PYTHON.map(({ program, ...contender }) => {
    const start = (
      scenario,
    ) => ["python3", "-B", path(`./python/${program}.py`), scenario];
    return { ...contender, missing, optional: true, start };
  });
}

function goContenders() {
  const missing = buildGo();
  const scenarios = missing === undefined ? listed(goProgram) : [];
  return [1, 2].map((threads) => ({
    name: `go${threads}`,
    missing,
    scenarios,
    start: (scenario) => [goProgram, scenario],
    env: { GOMAXPROCS: String(threads) },
  }));
}

function listed(program) {
  return execFileSync(program, ["list"], { encoding: "utf8" }).trim().split(
    "\n",
  );
}

let goBuilt;

/** Builds the Go program; answers what is in the way. */
function buildGo() {
  if (goBuilt !== undefined) return goBuilt.missing;
  goBuilt = { missing: undefined };
  try {
    execFileSync("go", ["build", "-o", goProgram, "."], {
      cwd: path("./go"),
      stdio: "pipe",
    });
  } catch (error) {
    goBuilt.missing = error.code === "ENOENT" ? "go is not installed" : String(error.stderr);
  }
  return goBuilt.missing;
}

/** What Go calls itself. */
export function goVersion() {
  try {
    return execFileSync("go", ["version"], { encoding: "utf8" }).trim();
  } catch {
    return "no go";
  }
}
