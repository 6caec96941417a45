import { assertEquals } from "@std/assert";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PROGRAM = fileURLToPath(new URL("../../examples/word_counts.ts", import.meta.url));
const PRELOAD = new URL("../fast_typescript.mjs", import.meta.url).href;
const FLAGS = "Deno" in globalThis ? ["run", "-A", "--no-check"] : ["--import", PRELOAD];

test("word_counts.ts counts the words of all texts below a directory", async () => {
  const folder = await mkdtemp(join(tmpdir(), "words-"));
  await mkdir(join(folder, "deep", "deeper"), { recursive: true });
  await writeFile(join(folder, "one.txt"), "The water, the wheel; THE mill.\n");
  await writeFile(join(folder, "deep", "two.md"), "wheel water-wheel Wheel");
  await writeFile(join(folder, "deep", "deeper", "three.txt"), "Über den Bach, über die Brücke");
  await writeFile(join(folder, "deep", "no.bin"), "the the the the");

  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, PROGRAM, folder]);
  await rm(folder, { recursive: true });

  const counts = Object.fromEntries(
    stdout.trimEnd().split("\n").map((line) => line.split(" ").reverse()),
  );
  assertEquals(counts, {
    wheel: "4",
    the: "3",
    water: "2",
    "über": "2",
    bach: "1",
    "brücke": "1",
    den: "1",
    die: "1",
    mill: "1",
  });
});
