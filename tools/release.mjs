// A release, in three steps that are safe to repeat:
//
//   npm run release -- --prepare 1.2.3   writes the version and the date into the four files that have them
//   npm run release                      rehearses: all checks, both packages built, nothing leaves the machine
//   npm run release -- --publish         the same, then npm and JSR. Whoever calls it is logged in to both.
//
// Only the last one publishes, and only from a clean commit that CHANGELOG.md knows.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { released, sections } from "./changelog.mjs";
import { read, readJson, ROOT } from "./project.mjs";
import { DENO, run } from "./run.mjs";

const TIMEOUT = 1_200_000;
const options = {
  prepare: { type: "string" },
  publish: { type: "boolean" },
  root: { type: "string" },
};

try {
  const { values } = parseArgs({ options });
  const root = values.root ?? ROOT;
  if (values.prepare !== undefined) prepare(root, values.prepare);
  else await release(root, values.publish === true);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function prepare(root, version) {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`Cannot prepare ${version}: it is not like 1.2.3`);
  }
  const date = new Date().toISOString().slice(0, 10);
  const changes = {
    "CHANGELOG.md": (text) => released(text, version, date),
    // The first "version" is the project's own; in the lock file so are the first two.
    "package.json": (text) => renumbered(text, version, 1),
    "deno.json": (text) => renumbered(text, version, 1),
    "package-lock.json": (text) => renumbered(text, version, 2),
  };
  // All or none.
  const texts = Object.entries(changes).map(([path, change]) => [path, change(read(root, path))]);
  for (const [path, text] of texts) writeFileSync(join(root, path), text);
  console.log(
    `${version}: look at the changes, commit them, and rehearse with \`npm run release\``,
  );
}

function renumbered(text, version, times) {
  let left = times;
  return text.replace(
    /"version": "[^"]*"/g,
    (old) => left-- > 0 ? `"version": "${version}"` : old,
  );
}

async function release(root, publish) {
  const { name, version } = readJson(root, "package.json");
  const [{ name: newest, notes }] = sections(read(root, "CHANGELOG.md"));
  const open = await unready(root, version, newest);
  if (publish && open.length > 0) throw new Error(`Cannot publish: ${open.join("; ")}`);
  // The checks publish to JSR as well, dry.
  await step(root, "checks", [process.execPath, "tools/check.mjs"]);
  const packed = await step(root, "npm package", ["npm", "pack", "--dry-run", "--json"]);
  const { size, entryCount } = manifest(packed);
  console.log(`\n${name} ${version}: ${entryCount} files, ${size} bytes\n\n${notes}\n`);
  for (const why of open) console.log(`Before it is published: ${why}`);
  if (!publish) return console.log("A rehearsal: nothing was published.");
  // Deno leaves alone what JSR has already, npm fails.
  const known = await run(["npm", "view", `${name}@${version}`, "version"], { cwd: root });
  if (known.stdout.trim() !== version) publishWith(root, ["npm", "publish", "--access", "public"]);
  publishWith(root, [...DENO, "publish"]);
  console.log(`Published. Now: git tag v${version} && git push --tags`);
}

// What a release must have, and a rehearsal need not.
async function unready(root, version, newest) {
  const git = (...args) => said(["git", ...args], root);
  return [
    newest !== version && `CHANGELOG.md has no ${version} yet: --prepare writes it`,
    await git("status", "--porcelain") !== "" && "there are changes that are not committed",
    await git("tag", "--list", `v${version}`) !== "" && `there is a tag v${version} already`,
  ].filter(Boolean);
}

// The build that `npm pack` starts may say something first.
function manifest(output) {
  const [one] = Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))));
  return one;
}

// Both registries may ask who is there.
function publishWith(root, [program, ...args]) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed`);
}

async function step(root, what, command) {
  const stdout = await said(command, root);
  console.log(`ok   ${what}`);
  return stdout;
}

async function said(command, cwd) {
  const { code, output, stdout } = await run(command, { cwd, timeout: TIMEOUT });
  if (code !== 0) throw new Error(`${command.join(" ")} failed:\n${output}`);
  return stdout.trim();
}
