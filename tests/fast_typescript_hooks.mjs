// Compiles each file once, and keeps the result on disk.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import process from "node:process";
import { threadId } from "node:worker_threads";

const KEPT = new URL("../node_modules/.cache/millrace/", import.meta.url);
// Files that are alike but in their name have a result each: a map says where its file is.
const OPTIONS = { loader: "ts", target: "es2022", sourcemap: "inline", sourcesContent: false };

export function load(url, context, next) {
  if (!/^file:[^?#]*\.ts(?=$|[?#])/.test(url)) return next(url, context);
  const file = new URL(url);
  const options = { ...OPTIONS, sourcefile: basename(file.pathname) };
  const source = compiled(readFileSync(file, "utf8"), options);
  return { format: "module", source, shortCircuit: true };
}

function compiled(source, options) {
  const name = createHash("sha1").update(JSON.stringify([options, source])).digest("hex");
  const kept = new URL(`${name}.js`, KEPT);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const { transformSync } = createRequire(import.meta.url)("esbuild");
    const { code } = transformSync(source, options);
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
