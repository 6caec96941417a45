// CHANGELOG.md: one `## Unreleased`, then a `## 1.2.3 (2026-01-31)` for each release, the newest first.
export const UNRELEASED = "Unreleased";

/** @returns `{ name, date, notes }` of each section, from the top. */
export function sections(text) {
  return text.split(/^## /m).slice(1).map((section) => {
    const [heading, ...lines] = section.split("\n");
    const [, name, date] = heading.match(/^(\S+)(?: \((\d{4}-\d{2}-\d{2})\))?/) ?? [];
    return { name, date, notes: lines.join("\n").trim() };
  });
}

/** @returns The text with what is unreleased as the notes of `version`. */
export function released(text, version, date) {
  if (sections(text)[0]?.name !== UNRELEASED) {
    throw new Error(`CHANGELOG.md must begin with ## ${UNRELEASED}`);
  }
  return text.replace(/^## Unreleased$/m, `## ${version} (${date})`);
}
