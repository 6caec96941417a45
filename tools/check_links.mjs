// Every relative link in the Markdown files leads to a file or folder, and every #anchor to a heading.
import { existsSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { filesIn, main, read } from "./project.mjs";

/** @returns The links that lead nowhere. */
export function check(root) {
  const files = filesIn(root, ["."], [".md"]);
  const links = files.flatMap((file) => linksOf(file, read(root, file)));
  const problems = links.flatMap((link) => broken(root, link));
  return {
    problems,
    seen: `links: ${files.length} Markdown files, ${links.length} relative links`,
  };
}

function linksOf(file, text) {
  const links = [];
  withoutCode(text).split("\n").forEach((line, index) => {
    const found = line.matchAll(
      /\]\(<?([^)>\s]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+<?([^>\s]+)|(?:href|src)="([^"]+)"/g,
    );
    for (const [, inline, reference, attribute] of found) {
      const target = inline ?? reference ?? attribute;
      if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) links.push({ file, line: index + 1, target });
    }
  });
  return links;
}

function broken(root, { file, line, target }) {
  const wrong = (why) => [`${file}:${line}: the link ${target} ${why}`];
  const [path, anchor] = decodeURI(target).split("#");
  if (path.startsWith("/")) return wrong("is absolute; links are relative");
  const leadsTo = path === "" ? file : posix.normalize(posix.join(dirname(file), path));
  if (leadsTo.startsWith("..")) return wrong("leaves the project");
  if (!existsSync(join(root, leadsTo))) return wrong(`leads to ${leadsTo}, which does not exist`);
  if (anchor === undefined || !leadsTo.endsWith(".md")) return [];
  if (statSync(join(root, leadsTo)).isDirectory()) return [];
  const known = anchors(read(root, leadsTo));
  return known.has(anchor) ? [] : wrong(`names no heading of ${leadsTo}`);
}

/** The names that GitHub and JSR give to headings: lower case, hyphens, a number for the second of a kind. */
function anchors(text) {
  const names = new Set();
  const count = new Map();
  for (const [, heading] of withoutCode(text, "fences").matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const name = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
    const seen = count.get(name) ?? 0;
    count.set(name, seen + 1);
    names.add(seen === 0 ? name : `${name}-${seen}`);
  }
  for (const [, id] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) names.add(id);
  return names;
}

// Blanked rather than cut, so that line numbers stay true.
function withoutCode(text, what = "all") {
  const blank = (code) => code.replace(/[^\n]/g, " ");
  const prose = text.replace(/^( *)(```+|~~~+)[^]*?^\1\2/gm, blank);
  return what === "all" ? prose.replace(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, blank) : prose;
}

await main(import.meta.url, check);
