// `node tools/stress_shared.mjs [MESSAGES] [WAITS] [KILLS]`: real threads on shared channels, with ten million
// messages, a million waits and a thousand kills if nothing is said. The runtime is the `node` that runs this;
// with DENO=1 in the environment it is Deno, which cannot kill busy threads.
import process from "node:process";
import { ROOT } from "./project.mjs";
import { DENO, run } from "./run.mjs";

const [messages = "10000000", waits = "1000000", kills = "1000"] = process.argv.slice(2);
const HOUR = 3_600_000;

const commands = process.env.DENO
  ? (file) => [...DENO, "test", "--no-check", "-A", file]
  : (file) => [
    process.execPath,
    "--import",
    "./tests/fast_typescript.mjs",
    "--test",
    `--test-timeout=${HOUR}`,
    file,
  ];

const FILES = ["stress", "hostile", "endings", "kill", "hostile_kill"];
/** Of those messages that are sent in every form at random, and of channels that come to an end. */
const [FORMS, ENDINGS] = [1 / 50, 1 / 5_000];

for (const file of FILES.map((name) => `tests/shared/${name}.test.ts`)) {
  const env = {
    MESSAGES: messages,
    WAITS: waits,
    KILLS: kills,
    VALUES: String(Math.ceil(messages * FORMS)),
    ROUNDS: String(Math.ceil(messages * ENDINGS)),
    SEED: String(Math.floor(Math.random() * 0x7fffffff)),
  };
  const { code, output } = await run(commands(file), { cwd: ROOT, env, timeout: HOUR });
  console.log(output);
  if (code !== 0) process.exit(1);
}
