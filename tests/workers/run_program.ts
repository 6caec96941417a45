/**
 * Programs in a process of their own, for tests of what lets a process end.
 *
 * @module
 */
import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const PRELOAD = new URL("../fast_typescript.mjs", import.meta.url).href;

/** Runs one of the programs of `file` to the end of its process; answers what it printed. */
export function runProgram(file: URL, program: string): Promise<string> {
  const flags = "Deno" in globalThis ? ["run", "--no-check", "-A"] : ["--import", PRELOAD];
  const args = [...flags, fileURLToPath(file), program];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: 55_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program}: ${error.message}\n${stderr}`));
    });
  });
}
