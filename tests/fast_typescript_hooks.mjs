// Compiles each file once, and keeps the result on disk.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { threadId } from "node:worker_threads";

const KEPT = new URL("../node_modules/.cache/millrace/", import.meta.url);
const OPTIONS = { loader: "ts", target: "es2022" };

export function load(url, context, next) {
  if (!/^file:[^?#]*\.ts(?=$|[?#])/.test(url)) return next(url, context);
  const source = readFileSync(new URL(url), "utf8");
  return { format: "module", source: compiled(source), shortCircuit: true };
}

function compiled(source) {
  const name = createHash("sha1").update(JSON.stringify([OPTIONS, source])).digest("hex");
  const kept = new URL(`${name}.js`, KEPT);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const { transformSync } = createRequire(import.meta.url)("esbuild");
    const { code } = transformSync(source, OPTIONS);
    keep(kept, code);
    return code;
  }
}

/** All or nothing: others may read it at once. */
function keep(file, code) {
  const part = new URL(`${process.pid}_${threadId}.part`, file);
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(part, code);
  renameSync(part, file);
}
