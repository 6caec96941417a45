// Makes workers/shared/ring_code.ts of workers/shared/ring.wat; with --check only says whether it is up to date.
import { Buffer } from "node:buffer";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import wabt from "wabt";

const TEXT = new URL("../workers/shared/ring.wat", import.meta.url);
const CODE = new URL("../workers/shared/ring_code.ts", import.meta.url);
// All that the cores of today have.
const FEATURES = { threads: true, bulk_memory: true, simd: true };

async function assemble() {
  const { parseWat } = await wabt();
  const module = parseWat("ring.wat", readFileSync(TEXT, "utf8"), FEATURES);
  module.resolveNames();
  module.validate(FEATURES);
  return module.toBinary({}).buffer;
}

/** @returns The source of ring_code.ts. */
function sourceOf(code) {
  return [
    "/**",
    " * The code of ring.wat, made by tools/build_ring.mjs. Do not edit.",
    " *",
    " * @module",
    " */",
    "",
    `/** ${code.length} bytes of WebAssembly, in base64. */`,
    "export const RING_CODE: string = `",
    ...Buffer.from(code).toString("base64").match(/.{1,100}/g),
    "`;",
    "",
  ].join("\n");
}

const code = await assemble();
if (!process.argv.includes("--check")) {
  writeFileSync(CODE, sourceOf(code));
} else if (readFileSync(CODE, "utf8") !== sourceOf(code)) {
  console.error(
    "workers/shared/ring_code.ts: not what ring.wat gives; run node tools/build_ring.mjs",
  );
  process.exitCode = 1;
}
console.log(`ring: ${code.length} bytes of WebAssembly`);
