// Finds the examples in a Markdown file or in the doc comments of a source.

const LANGUAGES = ["ts", "typescript", "js", "javascript"];

/**
 * The examples of one file.
 *
 * @returns `{ file, line, code, runs }` each, `line` being that of the first line of code, from 1.
 */
export function examplesOf(file, text) {
  const prose = file.endsWith(".md") ? text : docComments(text);
  return fencedBlocks(prose)
    .filter(({ language, flags }) => LANGUAGES.includes(language) && !flags.includes("ignore"))
    .map(({ line, code, flags }) => ({ file, line, code, runs: !flags.includes("no_run") }));
}

// The comments without their stars, every other line blank, so that the line numbers stay.
function docComments(text) {
  let inside = false;
  return text.split("\n").map((line) => {
    if (/^\s*\/\*\*/.test(line)) inside = true;
    const kept = inside ? line.replace(/^\s*(\/\*\*|\*\/|\*(?!\/) ?)/, "") : "";
    if (line.includes("*/")) inside = false;
    return kept;
  }).join("\n");
}

function fencedBlocks(text) {
  const blocks = [];
  let open;
  text.split("\n").forEach((line, index) => {
    const fence = line.match(/^(\s*)(`{3,}|~{3,})\s*(.*)$/);
    if (open === undefined && fence !== null) {
      const [, indent, mark, info] = fence;
      const [language, ...flags] = info.split(/[\s,]+/);
      open = { indent, mark, language, flags, line: index + 2, code: "" };
    } else if (open !== undefined && fence?.[2].startsWith(open.mark) && fence[3] === "") {
      blocks.push(open);
      open = undefined;
    } else if (open !== undefined) {
      open.code += `${line.startsWith(open.indent) ? line.slice(open.indent.length) : line}\n`;
    }
  });
  return blocks;
}
