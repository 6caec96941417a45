// `npm run test:browser`: the tests that need nothing of Node, in headless Chromium. It takes the Chromium
// of $CHROMIUM or of the PATH; with `-- --install` it gets Debian's, which takes a system with apt and the
// right to install. Where there is none it says so and fails: a check that did not run is not a green one.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { browserTests } from "./browser_tests.mjs";
import { installed } from "./installed.mjs";
import { ROOT } from "./project.mjs";
import { run } from "./run.mjs";

const HOME = join(ROOT, "tests", "browser");
// Nothing is asked of the network: the pages come from the bundle.
const ORIGIN = "http://localhost";
// Generous, for machines that are busy: they only end what hangs.
const FILE_TIMEOUT = 300_000;
const LAUNCH_TIMEOUT = 120_000;
const INSTALL_TIMEOUT = 600_000;

const started = performance.now();
const executablePath = await chromium();
await installed(HOME);
const { chromium: driver } = createRequire(join(HOME, "package.json"))("playwright-core");
const { tests, left, files } = await browserTests();
const browser = await driver.launch({
  executablePath,
  timeout: LAUNCH_TIMEOUT,
  // Without a sandbox, which root cannot have: it opens no page but ours.
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});
const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  const page = await openPage(browser);
  for (const test of tests) await runFile(page, test);
} finally {
  await browser.close();
}
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `Chromium ${browser.version()}: ${tests.length} files in ${seconds} s; ${left} need Node or threads and were left out`,
);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function openPage(browser) {
  const page = await browser.newPage();
  await page.route("**/*", (route) => {
    const path = new URL(route.request().url()).pathname.slice(1);
    const body = path === "" ? "<!doctype html><title>millrace</title>" : files.get(path);
    const contentType = path === "" ? "text/html" : "text/javascript";
    return route.fulfill(body === undefined ? { status: 404 } : { body, contentType });
  });
  return page;
}

/** Runs one file in a page of its own, and tells what failed. */
async function runFile(page, test) {
  const outcomes = await inPage(page, test).catch(
    (error) => [{ name: "the file", verdict: "failed", why: error.message }],
  );
  // A file without a test is one that was not run.
  if (outcomes.length === 0) outcomes.push({ name: "the file", verdict: "failed", why: "no test" });
  for (const { name, verdict, why } of outcomes) {
    counts[verdict]++;
    if (verdict === "failed") console.log(`FAIL ${test}: ${name}\n${why.replace(/^/gm, "     ")}`);
  }
}

async function inPage(page, test) {
  await page.goto(`${ORIGIN}/`);
  const modules = [`/${test}`, "/tests/browser/node_test.ts"];
  let timer;
  const late = new Promise((_, reject) => {
    const why = new Error(`no end after ${FILE_TIMEOUT / 1000} s`);
    timer = setTimeout(() => reject(why), FILE_TIMEOUT);
  });
  // The file registers its tests with the module that runs them.
  const ran = page.evaluate(async ([file, runner]) => {
    await import(file);
    return await (await import(runner)).runTests();
  }, modules);
  return Promise.race([ran, late]).finally(() => clearTimeout(timer));
}

/** Where Chromium is; installs it if that was asked for. */
async function chromium() {
  const found = findChromium();
  if (found) return found;
  if (!process.argv.includes("--install")) {
    stop("there is no Chromium. Name one in $CHROMIUM, or add `-- --install` to get Debian's.");
  }
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  for (const step of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const { code, output } = await run([...sudo, "apt-get", ...step], {
      env: { DEBIAN_FRONTEND: "noninteractive" },
      timeout: INSTALL_TIMEOUT,
    }).catch((error) => ({ code: 1, output: error.message }));
    if (code !== 0) stop(`apt-get ${step.join(" ")} failed:\n${output.trim()}`);
  }
  return findChromium() ?? stop("apt-get installed no chromium.");
}

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  return process.env.PATH.split(delimiter)
    .flatMap((folder) =>
      ["chromium", "chromium-browser", "google-chrome"].map((n) => join(folder, n))
    )
    .find((path) => existsSync(path));
}

function stop(why) {
  console.error(`Cannot test in a browser: ${why}`);
  process.exit(2);
}
