// `npm run stress [-- MINUTES]`: made-up programs over channels, selects, scopes and primitives, compared
// with their models, a new seed each time, until the time is over (10 minutes) or one of them fails. The
// runtime is the `node` that runs this; with DENO=1 in the environment it is Deno.
import { performance } from "node:perf_hooks";
import process from "node:process";
import { ROOT } from "./project.mjs";
import { DENO, run } from "./run.mjs";

const PROGRAMS = [
  "tests/property/generated.test.ts",
  "tests/property/commit_order.test.ts",
  "tests/property/timers.test.ts",
  "tests/property/withdrawn.test.ts",
  "tests/property/workshops.test.ts",
  "tests/sync/property.test.ts",
  "tests/scope/property.test.ts",
  "tests/workers/in_workers_faults.test.ts",
  "tests/shared/stress.test.ts",
  "tests/shared/kill.test.ts",
];
const [minutes = "10"] = process.argv.slice(2);
const end = performance.now() + Number(minutes) * 60_000;
if (!(Number(minutes) > 0)) throw new RangeError(`MINUTES must be more than 0: ${minutes}`);

const commands = process.env.DENO
  ? (file) => [...DENO, "test", "--no-check", "-A", file]
  : (file) => [process.execPath, "--import", "./tests/fast_typescript.mjs", "--test", file];

let rounds = 0;
for (; performance.now() < end; rounds++) {
  const seed = String(Math.floor(Math.random() * 0x7fffffff));
  for (const file of PROGRAMS) {
    const env = { SEED: seed, VALUES: "10000", KILLS: "200" };
    const { code, output } = await run(commands(file), { cwd: ROOT, env, timeout: 300_000 });
    if (code === 0) continue;
    console.error(`${output}\nFailed: SEED=${seed} VALUES=10000 ${commands(file).join(" ")}`);
    process.exit(1);
  }
}
console.log(`${rounds} rounds of ${PROGRAMS.length} programs without a failure`);
