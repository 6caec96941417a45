// docs/reference says what the doc comments say: it is made from them, and checked in for those who read it
// where the repository is.
import { filesIn, main, read } from "./project.mjs";
import { FOLDER, pages } from "./reference.mjs";

/** @returns The pages that are not what tools/reference.mjs would write. */
export async function check(root) {
  const made = await pages(root);
  const there = filesIn(root, [FOLDER], [".md"]);
  const stale = [...made.keys()]
    .filter((path) => !there.includes(path) || read(root, path) !== made.get(path));
  const left = there.filter((path) => !made.has(path));
  const problems = [
    ...stale.map((path) => `${path}: is not what the doc comments say: \`npm run reference\``),
    ...left.map((path) => `${path}: there is no such entry point`),
  ];
  return { problems, seen: `reference: ${made.size} pages` };
}

await main(import.meta.url, check);
