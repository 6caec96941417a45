// Runs the programs that the tools need, with a time limit, and gives back what they said.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import process from "node:process";

/** The `deno` of the development dependencies, or the one on the PATH where there is no node_modules. */
export const DENO = denoCommand();

// A group of its own does not hear the terminal's Ctrl-C.
const running = new Set();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    running.forEach(killGroup);
    process.exit(130);
  });
}

/**
 * Runs a program to its end.
 *
 * @param command The program and its arguments.
 * @param options `cwd`, `env` (added to the environment) and `timeout` in ms, after which it is killed.
 * @returns `{ code, output, stdout, timedOut }`: `code` is null if it was killed, `output` has both streams.
 */
export function run([program, ...args], { cwd, env = {}, timeout = 120_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const said = { output: "", stdout: "", timedOut: false };
    // The whole group: npm and deno start children that would hold the pipes open.
    const timer = setTimeout(() => {
      said.timedOut = true;
      killGroup(child);
    }, timeout);
    running.add(child);
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said.stdout += text;
      said.output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => void (said.output += text));
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, ...said });
    });
  });
}

/** Calls `work` with each item, at most `lanes` at a time; the results keep the items' order. */
export async function inParallel(items, lanes, work) {
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await work(items[at]);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

function killGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function denoCommand() {
  try {
    return [process.execPath, createRequire(import.meta.url).resolve("deno/bin.cjs")];
  } catch {
    return ["deno"];
  }
}
