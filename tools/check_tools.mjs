// Each check passes a small sound project and fails one with the defect it is there for: a check that
// cannot fail is none. Run with `node --test`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
