/**
 * The stage of ../word_counts.ts.
 *
 * @module
 */
import { readFile } from "node:fs/promises";

const WORD = /\p{Letter}[\p{Letter}'’]*/gu;

/** How often each word stands in the file at `path`, in small letters. */
export async function countWords(path: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const [word] of (await readFile(path, "utf8")).matchAll(WORD)) {
    const key = word.toLowerCase();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
