import { assertEquals } from "@std/assert";
import { execFile } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const PROGRAMS = fileURLToPath(new URL("./spawn_programs.ts", import.meta.url));
const PRELOAD = new URL("../tsx.mjs", import.meta.url).href;

/** Runs one of the programs to the end of its process; answers what it printed. */
function run(program: string): Promise<string> {
  const flags = "Deno" in globalThis ? ["run", "--no-check", "-A"] : ["--import", PRELOAD];
  const options = { timeout: 55_000 };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...flags, PROGRAMS, program], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program}: ${error.message}\n${stderr}`));
    });
  });
}

const printed: Record<string, string> = {
  ended: "1\n",
  working: "printed\n",
  daemon: "daemon\n",
  cancelled: "cancelled\n",
  nested: "20\n",
};

for (const [program, expected] of Object.entries(printed)) {
  test(`spawn() lets the process end by itself, and not before: ${program}`, async () => {
    assertEquals(await run(program), expected);
  });
}
