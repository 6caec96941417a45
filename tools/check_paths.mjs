// No file names a folder of one machine or the host of a package registry: a clone works anywhere.
import { filesIn, main, read } from "./project.mjs";

const FORBIDDEN = [
  [/(?<![\w.)}\]*$~-])\/(?:work|root|home|tmp|Users|mnt)\/[\w.]/, "a folder of one machine"],
  [/\b[A-Z]:\\Users\\/, "a folder of one machine"],
  [/\bregistry\.[\w-]+\.(?:org|com|io|dev)\b/, "a registry's host"],
  [/\bnpm\.jsr\.io\b/, "a registry's host"],
  [/"resolved": "https?:/, "a registry's address (npm install --omit-lockfile-registry-resolved)"],
];

/** @returns The lines that would be wrong on another machine. */
export function check(root) {
  const files = filesIn(root, ["."], [""]).filter((file) => !read(root, file).includes("\0"));
  const problems = files.flatMap((file) =>
    read(root, file).split("\n").flatMap((line, index) => {
      const found = FORBIDDEN.map(([pattern, what]) => [line.match(pattern)?.[0], what])
        .find(([text]) => text !== undefined);
      return found ? [`${file}:${index + 1}: names ${found[1]}: ${found[0]}`] : [];
    })
  );
  return { problems, seen: `paths: ${files.length} text files` };
}

await main(import.meta.url, check);
