// Each check passes a small sound project and fails one with the defect it is there for: a check that
// cannot fail is none. Run with `node --test`.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { DEFECTS, SOUND } from "./fixtures.mjs";
import { run } from "./run.mjs";

// Long enough for an example that ends, short for the one that does not.
const EXAMPLE_TIMEOUT = 4_000;

for (const [tool, defects] of Object.entries(DEFECTS)) {
  const { check } = await import(`./check_${tool}.mjs`);
  describe(`check_${tool}`, { concurrency: 2 }, () => tryOut(check, defects));
}

function tryOut(check, defects) {
  test("passes a sound project", async () => {
    const { problems } = await withProject(SOUND, (root) => check(root, EXAMPLE_TIMEOUT));

    assert.deepEqual(problems, []);
  });

  for (const { defect, files, says, count = 1 } of defects) {
    test(`fails ${defect}`, async () => {
      const project = { ...SOUND, ...files };
      const { problems } = await withProject(project, (root) => check(root, EXAMPLE_TIMEOUT));

      assert.match(problems.join("\n"), says);
      assert.equal(problems.length, count, problems.join("\n"));
    });
  }
}

test("a check ends with exit code 1 and names the file", async () => {
  const program = fileURLToPath(new URL("check_links.mjs", import.meta.url));
  const broken = { ...SOUND, "README.md": "[gone](gone.md)" };

  const good = await withProject(SOUND, (root) => run([process.execPath, program, root]));
  const bad = await withProject(broken, (root) => run([process.execPath, program, root]));

  assert.equal(good.code, 0, good.output);
  assert.equal(bad.code, 1);
  assert.match(bad.output, /README\.md:1/);
});

test("release.mjs writes the version everywhere, and does not publish what is not committed", async () => {
  const lock = JSON.stringify({ version: "1.0.0", packages: { "": { version: "1.0.0" } } });
  const spaced = (text) => text.replaceAll('":', '": ');
  const manifests = ["package.json", "deno.json"].map((path) => [path, spaced(SOUND[path])]);
  const project = {
    ...SOUND,
    ...Object.fromEntries(manifests),
    "package-lock.json": spaced(lock),
  };

  const said = await withProject(project, async (root) => {
    const prepared = await release(root, "--prepare", "1.1.0");
    const git = (...args) => run(["git", ...args], { cwd: root });
    await git("init", "--quiet");
    const published = await release(root, "--publish");
    return {
      prepared,
      published,
      files: Object.keys(project).map((path) => [path, read(root, path)]),
    };
  });

  assert.equal(said.prepared.code, 0, said.prepared.output);
  const told = said.files.filter(([, text]) => text.includes("1.1.0")).map(([path]) => path);
  assert.deepEqual(told.sort(), ["CHANGELOG.md", "deno.json", "package-lock.json", "package.json"]);
  assert.equal(said.published.code, 1);
  assert.match(said.published.output, /^Cannot publish: there are changes that are not committed/);
});

function release(root, ...options) {
  const program = fileURLToPath(new URL("release.mjs", import.meta.url));
  return run([process.execPath, program, "--root", root, ...options]);
}

function read(root, path) {
  return readFileSync(join(root, path), "utf8");
}

async function withProject(files, use) {
  const root = mkdtempSync(join(tmpdir(), "millrace-fixture-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return await use(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}
