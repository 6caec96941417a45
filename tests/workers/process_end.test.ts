import { assertEquals } from "@std/assert";
import { execFile } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const PROGRAMS = fileURLToPath(new URL("./process_end.ts", import.meta.url));
const PRELOAD = new URL("../fast_typescript.mjs", import.meta.url).href;

/** Runs one of the programs to the end of its process; answers what it printed. */
function run(program: string): Promise<string> {
  const flags = "Deno" in globalThis ? ["run", "--no-check", "-A"] : ["--import", PRELOAD];
  const options = { timeout: 50_000 };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...flags, PROGRAMS, program], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program}: ${error.message}\n${stderr}`));
    });
  });
}

const printed: Record<string, string> = {
  ended: "3\n",
  broken: "number\n",
  kept: "kept\n",
  prewarmed: "prewarmed\n",
  battered: "8 of 12\n",
  prewarming: "3\n",
  forgotten: "forgotten\n",
  stalled: "stalled\n",
  starving: "starving\n",
  working: "300\n",
  abandoned: "abandoned\n",
  printing: "thread 1\nthread 2\nthread 3\n",
};

for (const [program, expected] of Object.entries(printed)) {
  test(`inWorkers() lets the process end by itself, and not before: ${program}`, async () => {
    assertEquals(await run(program), expected);
  });
}
