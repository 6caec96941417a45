// What a release is called is the same everywhere, and CHANGELOG.md tells what is in it. That the
// manifests agree is told by check_exports.mjs.
import { sections, UNRELEASED } from "./changelog.mjs";
import { main, read, readJson } from "./project.mjs";

const VERSION = /^\d+\.\d+\.\d+$/;

/** @returns What stands in the way of a release. */
export function check(root) {
  const { version } = readJson(root, "package.json");
  const all = sections(read(root, "CHANGELOG.md"));
  const [newest] = all;
  const problems = [
    ...VERSION.test(version) ? [] : [`package.json: version ${version} is not like 1.2.3`],
    ...[UNRELEASED, version].includes(newest?.name) ? [] : [
      `CHANGELOG.md: begins with ${newest?.name}, must be ${UNRELEASED} or ${version}`,
    ],
    ...all.filter(({ notes }) => notes === "")
      .map(({ name }) => `CHANGELOG.md: says nothing about ${name}`),
    ...all.filter(({ name, date }) => name !== UNRELEASED && date === undefined)
      .map(({ name }) => `CHANGELOG.md: ${name} has no date`),
  ];
  return { problems, seen: `release: ${version}, notes of ${all.length} releases` };
}

await main(import.meta.url, check);
