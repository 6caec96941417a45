// The most frequent words in all texts below a directory, counted on all cores:
//
//     deno run -A examples/word_counts.ts [directory]
//
// Watch for: each thread reads whole files and sends back only counts, so little is copied. Ctrl-C ends the
// pipe, the threads and the walk, and what has been counted so far is printed.
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { pipe } from "../mod.ts";
import { inWorkers } from "../workers/mod.ts";
import type { countWords } from "./word_counts/count_words.ts";

const TEXT = /\.(md|txt|ts|js|html)$/;
const directory = process.argv[2] ?? fileURLToPath(new URL("./", import.meta.url));
const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort("interrupted"));

async function* texts(folder: string): AsyncGenerator<string> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* texts(path);
    else if (entry.isFile() && TEXT.test(entry.name)) yield path;
  }
}

const totals = new Map<string, number>();
let files = 0;
const counts = inWorkers<typeof countWords>(
  new URL("./word_counts/count_words.ts", import.meta.url),
  {
    export: "countWords",
    signal: interrupt.signal,
  },
);
try {
  for await (const words of pipe(texts(directory), counts)) {
    for (const [word, count] of words) totals.set(word, (totals.get(word) ?? 0) + count);
    files++;
    if (process.stderr.isTTY) process.stderr.write(`\r${files} files, ${totals.size} words`);
  }
} catch (error) {
  if (error !== "interrupted") throw error;
}
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");

const byCount = [...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
for (const [word, count] of byCount.slice(0, 10)) console.log(`${count} ${word}`);
